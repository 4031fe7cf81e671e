"""References that tasks take from the buyer's tables: when they are made, when a PO is named, and when somebody asks.

What was typed is never overwritten.
"""

from odoo import api, models

from .buyer_mapping import Asked
from .work_order_flow import FINISHED


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._with_mapped_references(vals_list))

    def write(self, vals):
        result = super().write(vals)
        if vals.get("buyer_po"):
            self._fill_from_tables()
        return result

    @api.model
    def _with_mapped_references(self, vals_list):
        """The values of new tasks with what the buyer's tables know of them; untouched where no tables are kept."""
        tickets = self.env["work.order"].browse({vals.get("work_order_id") for vals in vals_list} - {None, False})
        if not any(company.keeps_buyer_register for company in tickets.sudo().company_id):
            return vals_list
        vals_list = [self._with_po_text(vals) for vals in vals_list]
        mapped = [vals for vals in vals_list if vals.get("work_order_id") and not vals.get("included")]
        mapped = [vals for vals in mapped if tickets.browse(vals["work_order_id"]).sudo().billable]
        answers = self.env["buyer.mapping"]._answers([self._question_by(vals) for vals in mapped])
        for vals, answer in zip(mapped, answers, strict=True):
            vals.update(answer)
        return vals_list

    @api.model
    def _question_by(self, vals):
        """What a task of these values will ask: what it does not say itself it takes from its work order."""
        ticket = self.env["work.order"].sudo().browse(vals["work_order_id"])
        code = self.env["work.order.task.code"].sudo().browse(vals.get("code_id") or [])
        product = self.env["product.product"].sudo().browse(vals.get("product_id") or code.product_id.id or [])
        site = self.env["res.partner"].sudo().browse(vals.get("site_id") or ticket.site_id.id or [])
        typed, by_site = ticket._center_by_site(site)
        return ticket._question(
            product=product,
            task_code=code,
            site=site,
            po=vals.get("buyer_po") or ticket.buyer_po,
            po_line=vals.get("buyer_po_line") or ticket.buyer_po_line,
            item_code=vals.get("buyer_item_code") or ticket.buyer_item_code,
            cost_center=vals.get("cost_center_id") or typed.id,
            center_by_site=by_site,
        )

    def _question(self):
        """What this task asks the tables, with what it says itself."""
        task = self.sudo()
        return task.work_order_id._question(
            product=task.product_id,
            task_code=task.code_id,
            site=task.site_id or task.work_order_id.site_id,
            po=task.buyer_po,
            po_line=task.buyer_po_line,
            item_code=task.buyer_item_code,
            cost_center=task.cost_center_id.id,
            **({"day": task.service_date} if task.service_date else {}),
        )

    def _mapped(self):
        """Those of these tasks whose references matter to a buyer: billed themselves, and not billed yet."""
        return self.filtered(
            lambda task: (
                task.state != "cancelled"
                and not task.included
                and not task.sudo().bucket_of_id
                and task.work_order_id.billable
                and task.company_id.sudo().keeps_buyer_register
                and task.work_order_state not in ("invoiced", "closed", "cancelled")
            )
        )

    def _fill_from_tables(self):
        """Fill what these tasks lack and the tables know, as far as their work is open; return those that were."""
        tasks = self._mapped().filtered(lambda task: task.work_order_state not in FINISHED)
        groups = {}
        answers = self.env["buyer.mapping"]._answers([task._question() for task in tasks])
        for task, answer in zip(tasks, answers, strict=True):
            if answer:
                values = tuple(sorted(answer.items()))
                groups[values] = groups.get(values, self.browse()) | task
        for values, group in groups.items():
            group.write(dict(values))
        filled = self.browse().union(*groups.values())
        filled._tell_order_lines()
        return filled

    def _tell_order_lines(self):
        """Let order lines that lack a reference say what their only task says."""
        groups = {}
        for task in self.sudo():
            line = task.sale_line_id
            if line and line._live_tasks() == task:
                values = {name: task[name] for name in ("buyer_item_code", "buyer_po_line") if not line[name]}
                values = tuple(sorted((name, value) for name, value in values.items() if value))
                groups[values] = groups.get(values, line.browse()) | line
        for values, lines in groups.items():
            if values:
                lines.write(dict(values))


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _issue_work_orders(self):
        tickets = super()._issue_work_orders()
        if any(company.keeps_buyer_register for company in tickets.company_id):
            tickets.task_ids._tell_order_lines()
        return tickets


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _question(self, **values):
        """A question to the tables about work of this order."""
        order = self.sudo()
        facts = {"company": order.company_id, "buyer": order.partner_id.commercial_partner_id}
        return Asked(**{**facts, "day": order._day_of_work(), **values})

    def _center_by_site(self, site):
        """The cost centre somebody chose for this work order, and the one that its site gave it; one is empty."""
        center, none = self.cost_center_id, self.cost_center_id.browse()
        given = center and site == self.site_id and center == self.site_id._cost_center_for(self.company_id)
        return (none, center) if given else (center, none)

    def action_fill_from_tables(self):
        """Fill what tasks of these work orders lack and the buyer's tables know."""
        filled = self.task_ids._fill_from_tables()
        lacking = self.task_ids._mapped().filtered(lambda task: not task.buyer_item_code or not task.buyer_po_line)
        if filled:
            text = self.env._(
                "%(tasks)d tasks of %(orders)d work orders filled.",
                tasks=len(filled),
                orders=len(filled.work_order_id),
            )
        elif lacking:
            text = self.env._("The tables have nothing for what is missing. Mapping Coverage says what to add.")
        else:
            text = self.env._("Nothing is missing.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": "success" if filled else "warning",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
