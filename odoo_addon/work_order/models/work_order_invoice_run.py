"""Bulk invoicing: which work orders, for whom, and how far it got.

Who works on it when is in ``invoice_lane``, what happens to a chunk in ``invoice_chunk``.
"""

from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

#: Follow from the steps of a run; no hand sets them.
OWN_FIELDS = {"name", "state", "user_id", "started_on", "finished_on", "trouble", "line_ids"}
#: What is to be done; fixed once it began.
ORDER_FIELDS = {"company_id", "domain", "post", "invoice_date"}
#: Finished work that waits for its invoice.
TO_INVOICE = "[('state', '=', 'done'), ('type_id.billable', '=', True)]"


class WorkOrderInvoiceRun(models.Model):
    """Invoices of many work orders in chunks, each committed: what is done stays done, and the rest goes on later."""

    _name = "work.order.invoice.run"
    _description = "Invoice Run"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="New")
    user_id = fields.Many2one(
        "res.users",
        string="Started By",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        help="The run does what this user may do, and nothing else.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    domain = fields.Char(
        string="Work Orders",
        default=TO_INVOICE,
        help="Looked up when the run starts; empty for a run over chosen work orders.",
    )
    chunk_size = fields.Integer(
        default=250, required=True, help="After so many work orders what is done is saved for good."
    )
    post = fields.Boolean(
        string="Post the Invoices", default=True, help="Else they stay drafts, for somebody to look at first."
    )
    invoice_date = fields.Date(help="The day of the posting if empty.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Running"),
            ("paused", "Paused"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
        tracking=True,
    )
    started_on = fields.Datetime(readonly=True, copy=False)
    finished_on = fields.Datetime(readonly=True, copy=False)
    trouble = fields.Char(readonly=True, copy=False, help="Why the run stopped by itself.")
    line_ids = fields.One2many("work.order.invoice.run.line", "run_id", readonly=True, copy=False)
    refused_line_ids = fields.One2many(
        "work.order.invoice.run.line", "run_id", string="Refused", domain=[("state", "=", "refused")], readonly=True
    )
    ticket_count = fields.Integer(string="Work Orders in Total", compute="_compute_counts")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    invoiced_count = fields.Integer(string="Invoiced", compute="_compute_counts")
    refused_count = fields.Integer(string="Refused Work Orders", compute="_compute_counts")
    invoice_count = fields.Integer(string="Invoices", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", help="Percent of the work orders dealt with.")

    _chunk_size_in_range = models.Constraint(
        "CHECK(chunk_size BETWEEN 1 AND 1000)", "Chunk Size must be between 1 and 1000 work orders."
    )
    _running = models.Index("(id) WHERE state = 'running'")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        groups = self.env["work.order.invoice.run.line"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count", "move_id:count_distinct"]
        )
        found = {(run.id, state): (count, moves) for run, state, count, moves in groups}
        for run in self:
            counts = {state: found.get((run.id, state), (0, 0))[0] for state in ("waiting", "invoiced", "refused")}
            run.waiting_count, run.invoiced_count, run.refused_count = counts.values()
            run.ticket_count = sum(count for (run_id, _state), (count, _moves) in found.items() if run_id == run.id)
            run.invoice_count = found.get((run.id, "invoiced"), (0, 0))[1]
            dealt_with = run.ticket_count - run.waiting_count
            run.progress = 100.0 * dealt_with / run.ticket_count if run.ticket_count else 0.0

    @api.constrains("domain")
    def _check_domain(self):
        for run in self:
            run._ticket_domain()

    def _ticket_domain(self):
        """The work orders this run looks for, always of its own company.

        :raises ValidationError: if the stored text is no domain
        """
        self.ensure_one()
        try:
            domain = Domain(literal_eval(self.domain or "[]"))
            domain.validate(self.env["work.order"])
        except (ValueError, SyntaxError, TypeError) as error:
            raise ValidationError(self.env._("Work Orders: “%s” is not a valid filter.", self.domain)) from error
        return domain & Domain("company_id", "=", self.company_id.id)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_own_fields(name for vals in vals_list for name in vals if vals[name])
        started = {"state": "draft", "user_id": self.env.uid, "line_ids": []}  # whatever a context would default to
        sequence = self.env["ir.sequence"]
        return super().create(
            [
                {**vals, **started, "name": sequence.next_by_code("work.order.invoice.run") or "New"}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if not self.env.su:
            self._check_own_fields(vals)
        begun = self.filtered(lambda run: run.state != "draft")
        if begun and vals.keys() & ORDER_FIELDS:
            raise UserError(
                self.env._("%s has begun: what it invoices cannot change any more.", ", ".join(begun.mapped("name")))
            )
        return super().write(vals)

    def _check_own_fields(self, names):
        refused = OWN_FIELDS.intersection(names)
        if refused:
            labels = ", ".join(sorted(self._fields[name].get_description(self.env)["string"] for name in refused))
            raise AccessError(self.env._("%s of an invoice run follows from its steps; nobody sets it.", labels))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        begun = self.filtered(lambda run: run.state != "draft")
        if begun:
            raise UserError(
                self.env._("%s is the record of what was invoiced and stays.", ", ".join(begun.mapped("name")))
            )

    def action_start(self):
        """Look the work orders up and begin; the rest happens in the background.

        :raises UserError: if there is nothing to invoice, or the run has begun already
        :raises AccessError: if this user is not in the billing group
        """
        self._check_step("draft")
        for run in self:
            if not run.sudo().line_ids:
                run._add(self.env["work.order"].search(run._ticket_domain(), order="id"))
            if not run.sudo().line_ids:
                raise UserError(self.env._("%s: no work order matches, so there is nothing to invoice.", run.name))
        now = fields.Datetime.now()
        self.sudo().write({"state": "running", "user_id": self.env.uid, "started_on": now})
        return self._wake()

    def action_pause(self):
        """Stop after the present chunk."""
        self._check_step("running")
        return self.sudo().write({"state": "paused"})

    def action_resume(self):
        self._check_step("paused")
        self.sudo().write({"state": "running", "trouble": False})
        return self._wake()

    def action_cancel(self):
        """Leave the work orders alone that are still waiting; what was invoiced stays."""
        self._check_step("draft", "running", "paused")
        self.sudo().line_ids.filtered(lambda line: line.state == "waiting").write({"state": "left"})
        return self.sudo().write({"state": "cancelled", "finished_on": fields.Datetime.now()})

    def _check_step(self, *states):
        self._check_billing()
        labels = dict(self._fields["state"]._description_selection(self.env))
        other = self.filtered(lambda run: run.state not in states)
        if other:
            raise UserError(
                self.env._(
                    "%(runs)s cannot do that: only a run that is %(states)s can.",
                    runs=", ".join(f"{run.name} ({labels[run.state]})" for run in other),
                    states=" / ".join(f"“{labels[state]}”" for state in states),
                )
            )

    def _check_billing(self):
        if not self.env.su and not self.env.user.has_group("work_order.group_billing"):
            raise AccessError(self.env._("Only the billing group creates invoices from work orders."))
        self.check_access("write")

    def _add(self, tickets):
        """Take these work orders in; those that will share an invoice stay together in one chunk."""
        self.ensure_one()
        bundles = tickets._invoice_bundles()
        lane_of = self._lanes(bundles)
        self.env["work.order.invoice.run.line"].sudo().create(
            [
                {"run_id": self.id, "work_order_id": ticket.id, "bundle": number, "lane": lane_of[bundle]}
                for number, bundle in enumerate(bundles)
                for ticket in bundle
            ]
        )

    def action_view_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.work_order_invoice_run_line_action")
        return {**action, "domain": [("run_id", "=", self.id)], "name": self.env._("Report of %s", self.name)}

    def action_view_refused(self):
        return {**self.action_view_lines(), "context": {"search_default_refused": 1}}

    def action_view_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("account.action_move_out_invoice_type")
        return {**action, "domain": [("invoice_run_line_ids.run_id", "=", self.id)], "context": {"create": False}}


class AccountMove(models.Model):
    _inherit = "account.move"

    invoice_run_line_ids = fields.One2many(
        "work.order.invoice.run.line", "move_id", readonly=True, groups="work_order.group_billing"
    )


class WorkOrder(models.Model):
    _inherit = "work.order"

    def action_invoice_in_bulk(self):
        """Open a run over these work orders, however many, for this user to look at and start; one per company.

        :raises AccessError: if this user is not in the billing group, or may not read one of them
        """
        self.check_access("read")
        runs = self.env["work.order.invoice.run"]
        runs._check_billing()
        for company, tickets in self.grouped("company_id").items():
            run = runs.create({"company_id": company.id, "domain": False})
            run._add(tickets.sorted("id"))
            runs |= run
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.work_order_invoice_run_action")
        if len(runs) == 1:
            return {**action, "res_id": runs.id, "views": [(False, "form")], "view_mode": "form"}
        return {**action, "domain": [("id", "in", runs.ids)]}
