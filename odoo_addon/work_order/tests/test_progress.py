from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import WorkOrderCase


class ProgressCase(WorkOrderCase):
    """A contract billed by progress, and the people who apply and approve."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "wo_project_manager", "work_order.group_project_manager")
        cls.lump = cls.product("Fit-out", 9999.97, type="service")

    def under_way(self, *lines, **values):
        """A ticket at work whose tasks are all billed by progress."""
        order = self.sale_order(*(lines or [(self.lump, 1)]), **values)
        order.action_confirm()
        ticket = order.work_order_ids
        ticket.task_ids.billing_type = "progress"
        self.dispatch(ticket).with_user(self.technician).action_start()
        return ticket

    def apply(self, ticket, *percents, day="2026-11-30", certified_by="Pat Doyle"):
        """An application, submitted, for these percentages to date in the order of the tasks."""
        action = ticket.with_user(self.dispatcher).action_apply_for_payment()
        progress = self.env["work.order.progress"].with_user(self.dispatcher).browse(action["res_id"])
        progress.write({"period_end": day, "certified_by": certified_by})
        for line, percent in zip(progress.line_ids, percents, strict=True):
            line.percent = percent
        progress.action_submit()
        return progress

    def approve(self, ticket, *percents, **options):
        progress = self.apply(ticket, *percents, **options)
        progress.with_user(self.manager).action_approve()
        return progress

    def bill(self, ticket):
        """The new invoice of what is approved, posted."""
        before = ticket.invoice_ids
        invoice = self.invoice(ticket) - before
        invoice.invoice_date = "2026-11-30"
        invoice.action_post()
        return invoice

    def finish(self, ticket):
        mine = ticket.with_user(self.technician)
        mine.task_ids.write({"state": "done", "service_date": "2026-12-01"})
        mine.write({"signed_by": "Pat Doyle"})
        mine.action_complete()


@tagged("post_install", "-at_install")
class TestProgress(ProgressCase):
    """B5: progress billing against a schedule of values."""

    def test_b5_progress_bills_only_what_was_approved_while_the_work_goes_on(self):
        ticket = self.under_way()
        line = ticket.sale_order_id.order_line
        first = self.approve(ticket, 35)
        invoice = self.bill(ticket)
        self.assertEqual(invoice.amount_untaxed, 3499.99)
        self.assertEqual(invoice.invoice_line_ids.mapped("quantity"), [1.0])
        self.assertIn("35.00 %", invoice.invoice_line_ids.name)
        self.assertEqual(
            (invoice.invoice_line_ids.buyer_po, str(invoice.invoice_line_ids.service_date)), ("4500-1", "2026-11-30")
        )
        self.assertEqual((ticket.state, first.state), ("in_progress", "invoiced"))
        self.assertEqual((line.qty_delivered, line.qty_invoiced, line.invoice_status), (0.35, 0.35, "no"))
        self.approve(ticket, 62.5, day="2026-12-31")
        self.assertEqual(line.invoice_status, "to invoice")
        self.assertEqual(self.bill(ticket).amount_untaxed, 2749.99)
        self.finish(ticket)
        self.assertEqual(ticket.state, "done", "what was not approved is not billed, so it is not closed either")
        with self.assertRaisesRegex(UserError, "no approved progress"):
            ticket.with_user(self.billing).action_create_invoices()
        self.approve(ticket, 100, day="2027-01-31")
        self.assertEqual(self.bill(ticket).amount_untaxed, 3749.99)
        self.assertEqual(ticket.state, "closed")
        self.assertEqual((line.qty_delivered, line.qty_invoiced, line.invoice_status), (1.0, 1.0, "invoiced"))

    def test_b5_refuses_progress_of_more_than_was_ordered(self):
        ticket = self.under_way()
        line = ticket.task_ids.sale_line_id
        again = {"name": "Again", "product_id": self.lump.id, "sale_line_id": line.id, "billing_type": "progress"}
        ticket.with_user(self.dispatcher).write({"task_ids": [Command.create(again)]})
        with self.assertRaisesRegex(UserError, "2 is planned on all tasks of its order line, but 1 was ordered"):
            self.apply(ticket, 100, 100)
        self.env["work.order.progress"].search([("work_order_id", "=", ticket.id)]).action_cancel()
        ticket.task_ids[1].with_user(self.dispatcher).action_cancel()
        ticket.task_ids[0].with_user(self.dispatcher).quantity = 2
        with self.assertRaisesRegex(UserError, "2 is planned"):
            self.apply(ticket, 100)

    def test_b5_refuses_fixed_work_on_an_order_line_that_is_billed_by_progress(self):
        ticket = self.under_way()
        self.approve(ticket, 100)
        self.bill(ticket)
        line = ticket.task_ids.sale_line_id
        again = {"name": "Again", "product_id": self.lump.id, "sale_line_id": line.id, "quantity": 0.5}
        ticket.with_user(self.dispatcher).write({"task_ids": [Command.create(again)]})
        ticket.task_ids[0].with_user(self.technician).write({"state": "done", "done_quantity": 0.1})
        with self.assertRaisesRegex(UserError, "1.5 .* done, but .* authorises 1"):
            self.finish(ticket)

    def test_b5_refuses_to_send_work_with_approved_progress_back_to_the_dispatcher(self):
        order = self.sale_order((self.lump, 1))
        order.action_confirm()
        ticket = order.work_order_ids
        ticket.task_ids.billing_type = "progress"
        self.dispatch(ticket)
        self.approve(ticket, 40)
        with self.assertRaisesRegex(UserError, "progress is approved for Fit-out"):
            ticket.with_user(self.dispatcher).action_ready()

    def test_b5_refuses_progress_that_comes_with_a_context(self):
        ticket = self.under_way()
        tasks = self.env["work.order.task"].with_user(self.dispatcher).with_context(default_approved_amount=400)
        task = tasks.create({"name": "Extra", "work_order_id": ticket.id, "billing_type": "progress"})
        self.assertEqual(task.approved_amount, 0.0)

    def test_b5_refuses_to_take_away_the_evidence_of_what_was_decided(self):
        progress = self.apply(self.under_way(), 40)
        file = self.env["ir.attachment"].with_user(self.dispatcher).create({"name": "mail.txt", "raw": b"yes"})
        file.write({"res_model": progress._name, "res_id": progress.id})
        progress.with_user(self.manager).evidence_ids = file
        progress.with_user(self.manager).action_approve()
        for change in (
            lambda: file.with_user(self.manager).write({"raw": b"no"}),
            file.with_user(self.manager).unlink,
            lambda: progress.with_user(self.manager).write({"evidence_ids": [Command.clear()]}),
        ):
            with self.assertRaisesRegex(UserError, "evidence"), self.cr.savepoint():
                change()
        more = self.env["ir.attachment"].with_user(self.manager).create({"name": "more.txt", "raw": b"more"})
        progress.with_user(self.manager).evidence_ids = [Command.link(more.id)]
        self.assertEqual(progress.evidence_ids, file + more)

    def test_b5_refuses_a_technician_without_telling_what_is_approved(self):
        ticket = self.under_way()
        self.approve(ticket, 40)
        for values in ({"product_id": self.labor.id}, {"state": "cancelled"}):
            with self.assertRaises(AccessError) as refusal:
                ticket.task_ids.with_user(self.technician).write(values)
            self.assertNotIn("3,999", str(refusal.exception))

    def test_b5_progress_of_odd_contract_sums_adds_up_to_the_cent(self):
        steps = (7.13, 19.99, 33.33, 48.7, 61.005, 88.888, 100)
        prices = ((9999.97,), (3333.33, 0.07, 6666.57), (1234567.89, 99.99, 17.01), (5.01, 0.03, 0.01))
        for row in prices:
            with self.subTest(prices=row):
                ticket = self.under_way(*[(self.product(f"Part {price}", price, type="service"), 1) for price in row])
                total = 0.0
                for number, step in enumerate(steps, 1):
                    progress = self.apply(ticket, *[step if n % 2 else min(100, step * 1.1) for n in range(len(row))])
                    progress.with_user(self.billing).action_approve()
                    if ticket.progress_to_invoice and number != 3:  # the third is billed together with the fourth
                        total += self.bill(ticket).amount_untaxed
                self.assertEqual(ticket.currency_id.round(total), ticket.sale_order_id.amount_untaxed)
                self.finish(ticket)
                self.assertEqual(ticket.state, "closed")
                self.assertEqual(ticket.sale_order_id.invoice_status, "invoiced")

    def test_b5_progress_of_quantities_and_discounts_is_a_share_of_the_line(self):
        ticket = self.under_way((self.labor, 33.5, {"discount": 12.5}), (self.part, 7))
        self.approve(ticket, 33.3, 50)
        invoice = self.bill(ticket)
        self.assertEqual(invoice.invoice_line_ids.mapped("price_unit"), [878.5, 74.9])
        self.assertEqual(invoice.amount_tax, 5.62)
        self.assertEqual(ticket.sale_order_id.order_line.mapped("qty_delivered"), [11.15, 3.5])
        self.approve(ticket, 100, 100)
        self.assertEqual(self.bill(ticket).amount_untaxed + invoice.amount_untaxed, ticket.sale_order_id.amount_untaxed)

    def test_b5_progress_too_small_to_show_in_the_quantity_is_billed(self):
        ticket = self.under_way()
        self.approve(ticket, 0.3)
        line = ticket.sale_order_id.order_line
        self.assertEqual((line.qty_delivered, line.invoice_status), (0.0, "to invoice"))
        self.assertEqual(self.bill(ticket).amount_untaxed, 30.0)
        self.approve(ticket, 99.9)
        self.bill(ticket)
        self.assertEqual((line.qty_invoiced, line.invoice_status), (0.99, "no"))

    def test_b5_progress_amount_may_be_typed_instead_of_the_percentage(self):
        ticket = self.under_way()
        progress = self.apply(ticket, 10)
        progress.with_user(self.manager).line_ids.amount_to_date = 1234.56
        progress.with_user(self.manager).action_approve()
        self.assertEqual(self.bill(ticket).amount_untaxed, 1234.56)

    def test_b5_progress_of_a_mixed_ticket_bills_fixed_tasks_when_done(self):
        order = self.sale_order((self.lump, 1), (self.part, 3))
        order.action_confirm()
        ticket = order.work_order_ids
        ticket.task_ids[0].billing_type = "progress"
        self.dispatch(ticket).with_user(self.technician).action_start()
        ticket.task_ids[1].with_user(self.technician).action_done()
        self.approve(ticket, 50)
        self.assertEqual(self.bill(ticket).invoice_line_ids.work_order_task_id, ticket.task_ids[0])
        self.approve(ticket, 100)
        self.finish(ticket)
        self.assertEqual(self.bill(ticket).invoice_line_ids.work_order_task_id, ticket.task_ids)
        self.assertEqual(ticket.state, "closed")

    def test_b5_progress_credited_is_to_be_billed_again_and_can_then_be_withdrawn(self):
        ticket = self.under_way()
        progress = self.approve(ticket, 35)
        invoice = self.bill(ticket)
        invoice._reverse_moves([{"invoice_date": "2026-11-30"}]).action_post()
        self.assertEqual((progress.state, ticket.progress_to_invoice), ("approved", 3499.99))
        progress.with_user(self.manager).action_cancel()
        self.assertEqual((ticket.task_ids.approved_amount, ticket.progress_to_invoice), (0.0, 0.0))
        self.approve(ticket, 20)
        self.assertEqual(self.bill(ticket).amount_untaxed, 1999.99)

    def test_b5_progress_reduced_on_the_draft_leaves_the_rest_to_invoice(self):
        ticket = self.under_way()
        progress = self.approve(ticket, 35)
        invoice = self.invoice(ticket)
        self.assertEqual(progress.state, "invoiced")
        invoice.invoice_line_ids.price_unit = 1000
        self.assertEqual((progress.state, ticket.progress_to_invoice), ("approved", 2499.99))
        invoice.action_post()
        self.assertEqual(self.bill(ticket).amount_untaxed, 2499.99)

    def test_b5_progress_over_a_job_makes_one_invoice_of_its_tickets(self):
        job = self.env["work.order.job"].create({"title": "Refit", "partner_id": self.buyer.id})
        order = self.sale_order(
            (self.lump, 1), (self.labor, 10, {"work_site_id": self.site.id}), work_order_job_id=job.id
        )
        order.partner_shipping_id = self.buyer
        order.action_confirm()
        tickets = order.work_order_ids
        tickets.task_ids.billing_type = "progress"
        self.dispatch(tickets).with_user(self.technician).action_start()
        action = job.with_user(self.dispatcher).action_apply_for_payment()
        progress = self.env["work.order.progress"].browse(action["res_id"])
        self.assertEqual((progress.name, progress.line_ids.task_id), (f"{job.name}-01", tickets.task_ids))
        progress.line_ids.percent = 10
        progress.certified_by = "Pat"
        progress.action_submit()
        progress.with_user(self.manager).action_approve()
        progress.with_user(self.billing).action_create_invoice()
        invoice = tickets.invoice_ids
        self.assertEqual((len(invoice), invoice.amount_untaxed, progress.state), (1, 1090.0, "invoiced"))
        invoice.action_post()
        self.assertEqual(job.amount_done, 1090.0)
        self.assertEqual(job.amount_billed, 1090.0)

    def test_b5_progress_does_not_keep_a_work_order_from_reopening(self):
        ticket = self.under_way()
        self.approve(ticket, 35)
        self.bill(ticket)
        self.finish(ticket)
        ticket.with_user(self.dispatcher).action_reopen()
        self.assertEqual(ticket.state, "in_progress")
        self.finish(ticket)
        self.approve(ticket, 100)
        self.bill(ticket)
        with self.assertRaises(UserError):
            ticket.with_user(self.dispatcher).action_reopen()

    def test_b5_progress_counts_as_a_share_of_the_buyers_po_line(self):
        po = self.env["buyer.purchase.order"].create(
            {
                "number": "4500-1",
                "partner_id": self.buyer.id,
                "line_ids": [Command.create({"number": "10", "quantity": 1, "unit_price": 9999.97})],
            }
        )
        ticket = self.under_way((self.lump, 1, {"buyer_po_line": "10"}))
        for percent in (25, 50, 75):
            self.approve(ticket, percent)
            self.bill(ticket)
        self.assertEqual((po.line_ids.billed_amount, po.billed_amount), (7499.98, 7499.98))
        self.assertAlmostEqual(po.line_ids.billed_quantity, 0.75, 4)

    def test_b5_progress_refuses_falling_back_and_more_than_all(self):
        ticket = self.under_way()
        self.approve(ticket, 35)
        progress = self.env["work.order.progress"].browse(ticket.action_apply_for_payment()["res_id"])
        self.assertEqual((progress.name, progress.line_ids.percent), (f"{ticket.name}-02", 35))
        for percent, sentence in ((34.9, "less than the 35.00 %"), (100.01, "more than 100"), (-1, "less than")):
            with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
                progress.line_ids.percent = percent
        with self.assertRaisesRegex(UserError, "nothing was done in this period"), self.env.cr.savepoint():
            progress.action_submit()

    def test_b5_progress_refuses_approval_without_the_customers_certificate(self):
        progress = self.apply(self.under_way(), 35, certified_by=False)
        with self.assertRaisesRegex(UserError, "Certified By"):
            progress.with_user(self.manager).action_approve()

    def test_b5_progress_refuses_a_second_open_application(self):
        ticket = self.under_way()
        progress = self.apply(ticket, 35)
        with self.assertRaisesRegex(UserError, progress.name), self.env.cr.savepoint():
            self.env["work.order.progress"].create({"work_order_id": ticket.id})
        self.assertEqual(ticket.action_apply_for_payment()["res_id"], progress.id, "the button opens the one there is")

    def test_b5_progress_refuses_change_of_what_is_submitted_by_who_does_not_approve(self):
        progress = self.apply(self.under_way(), 35)
        for record, values in ((progress, {"certified_by": "Me"}), (progress.line_ids, {"percent": 90})):
            with self.assertRaisesRegex(UserError, "is submitted"), self.env.cr.savepoint():
                record.with_user(self.dispatcher).write(values)
        progress.line_ids.with_user(self.manager).percent = 30
        self.assertEqual(progress.amount_to_date, 2999.99)

    def test_b5_progress_refuses_a_change_order_below_what_is_approved(self):
        ticket = self.under_way()
        self.approve(ticket, 60)
        line = ticket.sale_order_id.order_line
        with self.assertRaisesRegex(UserError, "cannot come to less"), self.env.cr.savepoint():
            line._write_authorised({"price_unit": 5000})
        line._write_authorised({"price_unit": 12000})
        self.bill(ticket)
        self.approve(ticket, 100)
        self.assertEqual(self.bill(ticket).amount_untaxed, 6000.02, "12,000.00 less 5,999.98 billed before")

    def test_b5_progress_refuses_change_of_what_is_approved(self):
        ticket = self.under_way()
        progress = self.approve(ticket, 35)
        for record, values in (
            (progress, {"certified_by": "Somebody else"}),
            (progress, {"state": "draft"}),
            (progress, {"line_ids": [(1, progress.line_ids.id, {"percent": 90})]}),
            (progress.line_ids, {"percent": 90}),
            (progress.line_ids, {"amount_before": 0}),
            (ticket.task_ids, {"approved_amount": 9999}),
            (ticket.task_ids, {"approved_percent": 99}),
            (ticket.task_ids, {"billing_type": "fixed"}),
            (ticket.task_ids, {"state": "cancelled"}),
            (ticket.task_ids, {"quantity": 0.1}),
        ):
            with self.subTest(values=values), self.assertRaises(UserError), self.env.cr.savepoint():
                record.with_user(self.manager).write(values)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            progress.unlink()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            ticket.with_user(self.dispatcher).action_cancel()
        self.assertEqual(self.bill(ticket).amount_untaxed, 3499.99)

    def test_b5_progress_refuses_withdrawing_what_is_billed_or_built_upon(self):
        ticket = self.under_way()
        first = self.approve(ticket, 35)
        self.approve(ticket, 50)
        with self.assertRaisesRegex(UserError, "a later one"), self.env.cr.savepoint():
            first.with_user(self.manager).action_cancel()
        self.bill(ticket)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            first.with_user(self.manager).action_cancel()

    def test_b5_progress_refuses_an_invoice_of_more_than_is_approved(self):
        ticket = self.under_way()
        self.approve(ticket, 35)
        draft = self.invoice(ticket)
        line = draft.invoice_line_ids
        for values, sentence in (
            ({"price_unit": 3500.00}, "is approved"),
            ({"quantity": 2}, "is approved"),
            ({"discount": 10}, "one positive amount"),
            ({"tax_ids": self.tax.ids}, "Taxes"),
            ({"buyer_po": "OTHER"}, "Buyer PO"),
            ({"service_date": "2027-01-01"}, "Service Date"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
                line.write(values)
                draft.action_post()
        draft.action_post()
        for values in ({"price_unit": 10}, {"discount": 50}, {"quantity": 3}):
            with self.subTest(values=values), self.assertRaises(UserError), self.env.cr.savepoint():
                line.write(values)
        copied = draft.copy({"invoice_date": "2026-12-01"})
        with self.assertRaisesRegex(UserError, "is approved"), self.env.cr.savepoint():
            copied.action_post()

    def test_b5_progress_refuses_an_invoice_without_approval_by_any_path(self):
        ticket = self.under_way()
        self.apply(ticket, 35)
        with self.assertRaisesRegex(UserError, "no approved progress"), self.env.cr.savepoint():
            ticket.with_user(self.billing).action_create_invoices()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            ticket.sale_order_id._create_invoices()
        typed = {
            "product_id": self.lump.id,
            "quantity": 1,
            "price_unit": 100,
            "product_uom_id": self.env.ref("uom.product_uom_unit").id,
            "tax_ids": [],
            "work_order_task_id": ticket.task_ids.id,
            "sale_line_ids": ticket.sale_order_id.order_line.ids,
            "buyer_po": "4500-1",
            "cost_center_id": self.center.id,
        }
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.buyer.id, "invoice_line_ids": [(0, 0, typed)]}
        )
        with self.assertRaisesRegex(UserError, "no progress of task"), self.env.cr.savepoint():
            invoice.action_post()

    def test_b5_progress_refuses_work_not_under_way_and_tasks_without_a_price(self):
        order = self.sale_order((self.lump, 1))
        order.action_confirm()
        order.work_order_ids.task_ids.billing_type = "progress"
        progress = self.env["work.order.progress"].create({"work_order_id": order.work_order_ids.id})
        progress.line_ids.percent = 10
        with self.assertRaisesRegex(UserError, "not under way"):
            progress.action_submit()
        other = self.env["work.order"].create({"title": "x", "partner_id": self.buyer.id})
        empty = self.env["work.order.progress"].create({"work_order_id": other.id})
        with self.assertRaisesRegex(UserError, "Schedule of Values"):
            empty.action_submit()

    def test_b5_progress_access_by_group(self):
        ticket = self.under_way()
        progress = self.apply(ticket, 35)
        for user in (self.dispatcher, self.technician, self.salesman, self.accountant):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                progress.with_user(user).action_approve()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            progress.with_user(self.technician).read(["name"])
        self.assertNotIn("approved_amount", self.env["work.order.task"].with_user(self.technician).fields_get())
        progress.with_user(self.billing).action_approve()
        self.assertEqual((progress.state, progress.approved_by_id), ("approved", self.billing))
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            progress.with_user(self.dispatcher).action_cancel()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["work.order.progress"].create({"work_order_id": ticket.id, "state": "approved"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["work.order.task"].create({"work_order_id": ticket.id, "name": "x", "approved_amount": 5})

    def test_b5_progress_of_many_tickets_is_invoiced_at_once(self):
        tickets = self.env["work.order"].union(*[self.under_way((self.lump, 1)) for _turn in range(3)])
        applications = self.env["work.order.progress"].union(*[self.apply(ticket, 10) for ticket in tickets])
        applications.with_user(self.manager).action_approve()
        self.assertEqual(self.invoice(tickets).mapped("amount_untaxed"), [1000.0] * 3)
        self.assertEqual(set(applications.mapped("state")), {"invoiced"})
