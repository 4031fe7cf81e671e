"""What is printed of a work order, and who may print it."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .work_order_flow import FINISHED

#: Facts of the place and the people there, in the order in which they are printed.
SITE_FACTS = (
    "building",
    "access_notes",
    "site_contact_id",
    "site_contact_phone",
    "after_hours_contact_id",
    "after_hours_phone",
    "asset_id",
)


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _tasks_to_print(self):
        """Tasks that stand; to a subcontractor only their own."""
        self.ensure_one()
        tasks = self.sudo().task_ids.filtered(lambda task: task.state != "cancelled")
        if not self._is_subcontractor():
            return tasks
        company = self.env.user.commercial_partner_id
        return tasks.filtered(lambda task: task.subcontractor_id.commercial_partner_id == company)

    def _site_facts(self):
        """Pairs of label and text of what the crew must know of the place."""
        self.ensure_one()
        known = [name for name in SITE_FACTS if self[name]]
        return [(self._fields[name].get_description(self.env)["string"], self._as_print(self[name])) for name in known]

    @api.model
    def _as_print(self, value):
        return value.display_name if isinstance(value, models.BaseModel) else value


class ReportWorkOrder(models.AbstractModel):
    """The works order for the crew: what to do, where, with what; no prices."""

    _name = "report.work_order.report_work_order"
    _description = "Works Order"

    @api.model
    def _get_report_values(self, docids, data=None):  # noqa: ARG002  the caller names it
        tickets = self.env["work.order"].browse(docids)
        self._check_printer(tickets)
        return {
            "doc_ids": tickets.ids,
            "doc_model": "work.order",
            "docs": tickets.sudo(),
            "sheets": [sheet for ticket in tickets for sheet in self._sheets(ticket)],
            "with_prices": False,
        }

    @api.model
    def _check_printer(self, tickets):
        """The report is also a URL, so who may print is checked here and not by the menu.

        :raises AccessError: if this user may not read one of the work orders, or is its customer
        """
        if self.env.user.share and not self.env.su and not tickets._is_subcontractor():
            raise AccessError(self.env._("The works order is for those who do the work."))
        tickets.check_access("read")

    @api.model
    def _sheets(self, ticket):
        """One sheet each: the work order, the tasks on it, and for which subcontractor it is."""
        return [self._sheet(ticket, ticket._tasks_to_print())]

    @api.model
    def _sheet(self, ticket, tasks, subcontractor=None):
        goods = tasks.filtered(lambda task: task.product_id.type == "consu" and not task.subcontractor_id)
        return {
            "order": ticket.sudo(),
            "subcontractor": subcontractor,
            "parts": [(self.env._("Work"), tasks - goods), (self.env._("Materials"), goods)],
            "tasks": tasks,
        }


class ReportWorkOrderPrices(models.AbstractModel):
    """The works order with the customer's prices, for those who see prices."""

    _name = "report.work_order.report_work_order_prices"
    _inherit = "report.work_order.report_work_order"
    _description = "Works Order with Prices"

    @api.model
    def _get_report_values(self, docids, data=None):
        return {**super()._get_report_values(docids, data), "with_prices": True}

    @api.model
    def _check_printer(self, tickets):
        user = self.env.user
        if not any(user.has_group(f"work_order.group_{name}") for name in ("dispatcher", "billing")):
            raise AccessError(self.env._("Only dispatchers and billing print prices. Print the works order without."))
        return super()._check_printer(tickets)


class ReportWorkOrderSubcontractor(models.AbstractModel):
    """One works order per subcontractor, each with their tasks only."""

    _name = "report.work_order.report_work_order_subcontractor"
    _inherit = "report.work_order.report_work_order"
    _description = "Works Order per Subcontractor"

    @api.model
    def _check_printer(self, tickets):
        allowed = super()._check_printer(tickets)
        without = tickets.filtered(lambda ticket: not ticket._tasks_to_print().subcontractor_id)
        if without:
            raise UserError(
                self.env._(
                    "Subcontractor: no task of these work orders has one: %s", ", ".join(without.sudo().mapped("name"))
                )
            )
        return allowed

    @api.model
    def _sheets(self, ticket):
        tasks = ticket._tasks_to_print().filtered("subcontractor_id")
        return [
            self._sheet(ticket, of_subcontractor, subcontractor)
            for subcontractor, of_subcontractor in tasks.grouped("subcontractor_id").items()
        ]


class ReportCompletionCertificate(models.AbstractModel):
    """What was done, for the customer."""

    _name = "report.work_order.report_completion_certificate"
    _description = "Completion Certificate"

    @api.model
    def _get_report_values(self, docids, data=None):  # noqa: ARG002  the caller names it
        tickets = self.env["work.order"].browse(docids)
        tickets.check_access("read")
        if tickets._is_subcontractor():
            raise AccessError(self.env._("The completion certificate goes to the customer; the contractor prints it."))
        unfinished = tickets.sudo().filtered(lambda ticket: ticket.state not in FINISHED)
        if unfinished:
            raise UserError(
                self.env._(
                    "The work is not done yet, so there is nothing to certify: %s",
                    ", ".join(f"{ticket.name} ({ticket._state_label(ticket.state)})" for ticket in unfinished),
                )
            )
        return {"doc_ids": tickets.ids, "doc_model": "work.order", "docs": tickets.sudo()}
