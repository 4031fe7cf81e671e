from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_change_order import ChangeCase


@tagged("post_install", "-at_install")
class TestChangeCap(ChangeCase):
    """B3, B4: an approved change order is a written extension of the work order's cap."""

    def setUp(self):
        super(ChangeCase, self).setUp()
        self.order = self.standard_order()  # 244.20
        self.work = self.order.work_order_ids
        self.hours_task, self.parts_task = self.work.task_ids
        self.work.with_user(self.dispatcher).write({"nte_amount": 300, "nte_hours": 4})
        self.dispatch(self.work)

    def caps(self):
        return self.work.nte_amount_limit, self.work.nte_hours_limit

    def test_b4_approval_raises_the_cap_in_the_same_step(self):
        change = self.submitted(self.addition(quantity=1), nte_amount_delta=95, nte_hours_delta=1.5)
        self.assertEqual(self.caps(), (300, 4))
        change.action_approve()
        self.assertEqual((*self.caps(), self.work.nte_amount_used), (395, 5.5, 339.2))
        extension = self.work.nte_extension_ids
        self.assertEqual((extension.change_id, extension.state, extension.amount), (change, "approved", 95))
        self.assertEqual((extension.approved_by_id, extension.evidence), (self.project_manager, "Mail of 20 November"))
        self.finish().action_complete()
        self.invoice(self.work).action_post()
        self.assertEqual(self.work.state, "closed")

    def test_b4_cap_alone_may_change_and_fall(self):
        self.approved(nte_amount_delta=-50)
        self.assertEqual(self.caps(), (250, 4))
        self.assertEqual(self.work.nte_state, "near")
        self.assertTrue(self.work.nte_warned)

    def capped_task(self, **caps):
        """A work order whose one task has caps of its own: two hours at 90.00, dispatched."""
        order = self.hours(2)
        order.action_confirm()
        work = order.work_order_ids
        work.task_ids.with_user(self.dispatcher).write(caps)
        self.dispatch(work)
        return work.task_ids

    def test_b4_approval_raises_the_cap_of_a_task_in_the_same_step(self):
        task = self.capped_task(nte_amount=200, nte_hours=2)
        more = {"kind": "change", "task_id": task.id, "quantity": 3, "nte_amount_delta": 70, "nte_hours_delta": 1}
        self.submitted(more, work_order_id=task.work_order_id.id).action_approve()
        self.assertEqual((task.nte_amount_limit, task.nte_amount_used, task.nte_hours_left), (270, 270, 3))
        extension = task.work_order_id.nte_extension_ids
        self.assertEqual((extension.task_id, extension.amount, extension.hours), (task, 70, 1))

    def test_b4_cap_of_a_task_alone_may_change(self):
        task = self.capped_task(nte_hours=2)
        more = {"kind": "change", "task_id": task.id, "nte_hours_delta": 1.5}
        self.submitted(more, work_order_id=task.work_order_id.id).action_approve()
        self.assertEqual((task.nte_hours_left, task.quantity), (3.5, 2))

    def test_b4_refuses_to_raise_a_task_beyond_its_own_cap_and_caps_it_does_not_have(self):
        task = self.capped_task(nte_amount=200)
        more = {"kind": "change", "task_id": task.id, "quantity": 3}
        change = self.submitted(more, work_order_id=task.work_order_id.id)
        self.refused(change.action_approve, "would be $ 200.00, but it comes to $ 270.00", "Task Not-to-exceed +/-")
        self.assertEqual((task.quantity, task.nte_amount_limit), (2, 200))
        hours = {"kind": "change", "task_id": task.id, "nte_hours_delta": 1}
        change = self.change(hours, work_order_id=task.work_order_id.id)
        self.refused(change.action_submit, "Task Hours Not-to-exceed +/-", "has no such cap")
        added = self.addition(quantity=1, nte_amount_delta=10)
        change = self.change(added, work_order_id=task.work_order_id.id)
        self.refused(change.action_submit, "a task that is added or removed has no such cap")

    def test_b4_several_changes_raise_the_cap_together(self):
        changes = self.submitted(nte_amount_delta=10) | self.submitted(nte_amount_delta=20)
        changes.action_approve()
        self.assertEqual(self.caps(), (330, 4))

    def test_b4_refuses_an_addition_beyond_the_cap_and_does_nothing(self):
        change, version = self.submitted(self.addition(quantity=1)), self.work.version
        self.refused(change.action_approve, "would be $ 300.00, but it comes to $ 339.20", "Not-to-exceed +/-")
        self.assertEqual((change.state, len(self.work.task_ids), self.work.version), ("submitted", 2, version))
        change.with_user(self.dispatcher).action_draft()
        change.with_user(self.dispatcher).nte_amount_delta = 39.2
        change.with_user(self.dispatcher).action_submit()
        change.action_approve()
        self.assertEqual(self.work.nte_amount_limit, 339.2)

    def test_b4_refuses_a_cap_below_what_is_agreed(self):
        change = self.submitted(nte_amount_delta=-100)
        self.refused(change.action_approve, "would be $ 200.00, but it comes to $ 244.20")
        self.assertEqual(self.caps(), (300, 4))

    def test_b4_refuses_a_cap_where_there_is_none_and_one_of_nothing(self):
        change = self.change(nte_amount_delta=-300, nte_hours_delta=-4)
        self.refused(change.action_submit, "nothing of the cap", "Hours Not-to-exceed +/-: nothing of the cap")
        free = self.ticket(1)
        change = self.change(work_order_id=free.id, nte_amount_delta=10, nte_hours_delta=1)
        self.refused(change.action_submit, "Not-to-exceed +/-: WO", "Hours Not-to-exceed +/-: WO", "has no such cap")

    def test_b4_refuses_the_cap_of_a_change_that_nobody_approved(self):
        change = self.submitted(nte_amount_delta=500)
        change.action_reject()
        self.assertEqual((self.caps(), self.work.nte_extension_ids.ids), ((300, 4), []))
        with self.assertRaises(AccessError):
            change.with_user(self.technician).read(["nte_amount_delta"])

    def test_b3_refuses_an_extension_that_names_a_change_order_by_hand(self):
        change = self.submitted(nte_amount_delta=500)
        extensions = self.env["work.order.nte.extension"].with_user(self.dispatcher)
        values = {"work_order_id": self.work.id, "reason": "x", "requested_by": "x"}
        extension = extensions.with_context(default_change_id=change.id).create({**values, "amount": 1})
        self.assertFalse(extension.change_id)
        self.refused(lambda: extension.write({"change_id": change.id}), "kept by approving")

    def test_b3_refuses_to_touch_the_evidence_of_an_approved_extension(self):
        file = self.env["ir.attachment"].with_user(self.dispatcher).create({"name": "mail.txt", "raw": b"yes"})
        extensions = self.env["work.order.nte.extension"].with_user(self.dispatcher)
        values = {"work_order_id": self.work.id, "amount": 5, "reason": "Second failure", "requested_by": "Pat Doyle"}
        extension = extensions.create({**values, "evidence_ids": [Command.set(file.ids)]})
        self.assertEqual((file.res_model, file.res_id), (extension._name, extension.id))
        extension.with_user(self.project_manager).action_approve()
        self.refused(file.unlink, self.work.name)
        self.refused(lambda: file.write({"raw": b"no"}), self.work.name)
        self.refused(lambda: extension.write({"evidence_ids": [Command.clear()]}), "stays as it is")
        self.assertEqual(extension.evidence_ids.raw, b"yes")
