"""Evidence on its way: one row per file of an invoice that arrived, so that each is attached there once."""

import json
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .transmission_states import ARRIVED

FILE_STATES = [
    ("waiting", "Waiting"),
    ("sending", "Sending"),
    ("attached", "Attached"),
    ("refused", "Not attached"),
]
#: The printed invoice is no evidence; the accounting system prints its own.
LEFT_OUT = ("invoice_pdf",)


class WorkOrderTransmissionFile(models.Model):
    """A file the frozen document names. Its content stays in Odoo until the bridge fetches it."""

    _name = "work.order.transmission.file"
    _description = "Evidence to Attach"
    _order = "transmission_id, id"

    transmission_id = fields.Many2one(
        "work.order.transmission", required=True, readonly=True, index=True, ondelete="restrict"
    )
    destination_id = fields.Many2one(related="transmission_id.destination_id", store=True, index=True)
    company_id = fields.Many2one(related="transmission_id.company_id", store=True, index=True)
    file_number = fields.Integer(readonly=True, help="The attachment's ID in Odoo, as the document names it.")
    name = fields.Char(required=True, readonly=True)
    mimetype = fields.Char(readonly=True)
    size = fields.Integer(string="Bytes", readonly=True)
    size_text = fields.Char(string="Size", compute="_compute_size_text")
    key = fields.Char(required=True, readonly=True, help="Travels with the file, so that it can be found again there.")
    state = fields.Selection(FILE_STATES, required=True, readonly=True, default="waiting")
    attempt = fields.Integer(string="Attempts", readonly=True)
    lease_until = fields.Datetime(readonly=True)
    external_id = fields.Char(string="ID There", readonly=True)
    message = fields.Char(readonly=True)

    _key_unique = models.Constraint("UNIQUE(key)", "Two files can never share a key.")
    _file_unique = models.Constraint(
        "UNIQUE(transmission_id, file_number)", "This file is already on its way to this invoice."
    )
    _to_do = models.Index("(destination_id, id) WHERE state IN ('waiting', 'sending')")

    @api.depends("size")
    def _compute_size_text(self):
        for file in self:
            file.size_text = (
                self.env._("%s MB", f"{file.size / 1_000_000:.1f}")
                if file.size >= 100_000
                else self.env._("%s KB", -(-file.size // 1000))
            )

    @api.model
    def _list_new(self, destination, limit):
        """Rows for the files of invoices that arrived since evidence was switched on, and have none yet.

        Every invoice is looked at once, so a file added later is not sent: the document names what belongs to it.
        """
        rows = self.env["work.order.transmission"].search(
            [
                ("destination_id", "=", destination.id),
                ("kind", "=", "invoice"),
                ("state", "in", (*ARRIVED, "paid")),
                ("files_listed", "=", False),
                ("settled_at", ">=", destination.evidence_since),
            ],
            order="id",
            limit=limit,
        )
        most = destination.evidence_megabytes * 1_000_000
        self.create(
            [
                {
                    "transmission_id": row.id,
                    "file_number": file["id"],
                    "name": file["name"] or str(file["id"]),
                    "mimetype": file["mimetype"],
                    "size": file["size"],
                    "key": uuid.uuid4().hex,
                    **self._verdict(file, most, destination),
                }
                for row in rows
                for file in json.loads(row.document)["attachments"]
                if file["kind"] not in LEFT_OUT
            ]
        )
        rows.write({"files_listed": True})

    def _verdict(self, file, most, destination):
        if file["size"] <= most:
            return {}
        text = self.env._(
            "The file has %(size)s MB; %(name)s takes files up to %(most)s MB.",
            size=f"{file['size'] / 1_000_000:.1f}",
            name=destination.name,
            most=destination.evidence_megabytes,
        )
        return {"state": "refused", "message": text}

    @api.model
    def _lease(self, destination, limit, seconds):
        """Lease waiting files, and those whose lease ran out, under the keys they have; oldest first."""
        self.env.flush_all()
        leased = self.env.execute_query(
            SQL(
                """
                UPDATE work_order_transmission_file f
                SET state = 'sending', attempt = COALESCE(f.attempt, 0) + 1,
                    lease_until = clock_timestamp() AT TIME ZONE 'UTC' + %(seconds)s * interval '1 second'
                WHERE f.id IN (
                    SELECT id FROM work_order_transmission_file
                    WHERE destination_id = %(destination)s AND (state = 'waiting' OR state = 'sending'
                        AND lease_until <= clock_timestamp() AT TIME ZONE 'UTC')
                    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
                RETURNING f.id
                """,
                seconds=seconds,
                destination=destination.id,
                limit=limit,
            )
        )
        self.env.invalidate_all(flush=False)
        return self.browse(sorted(file_id for (file_id,) in leased))

    def _content(self):
        """The bytes, or None when the file is gone, or is another one by now."""
        self.ensure_one()
        file = self.env["ir.attachment"].sudo().browse(self.file_number).exists()
        return file.raw if file and file.file_size == self.size else None

    def _accept(self, result):
        """Store one answer.

        :return: whether anything changed
        """
        self.ensure_one()
        state = result["state"]
        if self.state == "attached" or (state != "attached" and self.state != "sending"):
            return False
        if state == "retry":
            wait = timedelta(seconds=result.get("retry_after") or 0)
            self.write({"lease_until": fields.Datetime.now() + wait, "message": result.get("message") or False})
            return True
        self.write(
            {
                "state": state,
                "external_id": result.get("external_id") or False,
                "message": result.get("message") or False,
                "lease_until": False,
            }
        )
        if state == "refused":
            self._tell()
        return True

    def _tell(self):
        text = self.env._("%(file)s was not attached there: %(why)s", file=self.name, why=self.message or "")
        self.transmission_id.invoice_id._message_log(body=text)

    def action_try_again(self):
        """Send refused files once more, under their own keys: the bridge looks first whether they are there."""
        if not (self.env.su or self.env.user.has_group("work_order.group_billing")):
            raise AccessError(self.env._("Sending evidence again is up to billing."))
        self.check_access("read")
        if self.filtered(lambda file: file.state != "refused"):
            raise UserError(self.env._("Only files that were not attached can be sent again."))
        self.sudo().write({"state": "waiting", "message": False})
        return True


class WorkOrderTransmission(models.Model):
    _inherit = "work.order.transmission"

    files_listed = fields.Boolean(readonly=True, copy=False)
    file_ids = fields.One2many("work.order.transmission.file", "transmission_id", string="Evidence", readonly=True)
    refused_file_count = fields.Integer(compute="_compute_refused_file_count", string="Files Not Attached")

    @api.depends("file_ids.state")
    def _compute_refused_file_count(self):
        for row in self:
            row.refused_file_count = len(row.file_ids.filtered(lambda file: file.state == "refused"))
