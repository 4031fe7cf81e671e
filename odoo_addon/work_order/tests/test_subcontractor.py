import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestSubcontractor(WorkOrderCase):
    """A6: a subcontractor's portal user sees and reports the tasks of their own company and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm, cls.rival = cls.env["res.partner"].create(
            [{"name": "Sparks Inc", "is_company": True}, {"name": "Rival Inc", "is_company": True}]
        )
        cls.sub = cls.portal_user("wo_sub", cls.firm)
        cls.other = cls.portal_user("wo_rival", cls.rival)

    @classmethod
    def portal_user(cls, login, company):
        user = new_test_user(cls.env, login, "work_order.group_subcontractor")
        user.partner_id.parent_id = company
        return user

    def ticket(self):
        ticket = self.standard_order().work_order_ids
        ticket.task_ids[0].write(
            {"subcontractor_id": self.firm.id, "specification_ids": [Command.create({"name": "S", "value": "12"})]}
        )
        return ticket

    def started(self):
        ticket = self.dispatch(self.ticket())
        ticket.with_user(self.technician).action_start()
        return ticket

    def test_a6_subcontractor_reads_own_task_and_its_ticket_and_colleagues_do_too(self):
        ticket = self.ticket()
        colleague = self.portal_user("wo_colleague", self.firm)
        for user in (self.sub, colleague):
            self.assertEqual(self.env["work.order"].with_user(user).search([]).ids, ticket.ids)
            self.assertEqual(self.env["work.order.task"].with_user(user).search([]).ids, ticket.task_ids[0].ids)
            self.assertEqual(ticket.with_user(user).read(["name", "title", "state"])[0]["name"], ticket.name)
            self.assertEqual(ticket.task_ids[0].specification_ids.with_user(user).value, "12")

    def test_a6_subcontractor_reports_own_task(self):
        task = self.started().task_ids[0]
        task.with_user(self.sub).write(
            {"state": "done", "done_quantity": 1.5, "note": "Rewired", "service_date": "2026-11-21"}
        )
        self.assertEqual((task.state, task.done_quantity, task.note), ("done", 1.5, "Rewired"))
        task.with_user(self.sub).action_todo()
        task.with_user(self.sub).action_done()
        self.assertEqual(task.state, "done")

    def test_a6_refuses_other_peoples_tasks_and_tickets(self):
        ticket = self.started()
        mine, theirs = ticket.task_ids
        theirs.subcontractor_id = self.rival
        for record, user in ((theirs, self.sub), (mine, self.other), (self.standard_order().work_order_ids, self.sub)):
            with self.subTest(record=record, user=user.login), self.assertRaises(AccessError):
                record.with_user(user).read(["name"])
        for record, user in ((theirs, self.sub), (mine, self.other)):
            with self.subTest(record=record, user=user.login), self.assertRaises(AccessError):
                record.with_user(user).write({"note": "x"})
        with self.assertRaises(AccessError):
            mine.specification_ids.with_user(self.other).read(["value"])
        self.env.invalidate_all()  # as in a request of their own
        self.assertEqual(ticket.with_user(self.sub).task_ids.ids, mine.ids)

    def test_a6_refuses_drafts_of_the_dispatcher(self):
        ticket = self.ticket()
        ticket.with_user(self.dispatcher).action_draft()
        self.assertFalse(self.env["work.order"].with_user(self.sub).search([]))
        self.assertFalse(self.env["work.order.task"].with_user(self.sub).search([]))

    def test_a6_refuses_prices_references_and_every_field_nobody_opened(self):
        ticket = self.ticket().with_user(self.sub)
        closed = {
            ticket: (
                "amount_scope",
                "buyer_po",
                "cost_center_id",
                "sale_order_id",
                "user_id",
                "invoice_ids",
            ),
            ticket.task_ids: ("price_unit", "amount", "sale_line_id", "buyer_po", "cost_center_id", "is_not_to_exceed"),
        }
        for record, names in closed.items():
            for name in names:
                with self.subTest(field=name), self.assertRaises(AccessError):
                    record.read([name])
        with self.assertRaises(AccessError):
            self.env["work.order.task"].with_user(self.sub).search([("sale_line_id.price_unit", ">", 50)])
        with self.assertRaises(AccessError):
            self.env["work.order"].with_user(self.sub).search([("buyer_po", "=", "4500-1")])

    def test_a6_refuses_everything_but_reporting(self):
        ticket = self.started().with_user(self.sub)
        task = ticket.task_ids
        for record, values in (
            (ticket, {"title": "x"}),
            (ticket, {"state": "done"}),
            (ticket, {"signed_by": "Me"}),
            (task, {"quantity": 99}),
            (task, {"name": "More"}),
            (task, {"subcontractor_id": self.rival.id}),
            (task, {"state": "cancelled"}),
            (task, {"specification_ids": [Command.clear()]}),
            (task.specification_ids, {"value": "13"}),
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.write(values)
        for change in (task.unlink, task.copy, ticket.action_complete, ticket.action_order_from_suppliers):
            with self.assertRaises(AccessError):
                change()

    def test_a6_refuses_reporting_before_the_work_starts_or_after_it_is_done(self):
        ticket = self.dispatch(self.ticket())
        with self.assertRaisesRegex(UserError, "Start the work"):
            ticket.task_ids[0].with_user(self.sub).action_done()
        done = self.complete(self.ticket())
        with self.assertRaisesRegex(UserError, "Reopen"):
            done.task_ids[0].with_user(self.sub).write({"note": "late"})

    def test_a6_refuses_files_and_messages_of_the_ticket_but_shows_drawings_of_own_tasks(self):
        ticket = self.ticket()
        values = {"name": "po.pdf", "datas": base64.b64encode(b"price")}
        contract = self.env["ir.attachment"].create({**values, "res_model": "work.order", "res_id": ticket.id})
        ticket.task_ids[0].drawing_ids = [Command.create({**values, "name": "plan.pdf"})]
        message = ticket.message_post(body="We pay 4,000", message_type="comment", subtype_xmlid="mail.mt_comment")
        with self.assertRaises(AccessError):
            contract.with_user(self.sub)._can_return_content()
        self.assertTrue(ticket.task_ids[0].drawing_ids.with_user(self.sub)._can_return_content())
        self.assertFalse(ticket.task_ids[0].drawing_ids.with_user(self.other)._can_return_content())
        with self.assertRaises(AccessError):
            message.with_user(self.sub).read(["body"])
