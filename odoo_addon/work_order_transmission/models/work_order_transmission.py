import hashlib
import json
import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from .transmission_states import ARRIVED, KINDS, STATES, TROUBLE

#: What was promised when the row was made. A changed document under the same key could never be told from the first.
FROZEN = ("destination_id", "document", "invoice_id", "key", "kind", "original_id", "revision", "sha256")


class WorkOrderTransmission(models.Model):
    """One invoice, credit note or void for one destination: the frozen document, its key, and what became of it.

    Made in the transaction that posts or cancels, so neither exists without the other. Never deleted.
    """

    _name = "work.order.transmission"
    _description = "Invoice Transmission"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Invoice Number", required=True, readonly=True, copy=False)
    invoice_id = fields.Many2one(
        "account.move", required=True, readonly=True, copy=False, index=True, ondelete="restrict", check_company=True
    )
    kind = fields.Selection(KINDS, required=True, readonly=True, copy=False, default="invoice")
    original_id = fields.Many2one(
        "account.move",
        string="Concerns",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The invoice that has to be there before this row is handed out: the one to credit, or to void.",
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True, copy=False, index=True)
    work_order_ids = fields.Many2many(
        "work.order",
        "work_order_transmission_order_rel",
        "transmission_id",
        "work_order_id",
        string="Work Orders",
        readonly=True,
        copy=False,
    )
    buyer_po = fields.Char(string="Buyer PO", readonly=True, copy=False)
    destination_id = fields.Many2one(
        "work.order.destination", required=True, readonly=True, copy=False, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="destination_id.company_id", store=True, index=True)
    currency_id = fields.Many2one("res.currency", readonly=True, copy=False)
    amount_total = fields.Monetary(string="Total", readonly=True, copy=False)

    revision = fields.Integer(readonly=True, copy=False, default=1)
    key = fields.Char(readonly=True, copy=False, help="Travels with the document, so that it can be found again there.")
    document = fields.Text(readonly=True, copy=False)
    sha256 = fields.Char(string="Fingerprint", readonly=True, copy=False)

    state = fields.Selection(
        STATES, compute="_compute_state", store=True, readonly=False, required=True, default="ready", copy=False
    )
    request_id = fields.Char(readonly=True, copy=False)
    batch_index = fields.Char(readonly=True, copy=False)
    claimed_at = fields.Datetime(readonly=True, copy=False)
    lease_until = fields.Datetime(readonly=True, copy=False)
    attempt = fields.Integer(string="Attempts", readonly=True, copy=False)
    retried_attempt = fields.Integer(readonly=True, copy=False, help="The attempt that last asked for another try.")
    settled_at = fields.Datetime(string="Answered On", readonly=True, copy=False)

    external_id = fields.Char(string="ID There", readonly=True, copy=False)
    external_number = fields.Char(string="Number There", readonly=True, copy=False)
    external_version = fields.Char(string="Version There", readonly=True, copy=False)
    external_total = fields.Monetary(string="Total There", readonly=True, copy=False)
    external_tax = fields.Monetary(string="Tax There", readonly=True, copy=False)
    external_url = fields.Char(string="Open There", readonly=True, copy=False)
    message = fields.Char(readonly=True, copy=False)
    hint = fields.Char(string="What To Do", readonly=True, copy=False)
    reference = fields.Char(string="Support Reference", readonly=True, copy=False)
    gaps = fields.Json(string="Missing Mapping Rows", readonly=True, copy=False)

    _revision_unique = models.Constraint(
        "UNIQUE(invoice_id, destination_id, kind, revision)",
        "This invoice already has this revision at this destination.",
    )
    _key_unique = models.Constraint("UNIQUE(key)", "Two transmissions can never share a key.")
    _one_alive = models.UniqueIndex(
        "(invoice_id, destination_id, kind) WHERE state <> 'cancelled'",
        "This invoice is already on its way to this destination.",
    )
    _external_unique = models.UniqueIndex(
        "(destination_id, kind, external_id) WHERE external_id IS NOT NULL",
        "Another invoice already has this ID at the destination.",
    )
    _ready_rows = models.Index("(destination_id, id) WHERE state = 'ready'")
    _sending_rows = models.Index("(destination_id, request_id) WHERE state = 'sending'")
    _trouble_rows = models.Index(
        "(destination_id, state) WHERE state IN ('blocked', 'rejected', 'disputed', 'unknown')"
    )

    @api.model
    def _trouble_states(self):
        return TROUBLE

    @api.depends("invoice_id.payment_state")
    def _compute_state(self):
        """A document that arrived follows the invoice's payments; everything else is decided elsewhere."""
        for row in self:
            paid = row.kind == "invoice" and row.invoice_id.payment_state == "paid"
            if paid and row.state in ARRIVED:
                row.state = "paid"
            elif row.state == "paid" and not paid:
                row.state = "received"
            else:
                row.state = row.state or "ready"

    @api.depends("name", "destination_id.name", "revision")
    def _compute_display_name(self):
        for row in self:
            again = self.env._(" (revision %s)", row.revision) if row.revision > 1 else ""
            row.display_name = f"{row.name or ''} → {row.destination_id.name or ''}{again}"

    def write(self, vals):
        frozen = sorted(vals.keys() & set(FROZEN))
        if frozen:
            raise UserError(
                self.env._("A transmission's document, key and invoice never change (%s).", ", ".join(frozen))
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Transmissions are the record of what was sent, so they cannot be deleted."))

    @api.model
    def _queue(self, documents, pairs):
        """Create rows that wait to be sent.

        :param documents: ``{invoice id: document}``
        :param pairs: list of (invoice, destination, revision)
        """
        texts = {invoice_id: json.dumps(document, ensure_ascii=False) for invoice_id, document in documents.items()}
        return self._create_silently(
            [
                {
                    "name": invoice.name,
                    "invoice_id": invoice.id,
                    "kind": documents[invoice.id]["kind"],
                    "original_id": (documents[invoice.id]["original"] or {}).get("id"),
                    "partner_id": invoice.commercial_partner_id.id,
                    "work_order_ids": [order["id"] for order in documents[invoice.id]["work_orders"]],
                    "buyer_po": ", ".join(
                        dict.fromkeys(line["buyer_po"] for line in documents[invoice.id]["lines"] if line["buyer_po"])
                    ),
                    "destination_id": destination.id,
                    "currency_id": invoice.currency_id.id,
                    "amount_total": invoice.amount_total,
                    "revision": revision,
                    "key": uuid.uuid4().hex,
                    "document": texts[invoice.id],
                    "sha256": hashlib.sha256(texts[invoice.id].encode()).hexdigest(),
                    "state": "ready",
                }
                for invoice, destination, revision in pairs
            ]
        )

    @api.model
    def _destinations_of(self, invoices):
        """Pairs of ids: which of these invoices went to, or are on their way to, which destination."""
        if not invoices:
            return set()
        found = self._read_group(
            [
                ("invoice_id", "in", invoices.ids),
                ("kind", "=", "invoice"),
                ("state", "not in", ("cancelled", "voided")),
            ],
            ["invoice_id", "destination_id"],
        )
        return {(invoice.id, destination.id) for invoice, destination in found}

    @api.model
    def _unblock(self, destinations):
        """A mapping row changed: whatever waits for one is checked again."""
        rows = self.search([("destination_id", "in", destinations.ids), ("state", "=", "blocked")])
        if rows:
            rows._make_ready()

    def _make_ready(self):
        """Back in the queue under the same key; only for rows that are certainly not there."""
        self.write(
            {
                "state": "ready",
                "message": False,
                "hint": False,
                "gaps": False,
                "request_id": False,
                "batch_index": False,
                "lease_until": False,
                "attempt": 0,
                "retried_attempt": 0,
            }
        )
        self._close_activities()

    def _withdraw(self, reason):
        """The invoice is no longer what the document says, and nothing of it exists elsewhere."""
        self.write({"state": "cancelled", "message": reason, "hint": False, "gaps": False})
        self._close_activities()
