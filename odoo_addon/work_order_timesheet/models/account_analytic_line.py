"""One record is both the time on a work order and the timesheet, so hours cannot disagree."""

from odoo import api, models
from odoo.exceptions import UserError


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._with_project(vals_list))

    @api.model
    def _with_project(self, vals_list):
        """Values with the project that makes time on a work order a timesheet."""
        chosen = self.env.context.get("default_work_order_id", False)
        vals_list = [dict(vals) for vals in vals_list]
        times = [vals for vals in vals_list if vals.get("work_order_id", chosen) and self._is_new_time(vals)]
        for vals in times:
            order = self.env["work.order"].sudo().browse(vals.get("work_order_id", chosen))
            company = order.company_id
            vals["company_id"] = company.id
            vals["project_id"] = vals.get("project_id") or company._work_order_project().id
        self._check_employees(times)
        return vals_list

    @api.model
    def _is_new_time(self, vals):
        return not vals.get("move_line_id") and not (vals.get("work_order_part_id") and self.env.su)

    @api.model
    def _check_employees(self, vals_list):
        """Timesheets are kept by employees.

        :raises UserError: naming everybody who is none
        """
        people = {
            (vals.get("user_id", self.env.uid), vals["company_id"]) for vals in vals_list if not vals.get("employee_id")
        }
        employees = self.env["hr.employee"].sudo().search([("user_id", "in", [user for user, _company in people])])
        known = {(employee.user_id.id, employee.company_id.id) for employee in employees}
        strangers = (
            self.env["res.users"].sudo().browse({user for user, company in people if (user, company) not in known})
        )
        if strangers:
            raise UserError(
                self.env._(
                    "No employee is recorded for %s in this company, so no time can be posted. Have one created in "
                    "Employees, with its hourly cost.",
                    ", ".join(strangers.mapped("name")),
                )
            )

    def _is_time(self):
        return super()._is_time() or bool(self.project_id)

    def _keeps_without_work_order(self):
        return super()._keeps_without_work_order() or bool(self.project_id)

    def _labor_hourly_cost(self):
        """The employee's, as Timesheets counts it."""
        if not self.employee_id:
            return super()._labor_hourly_cost()
        currency = self.employee_id.currency_id
        return currency._convert(self._hourly_cost(), self.currency_id, self.company_id, self.date, round=False)

    def _check_can_write(self, values):
        """On work orders a dispatcher corrects what others posted."""
        if self.env["work.order"]._may_plan():
            self = self.filtered(lambda line: not line.sudo().work_order_id)  # noqa: PLW0642
        return super()._check_can_write(values)
