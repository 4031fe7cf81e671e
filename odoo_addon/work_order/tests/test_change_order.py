from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .test_buyer_po import BuyerPoCase


class ChangeCase(BuyerPoCase):
    """A dispatched ticket of 2 hours (PO line 10) and 3 filters (PO line 20)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project_manager = new_test_user(cls.env, "wo_project_manager", "work_order.group_project_manager")

    def setUp(self):
        super().setUp()
        self.order = self.standard_order()
        self.work = self.dispatch(self.order.work_order_ids)
        self.hours_task, self.parts_task = self.work.task_ids

    def change(self, *lines, **values):
        """A draft change order, as the dispatcher writes it."""
        return (
            self.env["work.order.change"]
            .with_user(self.dispatcher)
            .create(
                {
                    "work_order_id": self.work.id,
                    "title": "Second pump",
                    "reason": "Found on site",
                    "requested_by": "Pat Doyle",
                    "customer_reference": "Mail of 20 November",
                    "line_ids": [Command.create(line) for line in lines],
                    **values,
                }
            )
        )

    def addition(self, **values):
        return {"product_id": self.labor.id, "quantity": 3, "price_unit": 95, "buyer_po_line": "10", **values}

    def submitted(self, *lines, **values):
        change = self.change(*lines, **values)
        change.action_submit()
        return change.with_user(self.project_manager)

    def approved(self, *lines, **values):
        change = self.submitted(*lines, **values)
        change.action_approve()
        return change

    def start(self):
        mine = self.work.with_user(self.technician)
        mine.action_start()
        return mine

    def finish(self):
        mine = self.work.with_user(self.technician)
        if mine.state == "dispatched":
            mine.action_start()
        mine.task_ids.filtered(lambda task: task.state == "todo").write({"state": "done", "service_date": "2026-11-21"})
        mine.write({"signed_by": "Pat Doyle"})
        return mine


@tagged("post_install", "-at_install")
class TestChangeOrder(ChangeCase):
    """B4: approval brings a change about in one step; before it nothing of it exists."""

    def test_b4_approval_adds_line_and_task_without_another_work_order(self):
        change = self.approved(
            self.addition(
                name="Second pump",
                buyer_item_code="M-9",
                cost_center_id=self.center.id,
                tax_ids=[Command.set(self.tax.ids)],
            )
        )
        line = self.order.order_line - self.order.order_line[:2]
        task = line.work_order_task_ids
        self.assertEqual(self.order.work_order_ids, self.work)
        self.assertEqual(
            (line.product_uom_qty, line.price_unit, line.tax_ids, line.name), (3, 95, self.tax, "Second pump")
        )
        self.assertEqual(
            (task.work_order_id, task.quantity, task.buyer_po, task.buyer_po_line, task.buyer_item_code),
            (self.work, 3, "4500-1", "10", "M-9"),
        )
        self.assertEqual(change.line_ids.new_task_id, task)
        self.assertEqual((change.state, change.approved_by_id), ("approved", self.project_manager))
        self.assertTrue(change.approved_on)
        self.assertEqual(change.amount, 285)

    def test_b4_approval_changes_and_removes_tasks_with_their_order_lines(self):
        change = self.approved(
            {"kind": "change", "task_id": self.hours_task.id, "quantity": 5, "price_unit": 80},
            {"kind": "remove", "task_id": self.parts_task.id},
        )
        hours, parts = self.order.order_line
        self.assertEqual((hours.product_uom_qty, hours.price_unit, self.hours_task.quantity), (5, 80, 5))
        self.assertEqual((parts.product_uom_qty, self.parts_task.state), (0, "cancelled"))
        self.assertEqual(change.amount, 5 * 80 - 2 * 90 - 3 * 21.4)

    def test_b4_quantity_alone_keeps_the_agreed_price(self):
        self.order.order_line[0].sudo()._write_authorised({"price_unit": 77})
        self.approved({"kind": "change", "task_id": self.hours_task.id, "quantity": 4})
        self.assertEqual((self.order.order_line[0].product_uom_qty, self.order.order_line[0].price_unit), (4, 77))

    def test_b4_price_and_taxes_of_an_addition_are_those_of_the_sales_order(self):
        change = self.change({"product_id": self.part.id, "quantity": 2})
        self.assertEqual((change.line_ids.price_unit, change.line_ids.tax_ids), (21.4, self.tax))
        self.assertEqual(change.amount, 42.8)

    def test_b4_approval_moves_schedule_and_po_and_keeps_a_version(self):
        self.po.amount_limit = 1000
        change = self.approved(
            self.addition(po_quantity_delta=4),
            new_scheduled_start="2026-12-01 08:00:00",
            po_revision="B",
            po_limit_delta=500,
        )
        line = self.po.line_ids[0]
        self.assertEqual((line.quantity, self.po.amount_limit, self.po.revision), (14, 1500, "B"))
        self.assertEqual(str(self.work.scheduled_start), "2026-12-01 08:00:00")
        self.assertEqual((self.work.version, self.work.version_ids.reason), (2, change.name))
        self.assertEqual(self.work.version_ids.user_id, self.project_manager)
        self.assertIn(change.name, str(self.work.message_ids.mapped("body")))
        self.assertIn(change.name, str(self.po.message_ids.mapped("body")))

    def test_b4_po_line_that_the_buyer_added_is_registered(self):
        self.approved(self.addition(buyer_po_line="30", po_quantity_delta=3))
        line = self.po.line_ids[-1]
        self.assertEqual((line.number, line.quantity, line.unit_price), ("30", 3, 95))
        self.assertEqual(self.work.task_ids[-1].buyer_po_line_id, line)

    def test_b4_approved_change_is_worked_and_invoiced(self):
        self.approved(self.addition(name="Second pump"))
        self.finish().action_complete()
        invoice = self.invoice(self.work)
        invoice.action_post()
        self.assertEqual(self.work.state, "closed")
        line = invoice.invoice_line_ids.filtered(lambda line: "Second pump" in line.name)
        self.assertEqual((line.quantity, line.price_unit, line.buyer_po_line), (3, 95, "10"))

    def test_b4_change_can_be_written_in_the_form(self):
        form = Form(
            self.env["work.order.change"].with_user(self.dispatcher).with_context(default_work_order_id=self.work.id)
        )
        form.title, form.reason, form.requested_by = "More hours", "Rusty bolts", "Pat Doyle"
        with form.line_ids.new() as line:
            line.kind = "change"
            line.task_id = self.hours_task
            self.assertEqual((line.quantity, line.price_unit), (2, 90))
            line.quantity = 6
        change = form.save()
        self.assertEqual((change.amount, change.line_ids.name), (360, "Labor"))

    def test_b4_several_changes_are_approved_at_once(self):
        changes = self.submitted(self.addition()) | self.submitted(self.addition(quantity=1))
        changes.action_approve()
        self.assertEqual(changes.mapped("state"), ["approved", "approved"])
        self.assertEqual(self.order.order_line.mapped("product_uom_qty"), [2, 3, 3, 1])

    def test_b4_balance_given_back_by_one_line_serves_another(self):
        self.ticket(8)
        self.approved(self.addition(quantity=2), {"kind": "remove", "task_id": self.hours_task.id})
        self.assertEqual(self.balance(), (10, 0, 0))

    def test_b4_copy_of_an_approved_change_is_a_draft(self):
        change = self.approved(self.addition())
        copy = change.with_user(self.dispatcher).copy()
        self.assertEqual((copy.state, copy.approved_by_id.ids, copy.customer_reference), ("draft", [], False))
        self.assertNotEqual(copy.name, change.name)
        self.assertFalse(self.work.copy().change_ids)

    # --- how it refuses

    def test_b4_refuses_approval_without_content_evidence_or_requester_and_says_all(self):
        empty = self.change(requested_by=False, customer_reference=False)
        self.refused(empty.action_submit, "Requested By is missing", "it changes nothing yet")
        change = self.submitted(self.addition(), customer_reference=False)
        self.refused(change.action_approve, "Evidence is missing")
        change.with_user(self.dispatcher).signed_by = "Pat Doyle"
        change.action_approve()

    def test_b4_refuses_approval_by_whoever_may_not_decide(self):
        change = self.submitted(self.addition())
        self.work.technician_ids = [Command.link(self.technician.id)]
        for user in (self.dispatcher, self.technician, self.salesman, self.accountant):
            with self.subTest(user=user.login):
                for step in (
                    lambda c: c.action_approve(),
                    lambda c: c.write({"state": "approved"}),
                    lambda c: c.action_reject(),
                ):
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        step(change.with_user(user))
        self.assertEqual((change.state, len(self.work.task_ids)), ("submitted", 2))
        change.with_user(self.billing).action_approve()
        self.assertEqual(change.approved_by_id, self.billing)

    def test_b4_refuses_to_skip_the_decision_by_any_other_way(self):
        changes = self.env["work.order.change"].with_user(self.project_manager)
        values = {"work_order_id": self.work.id, "title": "x", "reason": "x"}
        self.refused(lambda: changes.create({**values, "state": "approved"}), "starts as a draft")
        sneaky = changes.with_context(
            default_state="approved", default_approved_by_id=self.env.uid, default_approved_on="2026-11-20 08:00:00"
        ).create(values)
        self.assertEqual((sneaky.state, sneaky.approved_by_id.ids, sneaky.approved_on), ("draft", [], False))
        self.refused(lambda: sneaky.write({"state": "approved"}), "this step is over")
        for own in ({"approved_by_id": 1}, {"approved_on": "2026-11-20 08:00:00"}, {"name": "CO1"}):
            with self.assertRaises(AccessError):
                sneaky.write(own)
        result = changes.load(
            ["work_order_id/.id", "title", "reason", "state"], [[str(self.work.id), "Imported", "x", "approved"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("starts as a draft", str(result["messages"]))
        self.assertFalse(changes.search([("state", "=", "approved"), ("work_order_id", "=", self.work.id)]))

    def test_b4_refuses_to_approve_twice(self):
        change = self.approved(self.addition())
        self.refused(change.action_approve, "this step is over")
        self.refused(lambda: change.write({"state": "approved"}), "this step is over")
        self.assertEqual(len(self.order.order_line), 3)

    def test_b4_decision_takes_a_lock_first(self):
        change = self.submitted(self.addition())
        before, billing = change.lock_revision, self.work.billing_revision
        change.action_approve()
        self.assertGreater(change.lock_revision, before)
        self.assertGreater(self.work.billing_revision, billing)

    def test_b4_refuses_any_edit_of_an_approved_change(self):
        change = self.approved(self.addition())
        boss = new_test_user(self.env, "wo_boss", "work_order.group_manager")
        for user in (self.dispatcher, self.project_manager, boss):
            fixed = change.with_user(user)
            for edit in (
                lambda c: c.write({"title": "Other"}),
                lambda c: c.write({"customer_reference": "Other"}),
                lambda c: c.write({"line_ids": [Command.clear()]}),
                lambda c: c.line_ids.write({"quantity": 99}),
                lambda c: c.line_ids.unlink(),
                lambda c: c.line_ids.create({"change_id": c.id, "product_id": self.labor.id}),
                lambda c: c.action_draft(),
                lambda c: c.action_cancel(),
                lambda c: c.unlink(),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    edit(fixed)
        change.with_user(self.dispatcher).message_post(body="A word may still be added")

    def test_b4_refuses_to_move_a_line_into_or_out_of_a_fixed_change(self):
        change = self.approved(self.addition())
        draft = self.change(self.addition())
        for line, target in ((draft.line_ids, change), (change.line_ids, draft)):
            self.refused(
                lambda line=line, target=target: line.with_user(self.dispatcher).write({"change_id": target.id}),
                "approved",
            )

    def test_b4_refuses_to_touch_the_evidence_of_an_approved_change(self):
        file = self.env["ir.attachment"].with_user(self.dispatcher).create({"name": "mail.txt", "raw": b"yes"})
        change = self.submitted(self.addition(), evidence_ids=[Command.set(file.ids)])
        self.assertEqual((file.res_model, file.res_id), ("work.order.change", change.id))
        change.action_approve()
        self.refused(file.unlink, change.name)
        self.refused(lambda: file.write({"raw": b"no"}), change.name)
        self.assertEqual(change.evidence_ids.raw, b"yes")

    def test_b4_refuses_to_edit_what_waits_for_its_decision(self):
        change = self.submitted(self.addition()).with_user(self.dispatcher)
        self.refused(lambda: change.write({"title": "Other"}), "Set it back to draft")
        self.refused(lambda: change.line_ids.write({"price_unit": 1}), "Set it back to draft")
        change.customer_reference = "Letter"
        change.action_draft()
        change.line_ids.price_unit = 96

    def test_b4_refuses_work_on_an_unapproved_change_as_there_is_none(self):
        change = self.submitted(self.addition())
        self.assertFalse(change.line_ids.new_task_id)
        mine = self.start()
        with self.assertRaises(AccessError):
            mine.write({"task_ids": [Command.create({"name": "Second pump"})]})
        self.hours_task.with_user(self.technician).write({"state": "done", "done_quantity": 5})
        change.with_user(self.project_manager).action_reject()
        self.parts_task.with_user(self.technician).action_done()
        mine.signed_by = "Pat Doyle"
        self.refused(mine.action_complete, "authorises 2")

    def test_b4_refuses_completion_while_a_change_is_undecided(self):
        change = self.submitted(self.addition())
        mine = self.finish()
        self.refused(mine.action_complete, f"Change order {change.name} is not decided yet")
        change.action_reject()
        mine.action_complete()
        self.assertEqual(self.work.state, "done")

    def test_b4_refuses_to_hide_an_undecided_change(self):
        self.submitted(self.addition())
        self.assertTrue(self.work.has_undecided_change)
        with self.assertRaises(AccessError):
            self.work.with_user(self.dispatcher).write({"has_undecided_change": False})
        sneaky = self.env["work.order"].with_context(default_has_undecided_change=True).create({"title": "x"})
        self.assertFalse(sneaky.has_undecided_change)

    def test_b4_refuses_to_bill_an_unapproved_change_by_any_path(self):
        self.finish().action_complete()
        invoice = self.invoice(self.work)
        line = invoice.invoice_line_ids[0]
        self.work._store_state({"state": "in_progress"})  # as if a ticket were billed while work goes on
        change = self.submitted(self.addition(name="Second pump"))
        self.work._store_state({"state": "invoiced"})
        self.refused(self.work.with_user(self.billing).action_create_invoices, "is not decided yet")
        self.refused(invoice.action_post, f"{change.name} is not decided yet")
        change.action_reject()
        for typed in (
            {"name": "Second pump", "quantity": 3, "price_unit": 95},
            {"name": "Second pump", "product_id": self.labor.id, "quantity": 3, "price_unit": 95, "tax_ids": []},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                invoice.write({"invoice_line_ids": [Command.create(typed)]})
                invoice.action_post()
        with self.assertRaises(UserError), self.cr.savepoint():
            line.write({"quantity": 5})
            invoice.action_post()
        with self.assertRaises(UserError), self.cr.savepoint():
            copy = invoice.copy()
            invoice.action_post()
            copy.action_post()
        self.assertNotIn("Second pump", self.order.order_line.mapped("name"))

    def test_b4_refuses_the_sales_orders_own_wizard_too(self):
        self.submitted(self.addition())
        wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=self.order.ids, active_model="sale.order")
        with self.assertRaises(UserError):
            wizard.create({"advance_payment_method": "delivered"}).create_invoices()
        self.assertFalse(self.order.invoice_ids)

    def test_b4_refuses_changes_of_the_order_behind_the_change_order(self):
        line = self.order.order_line[0].with_user(self.salesman)
        self.refused(lambda: line.write({"product_uom_qty": 5}), "Record a change order")
        self.refused(lambda: line.write({"price_unit": 5}), "Record a change order")

    def test_b4_refuses_a_change_of_finished_work_until_it_is_reopened(self):
        change = self.change(self.addition())
        self.finish().action_complete()
        self.refused(change.action_submit, "is finished. Reopen it")
        self.refused(lambda: self.change(self.addition()), "is finished. Reopen it")
        self.work.with_user(self.dispatcher).action_reopen()
        change.action_submit()
        change.with_user(self.project_manager).action_approve()
        self.assertEqual(len(self.work.task_ids), 3)

    def test_b4_refuses_what_makes_no_sense_and_says_all(self):
        other = self.ticket(1)
        done = self.start()
        done.task_ids[1].write({"state": "done"})
        freight = self.product("Crate", 10, policy="none", type="consu", invoice_policy="order")
        change = self.change(
            {"kind": "change", "task_id": other.task_ids.id, "quantity": 3},
            {"kind": "change", "task_id": self.hours_task.id, "quantity": 2},
            {"kind": "remove", "task_id": self.parts_task.id},
            {"product_id": freight.id},
            {"product_id": self.labor.id, "quantity": 0, "buyer_po_line": "30", "po_quantity_delta": -1},
            {"product_id": self.labor.id, "buyer_po_line": "10", "po_amount_delta": 50},
            po_limit_delta=100,
        )
        self.refused(
            change.action_submit,
            f"the task belongs to {other.name}",
            "neither quantity nor price changes",
            "it is done already and cannot be removed",
            "is not delivered by work orders",
            "Quantity is missing",
            "would fall below zero",
            "line 10 of the buyer's PO has no such limit",
            "buyer PO 4500-1 has no limit that could change",
        )

    def test_b4_refuses_approval_beyond_the_buyers_po_and_does_nothing(self):
        change = self.submitted(self.addition(quantity=9))
        self.refused(change.action_approve, "line 10: 10 units left, but 11 asked for")
        self.assertEqual((change.state, len(self.order.order_line), self.work.version), ("submitted", 2, 1))
        self.po.line_ids[0].quantity = 11
        change.action_approve()

    def test_b4_refuses_a_price_beyond_the_buyers_po(self):
        change = self.submitted({"kind": "change", "task_id": self.parts_task.id, "quantity": 3, "price_unit": 34})
        self.refused(change.action_approve, "line 20: $ 100.00 of its limit is left, but $ 102.00 is asked for")

    def test_b4_refuses_a_change_of_an_order_that_is_locked(self):
        change = self.submitted(self.addition())
        self.order.locked = True
        self.refused(change.action_approve, "is locked; unlock it first")

    def test_b4_technician_sees_changes_of_own_work_without_prices(self):
        change = self.submitted(self.addition())
        mine = change.with_user(self.technician)
        self.assertEqual(mine.read(["title", "state"])[0]["state"], "submitted")
        self.assertTrue(mine.line_ids.read(["name", "quantity"]))
        for record, name in ((mine, "amount"), (mine.line_ids, "price_unit"), (mine.line_ids, "amount")):
            with self.assertRaises(AccessError):
                record.read([name])
        other = self.ticket(1)
        foreign = self.change(self.addition(), work_order_id=other.id)
        self.assertFalse(self.env["work.order.change"].with_user(self.technician).search([("id", "=", foreign.id)]))
        with self.assertRaises(AccessError):
            self.env["work.order.change"].with_user(self.technician).create(
                {"work_order_id": self.work.id, "title": "x", "reason": "x"}
            )
