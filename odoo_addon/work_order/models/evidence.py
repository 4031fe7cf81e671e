"""Files that prove what a customer agreed to."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .work_order_flow import FINISHED

#: What a file says, and where it is.
CONTENT_FIELDS = {"datas", "raw", "db_datas", "store_fname", "url", "type", "checksum"}
#: Records whose evidence is fixed once they are approved.
APPROVED_BY_EVIDENCE = ("work.order.change", "work.order.nte.extension", "work.order.progress")
#: Whose file it is.
PLACE_FIELDS = {"res_model", "res_id", "res_field"}


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
        elif vals.keys() & PLACE_FIELDS:
            self._check_no_proof()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        self._check_no_evidence()

    def _check_no_evidence(self):
        self._check_no_proof()
        approved = [("evidence_ids", "in", self.ids), ("state", "in", ("approved", "invoiced"))]
        names = [
            record.display_name for model in APPROVED_BY_EVIDENCE for record in self.env[model].sudo().search(approved)
        ]
        lines = Domain.OR(Domain("approval_files", "like", f",{file_id},") for file_id in self.ids)
        approved_lines = Domain("approved_by_id", "!=", False) & lines
        names += self.env["account.move.line"].sudo().search(approved_lines).mapped("name") if self else []
        if names:
            raise UserError(
                self.env._("This file is the evidence of something approved and stays: %s", ", ".join(names))
            )

    def _check_no_proof(self):
        """Signature, and photos where they are demanded, stay as they were when the work was completed."""
        files = self.sudo().filtered(
            lambda file: (
                file.res_model == "work.order"
                and file.res_id
                and (
                    file.res_field == "signature" or (not file.res_field and (file.mimetype or "").startswith("image/"))
                )
            )
        )
        tickets = self.env["work.order"].sudo().browse(set(files.mapped("res_id"))).exists()
        done = tickets.filtered(lambda ticket: ticket.state in FINISHED)
        kept = files.filtered(
            lambda file: file.res_field or done.filtered("photos_required") & done.browse(file.res_id)
        ).filtered(lambda file: done & done.browse(file.res_id))
        if kept:
            raise UserError(
                self.env._(
                    "The work is done, so its signature and photos stay as they are: %s. Reopen the work order first.",
                    ", ".join((done & done.browse(kept.mapped("res_id"))).mapped("name")),
                )
            )
