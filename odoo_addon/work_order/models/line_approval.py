"""A line typed by hand on a ticket's invoice: refused unless a person answers for it, exactly as it stands."""

import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .work_order_flow import Reason

#: Written by the approval itself and by nothing else.
APPROVAL_FIELDS = {
    "approval_content",
    "approval_files",
    "approval_reason",
    "approval_reference",
    "approved_by_id",
    "approved_on",
}
#: Which line of the invoice that is credited, or corrected, a line repeats; set by Odoo's reversal.
ORIGIN = "original_line_id"


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    approved_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    approved_on = fields.Datetime(readonly=True, copy=False)
    approval_reason = fields.Char(readonly=True, copy=False)
    approval_reference = fields.Char(readonly=True, copy=False, help="Where the customer agreed: mail, letter, number.")
    #: Ids of files between commas. A real relation to files costs Odoo a query on every write of invoice lines.
    approval_files = fields.Char(readonly=True, copy=False)
    approval_evidence_ids = fields.Many2many("ir.attachment", compute="_compute_approval_evidence_ids")
    #: What was approved; the line holds only as long as it says the same.
    approval_content = fields.Char(readonly=True, copy=False)
    original_line_id = fields.Many2one(
        "account.move.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The line of the original invoice that this one credits or corrects.",
    )
    needs_approval = fields.Boolean(compute="_compute_needs_approval", compute_sudo=True)

    @api.depends(
        "work_order_task_id", "sale_line_ids", "retention_kind", "approved_by_id", "move_id.invoice_line_ids", "name"
    )
    def _compute_needs_approval(self):
        for line in self:
            line.needs_approval = (
                line.parent_state == "draft" and line._is_typed_by_hand() and not line._approval_holds()
            )

    @api.depends("approval_files")
    def _compute_approval_evidence_ids(self):
        for line in self:
            ids = [int(text) for text in (line.approval_files or "").split(",") if text]
            line.approval_evidence_ids = self.env["ir.attachment"].browse(ids).exists()

    def _is_typed_by_hand(self):
        """A charge on a ticket's invoice that comes neither from a task, nor an order, nor a contract."""
        line = self.sudo()
        charged = line.display_type == "product" and line.move_id.move_type in ("out_invoice", "out_receipt")
        sourced = line.work_order_task_id or line.sale_line_ids or line.retention_kind
        return charged and not sourced and bool(line.move_id._work_orders())

    @api.model_create_multi
    def create(self, vals_list):
        if not all(APPROVAL_FIELDS.isdisjoint(vals) for vals in vals_list):
            for vals in vals_list:
                self._check_not_approving(vals)
        return super().create(vals_list)

    @api.model
    def default_get(self, fields_list):
        """No context brings an approval."""
        if not APPROVAL_FIELDS.isdisjoint(fields_list):
            fields_list = [name for name in fields_list if name not in APPROVAL_FIELDS]
        return super().default_get(fields_list)

    def write(self, vals):
        if not APPROVAL_FIELDS.isdisjoint(vals):
            self._check_not_approving(vals)
            vals = {name: value for name, value in vals.items() if name not in APPROVAL_FIELDS}
        if "name" in vals:
            self._check_posted_approval(vals)
        return super().write(vals)

    def _check_not_approving(self, vals):
        move = self.env["account.move"]
        names = APPROVAL_FIELDS & vals.keys()
        changed = (
            any(vals[name] for name in names)
            if not self
            else any(move._field_will_change(line, vals, name) for line in self.sudo() for name in names)
        )
        if changed:
            raise AccessError(
                self.env._("Who approved a line, why and on what evidence comes with “Approve Lines”; nobody sets it.")
            )

    def _check_posted_approval(self, vals):
        """What an approved line says is part of what was approved."""
        for line in self.filtered(lambda line: line.parent_state == "posted"):
            if line.sudo().approved_by_id and line.name != vals["name"]:
                raise UserError(self.env._("“%s” is posted as it was approved; credit it instead.", line.name))

    def action_approve(self, reason, reference=False, evidence=None):
        """Answer for these lines as they stand now.

        :param reason: why this is charged beyond what was ordered
        :param reference: where the customer agreed to it, unless ``evidence`` shows it
        :param evidence: ids of attached files
        :raises AccessError: unless the user is in billing or a project manager who sees the work orders
        :raises UserError: with every reason of every line; then none is approved
        """
        lines = self.sudo()
        self._check_approver(lines)
        files = self.env["ir.attachment"].browse(evidence or [])
        files.check_access("read")
        texts = [] if (reason or "").strip() else [self.env._("Reason is missing: why is this charged?")]
        if not (reference or "").strip() and not files:
            texts.append(self.env._("Evidence is missing: name the customer's mail, letter or number, or add a file."))
        texts += [line._text_against_approval() for line in lines if line._text_against_approval()]
        if texts:
            raise UserError("\n".join([self.env._("Nothing was approved:"), *(f"- {text}" for text in texts)]))
        files.sudo().filtered(lambda file: not file.res_id).write(
            {"res_model": "account.move", "res_id": lines.move_id[:1].id}
        )
        for line in lines:
            line._store_approval(
                {
                    **line.move_id._agreed_references(),
                    "approved_by_id": self.env.uid,
                    "approved_on": fields.Datetime.now(),
                    "approval_reason": reason.strip(),
                    "approval_reference": (reference or "").strip(),
                    "approval_files": "".join(f",{file.id}" for file in files) + "," if files else False,
                    "approval_content": line._content_to_approve(),
                }
            )
            line.move_id.message_post(
                body=self.env._("“%(line)s” approved: %(reason)s", line=line._approval_label(), reason=reason),
                author_id=self.env.user.partner_id.id,
            )
        return True

    def _store_approval(self, values):
        """Nothing but :meth:`action_approve` calls it."""
        return super().write(values)  # pylint: disable=super-method-mismatch

    def _check_approver(self, lines):
        user, tickets = self.env.user, lines.move_id._work_orders()
        if self.env.su:
            return
        if user.has_group("work_order.group_billing"):
            self.check_access("write")
        elif user.has_group("work_order.group_project_manager"):
            tickets.with_user(user).check_access("read")
        else:
            raise AccessError(self.env._("Lines typed by hand are approved by billing or a project manager."))

    def _text_against_approval(self):
        label = self._approval_label()
        if self.parent_state != "draft":
            return self.env._("“%s” is not on a draft invoice.", label)
        if not self._is_typed_by_hand():
            return self.env._("“%s” was not typed by hand on a work order's invoice, so it needs no approval.", label)
        if self.env.uid in self.move_id._work_orders().technician_ids.ids:
            return self.env._("“%s”: who did the work does not approve what is charged on top.", label)
        return ""

    def _approval_label(self):
        return self.name or self.product_id.display_name or self.env._("no description")

    def _content_to_approve(self):
        """All that the buyer reads of this line, as text."""
        self.ensure_one()
        taxes = sorted(self.tax_ids.ids)
        numbers = [round(value, 6) for value in (self.quantity, self.price_unit, self.discount)]
        buyer = self.move_id.commercial_partner_id.id
        parts = [self.name or "", self.product_id.id, self.product_uom_id.id, self.currency_id.id, buyer]
        return json.dumps([*parts, numbers, taxes])

    def _approval_holds(self):
        line = self.sudo()
        return bool(line.approved_by_id) and line.approval_content == line._content_to_approve()

    def _reasons_by_hand(self, label):
        """Why this line, which comes from no task and no order, may not stand on a ticket's posted invoice."""
        line = self.sudo()
        if line.move_id.move_type == "out_refund":
            return self._reasons_by_original(label)
        if not line.approved_by_id:
            text = self.env._(
                "line “%s” was typed by hand; nobody approved it. Use “Approve Lines”, or remove it.", label
            )
            return [Reason("approved_by_id", text)]
        if not self._approval_holds():
            text = self.env._(
                "line “%(line)s” was changed after %(who)s approved it. Have it approved again.",
                line=label,
                who=line.approved_by_id.name,
            )
            return [Reason("approved_by_id", text)]
        if {ticket.type_id.billing_rule for ticket in line.move_id._work_orders()} == {"zero"} and line.price_subtotal:
            text = self.env._("“%s”: warranty work is invoiced at zero, so nothing is charged on top.", label)
            return [Reason("price_unit", text)]
        return []

    def _reasons_by_original(self, label):
        """A credit of a line typed by hand repeats that line, and all credits together give back no more than it."""
        line = self.sudo()
        origin = line.original_line_id
        if not origin.approved_by_id or origin.move_id != line.move_id.reversed_entry_id:
            text = self.env._("line “%s” was typed by hand: a credit repeats lines of the invoice it credits.", label)
            return [Reason(ORIGIN, text)]
        reasons = self._differences(origin, label)
        others = self.search([(ORIGIN, "=", origin.id), ("move_id.move_type", "=", "out_refund")])
        credits = others.filtered(lambda other: other.parent_state == "posted" or other.move_id == line.move_id)
        if line._compare_quantity(sum(credits.mapped("quantity")), origin.quantity) > 0:
            reasons.append(Reason("quantity", self.env._("“%s”: more would be credited than was invoiced.", label)))
        return reasons

    def _copy_data_extend_business_fields(self, values):
        """A reversal and a corrected invoice know which line they repeat."""
        result = super()._copy_data_extend_business_fields(values)
        if self.display_type == "product" and self.move_id.move_type == "out_invoice":
            values[ORIGIN] = self.id
        return result


class AccountMove(models.Model):
    _inherit = "account.move"

    has_unapproved_lines = fields.Boolean(compute="_compute_has_unapproved_lines", compute_sudo=True)

    @api.depends("state", "invoice_line_ids.approved_by_id", "invoice_line_ids.work_order_task_id")
    def _compute_has_unapproved_lines(self):
        for move in self:
            move.has_unapproved_lines = move.state == "draft" and any(move.invoice_line_ids.mapped("needs_approval"))

    def _agreed_references(self):
        """Buyer PO and cost centre of all tasks on this invoice, so that its header still names them."""
        lines = self.invoice_line_ids.filtered("work_order_task_id")
        numbers, centers = set(lines.mapped("buyer_po")), {line.cost_center_id.id for line in lines}
        return {
            "buyer_po": numbers.pop() if len(numbers) == 1 else False,
            "cost_center_id": centers.pop() if len(centers) == 1 else False,
        }

    def action_approve_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approve Lines"),
            "res_model": "work.order.line.approval",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }
