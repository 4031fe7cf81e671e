"""The checklist of a work order."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .work_order_flow import FINISHED, Reason

#: States in which the crew is on the job and checks things.
ON_THE_JOB = ("dispatched", "in_progress", "on_hold")
#: Written by the model itself, when a result is.
CHECKED_FIELDS = {"checked_by", "checked_on"}


class WorkOrderCheck(models.Model):
    """One line of a checklist: what to look at, what was found, by whom and when."""

    _name = "work.order.check"
    _description = "Work Order Check"
    _order = "work_order_id, sequence, id"

    work_order_id = fields.Many2one("work.order", required=True, index=True, ondelete="cascade")
    work_order_state = fields.Selection(related="work_order_id.state", string="Work Order State")
    company_id = fields.Many2one(related="work_order_id.company_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Check", required=True)
    required = fields.Boolean(default=True, help="Completion is refused until this is checked.")
    result = fields.Selection(
        [("pending", "Pending"), ("pass", "Pass"), ("fail", "Fail"), ("not_applicable", "Not applicable")],
        required=True,
        default="pending",
        copy=False,
    )
    note = fields.Char(
        copy=False, help="What was found; required for Fail, and for Not applicable on a required check."
    )
    checked_by = fields.Many2one("res.users", readonly=True, copy=False)
    checked_on = fields.Datetime(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            started = vals.setdefault("result", "pending") != "pending"  # set, as a context could bring a default
            if started or any(vals.get(name) for name in CHECKED_FIELDS):
                raise UserError(self.env._("A new check starts as “Pending”."))
            vals.update(dict.fromkeys(CHECKED_FIELDS, False))
        self.env["work.order"].browse({vals.get("work_order_id") for vals in vals_list} - {None})._keep_version()
        checks = super().create(vals_list)
        checks._check_is_open()
        checks.work_order_id.filtered(lambda order: not order.has_checks)._store_state({"has_checks": True})
        return checks

    def write(self, vals):
        self._check_is_open()
        self._check_reporter(vals)
        if "work_order_id" in vals and self.filtered(lambda check: check.work_order_id.id != vals["work_order_id"]):
            raise UserError(self.env._("A check stays on its work order."))
        if vals.keys() & {"name", "required"}:
            self.work_order_id._keep_version()
        if "result" in vals:
            self._check_crew_is_there()
            pending = vals["result"] == "pending"
            vals = {
                **vals,
                "checked_by": False if pending else self.env.uid,
                "checked_on": False if pending else fields.Datetime.now(),
            }
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_checked(self):
        self._check_is_open()
        if self.filtered(lambda check: check.result != "pending"):
            raise UserError(self.env._("What was checked cannot be deleted; set it back to “Pending” first."))
        self.work_order_id._keep_version()

    def action_pass(self):
        return self.write({"result": "pass"})

    def action_fail(self):
        return self.write({"result": "fail"})

    def action_not_applicable(self):
        return self.write({"result": "not_applicable"})

    def _check_reporter(self, vals):
        if vals.keys() & CHECKED_FIELDS:
            raise AccessError(self.env._("Who checked and when is recorded with the result; nobody sets it."))
        if self.env["work.order"]._may_plan():
            return
        refused = vals.keys() - {"result", "note"}
        if refused:
            raise AccessError(
                self.env._(
                    "A technician reports what was found; %s is up to the dispatcher.", ", ".join(sorted(refused))
                )
            )

    def _check_is_open(self):
        fixed = self.work_order_id.filtered(lambda order: order.state in (*FINISHED, "cancelled"))
        if fixed:
            raise UserError(
                self.env._(
                    "The checklist cannot change any more: %s. Reopen the work order first.",
                    ", ".join(f"{order.name} ({order._state_label(order.state)})" for order in fixed),
                )
            )

    def _check_crew_is_there(self):
        early = self.work_order_id.filtered(lambda order: order.state not in ON_THE_JOB)
        if early:
            raise UserError(
                self.env._("Dispatch the work order before anything is checked: %s", ", ".join(early.mapped("name")))
            )

    def _reasons_against_completion(self):
        """What this check still lacks before its work order may be completed."""
        self.ensure_one()
        if self.result == "pending" and self.required:
            return [Reason("check_ids", self.env._("Check “%s” is required and still pending.", self.name))]
        needs_note = self.result == "fail" or (self.result == "not_applicable" and self.required)
        if needs_note and not self.note:
            return [
                Reason(
                    "check_ids",
                    self.env._("Check “%s”: say in Note what was found, or why it does not apply.", self.name),
                )
            ]
        if self.result == "fail" and self.required and not self.work_order_id.type_id.failed_checks_allowed:
            return [Reason("check_ids", self.env._("Check “%s” failed; mend it and check again.", self.name))]
        return []


class WorkOrder(models.Model):
    _inherit = "work.order"

    check_ids = fields.One2many("work.order.check", "work_order_id", string="Checklist", copy=True)
    #: Raised by the first check, so that a work order without a checklist never has to look for one.
    has_checks = fields.Boolean(readonly=True, copy=False)
    check_count = fields.Integer(compute="_compute_check_progress")
    check_done_count = fields.Integer(compute="_compute_check_progress")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["has_checks"] = False  # set, as neither a caller nor a context knows it
        return super().create(vals_list)

    def write(self, vals):
        if "has_checks" in vals:
            raise UserError(self.env._("Whether there is a checklist follows from its checks."))
        return super().write(vals)

    @api.depends("check_ids.result")
    def _compute_check_progress(self):
        for order in self:
            order.check_count = len(order.check_ids)
            order.check_done_count = len(order.check_ids.filtered(lambda check: check.result != "pending"))

    @api.model
    def _technician_fields(self):
        return super()._technician_fields() | {"check_ids"}

    def _gate_done(self):
        reasons = super()._gate_done()
        if self.has_checks:
            reasons += [reason for check in self.check_ids for reason in check._reasons_against_completion()]
        return reasons

    def _scope_snapshot(self):
        snapshot = super()._scope_snapshot()
        if self.has_checks:
            label = self._fields["check_ids"].get_description(self.env)["string"]
            snapshot["order"].append((label, "; ".join(self.check_ids.mapped("name"))))
        return snapshot

    def action_view_checks(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.work_order_check_action")
        return {
            **action,
            "name": self.env._("Checklist of %s", self.name),
            "domain": [("work_order_id", "=", self.id)],
        }
