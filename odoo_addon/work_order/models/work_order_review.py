"""The weekly review: whoever is responsible for a work order that is open for too long is reminded, once."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .work_order_board import OPEN

_logger = logging.getLogger(__name__)

#: Work orders reviewed between two commits.
BATCH = 500


class ResCompany(models.Model):
    _inherit = "res.company"

    work_order_review_days = fields.Integer(
        string="Work Orders Reviewed After (Days)",
        default=14,
        help="Open work orders of types without an SLA are reviewed when they are older than this. 0: never.",
    )
    work_order_review_user_id = fields.Many2one(
        "res.users",
        string="Reviewer of Work Orders",
        help="Is reminded of work orders that have no responsible who sees them; the first project manager if empty.",
    )

    _work_order_review_days_not_negative = models.Constraint(
        "CHECK(work_order_review_days >= 0)", "The days after which work orders are reviewed cannot be negative."
    )

    def _project_managers(self):
        """Users who may approve work of this company, the first one first."""
        group = self.env.ref("work_order.group_project_manager")
        return self.env["res.users"].search(
            [("all_group_ids", "in", group.ids), ("company_ids", "in", self.ids), ("share", "=", False)], order="id"
        )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    work_order_review_days = fields.Integer(related="company_id.work_order_review_days", readonly=False)
    work_order_review_user_id = fields.Many2one(related="company_id.work_order_review_user_id", readonly=False)


class WorkOrder(models.Model):
    _inherit = "work.order"

    needs_review = fields.Boolean(
        compute="_compute_needs_review",
        search="_search_needs_review",
        help="Open for longer than the SLA of its type or, without one, than the days set for the company.",
    )

    @api.depends("state", "create_date", "type_id.sla_hours", "company_id.work_order_review_days")
    def _compute_needs_review(self):
        found = self.filtered_domain(self._review_domain())
        found.needs_review = True
        (self - found).needs_review = False

    @api.model
    def _search_needs_review(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._review_domain() if each else ~self._review_domain() for each in value)

    @api.model
    def _review_domain(self):
        now = fields.Datetime.now()
        by_days = (
            self.env["res.company"]
            .sudo()
            .search([("work_order_review_days", ">", 0)])
            .grouped("work_order_review_days")
        )
        too_old = Domain.OR(
            Domain("company_id", "in", companies.ids) & Domain("create_date", "<", now - timedelta(days=days))
            for days, companies in by_days.items()
        )
        without_sla = Domain("type_id", "not in", self.env["work.order.type"]._with_sla().ids)
        return Domain("state", "in", OPEN) & (self._search_sla_deadline("<", now) | (without_sla & too_old))

    @api.model
    def _cron_weekly_review(self):
        """Remind of every work order that needs it and has no open reminder; take back what is settled.

        Run again, it reminds of nothing twice: a work order with an open reminder is left alone.
        """
        kind = self.env.ref("work_order.mail_activity_review")
        reminded = Domain("activity_ids", "any", [("activity_type_id", "=", kind.id)])
        settled = self.search(reminded & ~self._review_domain())
        settled.activity_ids.filtered(lambda activity: activity.activity_type_id == kind).unlink()
        waiting = self.search(self._review_domain() & ~reminded, order="id")
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            batch._schedule_review(kind)
            self.env["ir.cron"]._commit_progress(len(batch), remaining=len(waiting) - start - len(batch))

    def _schedule_review(self, kind):
        """One reminder for each of these work orders."""
        model_id = self.env["ir.model"]._get_id(self._name)
        today = fields.Date.context_today(self)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model_id,
                    "res_id": order.id,
                    "user_id": user.id,
                    "summary": order._review_summary(),
                    "date_deadline": today,
                }
                for user, orders in self._reviewers().items()
                for order in orders
            ]
        )

    def _review_summary(self):
        if self.sla_deadline:
            return self.env._("Over SLA since %s", fields.Date.to_string(self.sla_deadline))
        return self.env._("Open since %s", fields.Date.to_string(self.create_date))

    def _reviewers(self):
        """Who is reminded of which of these: the responsible, else the company's reviewer, else a project manager."""
        reviewers, rest = {}, self.browse()
        for user, orders in self.grouped("user_id").items():
            seen = orders._seen_by(user)
            reviewers[user] = seen
            rest |= orders - seen
        for company in rest.company_id:
            for user in company.work_order_review_user_id | company._project_managers():
                seen = rest.filtered(lambda order: order.company_id == company)._seen_by(user)  # noqa: B023
                reviewers[user] = reviewers.get(user, self.browse()) | seen
                rest -= seen
        if rest:
            _logger.warning("Nobody can be reminded of these work orders: %s", ", ".join(rest.mapped("name")))
        return reviewers

    def _seen_by(self, user):
        if not user.active or user.share:
            return self.browse()
        companies = [company.id for company in user.company_ids]
        mine = self.filtered(lambda order: order.company_id.id in companies)
        return (
            mine.with_user(user).with_context(allowed_company_ids=companies)._filtered_access("read").with_env(self.env)
        )
