"""What a task says beyond product and quantity: place, cap, specification lines and drawings."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    partner_id = fields.Many2one(related="work_order_id.partner_id", string="Customer")
    can_plan = fields.Boolean(related="work_order_id.can_plan", related_sudo=False)
    site_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Site or building of this task, if it is not the one of the work order.",
    )
    is_not_to_exceed = fields.Boolean(string="Not to Exceed")
    specification_ids = fields.One2many("work.order.task.specification", "task_id", copy=True)
    drawing_ids = fields.Many2many(
        "ir.attachment",
        "work_order_task_drawing_rel",
        "task_id",
        "attachment_id",
        string="Drawings",
        help="Drawings, artwork, photos: whoever sees the task sees them.",
    )

    @api.model
    def _scope_fields(self):
        return super()._scope_fields() | {
            "code_id",
            "drawing_ids",
            "is_not_to_exceed",
            "site_id",
            "specification_ids",
            "subcontractor_id",
            "trade_id",
        }

    @api.constrains("site_id", "work_order_id")
    def _check_site(self):
        for task in self.sudo().filtered("site_id"):
            customer = task.work_order_id.partner_id.commercial_partner_id
            if task.site_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "Task “%(task)s”: %(site)s is not a site of %(customer)s.",
                        task=task.name,
                        site=task.site_id.display_name,
                        customer=customer.display_name or self.env._("the customer, who is missing"),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        if any(vals.get("drawing_ids") for vals in vals_list):
            tasks._take_drawings()
        return tasks

    def write(self, vals):
        before = {task: task.drawing_ids for task in self} if "drawing_ids" in vals else {}
        result = super().write(vals)
        if before:
            self._take_drawings(before)
        return result

    def _take_drawings(self, before=None):
        """Make new drawings part of their task, so that who may read the task may read them, and nobody else.

        A drawing of something else is copied, never moved: what it belonged to keeps it.

        :raises AccessError: if this user may not read one of them
        """
        for task in self:
            added = task.drawing_ids - (before or {}).get(task, task.drawing_ids.browse())
            added.check_access("read")
            loose = added.sudo().filtered(lambda file: not file.res_id and file.create_uid == self.env.user)
            loose.write({"res_model": task._name, "res_id": task.id})
            foreign = added.sudo().filtered(lambda file: (file.res_model, file.res_id) != (self._name, task.id))  # noqa: B023
            if foreign:
                copies = foreign.copy({"res_model": task._name, "res_id": task.id, "res_field": False})
                kept = task.drawing_ids.sudo() - foreign | copies
                task._store_drawings(kept)

    def _store_drawings(self, drawings):
        """Write drawings that were checked and made the task's own; nothing else calls it."""
        return super().write(  # pylint: disable=super-method-mismatch
            {"drawing_ids": [fields.Command.set(drawings.ids)]}
        )


class WorkOrder(models.Model):
    _inherit = "work.order"

    @api.constrains("partner_id")
    def _check_task_sites(self):
        self.task_ids._check_site()


class WorkOrderTaskSpecification(models.Model):
    """One thing whoever does the task must meet: print method, PMS colour, garment sizes, a step of a rack build."""

    _name = "work.order.task.specification"
    _description = "Task Specification"
    _order = "task_id, sequence, id"

    task_id = fields.Many2one("work.order.task", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="task_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Specification", required=True)
    value = fields.Char()

    _name_not_blank = models.Constraint("CHECK(BTRIM(name) <> '')", "A specification line needs a name.")

    @api.depends("name", "value")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.name}: {line.value}" if line.value else line.name

    @api.model_create_multi
    def create(self, vals_list):
        tasks = self.env["work.order.task"].browse({vals.get("task_id") for vals in vals_list} - {None, False})
        self._check_change(tasks)
        return super().create(vals_list)

    def write(self, vals):
        tasks = self.task_id
        if vals.get("task_id"):
            tasks |= tasks.browse(vals["task_id"])
        self._check_change(tasks)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fixed(self):
        self._check_change(self.task_id)

    @api.model
    def _check_change(self, tasks):
        """A specification is scope: planners change it, while the work is open, and each change makes a version."""
        if not self.env["work.order"]._may_plan():
            raise AccessError(self.env._("What is to be done is up to the dispatcher; ask them to change it."))
        tasks._check_scope_is_open()
        tasks.work_order_id._keep_version()
