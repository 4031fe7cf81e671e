from odoo import api, fields, models


class WorkOrderInvoiceRunLine(models.Model):
    """What became of one work order in an invoice run: its invoice, or every reason why it has none."""

    _name = "work.order.invoice.run.line"
    _description = "Invoice Run Report"
    _order = "run_id desc, bundle, id"
    _rec_name = "work_order_id"

    run_id = fields.Many2one(
        "work.order.invoice.run", required=True, readonly=True, index=True, ondelete="cascade", copy=False
    )
    company_id = fields.Many2one(related="run_id.company_id")
    work_order_id = fields.Many2one("work.order", required=True, readonly=True, index=True, ondelete="cascade")
    title = fields.Char(related="work_order_id.title", string="Work")
    partner_id = fields.Many2one(related="work_order_id.partner_id", string="Customer")
    buyer_po = fields.Char(related="work_order_id.buyer_po", string="Buyer PO")
    bundle = fields.Integer(readonly=True, help="Work orders with the same number share an invoice.")
    lane = fields.Integer(readonly=True, help="Customers in different lanes can be invoiced at the same time.")
    state = fields.Selection(
        [("waiting", "Waiting"), ("invoiced", "Invoiced"), ("refused", "Refused"), ("left", "Left Alone")],
        required=True,
        readonly=True,
        default="waiting",
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", readonly=True, index="btree_not_null", ondelete="set null"
    )
    reason = fields.Text(string="Why Refused", readonly=True, help="Every reason, one sentence per line.")
    url = fields.Char(string="Link to the Work Order", compute="_compute_url")

    _once_per_run = models.Constraint("UNIQUE(run_id, work_order_id)", "This work order is in the run already.")
    _of_run_by_state = models.Index("(run_id, state, lane, bundle, id)")

    @api.depends("work_order_id")
    def _compute_url(self):
        base = self.env["work.order"].get_base_url()
        for line in self:
            line.url = f"{base}/odoo/action-work_order.work_order_action/{line.work_order_id.id}"

    def action_open_work_order(self):
        self.ensure_one()
        return self.work_order_id._get_records_action(name=self.env._("Work Order"))

    def action_open_invoice(self):
        self.ensure_one()
        return self.move_id._get_records_action(name=self.env._("Invoice"))
