"""What a work order cost, read from its analytic lines, against what it brings in."""

from collections import defaultdict

from odoo import api, fields, models

COST_GROUPS = "work_order.group_dispatcher,work_order.group_billing,account.group_account_readonly"
#: The figure that each kind of analytic line counts in; what is listed nowhere is other cost.
FIGURE_OF = {
    "invoice": "revenue_invoiced",
    "vendor_bill": "cost_purchases",
    "work_order_part": "cost_parts",
    "work_order_time": "cost_labor",
}


class WorkOrder(models.Model):
    _inherit = "work.order"

    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    time_hours = fields.Float(string="Hours", compute="_compute_job_cost", compute_sudo=True, groups=COST_GROUPS)
    cost_labor = fields.Monetary(
        string="Labor",
        compute="_compute_job_cost",
        compute_sudo=True,
        currency_field="company_currency_id",
        groups=COST_GROUPS,
    )
    cost_parts = fields.Monetary(
        string="Parts Cost",
        compute="_compute_job_cost",
        compute_sudo=True,
        currency_field="company_currency_id",
        groups=COST_GROUPS,
    )
    cost_purchases = fields.Monetary(
        string="Vendor Bills",
        compute="_compute_job_cost",
        compute_sudo=True,
        currency_field="company_currency_id",
        groups=COST_GROUPS,
        help="What vendors and subcontractors have billed on this work order.",
    )
    cost_other = fields.Monetary(
        string="Other Cost",
        compute="_compute_job_cost",
        compute_sudo=True,
        currency_field="company_currency_id",
        groups=COST_GROUPS,
    )
    cost_total = fields.Monetary(
        string="Total Cost",
        compute="_compute_job_cost",
        compute_sudo=True,
        currency_field="company_currency_id",
        groups=COST_GROUPS,
        help="All cost posted so far.",
    )
    cost_committed = fields.Monetary(
        string="Ordered, Not Billed",
        compute="_compute_cost_committed",
        compute_sudo=True,
        currency_field="company_currency_id",
        groups=COST_GROUPS,
        help="What confirmed purchase orders of this work order will still cost.",
    )
    cost_late = fields.Monetary(
        string="Cost After Close",
        compute="_compute_job_cost",
        compute_sudo=True,
        currency_field="company_currency_id",
        groups=COST_GROUPS,
        help="Vendor bills that arrived after this work order was invoiced, closed or cancelled.",
    )
    revenue_invoiced = fields.Monetary(
        string="Invoiced",
        compute="_compute_job_cost",
        compute_sudo=True,
        currency_field="company_currency_id",
        groups=COST_GROUPS,
        help="Untaxed, on posted invoices.",
    )
    margin = fields.Monetary(
        compute="_compute_margin",
        compute_sudo=True,
        currency_field="company_currency_id",
        groups=COST_GROUPS,
        help="Amount of this work order less all cost, posted and still to come.",
    )
    margin_percent = fields.Float(compute="_compute_margin", compute_sudo=True, groups=COST_GROUPS)

    @api.depends("analytic_account_id", "time_ids", "part_ids")
    def _compute_job_cost(self):
        names = [*FIGURE_OF.values(), "cost_late", "cost_other", "cost_total", "time_hours"]
        figures = defaultdict(lambda: dict.fromkeys(names, 0.0))
        for order, category, late, amount, hours in self.env["account.analytic.line"]._read_group(
            [("work_order_id", "in", self.ids)],
            ["work_order_id", "category", "work_order_late"],
            ["amount:sum", "unit_amount:sum"],
        ):
            figure = figures[order.id]
            name = FIGURE_OF.get(category, "cost_other")
            if name == "revenue_invoiced":
                figure[name] += amount
                continue
            figure[name] -= amount
            figure["cost_total"] -= amount
            figure["cost_late"] -= amount if late else 0.0
            figure["time_hours"] += hours if name == "cost_labor" else 0.0
        for order in self:
            order.update(figures[order._origin.id])

    @api.depends("purchase_order_ids.order_line.price_subtotal", "purchase_order_ids.state")
    def _compute_cost_committed(self):
        lines = self.env["purchase.order.line"].search(
            [("order_id.work_order_id", "in", self.ids), ("order_id.state", "=", "purchase")]
        )
        by_order = lines.grouped(lambda line: line.order_id.work_order_id.id)
        for order in self:
            order.cost_committed = sum(
                line._cost_not_billed() for line in by_order.get(order._origin.id, self.env["purchase.order.line"])
            )

    @api.depends("amount_scope", "cost_total", "cost_committed")
    def _compute_margin(self):
        today = fields.Date.context_today(self)
        for order in self:
            amount = order.amount_scope if order.billable else 0.0
            revenue = order.currency_id._convert(amount, order.company_currency_id, order.company_id, today)
            order.margin = revenue - order.cost_total - order.cost_committed
            order.margin_percent = order.margin / revenue if revenue else 0.0

    def action_view_job_cost(self):
        """Odoo's own analytic items of these work orders."""
        action = self.env["ir.actions.actions"]._for_xml_id("analytic.account_analytic_line_action_entries")
        action["domain"] = [("work_order_id", "in", self.ids)]
        action["context"] = {"search_default_category": 1, "create": False}
        action["name"] = self.env._("Cost and Revenue")
        return action

    def action_enter_vendor_bill(self):
        """A new vendor bill whose first line is on the account of this work order."""
        self.ensure_one()
        self._open_analytic_accounts()
        line = {"name": self.name, "analytic_distribution": {self._analytic_account().id: 100.0}}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Vendor Bill for %s", self.name),
            "res_model": "account.move",
            "view_mode": "form",
            "context": {
                "default_move_type": "in_invoice",
                "default_invoice_line_ids": [fields.Command.create(line)],
            },
        }
