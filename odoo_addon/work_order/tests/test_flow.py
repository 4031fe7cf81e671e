from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.work_order_flow import TRANSITIONS
from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestFlow(WorkOrderCase):
    """States follow one table; gates list all their reasons; guards sit in the model."""

    def _ticket(self, **values):
        return self.env["work.order"].create(
            {"title": "Trial", "partner_id": self.buyer.id, "task_ids": [Command.create({"name": "Look"})], **values}
        )

    def test_every_step_outside_the_table_is_refused(self):
        for state in TRANSITIONS:
            for target in set(TRANSITIONS) - TRANSITIONS[state] - {state}:
                ticket = self._ticket()
                ticket._store_state({"state": state})
                with self.subTest(state=state, target=target), self.assertRaises(UserError):
                    ticket.write({"state": target})
                self.assertEqual(ticket.state, state)

    def test_states_of_the_table_are_the_states_of_the_field(self):
        states = {value for value, _label in self.env["work.order"]._fields["state"].selection}
        self.assertEqual(states, set(TRANSITIONS))
        self.assertLessEqual(set().union(*TRANSITIONS.values()), states)

    def test_dispatch_lists_every_missing_thing_at_once(self):
        ticket = self._ticket(type_id=self.env.ref("work_order.type_installation").id)
        ticket.action_ready()
        with self.assertRaises(UserError) as refusal:
            ticket.with_user(self.dispatcher).action_dispatch()
        for sentence in ("Technicians: nobody is assigned", "Scheduled Start is missing", "Buyer PO is missing"):
            self.assertIn(sentence, str(refusal.exception))
        self.assertEqual(ticket.state, "ready")

    def test_several_tickets_move_all_or_none_and_the_refusal_names_each(self):
        good, bad = self._ticket(), self._ticket(partner_id=False)
        with self.assertRaises(UserError) as refusal:
            (good | bad).action_ready()
        self.assertIn(bad.name, str(refusal.exception))
        self.assertNotIn(good.name, str(refusal.exception))
        self.assertEqual(good.state, "draft")

    def test_new_ticket_cannot_start_further_on(self):
        with self.assertRaises(UserError):
            self._ticket(state="done")
        tickets = self.env["work.order"].with_context(default_state="done")
        self.assertEqual(tickets.create({"title": "Trial", "task_ids": [Command.create({"name": "x"})]}).state, "draft")
        task = self._ticket().task_ids.with_context(default_state="done").copy({"name": "y"})
        self.assertEqual(task.state, "todo")

    def test_copy_of_a_finished_ticket_is_a_new_draft(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        copy = ticket.copy()
        self.assertEqual((copy.state, copy.completed_on, copy.signed_by), ("draft", False, False))
        self.assertNotEqual(copy.name, ticket.name)
        self.assertFalse(copy.task_ids.sale_line_id)
        self.assertEqual(set(copy.task_ids.mapped("state")), {"todo"})

    def test_completion_lists_open_tasks_and_missing_sign_off(self):
        order = self.standard_order()
        ticket = order.work_order_ids
        ticket.type_id = self.env.ref("work_order.type_preventive")
        self.dispatch(ticket).with_user(self.technician).action_start()
        with self.assertRaises(UserError) as refusal:
            ticket.with_user(self.technician).action_complete()
        text = str(refusal.exception)
        self.assertIn("Signed By is missing", text)
        self.assertEqual(text.count("is not done"), 2)

    def test_completion_refuses_more_than_the_order_authorises(self):
        ticket = self.standard_order().work_order_ids
        self.dispatch(ticket).with_user(self.technician).action_start()
        ticket.task_ids.with_user(self.technician).action_done()
        ticket.task_ids[0].with_user(self.technician).done_quantity = 2.5
        with self.assertRaisesRegex(UserError, "authorises 2"):
            ticket.with_user(self.technician).action_complete()

    def test_work_without_a_sale_order_line_cannot_be_completed_as_billable(self):
        ticket = self._ticket()
        ticket.action_ready()
        self.dispatch(ticket).with_user(self.technician).action_start()
        ticket.task_ids.with_user(self.technician).action_done()
        with self.assertRaisesRegex(UserError, "nobody approved a price"):
            ticket.with_user(self.technician).action_complete()

    def test_task_is_reported_only_while_work_is_in_progress(self):
        ticket = self.standard_order().work_order_ids
        self.dispatch(ticket)
        with self.assertRaisesRegex(UserError, "Start the work"):
            ticket.task_ids.with_user(self.technician).action_done()

    def test_reported_task_takes_planned_quantity_and_day_by_default(self):
        ticket = self.standard_order().work_order_ids
        self.dispatch(ticket).with_user(self.technician).action_start()
        ticket.task_ids.with_user(self.technician).action_done()
        self.assertEqual(ticket.task_ids.mapped("done_quantity"), [2.0, 3.0])
        self.assertTrue(all(ticket.task_ids.mapped("service_date")))

    def test_scope_and_tasks_are_fixed_once_the_work_is_done(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        for values in ({"buyer_po": "other"}, {"partner_id": self.site.id}, {"signed_by": "Somebody else"}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "Reopen"):
                ticket.write(values)
        for change in (
            lambda: ticket.task_ids[0].write({"done_quantity": 1}),
            lambda: ticket.task_ids[0].write({"buyer_po_line": "99"}),
            ticket.task_ids[0].unlink,
            lambda: ticket.write({"task_ids": [Command.create({"name": "More"})]}),
        ):
            with self.assertRaisesRegex(UserError, "Reopen"):
                change()

    def test_completion_date_is_the_last_service_date(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        self.assertEqual(str(ticket.completed_on), "2026-11-21")

    def test_reopened_ticket_delivers_nothing_until_it_is_done_again(self):
        order = self.standard_order()
        ticket = self.complete(order.work_order_ids)
        self.assertEqual(order.order_line.mapped("qty_delivered"), [2.0, 3.0])
        ticket.with_user(self.dispatcher).action_reopen()
        self.assertEqual(order.order_line.mapped("qty_delivered"), [0.0, 0.0])
        self.assertFalse(ticket.completed_on)

    def test_tasks_follow_the_reference_of_their_ticket_until_they_have_their_own(self):
        ticket = self.standard_order().work_order_ids
        ticket.task_ids[1].buyer_po = "4500-2"
        ticket.buyer_po = "4500-9"
        self.assertEqual(ticket.task_ids.mapped("buyer_po"), ["4500-9", "4500-2"])

    def test_started_ticket_cannot_be_deleted(self):
        ticket = self.standard_order().work_order_ids
        with self.assertRaisesRegex(UserError, ticket.name):
            ticket.unlink()

    def test_internal_ticket_closes_without_an_invoice(self):
        ticket = self._ticket(type_id=self.env.ref("work_order.type_internal").id)
        ticket.action_ready()
        self.complete(ticket)
        ticket.with_user(self.dispatcher).action_close()
        self.assertEqual(ticket.state, "closed")

    def test_billable_ticket_is_not_closed_by_hand(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        with self.assertRaisesRegex(UserError, "posting the invoice"):
            ticket.with_user(self.dispatcher).action_close()
        with self.assertRaises(AccessError):
            ticket.with_user(self.dispatcher).write({"state": "invoiced"})
