from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import WorkOrderCase


class UnbilledCase(WorkOrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.internal = cls.env.ref("work_order.type_internal")
        cls.warranty = cls.env.ref("work_order.type_warranty")
        cls.at_zero = cls.warranty.copy({"name": "Warranty, shown at zero", "billable": True})
        cls.manager = new_test_user(cls.env, "wo_kind_manager", "work_order.group_manager")

    def finished(self, kind=None, **values):
        """A finished ticket of the given type; of a sale order, so that only the type keeps it from being billed."""
        ticket = self.standard_order().work_order_ids
        ticket.write({**({"type_id": kind.id} if kind else {}), **values})
        return self.complete(ticket)

    def finished_warranty(self, kind=None):
        return self.finished(kind or self.warranty, origin_work_order_id=self.finished().id)


@tagged("post_install", "-at_install")
class TestWarranty(UnbilledCase):
    """B7: warranty work names the original job, uses its own cost codes, and is billed at zero or not at all."""

    def test_b7_warranty_opened_from_finished_work_names_it_and_uses_its_own_cost_centre(self):
        origin = self.finished()
        self.invoice(origin).action_post()
        self.assertEqual(origin.state, "closed")
        action = origin.with_user(self.dispatcher).action_open_warranty()
        ticket = self.env["work.order"].browse(action["res_id"])
        self.assertEqual(
            (ticket.origin_work_order_id, ticket.partner_id, ticket.site_id, ticket.kind, ticket.state),
            (origin, origin.partner_id, origin.site_id, "warranty", "draft"),
        )
        self.assertEqual(ticket._charge_account(), self.env.ref("work_order.analytic_warranty_work"))
        self.assertEqual((origin.warranty_count, origin.state), (1, "closed"))
        ticket.with_user(self.dispatcher).action_ready()
        self.complete(ticket)
        ticket.with_user(self.dispatcher).action_close()
        self.assertEqual(ticket.state, "closed")

    def test_d1_nothing_is_charged_on_top_of_warranty_work_even_with_an_approval(self):
        self.warranty.active = False
        action = self.finished().with_user(self.dispatcher).action_open_warranty()
        ticket = self.env["work.order"].browse(action["res_id"])
        ticket.with_user(self.dispatcher).action_ready()
        move = self.invoice(self.complete(ticket))
        move.invoice_line_ids = [Command.create({"name": "Crane hire", "price_unit": 40, "tax_ids": [Command.clear()]})]
        line = move.invoice_line_ids.filtered(lambda line: line.name == "Crane hire")
        line.action_approve("Roof access", "Mail")
        with self.assertRaisesRegex(UserError, "nothing is charged on top"):
            move.action_post()

    def test_b7_warranty_opens_for_many_at_once(self):
        origins = self.finished() | self.finished()
        action = origins.with_user(self.dispatcher).action_open_warranty()
        tickets = self.env["work.order"].search(action["domain"])
        self.assertEqual(tickets.origin_work_order_id, origins)

    def test_b7_refuses_warranty_of_work_that_is_not_finished_or_was_internal(self):
        running = self.standard_order().work_order_ids
        with self.assertRaisesRegex(UserError, running.name):
            (running | self.finished()).with_user(self.dispatcher).action_open_warranty()
        with self.assertRaisesRegex(UserError, "Only finished work for a customer"):
            self.finished(self.internal).with_user(self.dispatcher).action_open_warranty()
        with self.assertRaises(AccessError):
            self.finished().with_user(self.technician).action_open_warranty()

    def test_b7_refuses_warranty_without_its_original_work_order(self):
        ticket = self.env["work.order"].create(
            {
                "title": "Repair",
                "type_id": self.warranty.id,
                "partner_id": self.buyer.id,
                "task_ids": [Command.create({"name": "Repair"})],
            }
        )
        with self.assertRaisesRegex(UserError, "Original Work Order is missing"):
            ticket.with_user(self.dispatcher).action_ready()
        switched = self.standard_order().work_order_ids
        self.dispatch(switched).with_user(self.technician).action_start()
        switched.task_ids.with_user(self.technician).action_done()
        switched.type_id = self.warranty
        with self.assertRaisesRegex(UserError, "Original Work Order is missing"):
            switched.with_user(self.technician).action_complete()

    def test_b7_refuses_an_original_of_another_customer_or_unfinished_or_itself(self):
        running = self.standard_order().work_order_ids
        stranger = self.env["res.partner"].create({"name": "Stranger", "is_company": True})
        ticket = self.env["work.order"].create(
            {"title": "Repair", "type_id": self.warranty.id, "partner_id": self.buyer.id}
        )
        foreign = self.finished()
        self.env.cr.execute("UPDATE work_order SET partner_id = %s WHERE id = %s", (stranger.id, foreign.id))
        foreign.invalidate_recordset()
        for origin, sentence in (
            (running, "warranty follows finished work"),
            (foreign, "another customer"),
            (ticket, "its own warranty"),
        ):
            with self.subTest(sentence), self.assertRaisesRegex(ValidationError, sentence), self.env.cr.savepoint():
                ticket.origin_work_order_id = origin
        result = self.env["work.order"].load(
            ["title", "type_id/.id", "partner_id/.id", "origin_work_order_id/.id"],
            [["Imported", str(self.warranty.id), str(self.buyer.id), str(running.id)]],
        )
        self.assertIn("warranty follows finished work", result["messages"][0]["message"])

    def test_b7_refuses_to_charge_warranty_work_to_the_original_job(self):
        job = self.env["work.order.job"].create({"title": "North tower", "partner_id": self.buyer.id})
        origin = self.finished(job_id=job.id)
        action = origin.with_user(self.dispatcher).action_open_warranty()
        ticket = self.env["work.order"].browse(action["res_id"])
        self.assertFalse(ticket.job_id)
        with self.assertRaisesRegex(ValidationError, "not charged to"), self.env.cr.savepoint():
            ticket.with_user(self.dispatcher).job_id = job
        other = self.standard_order().work_order_ids
        other.write({"job_id": job.id, "origin_work_order_id": origin.id})
        with self.assertRaisesRegex(ValidationError, "not charged to"):
            other.with_user(self.dispatcher).type_id = self.warranty

    def test_b7_refuses_warranty_or_internal_work_without_a_company_cost_centre(self):
        self.warranty.charge_account_id = self.internal.charge_account_id = False
        origin = self.finished()
        ticket = self.standard_order().work_order_ids
        ticket.write({"type_id": self.warranty.id, "origin_work_order_id": origin.id})
        internal = self.standard_order().work_order_ids
        internal.type_id = self.internal
        for refused in (ticket, internal):
            with self.assertRaisesRegex(UserError, "Company Cost Centre is missing"):
                self.dispatch(refused)
        account = self.env.ref("work_order.analytic_internal_work").copy({"name": "Van stock"})
        with self.assertRaises(AccessError):
            internal.with_user(self.technician).write({"charge_account_id": account.id})
        internal.with_user(self.dispatcher).charge_account_id = account
        self.complete(internal)
        self.assertEqual((internal.state, internal._charge_account()), ("done", account))
        self.assertFalse(origin._charge_account())

    def test_b7_warranty_at_zero_is_invoiced_with_a_total_of_zero(self):
        self.warranty.active = False
        origin = self.finished()
        action = origin.with_user(self.dispatcher).action_open_warranty()
        ticket = self.env["work.order"].browse(action["res_id"])
        self.assertEqual(ticket.task_ids.product_id, self.labor | self.part)
        ticket.with_user(self.dispatcher).action_ready()
        invoice = self.invoice(self.complete(ticket))
        invoice.action_post()
        self.assertEqual((invoice.state, invoice.amount_total, ticket.state), ("posted", 0, "closed"))
        self.assertEqual(len(invoice.invoice_line_ids), 2)

    def test_b7_refuses_warranty_at_zero_that_the_order_prices(self):
        ticket = self.standard_order().work_order_ids
        ticket.write({"type_id": self.at_zero.id, "origin_work_order_id": self.finished().id})
        with self.assertRaisesRegex(UserError, "warranty work is invoiced at zero"):
            self.dispatch(ticket)

    def test_b7_refuses_to_post_warranty_at_zero_at_any_other_amount(self):
        self.warranty.active = False
        action = self.finished().with_user(self.dispatcher).action_open_warranty()
        ticket = self.env["work.order"].browse(action["res_id"])
        ticket.with_user(self.dispatcher).action_ready()
        invoice = self.invoice(self.complete(ticket))
        ticket.sale_order_id.order_line[0]._write_authorised({"price_unit": 90})
        invoice.invoice_line_ids[0].price_unit = 90
        with self.assertRaisesRegex(UserError, "is invoiced at zero, not at"):
            invoice.action_post()
        self.assertEqual(invoice.state, "draft")


@tagged("post_install", "-at_install")
class TestNeverInvoiced(UnbilledCase):
    """B7: no path leads from internal or never-billed warranty work to a posted invoice."""

    def tickets(self):
        yield self.finished(self.internal)
        yield self.finished_warranty()

    def forged_invoice(self, task, **values):
        line = {
            "product_id": task.product_id.id,
            "quantity": task.done_quantity,
            "price_unit": task.sale_line_id.price_unit,
            "tax_ids": [Command.set(task.sale_line_id.tax_ids.ids)],
            "sale_line_ids": [Command.set(task.sale_line_id.ids)],
            "work_order_task_id": task.id,
        }
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_date": "2026-11-22",
                "invoice_line_ids": [Command.create({**line, **values})],
            }
        )

    def assertNeverPosts(self, invoice, sentence="never"):
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            invoice.action_post()
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            invoice.write({"state": "posted"})

    def test_b7_refuses_the_button_and_the_sales_orders_own_wizard(self):
        for ticket in self.tickets():
            order = ticket.sale_order_id
            with self.assertRaisesRegex(UserError, "not billable"):
                ticket.with_user(self.billing).action_create_invoices()
            self.assertEqual(order.order_line.mapped("qty_delivered"), [0, 0])
            self.assertEqual(order.invoice_status, "no")
            wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids, active_model="sale.order")
            with self.assertRaises(UserError), self.env.cr.savepoint():
                wizard.create({"advance_payment_method": "delivered"}).create_invoices()
            self.assertFalse(order.invoice_ids)

    def test_b7_refuses_an_invoice_built_over_rpc_at_any_price(self):
        for ticket in self.tickets():
            for price in (90, 0):
                self.assertNeverPosts(self.forged_invoice(ticket.task_ids[0], price_unit=price))
            task = ticket.task_ids[0]
            self.assertNeverPosts(self.forged_invoice(task, work_order_task_id=False), "names no task")

    def test_b7_refuses_a_line_of_a_good_draft_or_posted_invoice_pointed_at_it(self):
        for ticket in self.tickets():
            good = self.finished()
            draft = self.invoice(good)
            task = ticket.task_ids[0]
            draft.invoice_line_ids[0].write(
                {"work_order_task_id": task.id, "sale_line_ids": [Command.set(task.sale_line_id.ids)]}
            )
            self.assertNeverPosts(draft)
            posted = self.invoice(self.finished())
            posted.action_post()
            line = posted.invoice_line_ids[0]
            with self.assertRaises(UserError), self.env.cr.savepoint():
                line.work_order_task_id = task
            with self.assertRaises(UserError), self.env.cr.savepoint():
                task.write({"invoice_line_ids": [Command.link(line.id)]})

    def test_b7_refuses_an_imported_invoice_and_a_duplicated_one(self):
        for ticket in self.tickets():
            task = ticket.task_ids[0]
            result = self.env["account.move"].load(
                [
                    "move_type",
                    "partner_id/.id",
                    "invoice_date",
                    "invoice_line_ids/product_id/.id",
                    "invoice_line_ids/quantity",
                    "invoice_line_ids/price_unit",
                    "invoice_line_ids/work_order_task_id/.id",
                ],
                [
                    [
                        "Customer Invoice",
                        str(self.buyer.id),
                        "2026-11-22",
                        str(self.labor.id),
                        "2",
                        "90",
                        str(task.id),
                    ]
                ],
            )
            self.assertTrue(result["ids"], result["messages"])
            imported = self.env["account.move"].browse(result["ids"])
            self.assertEqual(imported.invoice_line_ids.work_order_task_id, task)
            self.assertNeverPosts(imported)
            self.assertNeverPosts(imported.copy({"invoice_date": "2026-11-22"}))

    def test_b7_refuses_receipts_credit_notes_and_bills_of_it_too(self):
        for ticket in self.tickets():
            for kind in ("out_receipt", "out_refund"):
                invoice = self.forged_invoice(ticket.task_ids[0])
                invoice.invoice_line_ids.sale_line_ids = False
                invoice.move_type = kind
                self.assertNeverPosts(invoice)

    def test_b7_refuses_a_duplicated_ticket_as_a_way_round(self):
        for ticket in self.tickets():
            again = ticket.copy()
            self.assertEqual((again.type_id, again.sale_order_id.ids), (ticket.type_id, []))
            again.action_ready()
            self.assertNeverPosts(self.forged_invoice(self.complete(again).task_ids[0], price_unit=90))

    def test_b7_refuses_another_type_once_the_work_is_finished_or_begun(self):
        corrective = self.env.ref("work_order.type_corrective")
        for ticket in self.tickets():
            mine = ticket.with_user(self.dispatcher)
            with self.assertRaisesRegex(UserError, "Open a new work order"), self.env.cr.savepoint():
                mine.type_id = corrective
            mine.action_reopen()
            with self.assertRaisesRegex(UserError, "Open a new work order"), self.env.cr.savepoint():
                mine.type_id = corrective
            result = mine.load([".id", "type_id/.id"], [[str(ticket.id), str(corrective.id)]])
            self.assertIn("Open a new work order", result["messages"][0]["message"])
            mine.task_ids.action_todo()
            mine.action_cancel()
            mine.action_draft()
            with self.assertRaisesRegex(UserError, "Open a new work order"), self.env.cr.savepoint():
                mine.type_id = corrective
            with self.assertRaises(UserError), self.env.cr.savepoint():
                mine.write({"begun_unbilled": False, "type_id": corrective.id})

    def test_b7_refuses_another_type_once_time_was_posted_though_the_work_was_taken_back(self):
        ticket = self.standard_order().work_order_ids
        ticket.type_id = self.internal
        self.dispatch(ticket)
        mine = {"work_order_id": ticket.id, "unit_amount": 2.0}
        self.env["account.analytic.line"].with_user(self.technician).create(mine)
        ticket.with_user(self.dispatcher).action_ready()
        with self.assertRaisesRegex(UserError, "Open a new work order"):
            ticket.with_user(self.dispatcher).type_id = self.env.ref("work_order.type_corrective")

    def test_b7_cost_of_internal_and_warranty_work_is_charged_to_the_company_cost_centre(self):
        for kind, name in ((self.internal, "internal"), (self.warranty, "warranty")):
            ticket = self.standard_order().work_order_ids
            origin = self.finished()
            ticket.write({"type_id": kind.id, "origin_work_order_id": origin.id})
            self.dispatch(ticket)
            line = self.env["account.analytic.line"].create({"work_order_id": ticket.id, "unit_amount": 2.0})
            account = self.env.ref(f"work_order.analytic_{name}_work")
            self.assertEqual(line[account.plan_id._column_name()], account)
            self.assertFalse(ticket.analytic_account_id | origin.analytic_account_id)

    def test_b7_type_may_still_change_before_work_began_and_towards_less(self):
        ticket = self.standard_order().work_order_ids.with_user(self.dispatcher)
        ticket.type_id = self.internal
        ticket.type_id = self.env.ref("work_order.type_corrective")
        self.dispatch(ticket.sudo()).with_user(self.technician).action_start()
        self.assertFalse(ticket.begun_unbilled)
        ticket.type_id = self.internal
        self.assertFalse(ticket.billable)

    def test_b7_refuses_to_make_a_type_billable_whose_work_has_begun(self):
        for ticket in self.tickets():
            for values in ({"billable": True}, {"kind": "standard", "billable": True}, {"kind": "standard"}):
                with (
                    self.subTest(values=values),
                    self.assertRaisesRegex(UserError, "work of this type has begun"),
                    self.env.cr.savepoint(),
                ):
                    ticket.type_id.with_user(self.manager).write(values)
            result = self.env["work.order.type"].load([".id", "billable"], [[str(ticket.type_id.id), "True"]])
            self.assertIn("work of this type has begun", result["messages"][0]["message"])
        with self.assertRaises(AccessError):
            self.internal.with_user(self.dispatcher).write({"billable": True, "kind": "standard"})
        unused = self.internal.copy({"name": "Unused"})
        unused.with_user(self.manager).write({"kind": "standard", "billable": True})
        self.assertEqual(unused.billing_rule, "price")

    @mute_logger("odoo.sql_db")
    def test_b7_refuses_an_internal_type_that_is_billable(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["work.order.type"].create({"name": "Odd", "kind": "internal", "billable": True})
            self.env.flush_all()

    def test_b7_refuses_to_move_a_task_to_a_billable_ticket(self):
        ticket, other = self.standard_order().work_order_ids, self.standard_order().work_order_ids
        ticket.type_id = self.internal
        with self.assertRaisesRegex(UserError, "stays on its work order"):
            ticket.task_ids[0].with_user(self.dispatcher).work_order_id = other

    def test_b7_new_type_is_internal_or_standard_by_whether_it_is_billable(self):
        types = self.env["work.order.type"].create([{"name": "A", "billable": False}, {"name": "B"}])
        self.assertEqual(types.mapped("kind"), ["internal", "standard"])
