"""What authorises each line of a work order's invoice, by whom and when: the way back from the money to the work."""

from collections import namedtuple

from odoo import api, fields, models
from odoo.tools import format_date

from .work_order_flow import FINISHED

#: ``kind`` as in :data:`AUTHORITIES`, who approved it and when, the change order behind it and a sentence about it.
Authority = namedtuple("Authority", ["kind", "approver", "day", "change", "text"])
NOTHING = Authority(False, False, False, False, False)

AUTHORITIES = [
    ("task", "Closed task"),
    ("change", "Change order"),
    ("order", "Sales order"),
    ("approval", "Approval"),
    ("open", "Open task"),
    ("pending", "Change not approved"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    print_invoice_authority = fields.Boolean(
        string="Authority on Printed Invoices",
        help="Print below an invoice of work orders what authorises each line, who approved it and when.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    print_invoice_authority = fields.Boolean(related="company_id.print_invoice_authority", readonly=False)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    authority = fields.Selection(
        AUTHORITIES,
        string="Authorised By",
        compute="_compute_authority",
        compute_sudo=True,
        help="What this line bills: a closed task, an approved change order, the sales order itself, or a line typed "
        "by hand that somebody approved.",
    )
    authority_text = fields.Char(
        string="Authority",
        compute="_compute_authority",
        compute_sudo=True,
        help="Work order, task, completion date and who approved it.",
    )
    approver = fields.Char(compute="_compute_authority", compute_sudo=True)
    completed_on = fields.Date(compute="_compute_authority", compute_sudo=True)
    work_order_change_id = fields.Many2one(
        "work.order.change", string="Change Order", compute="_compute_authority", compute_sudo=True
    )

    @api.depends("work_order_task_id", "sale_line_ids", "approved_by_id", "work_order_id.completed_on")
    def _compute_authority(self):
        known = self._authorities()
        for line in self:
            found = known.get(line, NOTHING)
            line.authority, line.authority_text = found.kind, found.text
            line.approver, line.work_order_change_id = found.approver, found.change
            line.completed_on = line.work_order_id.completed_on

    def _authorities(self):
        """The :class:`Authority` of each product line of a ticket's invoice that has one; one query for all."""
        lines = self.sudo().filtered(lambda line: line.display_type == "product")
        change_of = lines.work_order_task_id._approved_changes()
        found = {}
        for line in lines:
            task = line.work_order_task_id
            if task:
                found[line] = task._authority(change_of.get(task.id))
            elif line.approved_by_id:
                found[line] = line._authority_of_approval()
            elif line.sale_line_ids or line.retention_kind:
                found[line] = line._authority_of_order()
        return found

    def _authority_of_approval(self):
        day = fields.Date.to_date(self.approved_on)
        text = self.env._("Approved by %(who)s: %(reason)s", who=self.approved_by_id.name, reason=self.approval_reason)
        return Authority("approval", self.approved_by_id.name, day, False, text)

    def _authority_of_order(self):
        source = self.sale_line_ids.order_id[:1] or self._retention_contract()
        if source._name != "sale.order":
            return Authority("order", False, False, False, self.env._("Contract %s", source.display_name or ""))
        by = source.signed_by or source.user_id.name
        return Authority("order", by, fields.Date.to_date(source.date_order), False, source.name)


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    def _approved_changes(self):
        """The latest approved change order that added or changed each of these tasks, by task id; one query."""
        tasks = self | self.bucket_of_id
        if not tasks.work_order_id.filtered("change_ids"):
            return {}
        lines = self.env["work.order.change.line"].search(
            [
                ("change_id.state", "in", ("approved", "submitted")),
                "|",
                ("task_id", "in", tasks.ids),
                ("new_task_id", "in", tasks.ids),
            ],
            order="id",
        )
        changes = {}
        for line in lines.sorted(lambda line: (line.change_id.state == "submitted", line.id)):
            changes[(line.new_task_id or line.task_id).id] = line.change_id
        return changes | {task.id: changes[task.bucket_of_id.id] for task in self if task.bucket_of_id.id in changes}

    def _authority(self, change=None):
        """What authorises billing this task: its completion, the change order that it came by, or nothing yet."""
        self.ensure_one()
        ticket = self.work_order_id
        by = ticket.signed_by or ticket.approved_by.name or ticket.sale_order_id.signed_by or False
        parts = [self.env._("%(order)s, task “%(task)s”", order=ticket.name, task=self.name)]
        if ticket.completed_on:
            parts.append(self.env._("completed %s", format_date(self.env, ticket.completed_on)))
        if by:
            parts.append(self.env._("approved by %s", by))
        if change:
            return self._authority_of_change(change, parts)
        kind = "task" if ticket.state in FINISHED or self._is_approved_progress() else "open"
        return Authority(kind, by, ticket.completed_on, False, ", ".join(parts))

    def _authority_of_change(self, change, parts):
        if change.state != "approved":
            text = self.env._("%s waits for approval", change.name)
            return Authority("pending", False, False, change, ", ".join([*parts, text]))
        by = change.signed_by or change.approved_by_id.name
        text = self.env._("change order %(change)s approved by %(who)s", change=change.name, who=by)
        day = fields.Date.to_date(change.approved_on)
        return Authority("change", by, day, change, ", ".join([*parts, text]))

    def _is_approved_progress(self):
        return self.billing_type == "progress" and bool(self._billable_quantity())
