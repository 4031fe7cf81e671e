from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestJob(WorkOrderCase):
    """A8: several work orders under one job, with what it comes to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.new_job(
            phase_ids=[Command.create({"name": "Rough-in"}), Command.create({"name": "Finish", "sequence": 20})]
        )
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger", "is_company": True})

    @classmethod
    def new_job(cls, **values):
        base = {"title": "Annex refit", "partner_id": cls.buyer.id}
        return cls.env["work.order.job"].with_user(cls.dispatcher).create({**base, **values})

    def job_order(self, *lines, **values):
        order = self.sale_order(*lines, work_order_job_id=self.job.id, **values)
        order.action_confirm()
        return order

    def test_a8_job_rolls_up_tickets_value_billing_and_progress(self):
        first = self.job_order((self.labor, 2)).work_order_ids  # 180.00
        second = self.job_order((self.labor, 4), (self.part, 1)).work_order_ids  # 381.40
        cancelled = self.job_order((self.labor, 9)).work_order_ids
        cancelled.with_user(self.dispatcher).action_cancel()
        self.assertEqual((first | second | cancelled).job_id, self.job)
        self.invoice(self.complete(first)).action_post()
        self.assertEqual(
            (self.job.ticket_count, self.job.ticket_open_count, self.job.ticket_done_count),
            (2, 1, 1),
        )
        self.assertEqual((self.job.amount_planned, self.job.amount_done, self.job.amount_billed), (561.4, 180.0, 180.0))
        self.assertAlmostEqual(self.job.progress, 100 * 180 / 561.4, 6)

    def test_a8_credit_note_reduces_what_is_billed(self):
        ticket = self.job_order((self.labor, 2)).work_order_ids
        invoice = self.invoice(self.complete(ticket))
        invoice.action_post()
        invoice._reverse_moves([{"invoice_date": "2026-11-22"}]).action_post()
        self.assertEqual(self.job.amount_billed, 0.0)

    def test_a8_job_rolls_up_cost_of_its_tickets(self):
        self.technician.work_order_hourly_cost = 40
        first, second = (self.dispatch(self.job_order((self.labor, 2)).work_order_ids) for _turn in range(2))
        time = self.env["account.analytic.line"].with_user(self.technician)
        for ticket, hours in ((first, 2), (second, 1.5)):
            time.create({"work_order_id": ticket.id, "unit_amount": hours, "user_id": self.technician.id})
        self.assertEqual((self.job.amount_cost, self.job.amount_margin), (140.0, -140.0))

    def test_a8_smart_button_shows_the_jobs_work_orders(self):
        ticket = self.job_order((self.labor, 2)).work_order_ids
        action = self.job.action_view_work_orders()
        self.assertEqual(self.env["work.order"].search(action["domain"]), ticket)
        self.assertEqual(ticket.action_view_job()["res_id"], self.job.id)

    def test_a8_figures_of_many_jobs_take_few_queries(self):
        jobs = self.env["work.order.job"].union(*[self.new_job(title=f"Job {n}") for n in range(12)])
        for job in jobs:
            self.env["work.order"].create({"title": "Call", "partner_id": self.buyer.id, "job_id": job.id})
        self.env.flush_all()
        self.env.invalidate_all()
        jobs[0].name  # noqa: B018  read the jobs themselves
        with self.assertQueryCount(1):
            jobs.mapped("ticket_count")

    def test_a8_job_number_comes_from_its_sequence(self):
        self.assertRegex(self.job.name, r"^JOB\d+$")
        self.assertNotEqual(self.new_job(name="MINE").name, "MINE")

    def test_a8_refuses_closing_with_open_work_orders_naming_each(self):
        tickets = self.job_order((self.labor, 1)).work_order_ids | self.job_order((self.labor, 2)).work_order_ids
        for target in ("closed", "cancelled"):
            with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
                self.job.write({"state": target})
            for ticket in tickets:
                self.assertIn(ticket.name, str(refusal.exception))
        tickets.with_user(self.dispatcher).action_cancel()
        self.job.action_close()
        self.assertEqual(self.job.state, "closed")

    def test_a8_refuses_closing_what_is_finished_but_not_billed(self):
        ticket = self.complete(self.job_order((self.labor, 1)).work_order_ids)
        with self.assertRaisesRegex(UserError, ticket.name), self.env.cr.savepoint():
            self.job.action_close()
        self.invoice(ticket).action_post()
        self.job.action_close()

    def test_a8_refuses_a_new_ticket_on_a_closed_job(self):
        ticket = self.env["work.order"].create({"title": "Call", "partner_id": self.buyer.id})
        self.job.action_close()
        with self.assertRaisesRegex(UserError, "takes no new work orders"), self.env.cr.savepoint():
            ticket.job_id = self.job
        with self.assertRaisesRegex(UserError, "takes no new work orders"), self.env.cr.savepoint():
            self.env["work.order"].create(
                [{"title": "Call", "partner_id": self.buyer.id, "job_id": self.job.id} for _turn in range(2)]
            )
        self.job.action_reopen()
        ticket.job_id = self.job

    def test_a8_refuses_a_ticket_of_another_customer_or_company(self):
        with self.assertRaisesRegex(ValidationError, "Stranger"), self.env.cr.savepoint():
            self.env["work.order"].create({"title": "x", "partner_id": self.stranger.id, "job_id": self.job.id})
        with self.assertRaisesRegex(ValidationError, "Stranger"), self.env.cr.savepoint():
            self.sale_order((self.labor, 1), partner_id=self.stranger.id, work_order_job_id=self.job.id)
        company = self.env["res.company"].create({"name": "Second Company"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["work.order"].create(
                {"title": "x", "partner_id": self.buyer.id, "company_id": company.id, "job_id": self.job.id}
            )

    def test_a8_refuses_a_phase_of_another_job(self):
        other = self.new_job(phase_ids=[Command.create({"name": "Elsewhere"})])
        values = {"title": "x", "partner_id": self.buyer.id, "job_id": self.job.id, "phase_id": other.phase_ids.id}
        with self.assertRaisesRegex(ValidationError, "Elsewhere"), self.env.cr.savepoint():
            self.env["work.order"].create(values)
        ticket = self.env["work.order"].create({**values, "phase_id": self.job.phase_ids[0].id})
        ticket.job_id = other
        self.assertFalse(ticket.phase_id, "the phase of the old job goes with it")

    def test_a8_refuses_another_customer_once_there_are_work_orders(self):
        self.job.partner_id = self.stranger
        self.job.partner_id = self.buyer
        self.job_order((self.labor, 1))
        with self.assertRaisesRegex(UserError, "Customer"), self.env.cr.savepoint():
            self.job.partner_id = self.stranger
        with self.assertRaisesRegex(UserError, "close them instead"), self.env.cr.savepoint():
            self.job.unlink()

    def test_a8_refuses_a_job_created_closed(self):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.new_job(state="closed")
        job = self.env["work.order.job"].with_context(default_state="closed")
        self.assertEqual(job.create({"title": "x", "partner_id": self.buyer.id}).state, "open")

    def test_a8_access_by_group(self):
        ticket = self.env["work.order"].create(
            {"title": "Mine", "partner_id": self.buyer.id, "job_id": self.job.id, "user_id": self.technician.id}
        )
        other = self.new_job(title="Not theirs")
        mine = self.env["work.order.job"].with_user(self.technician)
        self.assertEqual(mine.search([("id", "in", (self.job | other).ids)]), self.job)
        self.assertNotIn("amount_planned", mine.fields_get())
        self.assertEqual(ticket.with_user(self.technician).job_id.title, "Annex refit")
        for user in (self.technician, self.accountant, self.salesman):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.job.with_user(user).write({"title": "x"})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.job.with_user(self.billing).write({"state": "closed"})
        self.assertEqual(self.job.with_user(self.accountant).amount_planned, 0.0)
