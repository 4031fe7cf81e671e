"""The register of buyers' purchase orders: what they authorised us to do and to bill."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

#: Who may see money on a buyer's PO.
PRICE_GROUPS = (
    "work_order.group_dispatcher,work_order.group_billing,sales_team.group_sale_salesman,"
    "account.group_account_readonly,account.group_account_invoice"
)


def po_key(text):
    """What two spellings of one number have in common: buyers' own papers differ in case and blanks around it."""
    return (text or "").strip().upper()


class BuyerPurchaseOrder(models.Model):
    """One purchase order of a buyer, as far as they told us."""

    _name = "buyer.purchase.order"
    _description = "Buyer Purchase Order"
    _inherit = ["mail.thread", "mail.activity.mixin", "work.order.evidence"]
    _rec_name = "number"
    _rec_names_search = ["number"]
    _order = "id desc"
    _check_company_auto = True

    number = fields.Char(required=True, tracking=True, help="Exactly as the buyer writes it.")
    number_key = fields.Char(compute="_compute_number_key", store=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The company that buys; every work order of its addresses may name this PO.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    kind = fields.Selection(
        [("standard", "Standard"), ("blanket", "Blanket")],
        required=True,
        default="standard",
        help="A blanket PO is released bit by bit, by many work orders.",
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed"), ("cancelled", "Cancelled")],
        required=True,
        default="open",
        index=True,
        tracking=True,
        copy=False,
    )
    valid_from = fields.Date(tracking=True)
    valid_to = fields.Date(tracking=True)
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    amount_limit = fields.Monetary(
        string="Limit",
        tracking=True,
        groups=PRICE_GROUPS,
        help="The most that all work orders on this PO may come to, untaxed. Empty: no limit but its lines'.",
    )
    revision = fields.Char(tracking=True, help="The buyer's own name of the latest revision.")
    note = fields.Text()
    evidence_ids = fields.Many2many(help="The PO as the buyer sent it, and its revisions.")
    line_ids = fields.One2many("buyer.purchase.order.line", "purchase_order_id", string="Lines", copy=True)
    #: Raised before balances are read, so that of two users releasing at once one has to start again.
    balance_revision = fields.Integer(copy=False, readonly=True, default=0)

    ticket_count = fields.Integer(string="Work Orders", compute="_compute_counts", compute_sudo=True)
    invoice_count = fields.Integer(compute="_compute_counts", compute_sudo=True)

    _number_unique = models.Constraint(
        "UNIQUE(partner_id, number_key, company_id)", "This buyer's PO with that number is in the register already."
    )
    _dates_in_order = models.Constraint(
        "CHECK(valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)",
        "A PO is valid from a day to a later one.",
    )

    @api.depends("number")
    def _compute_number_key(self):
        for po in self:
            po.number_key = po_key(po.number)

    @api.depends("line_ids")
    def _compute_counts(self):
        for po in self:
            po.ticket_count = len(po._tickets())
            po.invoice_count = len(po._invoices())

    def _tickets(self):
        tickets = self.env["work.order"].search([("buyer_purchase_order_id", "in", self.ids)])
        tasks = self.env["work.order.task"].search([("buyer_purchase_order_id", "in", self.ids)])
        return tickets | tasks.work_order_id

    def _invoices(self):
        lines = self.env["account.move.line"].search([("work_order_task_id.buyer_purchase_order_id", "in", self.ids)])
        return lines.move_id

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create([self._as_written(vals) for vals in vals_list])
        orders.company_id._keep_buyer_register()
        orders._link_work_orders()
        return orders

    def write(self, vals):
        vals = self._as_written(vals)
        self.filtered(lambda po: po._becomes_another(vals))._unlink_except_used()
        result = super().write(vals)
        if vals.keys() & {"number", "partner_id", "company_id"}:
            self._link_work_orders()
        return result

    def copy_data(self, default=None):
        rows = super().copy_data(default)
        if not (default or {}).get("number"):
            for po, row in zip(self, rows, strict=True):
                row["number"] = self.env._("%s (copy)", po.number)
        return rows

    @api.model
    def _as_written(self, vals):
        """The number without the blanks around it, and the company that buys, whichever contact was named."""
        vals = dict(vals)
        if isinstance(vals.get("number"), str):
            vals["number"] = vals["number"].strip()
        if vals.get("partner_id"):
            vals["partner_id"] = self.env["res.partner"].browse(vals["partner_id"]).commercial_partner_id.id
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered(lambda po: po.sudo()._tickets())
        if used:
            raise UserError(
                self.env._(
                    "Work orders name these POs, so they stay in the register; close them instead: %s",
                    ", ".join(used.mapped("number")),
                )
            )

    def _becomes_another(self, vals):
        """Whether work orders that name this PO would not find it any more, and what they drew with it."""
        number = vals.get("number", self.number) or ""
        buyer, company = vals.get("partner_id", self.partner_id.id), vals.get("company_id", self.company_id.id)
        return (number.casefold(), buyer, company) != (self.number.casefold(), self.partner_id.id, self.company_id.id)

    def _link_work_orders(self):
        """Tickets that named this number before it was registered, and those that lost it."""
        self.flush_recordset()
        self.env["work.order"].flush_model(["buyer_po", "partner_id", "company_id", "state"])
        self.env["work.order.task"].flush_model(["buyer_po", "work_order_id"])
        query = SQL(
            """SELECT DISTINCT ticket.id
                 FROM work_order ticket
                 JOIN res_partner customer ON customer.id = ticket.partner_id
            LEFT JOIN work_order_task task ON task.work_order_id = ticket.id
                 JOIN buyer_purchase_order po
                   ON po.id IN %(ids)s
                  AND ((po.partner_id = customer.commercial_partner_id AND po.company_id = ticket.company_id
                        AND po.number_key IN (UPPER(TRIM(ticket.buyer_po)), UPPER(TRIM(task.buyer_po))))
                       OR po.id IN (ticket.buyer_purchase_order_id, task.buyer_purchase_order_id))
                WHERE ticket.state != 'cancelled'""",
            ids=tuple(self.ids),
        )
        ids = [row[0] for row in self.env.execute_query(query)]
        self.env["work.order"].sudo().browse(ids)._link_buyer_pos()

    @api.model
    def _registered(self, companies, buyers, keys):
        """The register entries with these numbers, by (company id, buyer id, key); one query."""
        found = self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("partner_id", "in", buyers.ids),
                ("number_key", "in", sorted(keys)),
            ]
        )
        return {(po.company_id.id, po.partner_id.id, po.number_key): po for po in found}

    def _is_valid_on(self, day):
        self.ensure_one()
        return (not self.valid_from or day >= self.valid_from) and (not self.valid_to or day <= self.valid_to)

    def _validity_text(self):
        self.ensure_one()
        days = {"start": format_date(self.env, self.valid_from), "end": format_date(self.env, self.valid_to)}
        if self.valid_from and self.valid_to:
            return self.env._("is valid from %(start)s to %(end)s", **days)
        if self.valid_to:
            return self.env._("is valid until %(end)s", **days)
        return self.env._("is valid from %(start)s on", **days)

    def action_close(self):
        return self.write({"state": "closed"})

    def action_open(self):
        return self.write({"state": "open"})

    def action_cancel(self):
        return self.write({"state": "cancelled"})

    def action_view_work_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.work_order_action")
        return {**action, "domain": [("id", "in", self._tickets().ids)], "name": self.env._("PO %s", self.number)}

    def action_view_invoices(self):
        self.ensure_one()
        return self.sudo()._invoices()._action_open()
