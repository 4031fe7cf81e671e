"""What the buyer would reject is refused while it is cheap to mend: before dispatch, at completion, at posting."""

from odoo import api, fields, models

from ..preflight import RULES
from ..preflight.report import BLOCK
from .work_order_flow import FINISHED, Reason
from .work_order_preflight import READERS, VERDICTS

TITLES = {rule.code: rule.title for rule in RULES}
#: What dispatch asks already, in its own words: PO and PO line, whether they are open, what is left of them.
ASKED_ELSEWHERE = {"P09", "P11", "P12", "P20", "P22", "P23", "P24", "P25"}
#: What can be mended on the ticket before anybody is sent.
BEFORE_WORK = {"P08", "P10", "P13", "P14", "P15", "P16", "P18", "P19", "P28", "P29", "P30", "P32"}
#: Where the verdicts of the work orders that are just moving wait for their gates.
JUDGED = "work_order_preflight_judged"
#: What matters when an invoice is sent, not when it is posted.
BEFORE_SENDING = {"P01", "P37", "P40", "P41"}


class WorkOrder(models.Model):
    _inherit = "work.order"

    preflight_verdict = fields.Selection(
        VERDICTS,
        string="Pre-flight",
        compute="_compute_preflight",
        compute_sudo=True,
        groups=READERS,
        help="Whether the buyer's accounts payable would match this work as it stands now.",
    )
    preflight_text = fields.Text(compute="_compute_preflight", compute_sudo=True, groups=READERS)

    @api.depends("task_ids", "buyer_po", "partner_id", "state")
    def _compute_preflight(self):
        profiles = self.env["buyer.profile"]._profiles_of(self)
        judged = self._origin.filtered(lambda order: profiles.get(order.id) and order.state != "cancelled")
        reports = judged._preflight_reports() if judged else {}
        for order in self:
            report = reports.get(order._origin)
            order.preflight_verdict = report.verdict if report else False
            order.preflight_text = (
                "\n".join(f"{each.code} {each.message}" for each in report.findings) if report else ""
            )

    def _advance(self, target):
        """Before a gate that asks pre-flight all work orders are judged together, not one query after the other."""
        demanding = self._preflight_demanding() if target in ("dispatched", "done") else self.browse()
        if not demanding:
            return super()._advance(target)
        reports = demanding._preflight_reports()
        self.env.cr.cache[JUDGED] = {order.id: report for order, report in reports.items()}
        try:
            return super()._advance(target)
        finally:
            del self.env.cr.cache[JUDGED]

    def _preflight_demanding(self):
        """Those whose buyer's profile says to refuse what the buyer would reject."""
        return self.filtered(lambda order: order.buyer_profile_id.sudo().preflight_gate == "block")

    def _gate_dispatched(self):
        return super()._gate_dispatched() + self._reasons_by_preflight(BEFORE_WORK)

    def _gate_done(self):
        reasons = super()._gate_done()
        if self.state in FINISHED:  # an invoice was withdrawn; the work itself is as it was
            return reasons
        return reasons + self._reasons_by_preflight(BEFORE_WORK | {"P27", "P34"})

    def _reasons_by_preflight(self, codes):
        """Blocking findings of these rules; those who see no prices are told the rule only."""
        if not self._preflight_demanding():
            return []
        known = self.env.cr.cache.get(JUDGED, {})
        report = known[self.id] if self.id in known else self._preflight_reports().get(self)
        found = [
            finding
            for finding in (report.findings if report else ())
            if finding.severity == BLOCK and finding.code in codes
        ]
        if not self._sees_money():
            titles = dict.fromkeys(TITLES[finding.code] for finding in found)
            return [
                Reason("task_ids", self.env._("%s: the buyer would refuse it. Ask a dispatcher.", t)) for t in titles
            ]
        texts = dict.fromkeys(finding.message for finding in found if not self._says_already(finding))
        return [Reason("task_ids", text) for text in texts]

    def _says_already(self, finding):
        """A missing PO is asked for by dispatch itself."""
        return finding.code == "P08" and finding.field == "buyer_po" and not finding.given


class AccountMove(models.Model):
    _inherit = "account.move"

    preflight_ids = fields.One2many("work.order.preflight", "move_id", groups=READERS)
    preflight_verdict = fields.Selection(
        VERDICTS,
        string="Pre-flight",
        compute="_compute_preflight",
        compute_sudo=True,
        search="_search_preflight_verdict",
        groups=READERS,
        help="Whether the buyer's accounts payable would match this invoice, as checked last.",
    )
    preflight_text = fields.Text(compute="_compute_preflight", compute_sudo=True, groups=READERS)
    preflight_is_stale = fields.Boolean(compute="_compute_preflight", compute_sudo=True, groups=READERS)

    @api.depends("preflight_ids.verdict", "preflight_ids.sha256")
    def _compute_preflight(self):
        for move in self:
            verdict = move.preflight_ids[:1]
            move.preflight_verdict = verdict.verdict
            move.preflight_text = "\n".join(f"{each.code} {each.message}" for each in verdict.finding_ids)
            move.preflight_is_stale = bool(verdict) and len(self) == 1 and verdict.is_stale

    @api.model
    def _search_preflight_verdict(self, operator, value):
        if operator not in ("in", "="):
            return NotImplemented
        values = [value] if operator == "=" else list(value)
        found = [("preflight_ids.verdict", "in", [each for each in values if each])]
        return ["|", ("preflight_ids", "=", False), *found] if False in values else found

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "posted":  # only now it has its number; whoever is refused takes everything back
            reasons = self._preflight_at_posting()
            if reasons:
                raise self._posting_refusal(reasons)
        return result

    def _reasons_of_buyers(self):
        profiles = self._preflight_profiles()
        return super()._reasons_of_buyers() + self._preflight_refusals(profiles, self._preflight_judged(profiles))

    def _preflight_at_posting(self):
        """Judge the invoices of buyers who have a profile and keep the verdicts; gives what must not be posted."""
        profiles = self._preflight_profiles()
        if profiles:  # of two people who post on one PO at once the second sees what the first one billed
            self.sudo().invoice_line_ids.work_order_task_id.buyer_purchase_order_id._lock_balances()
        reports = self._preflight_judged(profiles)
        self.env["work.order.preflight"]._store(reports)
        return self._preflight_refusals(profiles, reports)

    def _preflight_judged(self, profiles):
        return self.filtered(lambda move: move.id in profiles)._preflight_reports() if profiles else {}

    def _preflight_profiles(self):
        """The buyer's profile of each invoice here that has one, by id; a company without register pays no query."""
        companies = self.company_id.filtered("keeps_buyer_register")
        moves = self.filtered(lambda move: move.company_id in companies and move.is_sale_document())
        if not moves:
            return {}
        domain = [("partner_id", "in", moves.commercial_partner_id.ids), ("company_id", "in", companies.ids)]
        found = self.env["buyer.profile"].sudo().search(domain)
        profile_of = {(profile.partner_id, profile.company_id): profile for profile in found}
        places = {move.id: (move.commercial_partner_id, move.company_id) for move in moves}
        return {move_id: profile_of[place] for move_id, place in places.items() if place in profile_of}

    def _preflight_refusals(self, profiles, reports):
        """Pairs of invoice and :class:`Reason` where the buyer's profile says to refuse."""
        return [
            (move, Reason(finding.field, f"{finding.code} {finding.message}"))
            for move, report in reports.items()
            if profiles[move.id].preflight_gate == "block"
            for finding in report.findings
            if finding.severity == BLOCK and finding.code not in BEFORE_SENDING
        ]
