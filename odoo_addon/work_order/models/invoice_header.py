"""What the header of a ticket's invoice says beside work orders, PO and cost centre: where and when it was done."""

from odoo import api, fields, models
from odoo.tools import format_date


class AccountMove(models.Model):
    _inherit = "account.move"

    work_site_ids = fields.Many2many(
        "res.partner", string="Sites", compute="_compute_service", compute_sudo=True, help="Where the work was done."
    )
    service_start = fields.Date(
        string="Service From", compute="_compute_service", compute_sudo=True, help="The first day of the billed work."
    )
    service_end = fields.Date(
        string="Service To", compute="_compute_service", compute_sudo=True, help="The last day of the billed work."
    )
    service_period = fields.Char(compute="_compute_service", compute_sudo=True)

    @api.depends("invoice_line_ids.service_date", "invoice_line_ids.work_order_id")
    def _compute_service(self):
        for move in self:
            days = sorted(move.invoice_line_ids.filtered("service_date").mapped("service_date"))
            move.service_start, move.service_end = (days[0], days[-1]) if days else (False, False)
            move.service_period = " – ".join(
                dict.fromkeys(format_date(self.env, day) for day in (days[:1] + days[-1:]))
            )
            move.work_site_ids = move.invoice_line_ids.work_order_id.site_id
