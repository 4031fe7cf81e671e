"""Files that prove what a customer agreed to."""

from odoo import api, fields, models
from odoo.exceptions import UserError

#: What a file says, and where it is.
CONTENT_FIELDS = {"datas", "raw", "db_datas", "store_fname", "url", "type", "checksum"}
#: Records whose evidence is fixed once they are approved.
APPROVED_BY_EVIDENCE = ("work.order.change", "work.order.nte.extension", "work.order.progress")


class WorkOrderEvidence(models.AbstractModel):
    """A record with files attached as evidence."""

    _name = "work.order.evidence"
    _description = "Evidence"

    evidence_ids = fields.Many2many("ir.attachment", copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._own_evidence()
        return records

    def write(self, vals):
        result = super().write(vals)
        if "evidence_ids" in vals:
            self._own_evidence()
        return result

    def _own_evidence(self):
        """A file uploaded before its record was saved belongs to nobody yet, and only its author could read it."""
        for record in self:
            files = record.evidence_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            files.write({"res_model": record._name, "res_id": record.id})


class IrAttachment(models.Model):
    """The evidence of what was approved stays what it was."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if vals.keys() & CONTENT_FIELDS:
            self._check_no_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        self._check_no_evidence()

    def _check_no_evidence(self):
        approved = [("evidence_ids", "in", self.ids), ("state", "in", ("approved", "invoiced"))]
        names = [
            record.display_name for model in APPROVED_BY_EVIDENCE for record in self.env[model].sudo().search(approved)
        ]
        if names:
            raise UserError(
                self.env._("This file is the evidence of something approved and stays: %s", ", ".join(names))
            )
