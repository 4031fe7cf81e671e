"""What the type and the template of a work order demand before dispatch and before completion."""

from odoo import SUPERUSER_ID, api, fields, models

from .work_order_flow import Reason


class WorkOrder(models.Model):
    _inherit = "work.order"

    access_rules = fields.Text(related="type_id.access_rules")
    safety_limits = fields.Text(related="type_id.safety_limits")
    signature_required = fields.Boolean(compute="_compute_proof_required")
    photos_required = fields.Integer(compute="_compute_proof_required")
    readings_required = fields.Boolean(compute="_compute_proof_required")
    photo_count = fields.Integer(string="Photos", compute="_compute_photo_count")

    @api.depends("type_id", "template_id")
    def _compute_proof_required(self):
        for order in self:
            kind, template = order.type_id, order.template_id.sudo()
            order.signature_required = kind.signature_required or template.signature_required
            order.photos_required = max(kind.photos_required, template.photos_required)
            order.readings_required = kind.readings_required or template.readings_required

    @api.depends("message_attachment_count")
    def _compute_photo_count(self):
        counts = dict(
            self.env["ir.attachment"]
            .sudo()
            ._read_group(
                [
                    ("res_model", "=", "work.order"),
                    ("res_id", "in", self.ids),
                    ("res_field", "=", False),
                    ("mimetype", "=like", "image/%"),
                    *self._taken_by_crew(),
                ],
                ["res_id"],
                ["checksum:count_distinct"],  # one picture attached twice is one photo
            )
        )
        for order in self:
            order.photo_count = counts.get(order._origin.id, 0)

    @api.model
    def _taken_by_crew(self):
        """Only pictures of our people and subcontractors are proof, not those a customer sent with a request."""
        subcontractors = self.env.ref("work_order.group_subcontractor")
        return [
            ("create_uid", "!=", SUPERUSER_ID),
            "|",
            ("create_uid.share", "=", False),
            ("create_uid.all_group_ids", "in", subcontractors.ids),
        ]

    def _gate_dispatched(self):
        return super()._gate_dispatched() + self._reasons_by_policy()

    def _gate_done(self):
        return super()._gate_done() + self._reasons_by_proof()

    def _reasons_by_policy(self):
        """What the type demands before anybody is sent."""
        kind, reasons = self.type_id, []
        if kind.symptom_required and not self.symptom:
            text = self.env._("Symptom is missing: what did the customer report?")
            reasons.append(Reason("symptom", text))
        if kind.after_hours_contact_required and not self.after_hours_contact_id:
            text = self.env._("After-Hours Contact is missing; enter one on the address of the site.")
            reasons.append(Reason("after_hours_contact_id", text))
        return reasons

    def _reasons_by_proof(self):
        """Which proof the type or the template demands and the crew has not brought yet."""
        reasons = []
        if self.signature_required and not self.signature:
            text = self.env._("Signature is missing: let the customer draw it under Sign-off.")
            reasons.append(Reason("signature", text))
        if self.photos_required and self.photo_count < self.photos_required:
            text = self.env._(
                "Photos: %(given)d of %(needed)d are attached.", given=self.photo_count, needed=self.photos_required
            )
            reasons.append(Reason("photo_count", text))
        if self.readings_required:
            reasons += self._reasons_by_readings()
        return reasons

    def _reasons_by_readings(self):
        if not self.asset_id:
            return [Reason("asset_id", self.env._("Asset is missing: of which machine are the meters to be read?"))]
        meters = self.asset_id.meter_ids
        if not meters:
            text = self.env._("Asset “%s” has no meter to read; add one to it.", self.asset_id.display_name)
            return [Reason("asset_id", text)]
        return [
            Reason("reading_ids", self.env._("Readings: “%s” was not read.", meter.display_name))
            for meter in meters - self.reading_ids.meter_id
        ]
