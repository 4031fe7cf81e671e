"""The live board: which open work orders are on track, and which are not and why."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: There is still something to do.
OPEN = ("draft", "ready", "dispatched", "in_progress", "on_hold")
#: Points in time by which the work should have been finished.
DEADLINES = ("scheduled_end", "required_completion")
#: Nobody has begun to work.
NOT_STARTED = ("draft", "ready", "dispatched")


class WorkOrderType(models.Model):
    _inherit = "work.order.type"

    @api.model
    def _with_sla(self):
        return self.sudo().with_context(active_test=False).search([("sla_hours", ">", 0)])


class WorkOrder(models.Model):
    _inherit = "work.order"

    board_status = fields.Selection(
        [
            ("over_sla", "Over SLA"),
            ("late", "Late"),
            ("waiting_po", "Waiting for PO"),
            ("on_track", "On Track"),
        ],
        compute="_compute_board_status",
        search="_search_board_status",
        group_expand=True,
        help="Of open work orders. Over SLA: open for longer than the type allows. Late: its end or "
        "required completion has passed, or its start and nobody has begun. "
        "Waiting for PO: the buyer's PO is required and missing.",
    )
    sla_deadline = fields.Datetime(
        string="SLA Deadline",
        compute="_compute_sla_deadline",
        search="_search_sla_deadline",
        help="When the work should be finished by the SLA of its type, counted from the creation of the work order.",
    )

    @api.depends("create_date", "type_id.sla_hours")
    def _compute_sla_deadline(self):
        for order in self:
            hours = order.type_id.sla_hours
            order.sla_deadline = order.create_date + timedelta(hours=hours) if hours and order.create_date else False

    @api.model
    def _search_sla_deadline(self, operator, value):
        types = self.env["work.order.type"]._with_sla()
        if operator == "in":
            domains = [self._search_sla_deadline("=", each) for each in value if each]
            without = [Domain("type_id", "not in", types.ids)] if False in value else []
            return Domain.OR(domains + without)
        if operator not in ("=", "<", ">", "<=", ">="):
            return NotImplemented
        moment = fields.Datetime.to_datetime(value)
        return Domain.OR(
            Domain("type_id", "=", each.id) & Domain("create_date", operator, moment - timedelta(hours=each.sla_hours))
            for each in types
        )

    @api.model
    def _board_causes(self):
        """What keeps an open work order from being on track, the gravest first: pairs of status and domain.

        Terms of stored fields only: the same domains classify records in memory and a hundred thousand in the database.
        """
        now = fields.Datetime.now()
        return [
            ("over_sla", self._search_sla_deadline("<", now)),
            ("late", self._late_domain(now)),
            ("waiting_po", self._waiting_po_domain()),
        ]

    @api.model
    def _late_domain(self, now):
        """Work that should be finished by now, or should at least have started."""
        overdue = Domain.OR(Domain(name, "<", now) for name in DEADLINES)
        return overdue | (Domain("state", "in", NOT_STARTED) & Domain("scheduled_start", "<", now))

    @api.model
    def _waiting_po_domain(self):
        """Work whose type or buyer demands a PO that is not known yet."""
        profiles = self.env["buyer.profile"].sudo().search([("po_required", "=", True)])
        by_buyer = Domain.OR(
            Domain("company_id", "=", company.id) & Domain("partner_id", "child_of", found.partner_id.ids)
            for company, found in profiles.grouped("company_id").items()
        )
        wanted = Domain("type_id.po_required", "=", True) | (Domain("type_id.billable", "=", True) & by_buyer)
        return wanted & Domain("buyer_po", "in", [False, ""])

    @api.depends(
        "state", "create_date", "type_id.sla_hours", "type_id.po_required", "buyer_po", "scheduled_start", *DEADLINES
    )
    def _compute_board_status(self):
        rest = self.filtered(lambda order: order.state in OPEN)
        (self - rest).board_status = False
        for status, domain in self._board_causes():
            found = rest.filtered_domain(domain)
            found.board_status = status
            rest -= found
        rest.board_status = "on_track"

    @api.model
    def _board_domain(self, status):
        """The work orders that show ``status``; those that are finished for ``False``."""
        is_open = Domain("state", "in", OPEN)
        if not status:
            return ~is_open
        rest = is_open
        for each, domain in self._board_causes():
            if each == status:
                return rest & domain
            rest &= ~domain
        return rest if status == "on_track" else Domain.FALSE

    @api.model
    def _search_board_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._board_domain(status) for status in value)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let lists and the board group and sort by status."""
        if field_expr != "board_status" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        cases = [
            SQL("WHEN %s THEN %s", domain.optimize_full(self)._to_sql(self, alias, query), status)
            for status, domain in self._board_causes()
        ]
        is_open = Domain("state", "in", OPEN).optimize_full(self)._to_sql(self, alias, query)
        return SQL("CASE WHEN NOT (%s) THEN NULL %s ELSE 'on_track' END", is_open, SQL(" ").join(cases))
