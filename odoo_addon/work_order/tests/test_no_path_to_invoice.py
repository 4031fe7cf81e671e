from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestNoPathToInvoice(WorkOrderCase):
    """What nobody may bill reaches a posted invoice by no path at all.

    Four causes, each tried on every path: the button, the sale order's own invoice wizard, an invoice built over RPC, a
    draft invoice edited, an import, a duplicate. The second user at the same moment is tried over two connections in
    the acceptance tests.
    """

    def setUp(self):
        super().setUp()
        self.manager = new_test_user(self.env, "wo_boss", "work_order.group_manager,account.group_account_manager")

    def test_refuses_more_than_was_ordered_on_a_second_work_order_of_the_same_line(self):
        first = self.complete(self.standard_order().work_order_ids)
        line = first.sale_order_id.order_line[0]
        values = {"title": "More", "partner_id": self.buyer.id, "sale_order_id": line.order_id.id}
        task = {"name": "Again", "product_id": self.labor.id, "quantity": 5, "sale_line_id": line.id}
        second = (
            self.env["work.order"].with_user(self.dispatcher).create({**values, "task_ids": [Command.create(task)]})
        )
        second.action_ready()
        with self.assertRaisesRegex(UserError, "7 .* done, but .* authorises 2"):
            self.complete(second)

    def test_refuses_an_order_line_that_is_called_an_expense_to_bill_it_without_its_task(self):
        ticket = self.standard_order().work_order_ids
        line = ticket.sale_order_id.order_line[0]
        line.with_user(self.salesman).is_expense = True
        values = {"product_id": self.labor.id, "quantity": 2, "price_unit": 90, "tax_ids": [Command.clear()]}
        invoice = (
            self.env["account.move"]
            .with_user(self.manager)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.buyer.id,
                    "invoice_date": "2026-11-30",
                    "invoice_line_ids": [Command.create({**values, "sale_line_ids": [Command.set(line.ids)]})],
                }
            )
        )
        with self.assertRaisesRegex(UserError, "names no task"):
            invoice.action_post()

    def test_refuses_to_withdraw_or_convert_the_order_a_crew_was_sent_on(self):
        ticket = self.dispatch(self.standard_order().work_order_ids)
        order = ticket.sale_order_id.with_user(self.salesman)
        euro = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
        euro.active = True
        other = self.sale_order((self.labor, 1))
        for write in (
            lambda: order.write({"state": "draft"}),
            lambda: order.write({"currency_id": euro.id}),
            lambda: order.order_line[0].write({"order_id": other.id}),
        ):
            with self.assertRaisesRegex(UserError, "cannot change any more: .* was dispatched on it"):
                write()
        ticket.with_user(self.dispatcher).action_cancel()
        order.action_cancel()
        self.assertEqual(order.state, "cancel", "work that was called off holds nothing")

    # --- causes: each gives a task that must not be billed, on a ticket of a confirmed order

    def internal_work(self):
        ticket = self.standard_order().work_order_ids
        ticket.type_id = self.env.ref("work_order.type_internal")
        return self.complete(ticket).task_ids[0]

    def unfinished_task(self):
        ticket = self.standard_order().work_order_ids
        self.dispatch(ticket).with_user(self.technician).action_start()
        ticket.task_ids[0].with_user(self.technician).action_done()
        return ticket.task_ids[0]

    def unapproved_change(self):
        """The ticket's own work is done and a second job was asked for, submitted, and never approved."""
        ticket = self.standard_order().work_order_ids
        self.dispatch(ticket).with_user(self.technician).action_start()
        ticket.task_ids.with_user(self.technician).action_done()
        change = self.env["work.order.change"].create(
            {
                "work_order_id": ticket.id,
                "title": "More labour",
                "reason": "Found on site",
                "requested_by": "Pat Doyle",
                "line_ids": [Command.create({"kind": "change", "task_id": ticket.task_ids[0].id, "quantity": 7})],
            }
        )
        change.with_user(self.dispatcher).action_submit()
        return ticket.task_ids[0]

    def work_nobody_approved(self):
        """A task without a line of the sale order, so without a price anybody agreed to."""
        ticket = self.standard_order().work_order_ids
        task = self.env["work.order.task"].create(
            {"work_order_id": ticket.id, "name": "Extra", "product_id": self.labor.id, "quantity": 2}
        )
        self.dispatch(ticket).with_user(self.technician).action_start()
        ticket.task_ids.with_user(self.technician).action_done()
        return task

    CAUSES = ("internal_work", "unfinished_task", "unapproved_change", "work_nobody_approved")

    # --- paths: each tries to get the task on a posted invoice

    def by_button(self, task):
        task.work_order_id.with_user(self.billing).action_create_invoices()
        task.sudo().invoice_line_ids.move_id.action_post()

    def by_the_orders_wizard(self, task):
        order = task.work_order_id.sale_order_id
        wizard = self.env["sale.advance.payment.inv"].with_context(active_model="sale.order", active_ids=order.ids)
        Form(wizard).save().create_invoices()
        order.invoice_ids.action_post()

    def values_of_invoice(self, task, **line):
        values = {
            "product_id": task.product_id.id,
            "name": task.name,
            "quantity": 2,
            "price_unit": 90,
            "tax_ids": [Command.clear()],
            "sale_line_ids": [Command.link(line_id) for line_id in task.sale_line_id.ids],
            "work_order_task_id": task.id,
            **{name: task[name] for name in ("buyer_po", "buyer_po_line", "buyer_item_code", "service_date")},
            "cost_center_id": task.cost_center_id.id,
            **line,
        }
        return {
            "move_type": "out_invoice",
            "partner_id": self.buyer.id,
            "invoice_date": "2026-11-22",
            "invoice_line_ids": [Command.create(values)],
        }

    def by_rpc(self, task):
        self.env["account.move"].with_user(self.manager).create(self.values_of_invoice(task)).action_post()

    def by_rpc_with_the_state_written(self, task):
        invoice = self.env["account.move"].with_user(self.manager).create(self.values_of_invoice(task))
        invoice.write({"state": "posted"})

    def by_editing_a_draft(self, task):
        """Somebody takes another ticket's proper draft and points its line at this task."""
        draft = self.invoice(self.complete(self.standard_order().work_order_ids))
        draft.with_user(self.manager).invoice_line_ids[0].write({"work_order_task_id": task.id})
        draft.action_post()

    def by_adding_to_a_draft(self, task):
        draft = self.invoice(self.complete(self.standard_order().work_order_ids))
        draft.with_user(self.manager).write(
            {"invoice_line_ids": self.values_of_invoice(task)["invoice_line_ids"]},
        )
        draft.action_post()

    def by_import(self, task):
        fields = ["move_type", "partner_id/.id", "invoice_line_ids/name", "invoice_line_ids/price_unit"]
        fields += ["invoice_line_ids/work_order_task_id/.id", "invoice_line_ids/quantity"]
        row = ["out_invoice", str(self.buyer.id), "Imported", "90", str(task.id), "2"]
        result = self.env["account.move"].with_user(self.manager).load(fields, [row])
        if not result["ids"]:
            raise UserError(str(result["messages"]))
        self.env["account.move"].browse(result["ids"]).action_post()

    def by_duplicating(self, task):
        """A draft made by RPC is copied, in case only the first is looked at."""
        draft = self.env["account.move"].with_user(self.manager).create(self.values_of_invoice(task))
        draft.copy({"invoice_date": "2026-11-23"}).action_post()

    def by_completing_it_anyway(self, task):
        ticket = task.work_order_id
        if ticket.state == "in_progress":
            ticket.with_user(self.manager).action_complete()
        self.by_button(task)

    PATHS = (
        "by_button",
        "by_the_orders_wizard",
        "by_rpc",
        "by_rpc_with_the_state_written",
        "by_editing_a_draft",
        "by_adding_to_a_draft",
        "by_import",
        "by_duplicating",
        "by_completing_it_anyway",
    )

    def test_no_cause_gets_through_on_any_path(self):
        for cause in self.CAUSES:
            for path in self.PATHS:
                with self.subTest(cause=cause, path=path):
                    task = getattr(self, cause)()
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        getattr(self, path)(task)
                    posted = self.env["account.move.line"].search(
                        [("work_order_task_id", "=", task.id), ("parent_state", "=", "posted")]
                    )
                    self.assertFalse(posted)

    def test_the_same_paths_do_bill_work_that_may_be_billed(self):
        """Otherwise the refusals above would prove nothing."""
        for path in ("by_button", "by_the_orders_wizard", "by_rpc", "by_rpc_with_the_state_written", "by_duplicating"):
            with self.subTest(path=path):
                task = self.complete(self.standard_order().work_order_ids).task_ids[0]
                getattr(self, path)(task)
                self.assertIn("posted", task.invoice_line_ids.mapped("parent_state"))

    def test_an_approved_change_reaches_the_invoice(self):
        task = self.unapproved_change()
        change = self.env["work.order.change"].search([("work_order_id", "=", task.work_order_id.id)])
        change.customer_reference = "Mail"
        change.with_user(self.manager).action_approve()
        task.with_user(self.technician).done_quantity = 7
        task.work_order_id.with_user(self.technician).action_complete()
        self.by_button(task)
        self.assertEqual(task.invoice_line_ids.mapped("quantity"), [7])
