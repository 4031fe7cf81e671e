from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .drift_causes import CAUSES, FOLLOWABLE, KEEPABLE, POLICIES


class WorkOrderDriftPolicy(models.Model):
    """What happens by itself when a change of one kind comes in. Without a row somebody is asked."""

    _name = "work.order.drift.policy"
    _description = "Rule for Changes in the Accounting System"
    _order = "cause, id"

    destination_id = fields.Many2one("work.order.destination", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="destination_id.company_id", store=True)
    cause = fields.Selection(CAUSES, string="What Changed", required=True)
    policy = fields.Selection(POLICIES, string="Then", required=True, default="ask")

    _cause_unique = models.Constraint(
        "UNIQUE(destination_id, cause)", "There is a rule for this kind of change already."
    )

    @api.constrains("cause", "policy")
    def _check_policy(self):
        """Odoo follows only where nothing has to be invented, and is kept only where the books still agree."""
        labels = dict(self._fields["cause"]._description_selection(self.env))
        for rule in self:
            if rule.policy == "follow" and rule.cause not in FOLLOWABLE:
                raise ValidationError(
                    self.env._("“%s” cannot be followed by itself: somebody has to look.", labels[rule.cause])
                )
            if rule.policy == "keep" and rule.cause not in KEEPABLE:
                raise ValidationError(
                    self.env._(
                        "After “%s” the books would differ without anybody knowing: ask a person.", labels[rule.cause]
                    )
                )


class WorkOrderDestination(models.Model):
    _inherit = "work.order.destination"

    drift_policy_ids = fields.One2many("work.order.drift.policy", "destination_id", string="Rules for Changes There")


class WorkOrderDrift(models.Model):
    _inherit = "work.order.drift"

    def _apply_policies(self):
        """What a rule cannot do stays open, with the reason in its history."""
        rules = {
            (rule.destination_id, rule.cause): rule.policy
            for rule in self.env["work.order.drift.policy"].search([("destination_id", "in", self.destination_id.ids)])
        }
        for drift in self:
            policy = rules.get((drift.destination_id, drift.cause), "ask")
            if policy == "keep":
                drift._answered("ignored", self.env._("Odoo stays as it is, by the rule of the destination."))
            elif policy == "follow" and drift._is_followable():
                drift._follow_by_rule()

    def _follow_by_rule(self):
        try:
            with self.env.cr.savepoint():
                self._follow()
        except UserError as error:  # anything else is a defect and must be seen as one
            self._message_log(body=self.env._("Could not be followed by rule: %s", str(error)))
