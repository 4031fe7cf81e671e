"""Work orders that follow a template."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import is_html_empty

from .work_order_flow import Reason
from .work_order_template import RULE_FIELDS, TEXT_FIELDS


class WorkOrder(models.Model):
    _inherit = "work.order"

    template_id = fields.Many2one(
        "work.order.template",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Its tasks, checks and texts were added to this work order, and its proof is required.",
    )

    @api.model
    def _scope_fields(self):
        return super()._scope_fields() | {"template_id"}

    @api.onchange("template_id")
    def _onchange_template_id(self):
        """Show the texts of the template at once; tasks and checks come when the work order is saved."""
        if self.template_id:
            values = self.template_id._ticket_values()
            texts = {name: values[name] for name in TEXT_FIELDS if name in values and is_html_empty(self[name])}
            rules = {name: value for name, value in values.items() if name.endswith("_rule") and not self[name]}
            self.update({**texts, **rules, "title": self.title or values["title"]})
            if self.state == "draft":
                self.type_id = self.template_id.type_id

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_template_id")
        templates = self.env["work.order.template"]
        vals_list = [
            self._with_template_values(templates.browse(vals.get("template_id", default)), vals) for vals in vals_list
        ]
        orders = super().create(vals_list)
        orders.filtered("template_id")._take_template()
        return orders

    @api.model
    def _with_template_values(self, template, vals):
        if not template:
            return vals
        base = template._ticket_values()
        return {**base, **{name: value for name, value in vals.items() if value or name not in base}}

    def write(self, vals):
        if "template_id" not in vals:
            return super().write(vals)
        previous = {order: order.template_id for order in self}
        result = super().write(vals)
        for order, template in previous.items():
            order._take_template(template)
        return result

    def action_apply_template(self):
        """Add what the template has got since, or what is missing; nothing that was done changes."""
        for template, orders in self.filtered("template_id").grouped("template_id").items():
            template._apply_to(orders)
        return True

    def _take_template(self, previous=None):
        """Let tasks, checks and texts follow the template.

        What the crew has begun stays as it is; untouched lines of another template go, lines the template has in
        common with what is there are not added again.
        """
        tasks, checks = [], []
        for order in self:
            template = order.template_id
            order._take_texts(template, previous or template)
            typed = order.task_ids.filtered(lambda task: not task.sudo().bucket_of_id)
            tasks += order._follow(typed, "template_task_id", template.task_ids)
            checks += order._follow(order.check_ids, "template_check_id", template.check_ids)
        self.env["work.order.task"].create(tasks)
        self.env["work.order.check"].create(checks)

    def _paid_tasks(self):
        return self.sudo().task_ids.filtered(lambda task: task.sale_line_id and task.state != "cancelled")

    def _take_texts(self, template, previous):
        values = {
            name: template[name]
            for name in TEXT_FIELDS
            if not is_html_empty(template[name])
            and self[name] != template[name]
            and (is_html_empty(self[name]) or self[name] == previous[name])
        }
        if self.state in ("draft", "ready"):  # what the sales order rules is there already
            values |= {name: template[name] for name in RULE_FIELDS if template[name] and not self[name]}
        if values:
            self.write(values)

    def _follow(self, lines, link, wanted):
        """Remove, update and adopt ``lines`` by what the template wants; return values of those to create."""
        self.ensure_one()
        untouched = lines._untouched()
        dropped = untouched.filtered(lambda line: line[link] and line[link] not in wanted)
        lines -= dropped
        dropped.unlink()
        missing = []
        for origin in wanted:
            line = lines.filtered(lambda line: line[link] == origin)[:1]  # noqa: B023
            line = line or lines.filtered(lambda line: line._does_work_of(origin))[:1]  # noqa: B023
            if line:
                line._follow_template(origin._line_values() if line in untouched else {link: origin.id})
                lines -= line
            else:
                missing.append({**origin._line_values(), "work_order_id": self.id})
        return missing


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    template_task_id = fields.Many2one("work.order.template.task", index="btree_not_null", ondelete="set null")
    included = fields.Boolean(
        string="Included in the Price",
        help="Paid for with another task: needs no line of the sales order and is never invoiced itself.",
    )

    @api.model
    def _scope_fields(self):
        return super()._scope_fields() | {"included"}

    @api.constrains("included", "sale_line_id")
    def _check_included(self):
        for task in self.filtered(lambda task: task.included and task.sudo().sale_line_id):
            raise ValidationError(
                self.env._(
                    "Task “%s” is included in the price of another task, so it cannot have a sales order line itself.",
                    task.name,
                )
            )

    def _billable_quantity(self):
        return 0.0 if self.included else super()._billable_quantity()

    def _reasons_against_completion(self):
        reasons = super()._reasons_against_completion()
        if not self.included:
            return reasons
        reasons = [reason for reason in reasons if reason.field != "sale_line_id"]
        if self.state == "done" and self.work_order_id.billable and not self.work_order_id._paid_tasks():
            text = self.env._("Task “%s” is included in the price, but no task here has a price.", self.name)
            reasons.append(Reason("sale_line_id", text))
        return reasons

    def _untouched(self):
        """Those nobody has begun with and nothing refers to, so that a change of template may change or remove them."""
        idle = self.sudo().filtered(
            lambda task: (
                task.state == "todo" and not (task.done_quantity or task.note or task.service_date or task.sale_line_id)
            )
        )
        for model, link in self._links_to_tasks() if idle else ():
            groups = (
                self.env[model].sudo().with_context(active_test=False)._read_group([(link, "in", idle.ids)], [link])
            )
            idle -= idle.browse().union(*(task for (task,) in groups))
        return self.filtered(lambda task: task in idle)

    @api.model
    def _links_to_tasks(self):
        """Every stored link to a task: time, parts, purchases, invoice lines and what else there may be."""
        return [
            (name, field.name)
            for name, model in self.env.registry.items()
            if model._auto and not model._abstract and not model._transient
            for field in model._fields.values()
            if field.type == "many2one" and field.comodel_name == self._name and field.store
        ]

    def _does_work_of(self, origin):
        """Whether this task is already what the template asks for: the product that was sold, or the same work."""
        if self.template_task_id:
            same_template = self.template_task_id.template_id == origin.template_id
            return not same_template and (self.product_id, self.name) == (origin.product_id, origin.name)
        if self.sale_line_id and self.product_id == origin.product_id:
            return True
        return (self.product_id, self.name) == (origin.product_id, origin.name)

    def _follow_template(self, values):
        agreed = {"billing_type", "included"} if self.work_order_state not in ("draft", "ready") else set()
        changed = {
            name: value
            for name, value in values.items()
            if name not in agreed and self._fields[name].convert_to_write(self[name], self) != value
        }
        if changed:
            self.write(changed)


class WorkOrderCheck(models.Model):
    _inherit = "work.order.check"

    template_check_id = fields.Many2one("work.order.template.check", index="btree_not_null", ondelete="set null")

    def _untouched(self):
        return self.filtered(lambda check: check.result == "pending" and not check.note)

    def _does_work_of(self, origin):
        same_template = self.template_check_id.template_id == origin.template_id
        return not same_template and self.name.strip().lower() == origin.name.strip().lower()

    def _follow_template(self, values):
        changed = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if changed:
            self.write(changed)
