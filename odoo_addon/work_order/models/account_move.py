from odoo import api, fields, models

from .work_order_flow import refusal


class AccountMove(models.Model):
    _inherit = "account.move"

    work_order_ids = fields.Many2many(
        "work.order",
        string="Work Orders",
        compute="_compute_work_order_ids",
        search="_search_work_order_ids",
        compute_sudo=True,
    )
    work_order_count = fields.Integer(compute="_compute_work_order_ids", compute_sudo=True)
    buyer_po = fields.Char(
        string="Buyer PO",
        compute="_compute_buyer_references",
        search="_search_buyer_po",
        help="The buyer's purchase order, when all lines agree on one.",
    )
    cost_center_id = fields.Many2one(
        "buyer.cost.center",
        string="Cost Centre",
        compute="_compute_buyer_references",
        help="When all lines agree on one.",
    )

    @api.depends("invoice_line_ids.work_order_id")
    def _compute_work_order_ids(self):
        for move in self:
            move.work_order_ids = move.invoice_line_ids.work_order_id
            move.work_order_count = len(move.work_order_ids)

    @api.model
    def _search_work_order_ids(self, operator, value):
        return [("invoice_line_ids.work_order_id", operator, value)]

    @api.depends("invoice_line_ids.buyer_po", "invoice_line_ids.cost_center_id")
    def _compute_buyer_references(self):
        for move in self:
            lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
            numbers = set(lines.mapped("buyer_po"))
            centers = {line.cost_center_id for line in lines}
            move.buyer_po = numbers.pop() if len(numbers) == 1 else False
            move.cost_center_id = centers.pop() if len(centers) == 1 else False

    @api.model
    def _search_buyer_po(self, operator, value):
        return [("invoice_line_ids.buyer_po", operator, value)]

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        if vals["state"] == "posted":  # here, as a state can be written without the button too
            self._check_work_orders()
        result = super().write(vals)
        self._work_orders()._sync_billing_state()
        return result

    def unlink(self):
        if not self:  # Odoo asks for this on every line it writes
            return super().unlink()
        tickets = self._work_orders()
        result = super().unlink()
        tickets._sync_billing_state()
        return result

    def _work_orders(self):
        return self.sudo().invoice_line_ids.work_order_id

    def _check_work_orders(self):
        """Refuse an invoice of work orders that says anything else than their finished tasks and the sales order.

        :raises UserError: with every reason of every invoice
        """
        moves = self.filtered(lambda move: move.is_sale_document(include_receipts=True) or move._work_orders())
        tickets = moves._work_orders()
        if tickets:
            tickets._bump_billing_revision()  # of two users posting at once the second has to look again
        reasons = [
            (move, reason)
            for move in moves
            for line in move.invoice_line_ids
            for reason in line._reasons_against_posting()
        ]
        reasons += [(move, reason) for move in moves if move._work_orders() for reason in move._reasons_by_move()]
        for task in moves.sudo().invoice_line_ids.work_order_task_id:
            move = task.invoice_line_ids.move_id & moves.sudo()
            reasons += [(move[:1], reason) for reason in task._reasons_against_invoiced_quantity(move)]
        for move in moves.filtered(lambda move: move.move_type in ("out_invoice", "out_receipt")):
            reasons += [
                (move, reason) for ticket in move._work_orders() for reason in ticket._reasons_against_posting()
            ]
        if reasons:
            raise self._posting_refusal(reasons + self._reasons_of_buyers())

    def _reasons_of_buyers(self):
        """What else the buyers would refuse, as (invoice, reason); told along with what is refused anyway."""
        return []

    def _posting_refusal(self, reasons):
        """The error that tells why these invoices are not posted."""
        head = self.env._("This invoice cannot be posted as it is; its buyer or our work orders say otherwise:")
        texts = (f"- {move.name or move.display_name}: {reason.message}" for move, reason in reasons)
        return refusal("\n".join([head, *texts]), reasons)

    def _reasons_by_move(self):
        """Why this invoice of work orders as a whole may not be posted; a concern adds its own after ``super()``."""
        return []

    def _action_open(self):
        action = self.env["ir.actions.actions"]._for_xml_id("account.action_move_out_invoice_type")
        if len(self) == 1:
            action.update(res_id=self.id, views=[(False, "form")], view_mode="form")
        else:
            action["domain"] = [("id", "in", self.ids)]
        return action

    def action_view_work_orders(self):
        self.ensure_one()
        return self.work_order_ids._action_open(self.env._("Work Orders of %s", self.name))
