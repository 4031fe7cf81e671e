"""What is staged of mapping tables, and the lock that keeps two uploads of a company apart."""

from odoo import fields, models
from odoo.tools import SQL


class WorkOrderMappingChunk(models.Model):
    """Staged rows. Nobody has access but through the upload."""

    _name = "work.order.mapping.chunk"
    _description = "Rows of a Mapping Table Upload"
    _log_access = False

    upload_id = fields.Many2one("work.order.mapping.upload", required=True, ondelete="cascade")
    sequence = fields.Integer(required=True)
    table_name = fields.Char(required=True)
    source = fields.Char()
    row_count = fields.Integer()
    content = fields.Text()
    done = fields.Boolean()

    _once = models.Constraint("UNIQUE(upload_id, sequence)", "These rows are there already.")


class WorkOrderMappingKey(models.Model):
    """What staged rows are about, to compare chunks with each other."""

    _name = "work.order.mapping.key"
    _description = "Key of a Staged Row"
    _log_access = False

    upload_id = fields.Many2one("work.order.mapping.upload", required=True, ondelete="cascade")
    chunk_id = fields.Many2one("work.order.mapping.chunk", required=True, ondelete="cascade", index=True)
    table_name = fields.Char(required=True)
    key = fields.Char(required=True)
    group_key = fields.Char()
    scope = fields.Integer()
    row_number = fields.Integer()
    thing = fields.Char()
    valid_from = fields.Date()
    valid_to = fields.Date()

    _by_key = models.Index("(upload_id, table_name, key)")
    _by_thing = models.Index("(upload_id, table_name, thing) WHERE thing IS NOT NULL")


class ResCompany(models.Model):
    _inherit = "res.company"

    #: Raised before files are applied, so that of two people who do it at once one starts again after the other.
    mapping_revision = fields.Integer(copy=False, readonly=True)

    def _lock_mapping_tables(self):
        query = "UPDATE res_company SET mapping_revision = COALESCE(mapping_revision, 0) + 1 WHERE id IN %s"
        self.env.cr.execute(SQL(query, self._ids))
        self.invalidate_recordset(["mapping_revision"], flush=False)
