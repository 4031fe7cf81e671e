from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_time_material import TimeMaterialCase


@tagged("post_install", "-at_install")
class TestUnbilled(TimeMaterialCase):
    """B5: time and parts on no task of a work order that bills them are told, never lost silently."""

    def on_no_task(self, task, hours=2.0):
        return self.post(task, hours, work_order_task_id=False)

    def ready_to_complete(self, ticket):
        ticket.with_user(self.technician).task_ids.action_done()
        ticket.with_user(self.technician).write({"signed_by": "Pat Doyle"})
        return ticket.with_user(self.technician)

    def test_b5_refuses_completion_while_time_or_parts_are_on_no_task(self):
        ticket = self.started(self.hybrid())
        labor = self.labor_of(ticket)
        self.post(labor, 1)
        entry = self.on_no_task(labor)
        part = self.use(labor, self.motor, 1, work_order_task_id=False)
        mine = self.ready_to_complete(ticket)
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            mine.action_complete()
        self.assertIn(f"2.00 hours of {self.technician.name} on", str(refusal.exception))
        self.assertIn("1 Units of Motor on", str(refusal.exception))
        entry.with_user(self.technician).work_order_task_id = labor
        part.with_user(self.technician).work_order_task_id = ticket.task_ids.filtered(
            lambda task: task.billing_type == "fixed"
        )
        mine.action_complete()
        self.assertEqual((ticket.state, labor.done_quantity), ("done", 3.0))

    def test_b5_time_on_no_task_is_told_before_completion(self):
        ticket = self.started(self.hybrid())
        labor = self.labor_of(ticket)
        tickets = self.env["work.order"].with_user(self.dispatcher)
        waiting = [("has_outstanding_costs", "=", True), ("id", "=", ticket.id)]
        self.assertFalse(tickets.search(waiting))
        entry = self.on_no_task(labor)
        self.assertEqual(tickets.search(waiting), ticket)
        self.assertIn("2.00 hours are on no task", ticket.with_user(self.dispatcher).outstanding_costs)
        entry.with_user(self.technician).work_order_task_id = labor
        ticket.invalidate_recordset()
        self.assertFalse(tickets.search(waiting) or ticket.outstanding_costs)

    def test_b5_time_on_no_task_of_fixed_price_work_is_cost_and_nothing_to_tell(self):
        order = self.standard_order()
        ticket = self.started(order.work_order_ids)
        self.on_no_task(ticket.task_ids[0])
        self.assertFalse(ticket.outstanding_costs)
        self.ready_to_complete(ticket).action_complete()
        self.assertEqual(ticket.state, "done")
