from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    work_order_project_id = fields.Many2one(
        "project.project",
        string="Project of Work Orders",
        check_company=True,
        domain="[('allow_timesheets', '=', True), ('company_id', '=', id)]",
        help="Timesheets of work orders are kept in this project; opened by the first of them.",
    )

    def _work_order_project(self):
        """The project that timesheets of this company's work orders belong to."""
        self.ensure_one()
        company = self.sudo()
        if not company.work_order_project_id:
            company.work_order_project_id = company.env["project.project"].create(company._work_order_project_values())
        return company.work_order_project_id

    def _work_order_project_values(self):
        values = {
            "name": self.env._("Work Orders"),
            "company_id": self.id,
            "allow_timesheets": True,
            "privacy_visibility": "employees",
        }
        if "allow_billable" in self.env["project.project"]._fields:
            values["allow_billable"] = False  # finished tasks of the work order are what is billed
        return values
