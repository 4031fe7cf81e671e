"""Versions of a work order: what the scope said before each change, kept readable."""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import html2plaintext


class WorkOrderVersion(models.Model):
    """The scope of a work order as it was until somebody changed it."""

    _name = "work.order.version"
    _description = "Work Order Version"
    _order = "work_order_id, number desc"
    _rec_name = "number"

    work_order_id = fields.Many2one("work.order", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="work_order_id.company_id")
    number = fields.Integer(string="Version", required=True, readonly=True, aggregator=None)
    version_date = fields.Date(readonly=True, help="Since when this version held.")
    replaced_on = fields.Datetime(readonly=True, required=True, help="When the next version took its place.")
    user_id = fields.Many2one("res.users", string="Changed By", readonly=True)
    reason = fields.Char(readonly=True, help="Why the scope changed.")
    scope = fields.Json(
        string="Scope Kept", readonly=True, help="Pairs of label and value, then one list of such pairs per task."
    )
    #: The same, of fields that not everybody who reads the work order may read, such as caps in money.
    scope_money = fields.Json(
        string="Amounts Kept", readonly=True, groups="work_order.group_dispatcher,work_order.group_billing"
    )
    scope_text = fields.Html(string="Scope", compute="_compute_scope_text", sanitize=False)

    _number_unique = models.Constraint("UNIQUE(work_order_id, number)", "A version is kept once.")

    @api.depends("scope", "scope_money")
    @api.depends_context("uid")
    def _compute_scope_text(self):
        row = Markup("<tr><th class='pe-3 text-nowrap'>%s</th><td>%s</td></tr>")
        table = Markup("<table class='table table-sm'>%s</table>")
        money = self.env["work.order"]._sees_money()
        for version in self:
            scope, amounts = version.scope or {}, (money and version.sudo().scope_money) or []
            parts = [scope.get("order", []), *scope.get("tasks", [])]
            extra = [*amounts, *[[] for _part in parts[len(amounts) :]]]
            parts = [sorted([*part, *more]) for part, more in zip(parts, extra, strict=False)]
            version.scope_text = Markup("").join(
                table % Markup("").join(row % (label, value) for label, value in part) for part in parts
            )


class WorkOrder(models.Model):
    _inherit = "work.order"

    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    version_date = fields.Date(readonly=True, copy=False, default=fields.Date.context_today)
    version_ids = fields.One2many("work.order.version", "work_order_id", string="Earlier Versions", readonly=True)

    def _keep_version(self, vals=None, reason=None):
        """Keep what the scope says now, as it is about to change; once per transaction and issued work order.

        :param vals: what will be written, to leave out records on which it changes nothing
        :param reason: why; the change order's name, for instance
        """
        now = self.env.cr.now()
        issued = self.sudo().filtered(lambda order: order.state not in ("draft", "cancelled"))
        changed = issued.filtered(lambda order: vals is None or order._scope_will_change(vals))
        if not changed:
            return
        known = (
            self.env["work.order.version"]
            .sudo()
            ._read_group([("work_order_id", "in", changed.ids), ("replaced_on", "=", now)], ["work_order_id"])
        )
        for order in changed.browse(set(changed.ids) - {known_order.id for (known_order,) in known}):
            self.env["work.order.version"].sudo().create(
                {
                    "work_order_id": order.id,
                    "number": order.version,
                    "version_date": order.version_date,
                    "replaced_on": now,
                    "user_id": self.env.uid,
                    "reason": reason,
                    "scope": order._scope_snapshot(),
                    "scope_money": order._scope_amounts(),
                }
            )
            order._store_state({"version": order.version + 1, "version_date": fields.Date.context_today(order)})

    def _scope_will_change(self, vals):
        return any(
            self._fields[name].convert_to_cache(vals[name], self)
            != self._fields[name].convert_to_cache(self[name], self)
            for name in self._scope_fields() & vals.keys()
        )

    def _scope_snapshot(self):
        """The scope as labels and texts, so that it stays readable whatever becomes of the records it names."""
        self.ensure_one()
        return {
            "order": self._labelled(self, self._scope_fields()),
            "tasks": [self._labelled(task, [*task._scope_fields(), "state"]) for task in self.task_ids],
        }

    def _scope_amounts(self):
        """The part of the scope that only those see who see money: one list for the order, then one per task."""
        parts = [(self, self._scope_fields()), *((task, task._scope_fields()) for task in self.task_ids)]
        return [self._labelled(record, names, restricted=True) for record, names in parts]

    @api.model
    def _labelled(self, record, names, restricted=False):
        """Sorted pairs of label and text of the fields that say something.

        :param restricted: of those that are limited to groups, else of all others
        """
        shown = [
            (record._fields[name], record[name]) for name in names if bool(record._fields[name].groups) == restricted
        ]
        return sorted(
            (field.get_description(self.env)["string"], self._as_text(field, record, value))
            for field, value in shown
            if value
        )

    @api.model
    def _as_text(self, field, record, value):
        if isinstance(value, models.BaseModel):
            return ", ".join(value.mapped("display_name"))
        if field.type == "html":
            return html2plaintext(value)
        if field.type == "selection":
            return dict(field._description_selection(record.env)).get(value, value)
        return str(value)
