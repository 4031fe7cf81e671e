from odoo import api, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.constrains("work_order_policy", "service_type")
    def _check_service_type(self):
        """Finished tasks deliver what work orders bill; timesheets would deliver it a second way."""
        for product in self:
            if product.work_order_policy != "none" and product.service_type not in (False, "manual"):
                raise ValidationError(
                    self.env._(
                        "“%s” is delivered by work orders, so it cannot be invoiced by timesheets or milestones.",
                        product.display_name,
                    )
                )
