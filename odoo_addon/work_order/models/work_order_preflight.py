"""What pre-flight said about a work order or an invoice, and the content it holds for."""

from odoo import api, fields, models
from odoo.fields import Command

from ..preflight.report import BLOCK, FAIL, PASS, PASS_WITH_WARNINGS, UNKNOWN, UNKNOWN_DATA, WARN

VERDICTS = [
    (PASS, "Matches"),
    (PASS_WITH_WARNINGS, "Matches, with warnings"),
    (UNKNOWN, "Cannot be known"),
    (FAIL, "Will be rejected"),
]
#: Who reads findings: they name prices.
READERS = (
    "work_order.group_dispatcher,work_order.group_billing,account.group_account_invoice,account.group_account_readonly"
)


class WorkOrderPreflight(models.Model):
    """The latest stored verdict on one record; checking again replaces it."""

    _name = "work.order.preflight"
    _description = "Pre-flight"
    _order = "checked_on desc, id desc"
    _rec_name = "name"

    move_id = fields.Many2one("account.move", string="Invoice", index="btree_not_null", ondelete="cascade")
    work_order_id = fields.Many2one("work.order", index="btree_not_null", ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Buyer", index=True, ondelete="cascade")
    name = fields.Char(compute="_compute_name", store=True)
    verdict = fields.Selection(VERDICTS, required=True, index=True)
    sha256 = fields.Char(string="Content", required=True, help="The content this verdict holds for, as a SHA-256.")
    checked_on = fields.Datetime(required=True, default=fields.Datetime.now)
    finding_ids = fields.One2many("work.order.preflight.finding", "preflight_id", string="Reasons")
    is_stale = fields.Boolean(
        string="Changed Since",
        compute="_compute_is_stale",
        help="The work order or invoice changed after this was checked; check it again.",
    )

    _one_record = models.Constraint(
        "CHECK(num_nonnulls(move_id, work_order_id) = 1)", "A verdict is about one invoice or one work order."
    )
    _move_unique = models.Constraint("UNIQUE(move_id)", "This invoice has a verdict already.")
    _work_order_unique = models.Constraint("UNIQUE(work_order_id)", "This work order has a verdict already.")

    @api.depends("move_id.name", "work_order_id.name")
    def _compute_name(self):
        for verdict in self:
            verdict.name = verdict.move_id.display_name or verdict.work_order_id.name

    @api.depends("sha256")
    def _compute_is_stale(self):
        for verdict in self:
            record = verdict._preflight_record()
            verdict.is_stale = record._preflight_hash() != verdict.sha256

    def _preflight_record(self):
        return self.move_id or self.work_order_id

    def action_check_again(self):
        for records in (self.move_id, self.work_order_id):
            if records:
                records._store_preflight()

    def action_open_record(self):
        self.ensure_one()
        record = self._preflight_record()
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    @api.model
    def cases_of(self, numbers):
        """The cases of these invoices and work orders, by their numbers, as `workorder preflight` judges them.

        :return: {"cases": [{"id", "name", "case"}], "missing": numbers that name nothing this user may see or judge}
        :raises AccessError: if this user may not read verdicts
        """
        found = []
        for model in ("account.move", "work.order"):
            records = self.env[model].search([("name", "in", numbers)])
            found += records.preflight_cases() if records else []
        known = {each["name"] for each in found}
        return {"cases": found, "missing": [number for number in numbers if number not in known]}

    @api.model
    def _store(self, reports):
        """Replace what was stored about these records; gives the verdicts.

        :param reports: {record: :class:`Report`}, all of one model
        """
        if not reports:
            return self.browse()
        link = "move_id" if next(iter(reports))._name == "account.move" else "work_order_id"
        known = {
            verdict[link].id: verdict
            for verdict in self.sudo().search([(link, "in", [record.id for record in reports])])
        }
        for record, report in reports.items():
            if record.id in known:
                clear = [Command.clear()]
                values = self._values_of(record, report)
                known[record.id].write({**values, "finding_ids": clear + values["finding_ids"]})
        new = [
            {link: record.id, "company_id": record.company_id.id, **self._values_of(record, report)}
            for record, report in reports.items()
            if record.id not in known
        ]
        return self.sudo().create(new).union(*known.values())

    def _values_of(self, record, report):
        return {
            "verdict": report.verdict,
            "sha256": report.sha256,
            "checked_on": fields.Datetime.now(),
            "partner_id": record._preflight_buyer().id,
            "finding_ids": [Command.create(values) for values in self._finding_values(report)],
        }

    @api.model
    def _finding_values(self, report):
        return [
            {
                "code": finding.code,
                "severity": finding.severity,
                "message": finding.message,
                "field_name": finding.field,
                "line": finding.line or 0,
                "reason": finding.reason,
                "given": finding.given,
                "expected": finding.expected,
            }
            for finding in report.findings
        ]


class WorkOrderPreflightFinding(models.Model):
    """One reason of a verdict."""

    _name = "work.order.preflight.finding"
    _description = "Pre-flight Reason"
    _order = "preflight_id, severity_rank, code, id"
    _rec_name = "code"

    preflight_id = fields.Many2one("work.order.preflight", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="preflight_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="preflight_id.partner_id", store=True, string="Buyer")
    code = fields.Char(required=True, index=True, help="The rule, as on the page about pre-flight.")
    severity = fields.Selection(
        [(BLOCK, "Will be rejected"), (UNKNOWN_DATA, "Cannot be known"), (WARN, "Warning")], required=True
    )
    severity_rank = fields.Integer(compute="_compute_severity_rank", store=True)
    message = fields.Text(required=True)
    field_name = fields.Char(string="Field", help="What to fix.")
    line = fields.Integer()
    reason = fields.Char(string="Buyer's Reason", help="What the buyer's accounts payable would call it.")
    given = fields.Char()
    expected = fields.Char()

    @api.depends("severity")
    def _compute_severity_rank(self):
        ranks = {BLOCK: 0, UNKNOWN_DATA: 1, WARN: 2}
        for finding in self:
            finding.severity_rank = ranks[finding.severity]
