"""What a dispute means for the invoice and the work orders it is about: marked, and not settled."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .work_order_board import OPEN
from .work_order_dispute import UNSETTLED

#: Who sees disputes.
SEES_DISPUTES = (
    "work_order.group_dispatcher,work_order.group_billing,account.group_account_readonly,sales_team.group_sale_salesman"
)


class WorkOrder(models.Model):
    _inherit = "work.order"

    dispute_ids = fields.Many2many(
        "work.order.dispute",
        "work_order_dispute_rel",
        "work_order_id",
        "dispute_id",
        string="Disputes",
        readonly=True,
        copy=False,
        groups=SEES_DISPUTES,
    )
    dispute_count = fields.Integer(compute="_compute_is_disputed", compute_sudo=True, groups=SEES_DISPUTES)
    is_disputed = fields.Boolean(
        string="Disputed",
        compute="_compute_is_disputed",
        search="_search_is_disputed",
        compute_sudo=True,
        groups=SEES_DISPUTES,
        help="A dispute about this work or its invoice is not settled yet.",
    )
    is_settled = fields.Boolean(
        string="Settled",
        compute="_compute_is_disputed",
        search="_search_is_settled",
        compute_sudo=True,
        groups=SEES_DISPUTES,
        help="Closed, and nobody disputes it.",
    )
    board_status = fields.Selection(selection_add=[("disputed", "Disputed")])

    @api.depends("dispute_ids.state", "state")
    def _compute_is_disputed(self):
        for order in self:
            order.dispute_count = len(order.dispute_ids)
            order.is_disputed = any(dispute.state in UNSETTLED for dispute in order.dispute_ids)
            order.is_settled = order.state == "closed" and not order.is_disputed

    @api.model
    def _disputed_domain(self):
        rows = SQL(
            "(SELECT rel.work_order_id FROM work_order_dispute_rel rel"
            " JOIN work_order_dispute dispute ON dispute.id = rel.dispute_id WHERE dispute.state IN %s)",
            UNSETTLED,
        )
        return Domain("id", "in", rows)

    @api.model
    def _search_is_disputed(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["work.order.dispute"].flush_model(["state", "work_order_ids"])
        disputed = self._disputed_domain()
        return Domain.OR(disputed if each else ~disputed for each in value)

    @api.model
    def _search_is_settled(self, operator, value):
        if operator != "in":
            return NotImplemented
        settled = Domain("state", "=", "closed") & Domain("is_disputed", "=", False)
        return Domain.OR(settled if each else ~settled for each in value)

    @api.depends("dispute_ids.state")
    def _compute_board_status(self):
        """Finished work is on no board, unless somebody disputes it."""
        result = super()._compute_board_status()
        for order in self.filtered(lambda order: not order.board_status):
            if order.sudo().is_disputed:
                order.board_status = "disputed"
        return result

    @api.model
    def _board_domain(self, status):
        if status and status != "disputed":
            return super()._board_domain(status)
        return super()._board_domain(False) & Domain("is_disputed", "=", bool(status))

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "board_status" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self.env["work.order.dispute"].flush_model(["state", "work_order_ids"])
        disputed = (Domain("state", "not in", OPEN) & self._disputed_domain()).optimize_full(self)
        return SQL(
            "CASE WHEN %s THEN 'disputed' ELSE %s END",
            disputed._to_sql(self, alias, query),
            super()._field_to_sql(alias, field_expr, query),
        )

    def action_view_disputes(self):
        return self.sudo(False).dispute_ids._action_open({"default_work_order_ids": self.ids})

    def action_dispute(self):
        """A form to record what the buyer or customer said about this work."""
        self.ensure_one()
        posted = self.sudo().invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted" and not move.reversal_move_ids
        )
        return self.env["work.order.dispute"]._action_new(posted if len(posted) == 1 else posted.browse(), self)


class AccountMove(models.Model):
    _inherit = "account.move"

    dispute_count = fields.Integer(compute="_compute_is_disputed", compute_sudo=True)
    is_disputed = fields.Boolean(
        string="Disputed", compute="_compute_is_disputed", search="_search_is_disputed", compute_sudo=True
    )

    @api.depends("dispute_ids.state")
    def _compute_is_disputed(self):
        for move in self:
            move.dispute_count = len(move.dispute_ids)
            move.is_disputed = any(dispute.state in UNSETTLED for dispute in move.dispute_ids)

    @api.model
    def _search_is_disputed(self, operator, value):
        if operator != "in":
            return NotImplemented
        unsettled = [("state", "in", UNSETTLED), ("move_id", "!=", False)]
        disputed = Domain("id", "in", self.env["work.order.dispute"].sudo()._search(unsettled).subselect("move_id"))
        return Domain.OR(disputed if each else ~disputed for each in value)

    def action_view_disputes(self):
        return self.dispute_ids._action_open({"default_move_id": self.id})

    def action_dispute(self):
        """A form to record what the buyer said about this invoice."""
        self.ensure_one()
        return self.env["work.order.dispute"]._action_new(self, self.work_order_ids)


class WorkOrderDispute(models.Model):
    _inherit = "work.order.dispute"

    def _action_open(self, context=None):
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.work_order_dispute_action")
        action["context"] = {**(context or {}), "create": bool(context)}
        if len(self) == 1:
            return {**action, "res_id": self.id, "views": [(False, "form")], "view_mode": "form"}
        return {**action, "domain": [("id", "in", self.ids)]}

    @api.model
    def _action_new(self, move, tickets):
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.work_order_dispute_action")
        context = {"default_move_id": move.id, "default_work_order_ids": [fields.Command.set(tickets.ids)]}
        return {**action, "views": [(False, "form")], "view_mode": "form", "context": context}
