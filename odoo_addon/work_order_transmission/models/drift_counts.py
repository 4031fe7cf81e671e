"""Where the inbox shows itself: on the invoice, the work order, the transmission and the destination."""

from odoo import api, fields, models

GROUPS = "account.group_account_readonly,work_order.group_billing"


def _open_by(model, field, ids):
    """Open entries by the record they are about."""
    groups = model.env["work.order.drift"]._read_group(
        [(field, "in", ids), ("state", "=", "open")], [field], ["__count"]
    )
    return {record.id: count for record, count in groups}


class AccountMove(models.Model):
    _inherit = "account.move"

    drift_count = fields.Integer(
        compute="_compute_drift_count", compute_sudo=True, groups=GROUPS, string="Changed There"
    )

    def _compute_drift_count(self):
        counts = _open_by(self, "invoice_id", self.ids)
        for move in self:
            move.drift_count = counts.get(move.id, 0)

    def action_open_drift(self):
        self.ensure_one()
        return (
            self.env["work.order.drift"].search([("invoice_id", "=", self.id), ("state", "=", "open")])._action_open()
        )


class WorkOrderTransmission(models.Model):
    _inherit = "work.order.transmission"

    drift_count = fields.Integer(compute="_compute_drift_count", string="Changed There")

    @api.depends("drift_ids.state")
    def _compute_drift_count(self):
        counts = _open_by(self, "transmission_id", self.ids)
        for row in self:
            row.drift_count = counts.get(row.id, 0)

    def action_open_drift(self):
        self.ensure_one()
        return self.drift_ids._action_open()


class WorkOrder(models.Model):
    _inherit = "work.order"

    drift_count = fields.Integer(
        compute="_compute_drift_count", compute_sudo=True, groups=GROUPS, string="Changed There"
    )

    @api.depends("transmission_ids.drift_ids.state")
    def _compute_drift_count(self):
        for order in self:
            order.drift_count = sum(order.transmission_ids.mapped("drift_count"))

    def action_open_drift(self):
        self.ensure_one()
        return self.transmission_ids.drift_ids.filtered(lambda drift: drift.state == "open")._action_open()


class WorkOrderDestination(models.Model):
    _inherit = "work.order.destination"

    drift_count = fields.Integer(compute="_compute_drift_count", string="Changes to Review")

    def _compute_drift_count(self):
        counts = _open_by(self, "destination_id", self.ids)
        for destination in self:
            destination.drift_count = counts.get(destination.id, 0)

    def action_open_drift(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("work_order_transmission.action_work_order_drift")
        return dict(action, domain=[("destination_id", "=", self.id)])
