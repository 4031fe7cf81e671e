from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestTemplate(WorkOrderCase):
    """A11: common scopes with tasks, checklist, texts and mandatory proof."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.internal = cls.env.ref("work_order.type_internal")
        cls.template = cls.new_template(
            "Filter change", ["Swap filters", "Clean coil"], ["Power locked out", "Airflow"]
        )

    @classmethod
    def new_template(cls, name, tasks, checks, **values):
        return cls.env["work.order.template"].create(
            {
                "name": name,
                "type_id": cls.internal.id,
                "safety_notes": f"Safety of {name}",
                "task_ids": [Command.create({"name": task}) for task in tasks],
                "check_ids": [Command.create({"name": check}) for check in checks],
                **values,
            }
        )

    def _ticket(self, template=None, **values):
        template = template or self.template
        return (
            self.env["work.order"]
            .with_user(self.dispatcher)
            .create({**template._ticket_values(), "partner_id": self.buyer.id, **values})
        )

    def _at_work(self, ticket):
        ticket.action_ready()
        self.dispatch(ticket.sudo())
        ticket.with_user(self.technician).action_start()
        return ticket

    def test_a11_ticket_from_template_has_its_tasks_checks_and_texts(self):
        ticket = self._ticket(title="Own title")
        self.assertEqual(ticket.task_ids.mapped("name"), ["Swap filters", "Clean coil"])
        self.assertEqual(ticket.check_ids.mapped("name"), ["Power locked out", "Airflow"])
        self.assertEqual((ticket.title, ticket.safety_notes), ("Own title", "Safety of Filter change"))
        self.assertEqual((ticket.type_id, ticket.template_id), (self.internal, self.template))
        bare = self.env["work.order"].create({"template_id": self.template.id})
        self.assertEqual((bare.title, len(bare.task_ids)), ("Filter change", 2))

    def test_a11_many_tickets_from_a_template_at_once(self):
        tickets = self.env["work.order"].create([self.template._ticket_values()] * 20)
        self.assertEqual({(len(t.task_ids), len(t.check_ids)) for t in tickets}, {(2, 2)})

    def test_a11_applying_again_adds_what_is_new_and_keeps_what_was_done(self):
        ticket = self._at_work(self._ticket())
        ticket.task_ids[0].with_user(self.technician).action_done()
        ticket.check_ids[0].with_user(self.technician).action_pass()
        self.template.check_ids[0].name = "Power locked out and tagged"
        self.template.check_ids[1].name = "Airflow measured"
        self.template.task_ids.billing_type = "time_material"  # agreed before dispatch, so it stays here
        self.template.write({"task_ids": [Command.create({"name": "Reset alarm"})]})
        ticket.action_apply_template()
        ticket.action_apply_template()
        self.assertEqual(ticket.task_ids.mapped("name"), ["Swap filters", "Clean coil", "Reset alarm"])
        self.assertEqual(ticket.task_ids.mapped("state"), ["done", "todo", "todo"])
        self.assertEqual(ticket.check_ids.mapped("name"), ["Power locked out", "Airflow measured"])
        self.assertEqual(ticket.check_ids.mapped("result"), ["pass", "pending"])
        self.assertEqual(ticket.version, 2)

    def test_a11_another_template_on_a_half_done_ticket_deletes_and_duplicates_nothing_done(self):
        other = self.new_template("Belt change", ["Swap belt", "Swap filters"], ["power locked out", "Belt tension"])
        ticket = self._at_work(self._ticket())
        done, check = ticket.task_ids[0], ticket.check_ids[0]
        done.with_user(self.technician).action_done()
        check.with_user(self.technician).action_pass()
        ticket.template_id = other
        self.assertEqual(sorted(ticket.task_ids.mapped("name")), ["Swap belt", "Swap filters"])
        self.assertEqual((done.state, check.result), ("done", "pass"))
        self.assertEqual(sorted(ticket.check_ids.mapped("name")), ["Belt tension", "Power locked out"])
        self.assertEqual(ticket.safety_notes, "Safety of Belt change")
        ticket.template_id = self.template
        self.assertEqual(sorted(ticket.task_ids.mapped("name")), ["Clean coil", "Swap filters"])
        self.assertEqual((done.state, check.result), ("done", "pass"))

    def test_a11_own_words_of_a_ticket_survive_a_change_of_template(self):
        ticket = self._ticket(safety_notes="Mind the dog")
        other = self.new_template("Belt change", ["Swap belt"], [])
        other._apply_to(ticket)
        self.assertEqual((ticket.template_id, ticket.safety_notes), (other, "Mind the dog"))
        ticket.template_id = False
        self.assertEqual((ticket.task_ids.ids, ticket.check_ids.ids), ([], []))

    def test_a11_copy_of_a_ticket_has_each_line_once_and_nothing_checked(self):
        ticket = self._at_work(self._ticket())
        ticket.check_ids.with_user(self.technician).action_pass()
        copy = ticket.copy()
        self.assertEqual((len(copy.task_ids), copy.check_ids.mapped("result")), (2, ["pending"] * 2))
        self.assertFalse(copy.check_ids.checked_by)

    def test_a11_refuses_completion_while_required_checks_are_open(self):
        ticket = self._at_work(self._ticket())
        mine = ticket.with_user(self.technician)
        mine.task_ids.action_done()
        self.template.check_ids[1].required = False
        ticket.action_apply_template()
        with self.assertRaisesRegex(UserError, "Power locked out.*still pending"):
            mine.action_complete()
        mine.check_ids[0].action_fail()
        with self.assertRaisesRegex(UserError, "say in Note"):
            mine.action_complete()
        mine.check_ids[0].note = "Breaker does not lock"
        with self.assertRaisesRegex(UserError, "failed"):
            mine.action_complete()
        mine.write({"check_ids": [Command.update(mine.check_ids[0].id, {"result": "pass"})]})
        mine.action_complete()
        self.assertEqual((ticket.state, ticket.check_ids[0].checked_by), ("done", self.technician))

    def test_a11_failed_check_is_a_finding_of_an_inspection(self):
        self.internal.failed_checks_allowed = True
        ticket = self._at_work(self._ticket())
        mine = ticket.with_user(self.technician)
        mine.task_ids.action_done()
        mine.check_ids.write({"result": "fail", "note": "Rust"})
        mine.action_complete()
        self.assertEqual(ticket.state, "done")

    def test_a11_refuses_results_before_dispatch_after_completion_and_by_others(self):
        ticket = self._ticket()
        with self.assertRaisesRegex(UserError, "Dispatch"):
            ticket.check_ids.action_pass()
        for values in ({"result": "pass"}, {"checked_by": self.dispatcher.id}):
            with self.assertRaises(UserError):
                ticket.write({"check_ids": [Command.create({"name": "Sneaked in", **values})]})
        check = self._at_work(ticket).check_ids[0]
        with self.assertRaises(AccessError):
            check.with_user(self.technician).write({"name": "Something easier"})
        with self.assertRaises(AccessError):
            check.with_user(self.technician).write({"checked_by": self.dispatcher.id})
        with self.assertRaises(AccessError):
            check.with_user(self.technician).unlink()
        check.with_user(self.technician).action_pass()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            check.with_user(self.dispatcher).unlink()
        other = self._ticket()
        other.action_ready()
        other.sudo().scheduled_start = "2026-11-20 08:00:00"
        other.sudo().technician_ids = self.dispatcher
        other.action_dispatch()
        with self.assertRaises(AccessError):
            other.check_ids[0].with_user(self.technician).action_pass()
        ticket.task_ids.with_user(self.technician).action_done()
        ticket.check_ids.with_user(self.technician).action_pass()
        ticket.with_user(self.technician).action_complete()
        with self.assertRaisesRegex(UserError, "Reopen"):
            check.action_fail()
        with self.assertRaisesRegex(UserError, "Reopen"):
            ticket.template_id = self.new_template("Late", ["x"], [])

    def test_a11_task_with_posted_time_stays_when_the_template_changes(self):
        ticket = self._at_work(self._ticket())
        task = ticket.task_ids[1]
        self.env["account.analytic.line"].with_user(self.technician).create(
            {
                "work_order_id": ticket.id,
                "work_order_task_id": task.id,
                "unit_amount": 1,
                "user_id": self.technician.id,
            }
        )
        ticket.template_id = self.new_template("Belt change", ["Swap belt"], [])
        self.assertEqual(sorted(ticket.task_ids.mapped("name")), ["Clean coil", "Swap belt"])

    def test_a11_refuses_to_hide_or_move_a_checklist(self):
        ticket, other = self._ticket(), self._ticket()
        self._at_work(ticket)
        with self.assertRaisesRegex(UserError, "follows from its checks"):
            ticket.write({"has_checks": False})
        with self.assertRaisesRegex(UserError, "stays on its work order"):
            ticket.check_ids[0].work_order_id = other

    def test_a11_included_task_needs_no_price_but_is_never_billed(self):
        order = self.standard_order()
        ticket = order.work_order_ids
        self.template._apply_to(ticket)
        self.assertEqual(ticket.task_ids.mapped("included"), [False, False, True, True])
        self.complete_with_checks(ticket)
        invoice = self.invoice(ticket)
        self.assertEqual(len(invoice.invoice_line_ids.work_order_task_id), 2)
        invoice.action_post()
        self.assertEqual(ticket.state, "closed")

    def complete_with_checks(self, ticket):
        self._at_work(ticket)
        mine = ticket.with_user(self.technician)
        mine.check_ids.action_pass()
        mine.task_ids.action_done()
        mine.action_complete()

    def test_a11_finished_work_with_an_included_task_can_be_reopened(self):
        ticket = self.standard_order().work_order_ids
        self.template._apply_to(ticket)
        self.complete_with_checks(ticket)
        ticket.with_user(self.dispatcher).action_reopen()
        self.assertEqual(ticket.state, "in_progress")

    def test_a11_refuses_a_ticket_where_everything_is_included_and_nothing_has_a_price(self):
        ticket = self._ticket(type_id=self.env.ref("work_order.type_corrective").id)
        self._at_work(ticket)
        ticket.task_ids.with_user(self.technician).action_done()
        with self.assertRaisesRegex(UserError, "no task here has a price"):
            ticket.with_user(self.technician).action_complete()

    def test_a11_only_project_managers_change_the_library(self):
        with self.assertRaises(AccessError):
            self.template.with_user(self.dispatcher).write({"name": "Mine"})
        self.assertEqual(self.template.with_user(self.technician).name, "Filter change")

    @mute_logger("odoo.sql_db")
    def test_a11_refuses_two_templates_of_one_name(self):
        with self.assertRaises(IntegrityError):
            self.new_template("Filter change", [], [])
