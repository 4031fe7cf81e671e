"""Tax and freight as the customer agreed to them, from the sales order to ticket and posted invoice."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .sale_order_line import BEGUN
from .work_order_flow import FINISHED, Reason

TAX_RULES = [("as_ordered", "As on the sales order"), ("exempt", "Exempt")]
FREIGHT_RULES = [
    ("not_allowed", "Not allowed"),
    ("included", "Included in the price"),
    ("as_ordered", "As on the sales order"),
]
RULES = ("tax_rule", "freight_rule")
DEFAULT = "as_ordered"


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_freight = fields.Boolean(
        string="Freight", help="Freight, shipping or handling: refused where the customer's order does not allow it."
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    tax_rule = fields.Selection(
        TAX_RULES, required=True, default=DEFAULT, help="Exempt: no invoice of this work may carry tax."
    )
    freight_rule = fields.Selection(
        FREIGHT_RULES, required=True, default=DEFAULT, help="Whether freight may be charged for this work."
    )

    def write(self, vals):
        rules = {name: vals[name] for name in RULES if name in vals}
        if not rules:
            return super().write(vals)
        self._check_rules_are_open(rules)
        open_tickets = self.sudo().work_order_ids.filtered(lambda ticket: ticket.state not in FINISHED)
        following = open_tickets.grouped(
            lambda ticket: tuple(name for name in rules if (ticket[name] or DEFAULT) == ticket.sale_order_id[name])
        )
        result = super().write(vals)
        for names, tickets in following.items():
            tickets.write({name: rules[name] for name in names})
        return result

    def _check_rules_are_open(self, rules):
        """Tax and freight are part of what the work was dispatched on."""
        changed = self.filtered(lambda order: any(order[name] != value for name, value in rules.items()))
        begun = changed.sudo().work_order_ids.filtered(lambda ticket: ticket.state in BEGUN)
        if begun:
            raise UserError(
                self.env._(
                    "Tax and freight rule cannot change any more: %s was dispatched on this order.",
                    ", ".join(begun.mapped("name")),
                )
            )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _work_order_values(self):
        """What the order rules beyond the default; a template may rule what the order leaves open."""
        order = self.order_id
        return {**super()._work_order_values(), **{name: order[name] for name in RULES if order[name] != DEFAULT}}


class WorkOrder(models.Model):
    _inherit = "work.order"

    tax_rule = fields.Selection(TAX_RULES, help="From the sales order. Exempt: no invoice of this work may carry tax.")
    freight_rule = fields.Selection(
        FREIGHT_RULES, help="From the sales order: whether freight may be charged for this work."
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**vals, **self._rules_of_order(vals)} for vals in vals_list])

    def write(self, vals):
        if vals.keys() & {*RULES, "sale_order_id"}:
            for order in self:
                sale = {"sale_order_id": vals.get("sale_order_id", order.sale_order_id.id)}
                order._check_rules(vals, self._rules_of_order(sale))
        return super().write(vals)

    @api.model
    def _rules_of_order(self, vals):
        """What the sales order of these values rules beyond the default."""
        order = self.env["sale.order"].sudo().browse(vals.get("sale_order_id") or [])
        return {name: order[name] for name in RULES if order and order[name] != DEFAULT}

    def _check_rules(self, vals, ruled):
        for name, value in ruled.items():
            if vals.get(name, self[name]) != value:
                labels = dict(self._fields[name]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(order)s: %(field)s is “%(value)s” on its sales order, so it cannot be anything else here.",
                        order=self.name,
                        field=self._fields[name].get_description(self.env)["string"],
                        value=labels[value],
                    )
                )

    @api.model
    def _scope_fields(self):
        return super()._scope_fields() | set(RULES)

    def _gate_dispatched(self):
        return super()._gate_dispatched() + self._reasons_by_rules()

    def _reasons_by_rules(self):
        """What the sales order charges against its own rules; cheaper to mend before the work than on the invoice."""
        if self._follows_default_rules():
            return []
        lines = self.sudo().task_ids.filtered(lambda task: task.state != "cancelled").sale_line_id
        lines |= self.sudo().sale_order_id.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment and not line.work_order_task_ids
        )
        texts = [
            text for line in lines for text in self._charges_against_rules(line.name, line.product_id, line.tax_ids)
        ]
        return [Reason("sale_order_id", text) for text in texts]

    def _follows_default_rules(self):
        return (self.tax_rule or DEFAULT) == DEFAULT and (self.freight_rule or DEFAULT) == DEFAULT

    def _charges_against_rules(self, label, product, taxes):
        """Sentences about a charge that the rules of these tickets do not allow."""
        texts = []
        charged = taxes.flatten_taxes_hierarchy().filtered(lambda tax: tax.amount or tax.amount_type == "code")
        if "exempt" in self.mapped("tax_rule") and charged:
            names = ", ".join(charged.mapped("name"))
            texts.append(
                self.env._("“%(line)s” carries tax (%(taxes)s), but this work is exempt.", line=label, taxes=names)
            )
        if product.is_freight:
            rules = set(self.mapped("freight_rule"))
            if "not_allowed" in rules:
                texts.append(self.env._("“%s” is freight, which the customer's order does not allow.", label))
            elif "included" in rules:
                texts.append(self.env._("“%s” is freight, which is included in the agreed price.", label))
        return texts

    def _reasons_against_cost(self, entries):
        """Also: nobody adds freight that the customer's order does not allow."""
        reasons = super()._reasons_against_cost(entries)
        for entry in entries.filtered(lambda entry: entry.product_id.is_freight):
            order = entry.work_order_id
            if order.freight_rule == "not_allowed":
                text = self.env._(
                    "%(order)s: “%(product)s” is freight, which the customer's order does not allow.",
                    order=order.name,
                    product=entry.product_id.display_name,
                )
                reasons.append(Reason("product_id", text))
        return reasons


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _reasons_against_posting(self):
        return super()._reasons_against_posting() + self._reasons_by_rules()

    def _reasons_by_rules(self):
        """Tax and freight that the tickets on this invoice were agreed without."""
        line = self.sudo()
        if line.display_type != "product":
            return []
        tickets = line.work_order_task_id.work_order_id or line._tickets_charged_with(line.sale_line_ids.order_id)
        tickets = tickets.filtered(lambda ticket: not ticket._follows_default_rules())  # most do: asked first
        charged = line.move_id.move_type in ("out_invoice", "out_receipt")
        if not tickets or not charged or line.sale_line_ids.filtered("is_downpayment"):
            return []
        label = self.name or self.product_id.display_name
        texts = tickets._charges_against_rules(label, self.product_id, self.tax_ids)
        return [Reason("tax_ids" if self.tax_ids else "product_id", text) for text in texts]

    def _tickets_charged_with(self, orders):
        """The tickets a line without task is charged with: those of its sales order, else all on the invoice."""
        tickets = self.move_id._work_orders()
        return tickets.filtered(lambda ticket: ticket.sale_order_id in orders) or tickets


class WorkOrderChangeLine(models.Model):
    _inherit = "work.order.change.line"

    @api.depends("work_order_id.tax_rule")
    def _compute_tax_ids(self):
        result = super()._compute_tax_ids()
        self.filtered(lambda line: line.work_order_id.tax_rule == "exempt").tax_ids = False
        return result

    def _reasons_against_addition(self):
        label = self.name or self.product_id.display_name
        texts = self.work_order_id._charges_against_rules(label, self.product_id, self.tax_ids)
        return super()._reasons_against_addition() + texts
