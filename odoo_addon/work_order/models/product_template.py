from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    work_order_policy = fields.Selection(
        [
            ("none", "No work order"),
            ("order", "One work order per sales order and site"),
            ("line", "One work order per sales order line"),
            ("template", "One work order per sales order line, from a template"),
        ],
        string="Work Order",
        required=True,
        default="none",
        help="What confirming a sales order does with this product. Products delivered by work orders are "
        "invoiced from finished tasks only.",
    )
    work_order_type_id = fields.Many2one(
        "work.order.type", ondelete="restrict", help="Type of the work orders that this product opens."
    )

    work_order_template_id = fields.Many2one(
        "work.order.template",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Its tasks, checklist, texts and proof go into the work orders that this product opens.",
    )

    @api.onchange("work_order_policy")
    def _onchange_work_order_policy(self):
        if self.work_order_policy != "none":
            self.invoice_policy = "delivery"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("work_order_policy", "none") != "none":
                vals.setdefault("invoice_policy", "delivery")
        return super().create(vals_list)

    @api.constrains("work_order_policy", "work_order_template_id")
    def _check_work_order_template(self):
        for product in self:
            if product.work_order_policy == "template" and not product.work_order_template_id:
                raise ValidationError(
                    self.env._(
                        "“%s”: Work Order Template is missing; choose one, or another way to open work orders.",
                        product.display_name,
                    )
                )

    @api.constrains("work_order_policy", "invoice_policy")
    def _check_invoice_policy(self):
        for product in self:
            if product.work_order_policy != "none" and product.invoice_policy != "delivery":
                raise ValidationError(
                    self.env._(
                        "“%s” is delivered by work orders: set its Invoicing Policy to “Delivered quantities”, since "
                        "only finished tasks are invoiced.",
                        product.display_name,
                    )
                )
