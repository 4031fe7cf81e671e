"""Subcontractors: who does which task, and the little their portal users see of the work order."""

from odoo import api, fields, models

SUBCONTRACTOR_GROUP = "work_order.group_subcontractor"
#: What a subcontractor reads of any record: who made it when is no business of theirs, but web clients ask for these.
ALWAYS_READ = {"id", "display_name", "create_date", "write_date"}


class SubcontractorView(models.AbstractModel):
    """Records of which a subcontractor's portal user reads the named fields and no other, also not by searching.

    A list of what is open, not of what is closed: a field added later stays hidden until somebody decides otherwise.
    """

    _name = "work.order.subcontractor.view"
    _description = "Seen by Subcontractors"

    @api.model
    def _subcontractor_fields(self):
        """Names of the fields a subcontractor reads."""
        return set(ALWAYS_READ)

    @api.model
    def _subcontractor_writes(self):
        """Names of the fields a subcontractor writes."""
        return set()

    @api.model
    def _is_subcontractor(self):
        """Whether the present user is a subcontractor's portal user and nothing more."""
        return not self.env.su and self.env.user.share and self.env.user.has_group(SUBCONTRACTOR_GROUP)

    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su or not self.env.user.share or not self._is_subcontractor():
            return True
        names = self._subcontractor_fields() if operation == "read" else self._subcontractor_writes()
        return field.name in names


class WorkOrder(models.Model):
    _name = "work.order"
    _inherit = ["work.order", "work.order.subcontractor.view"]

    #: What the record rule looks at: were it task_ids, a portal user would find the tasks of others in its cache.
    subcontracted_task_ids = fields.One2many(
        "work.order.task", "work_order_id", domain=[("subcontractor_id", "!=", False)], groups="base.group_user"
    )
    subcontractor_ids = fields.Many2many(
        "res.partner",
        string="Subcontractors",
        compute="_compute_subcontractor_ids",
        search="_search_subcontractor_ids",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("task_ids.subcontractor_id", "task_ids.state")
    def _compute_subcontractor_ids(self):
        for order in self:
            tasks = order.task_ids.filtered(lambda task: task.state != "cancelled")
            order.subcontractor_ids = tasks.subcontractor_id

    @api.model
    def _search_subcontractor_ids(self, operator, value):
        return [("task_ids.subcontractor_id", operator, value)]

    @api.model
    def _subcontractor_fields(self):
        return super()._subcontractor_fields() | {
            "access_notes",
            "building",
            "company_id",
            "exclusions",
            "instructions",
            "name",
            "partner_id",
            "priority",
            "required_completion",
            "safety_notes",
            "scope",
            "scheduled_end",
            "scheduled_start",
            "site_id",
            "state",
            "task_ids",
            "title",
            "version",
            "version_date",
        }

    def _is_staffed(self):
        """Somebody goes there: a technician, or a subcontractor for each task."""
        open_tasks = self.task_ids.filtered(lambda task: task.state == "todo")
        return super()._is_staffed() or (bool(open_tasks) and all(task.subcontractor_id for task in open_tasks))

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Messages go between us and the customer; a subcontractor reads those sent to them."""
        if self._is_subcontractor():
            return dict.fromkeys(self, "unlink")  # which they may not do
        return super()._mail_get_operation_for_mail_message_operation(message_operation)


class WorkOrderTask(models.Model):
    _name = "work.order.task"
    _inherit = ["work.order.task", "work.order.subcontractor.view"]

    subcontractor_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Who does this task instead of our own people. Their portal users see it and report it.",
    )

    @api.model
    def _subcontractor_fields(self):
        return super()._subcontractor_fields() | {
            "company_id",
            "done_quantity",
            "name",
            "note",
            "product_uom_id",
            "quantity",
            "sequence",
            "service_date",
            "site_id",
            "specification_ids",
            "state",
            "subcontractor_id",
            "trade_id",
            "work_order_id",
            "work_order_state",
        }

    @api.model
    def _subcontractor_writes(self):
        return {"done_quantity", "note", "service_date", "state"}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _can_return_content(self, field_name=None, access_token=None):
        """A subcontractor downloads the drawings of their tasks."""
        file = self.sudo()
        if file.res_model == "work.order.task" and not access_token and self.env["work.order"]._is_subcontractor():
            return self.env["work.order.task"].browse(file.res_id).has_access("read")
        return super()._can_return_content(field_name, access_token)

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        """Who reads a work order reads its files (the buyer's PO, quotes), except subcontractors."""
        if self.env["work.order"]._is_subcontractor():
            tickets = set(model_and_ids.get("work.order", ()))
            yield from (("work.order", res_id) for res_id in tickets)
            model_and_ids = {model: ids for model, ids in model_and_ids.items() if model != "work.order"}
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
