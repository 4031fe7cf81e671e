from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestAccess(WorkOrderCase):
    """Each group may do its own part, on its own records."""

    def test_technician_sees_only_tickets_assigned_to_them(self):
        mine, other = self.standard_order().work_order_ids, self.standard_order().work_order_ids
        mine.technician_ids = [Command.link(self.technician.id)]
        found = self.env["work.order"].with_user(self.technician).search([("id", "in", (mine | other).ids)])
        self.assertEqual(found, mine.with_user(self.technician))
        with self.assertRaises(AccessError):
            other.with_user(self.technician).read(["title"])
        with self.assertRaises(AccessError):
            other.task_ids[0].with_user(self.technician).write({"done_quantity": 1})

    def test_technician_sees_no_prices_and_no_invoices(self):
        ticket = self.standard_order().work_order_ids
        ticket.technician_ids = [Command.link(self.technician.id)]
        for record, field in ((ticket, "amount_scope"), (ticket, "invoice_ids"), (ticket.task_ids[0], "price_unit")):
            with self.subTest(field=field), self.assertRaises(AccessError):
                record.with_user(self.technician).read([field])

    def test_technician_reports_work_but_changes_no_scope(self):
        ticket = self.dispatch(self.standard_order().work_order_ids).with_user(self.technician)
        ticket.action_start()
        ticket.task_ids[0].write({"state": "done", "done_quantity": 1.5, "note": "Belt was worn"})
        for record, values in (
            (ticket, {"buyer_po": "X"}),
            (ticket, {"technician_ids": [Command.clear()]}),
            (ticket.task_ids[1], {"quantity": 99}),
            (ticket.task_ids[1], {"sale_line_id": False}),
            (ticket.task_ids[1], {"state": "cancelled"}),
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(AccessError):
            self.env["work.order"].with_user(self.technician).create({"title": "Own idea"})
        with self.assertRaises(AccessError):
            ticket.write({"task_ids": [Command.create({"name": "More"})]})

    def test_technician_may_not_dispatch_cancel_reopen_or_invoice(self):
        ticket = self.standard_order().work_order_ids
        ticket.write({"technician_ids": [Command.link(self.technician.id)], "scheduled_start": "2026-11-20 08:00:00"})
        for action in ("action_dispatch", "action_cancel", "action_draft"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(ticket.with_user(self.technician), action)()
        other = self.complete(self.standard_order().work_order_ids)
        with self.assertRaises(AccessError):
            other.with_user(self.technician).action_reopen()
        with self.assertRaises(UserError):
            other.with_user(self.technician).action_create_invoices()
        self.assertFalse(other.invoice_ids)

    def test_dispatcher_dispatches_but_creates_no_invoice(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        only_dispatcher = new_test_user(self.env, "wo_only_dispatcher", "work_order.group_dispatcher")
        with self.assertRaises(UserError):
            ticket.with_user(only_dispatcher).action_create_invoices()
        self.assertFalse(ticket.invoice_ids)

    def test_billing_invoices_but_does_not_dispatch(self):
        ready = self.standard_order().work_order_ids
        ready.write({"technician_ids": [Command.link(self.technician.id)], "scheduled_start": "2026-11-20 08:00:00"})
        with self.assertRaises(AccessError):
            ready.with_user(self.billing).action_dispatch()
        invoice = self.invoice(self.complete(self.standard_order().work_order_ids))
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_accountant_reads_but_writes_nothing(self):
        ticket = self.standard_order().work_order_ids
        self.assertEqual(ticket.with_user(self.accountant).read(["name"])[0]["name"], ticket.name)
        with self.assertRaises(AccessError):
            ticket.with_user(self.accountant).write({"title": "x"})

    def test_accountant_without_ticket_rights_opens_and_prints_invoices(self):
        clerk = new_test_user(self.env, "wo_clerk", "account.group_account_manager")
        invoice = self.invoice(self.complete(self.standard_order().work_order_ids))
        invoice.action_post()
        plain = self.env["account.move"].create({"move_type": "in_invoice", "partner_id": self.buyer.id})
        for move in (invoice, plain):
            move.invalidate_recordset()
            self.assertIn("work_order_count", move.with_user(clerk).web_read({"work_order_count": {}})[0])
        report = self.env["ir.actions.report"].with_user(clerk)
        content, _kind = report._render_qweb_html("account.report_invoice", invoice.ids)
        self.assertIn(invoice.sudo().work_order_ids.name, str(content))

    def test_technician_cannot_infer_prices_by_searching(self):
        with self.assertRaises(AccessError):
            self.env["work.order.task"].with_user(self.technician).search([("price_unit", ">", 50)])

    def test_ordinary_employee_sees_no_ticket(self):
        ticket = self.standard_order().work_order_ids
        stranger = new_test_user(self.env, "wo_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            ticket.with_user(stranger).read(["name"])

    def test_other_company_is_invisible(self):
        company = self.env["res.company"].create({"name": "Sister"})
        outsider = new_test_user(
            self.env,
            "wo_outsider",
            "work_order.group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        ticket = self.standard_order().work_order_ids
        self.assertFalse(self.env["work.order"].with_user(outsider).search([("id", "=", ticket.id)]))
        with self.assertRaises(AccessError):
            ticket.with_user(outsider).read(["name"])

    def test_only_an_administrator_changes_types(self):
        kind = self.env.ref("work_order.type_internal")
        with self.assertRaises(AccessError):
            kind.with_user(self.dispatcher).write({"billable": True})
        manager = new_test_user(self.env, "wo_manager", "work_order.group_manager")
        kind.with_user(manager).write({"sequence": 95})
