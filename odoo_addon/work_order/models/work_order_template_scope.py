"""What the tasks of a template say beyond product and quantity: task code and specification lines."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class WorkOrderTemplateTask(models.Model):
    _inherit = "work.order.template.task"

    code_id = fields.Many2one(
        "work.order.task.code",
        string="Task Code",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The standard task: fills in product, name and trade.",
    )
    specification_ids = fields.One2many("work.order.template.specification", "template_task_id", copy=True)

    @api.onchange("code_id")
    def _onchange_code_id(self):
        if self.code_id:
            self.update({"product_id": self.code_id.product_id, "name": self.code_id.name})

    @api.model_create_multi
    def create(self, vals_list):
        codes = self.env["work.order.task.code"]
        return super().create([{**self._code_values(codes.browse(v.get("code_id"))), **v} for v in vals_list])

    @api.model
    def _code_values(self, code):
        return {"product_id": code.product_id.id, "name": code.name} if code else {}

    @api.constrains("code_id", "product_id")
    def _check_code(self):
        for task in self.filtered(lambda task: task.code_id and task.product_id != task.code_id.product_id):
            raise ValidationError(
                self.env._(
                    "Task “%(task)s”: code %(code)s stands for “%(product)s”, but the task is about “%(other)s”.",
                    task=task.name,
                    code=task.code_id.code,
                    product=task.code_id.product_id.display_name,
                    other=task.product_id.display_name or self.env._("nothing"),
                )
            )

    def _line_values(self):
        return {**super()._line_values(), "code_id": self.code_id.id}

    def _specification(self):
        return {(line.name, line.value or "") for line in self.specification_ids}


class WorkOrderTemplateSpecification(models.Model):
    """One thing whoever does a task of this scope must meet."""

    _name = "work.order.template.specification"
    _description = "Work Order Template Specification"
    _order = "template_task_id, sequence, id"

    template_task_id = fields.Many2one("work.order.template.task", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Specification", required=True)
    value = fields.Char()

    _name_not_blank = models.Constraint("CHECK(BTRIM(name) <> '')", "A specification line needs a name.")


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _take_template(self, previous=None):
        result = super()._take_template(previous)
        followers = self.template_id.task_ids and self.task_ids.filtered(
            lambda task: task.state == "todo" and task.template_task_id
        )
        if followers:
            followers._take_template_scope()
        return result


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    def _take_template_scope(self):
        """Add the specification lines that are missing, and the code of a task that was sold without one."""
        missing = []
        for task in self.filtered("template_task_id.specification_ids"):
            known = set(task.specification_ids.mapped("name"))
            missing += [
                {"task_id": task.id, "sequence": line.sequence, "name": line.name, "value": line.value}
                for line in task.template_task_id.specification_ids
                if line.name not in known
            ]
        if missing:
            self.env["work.order.task.specification"].create(missing)
        for task in self.filtered(lambda task: not task.code_id and task.template_task_id.code_id):
            code = task.template_task_id.code_id
            if task.product_id == code.product_id:
                task.write({"code_id": code.id, "trade_id": (task.trade_id or code.trade_id).id})

    def _follow_template(self, values):
        """Lines of another template go with it, unless somebody changed them."""
        before = self.template_task_id
        if self.state == "todo" and before and before.id != values.get("template_task_id", before.id):
            origin = before.browse(values["template_task_id"])
            common = before._specification() - origin._specification()
            self.specification_ids.filtered(lambda line: (line.name, line.value or "") in common).unlink()
        return super()._follow_template(values)

    @api.model
    def _links_to_tasks(self):
        """Specification lines are looked at by what they say."""
        return [pair for pair in super()._links_to_tasks() if pair[0] != "work.order.task.specification"]

    def _untouched(self):
        """Nor did anybody specify more than the template."""
        return (
            super()._untouched().filtered(lambda task: task._specification() <= task.template_task_id._specification())
        )

    def _specification(self):
        return {(line.name, line.value or "") for line in self.specification_ids}
