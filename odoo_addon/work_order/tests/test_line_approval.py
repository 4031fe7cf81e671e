from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestLineApproval(WorkOrderCase):
    """D1: every line says what authorises it; one typed by hand needs somebody who answers for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeeper = new_test_user(cls.env, "wo_bookkeeper", "account.group_account_invoice")
        cls.manager = new_test_user(
            cls.env, "wo_manager", "work_order.group_project_manager,account.group_account_invoice"
        )

    def setUp(self):
        super().setUp()
        self.ticket = self.complete(self.standard_order().work_order_ids)
        self.draft = self.invoice(self.ticket)

    def typed(self, **values):
        values = {"name": "Crane hire", "quantity": 1, "price_unit": 40, "tax_ids": [Command.clear()], **values}
        self.draft.invoice_line_ids = [Command.create(values)]
        return self.draft.invoice_line_ids.filtered(lambda line: line.name == values["name"])

    def approve(self, line, user=None):
        return line.with_user(user or self.billing).action_approve("Roof access", "Mail of Pat, 2026-11-20")

    def test_d1_line_links_back_to_ticket_task_approver_and_completion_date(self):
        line = self.draft.invoice_line_ids[0]
        self.assertEqual((line.work_order_id, line.work_order_task_id), (self.ticket, self.ticket.task_ids[0]))
        self.assertEqual((line.authority, line.approver), ("task", "Pat Doyle"))
        self.assertEqual(line.completed_on, self.ticket.completed_on)
        for part in (self.ticket.name, self.ticket.task_ids[0].name, "approved by Pat Doyle"):
            self.assertIn(part, line.with_user(self.billing).authority_text)

    def test_d1_approved_change_is_the_authority_of_its_line(self):
        ticket = self.dispatch(self.standard_order().work_order_ids)
        change = self.env["work.order.change"].create(
            {
                "work_order_id": ticket.id,
                "title": "Second filter",
                "reason": "Rust",
                "requested_by": "Pat",
                "customer_reference": "Mail",
                "line_ids": [Command.create({"product_id": self.part.id, "quantity": 2, "price_unit": 20})],
            }
        )
        change.with_user(self.dispatcher).action_submit()
        change.with_user(self.manager).action_approve()
        mine = ticket.with_user(self.technician)
        mine.action_start()
        mine.task_ids.write({"state": "done"})
        mine.action_complete()
        line = self.invoice(ticket).invoice_line_ids.filtered(lambda line: line.price_unit == 20)
        self.assertEqual((line.authority, line.work_order_change_id), ("change", change))
        self.assertIn(change.name, line.authority_text)
        self.assertEqual(line.approver, self.manager.name)

    def test_d1_charge_of_the_order_names_the_order(self):
        freight = self.product("Freight", 15.0, policy="none", type="service", invoice_policy="order")
        order = self.sale_order((self.labor, 1), (freight, 1))
        order.action_confirm()
        lines = self.invoice(self.complete(order.work_order_ids)).invoice_line_ids
        self.assertEqual(lines.mapped("authority"), ["task", "order"])
        self.assertIn(order.name, lines[1].authority_text)

    def test_d1_typed_line_with_an_approval_posts(self):
        line = self.typed()
        self.assertTrue(self.draft.has_unapproved_lines)
        with self.assertRaisesRegex(UserError, "typed by hand; nobody approved it"):
            self.draft.action_post()
        self.approve(line)
        self.assertFalse(self.draft.has_unapproved_lines)
        self.assertEqual((line.authority, line.approved_by_id), ("approval", self.billing))
        self.assertIn("Roof access", line.authority_text)
        self.assertEqual((self.draft.buyer_po, self.draft.cost_center_id), ("4500-1", self.center))
        self.draft.action_post()
        self.assertEqual(self.draft.amount_untaxed, 284.2)
        self.assertEqual(self.ticket.state, "closed")

    def test_d1_project_manager_may_approve(self):
        self.approve(self.typed(), self.manager)
        self.draft.action_post()

    def test_d1_nobody_else_may_approve(self):
        line = self.typed()
        for user in (self.technician, self.bookkeeper, self.accountant, self.dispatcher, self.salesman):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.approve(line, user)

    def test_d1_approval_without_reason_or_evidence_is_refused_with_both(self):
        line = self.typed()
        with self.assertRaises(UserError) as refusal:
            line.with_user(self.billing).action_approve("  ")
        for part in ("Reason is missing", "Evidence is missing"):
            self.assertIn(part, str(refusal.exception))

    def test_d1_lines_of_tasks_and_of_ordinary_invoices_are_not_approved(self):
        ordinary = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_line_ids": [Command.create({"name": "Rent", "price_unit": 5})],
            }
        )
        for line in (self.draft.invoice_line_ids[0], ordinary.invoice_line_ids):
            with self.assertRaisesRegex(UserError, "needs no approval"):
                self.approve(line)
        ordinary.action_post()
        self.assertFalse(ordinary.invoice_line_ids.authority)

    def test_d1_approval_comes_by_no_other_way(self):
        line = self.typed()
        forged = {"approved_by_id": self.billing.id, "approval_content": line._content_to_approve()}
        for name, value in {**forged, "approval_reason": "x", "approved_on": "2026-01-01"}.items():
            with self.subTest(path="write", name=name), self.assertRaises(AccessError):
                line.with_user(self.billing).write({name: value})
        new = {"name": "Other", "price_unit": 1, **forged}
        with self.assertRaises(AccessError):
            self.draft.write({"invoice_line_ids": [Command.create(new)]})
        with self.assertRaises(AccessError):
            self.draft.write({"invoice_line_ids": [Command.update(line.id, forged)]})
        by_context = {f"default_{key}": value for key, value in forged.items()}
        self.draft.with_context(**by_context).write({"invoice_line_ids": [Command.create({"name": "By context"})]})
        self.assertFalse(self.draft.invoice_line_ids.approved_by_id)
        loaded = (
            self.env["account.move.line"]
            .with_user(self.billing)
            .load([".id", "approved_by_id/.id"], [[str(line.id), str(self.billing.id)]])
        )
        self.assertTrue(loaded["messages"])
        self.assertFalse(line.approved_by_id)

    def test_d1_line_changed_after_its_approval_is_refused(self):
        for values in ({"price_unit": 400}, {"quantity": 2}, {"name": "Crane, two days"}, {"discount": -10}):
            with self.subTest(values=values):
                line = self.typed(name=f"Hire {values}")
                self.approve(line)
                line.write(values)
                with self.assertRaisesRegex(UserError, "changed after"):
                    self.draft.action_post()
                line.unlink()

    def test_d1_approved_line_is_fixed_once_posted(self):
        line = self.typed()
        self.approve(line)
        self.draft.action_post()
        for values in ({"price_unit": 400}, {"quantity": 2}, {"name": "Crane, two days"}):
            with self.subTest(values=values), self.assertRaises(UserError), self.env.cr.savepoint():
                line.write(values)
        with self.assertRaisesRegex(UserError, "not on a draft"):
            self.approve(line)

    def test_d1_approval_is_not_copied(self):
        line = self.typed()
        self.approve(line)
        self.assertFalse(self.draft.copy().invoice_line_ids.approved_by_id)

    def test_d1_who_did_the_work_approves_no_charge_on_top(self):
        self.technician.group_ids += self.env.ref("work_order.group_billing")
        with self.assertRaisesRegex(UserError, "who did the work"):
            self.approve(self.typed(), self.technician)

    def test_d1_evidence_of_an_approved_line_stays(self):
        line = self.typed()
        file = self.env["ir.attachment"].with_user(self.billing).create({"name": "mail.eml", "raw": b"Go ahead"})
        line.with_user(self.billing).action_approve("Roof access", evidence=file.ids)
        self.assertEqual((line.approval_evidence_ids, file.res_id), (file, self.draft.id))
        with self.assertRaisesRegex(UserError, "Crane hire"):
            file.unlink()
        with self.assertRaisesRegex(UserError, "Crane hire"):
            file.raw = b"Never mind"

    def test_d1_wizard_approves_the_lines_that_need_it(self):
        line = self.typed()
        action = self.draft.action_approve_lines()
        wizard = self.env[action["res_model"]].with_user(self.billing).with_context(**action["context"]).create({})
        self.assertEqual(wizard.line_ids, line)
        wizard.write({"reason": "Roof access", "reference": "Mail"})
        wizard.action_approve()
        self.assertEqual(line.approved_by_id, self.billing)

    def test_d1_credit_of_an_approved_line_repeats_it_and_no_more(self):
        line = self.typed()
        self.approve(line)
        self.draft.action_post()
        refund = self.draft._reverse_moves([{"invoice_date": "2026-11-23"}])
        credited = refund.invoice_line_ids.filtered(lambda each: each.original_line_id == line)
        credited.price_unit = 41
        with self.assertRaisesRegex(UserError, "41.0, but 40.0"):
            refund.action_post()
        credited.price_unit = 40
        refund.action_post()
        again = self.draft._reverse_moves([{"invoice_date": "2026-11-23"}])
        again.invoice_line_ids.filtered(lambda each: each.original_line_id != line).unlink()
        with self.assertRaisesRegex(UserError, "more would be credited"):
            again.action_post()
