"""How findings become entries of the inbox: once each, up to date while open, closed when they are no longer so."""

import json

from odoo import api, fields, models

from .drift_causes import ANSWERED
from .work_order_destination_payments import parse_moment


class WorkOrderDrift(models.Model):
    _inherit = "work.order.drift"

    @api.model
    def _report(self, destination, seen):
        """Compare what was seen there with what Odoo knows, and keep the inbox in step.

        :param dict seen: well-formed; see docs/design.md
        :return: the entries that are new and wait for a person
        """
        customers = {customer["external_id"]: customer for customer in seen.get("customers", [])}
        findings = [
            *self.env["work.order.transmission"]._find_drift(destination, seen.get("invoices", []), customers),
            *self.env["account.payment"]._find_drift(destination, seen.get("payments", [])),
            *self.env["quickbooks.customer.map"]._find_drift(destination, seen.get("invoices", []), customers),
        ]
        known = self._known(destination, {finding["external_id"] for finding in findings})
        new = self.browse()
        for finding in findings:
            new |= self._record(destination, finding, known.get(_key_of(finding), self.browse()))
        new._apply_policies()
        waiting = new.filtered(lambda drift: drift.state == "open")
        waiting._announce()
        return waiting

    @api.model
    def _known(self, destination, external_ids):
        """Entries by what they are about, the latest first."""
        known = {}
        for drift in self.search([("destination_id", "=", destination.id), ("external_id", "in", list(external_ids))]):
            key = (drift.external_id, drift.cause, drift.transmission_id.id, drift.partner_id.id)
            known[key] = known.get(key, self.browse()) | drift
        return known

    @api.model
    def _record(self, destination, finding, known):
        """One finding, with the entries there are about the same thing.

        :return: the new entry, or none
        """
        closing = finding.pop("closing", None) or self.env._("Here and there are the same again.")
        open_entry = known.filtered(lambda drift: drift.state == "open")
        if not finding["differences"]:
            open_entry._close("past", closing)
            return self.browse()
        if open_entry:
            open_entry._refresh(finding)
            return self.browse()
        answered = known[:1]
        same = answered and _there(answered.differences) == _there(finding["differences"])
        if same and (answered.state in ANSWERED or answered.sync_token == finding["sync_token"]):
            return self.browse()
        if finding["sync_token"] in known.mapped("sync_token"):
            return self.browse()
        return self.create({"destination_id": destination.id, **finding})

    def _refresh(self, finding):
        """It changed once more before anybody looked."""
        self.ensure_one()
        if is_older(finding["sync_token"], self.sync_token):
            return
        names = (
            "sync_token",
            "changed_at",
            "differences",
            "amount_here",
            "amount_there",
            "counterpart_id",
            "counterpart_name",
        )
        vals = {name: finding[name] for name in names if name in finding and self[name] != finding[name]}
        if vals:
            self.write(vals)

    def _close(self, state, resolution):
        """Nobody needs to look any more."""
        if not self:
            return
        self.write(
            {
                "state": state,
                "resolution": resolution,
                "resolved_by_id": self.env.context.get("resolved_by", False),
                "resolved_on": fields.Datetime.now(),
            }
        )
        self.activity_ids.unlink()

    def _announce(self):
        """Tell the people who look at the invoice, and ask the responsible person to act."""
        if not self:
            return
        bodies = {}
        for invoice, entries in self.filtered("invoice_id").grouped("invoice_id").items():
            bodies[invoice.id] = self.env._(
                "Changed in %(destination)s: %(what)s.",
                destination=entries[:1].destination_id.name,
                what=", ".join(entry._cause_label() for entry in entries),
            )
        self.invoice_id._message_log_batch(bodies=bodies)
        activity_type = self.env.ref("work_order_transmission.mail_activity_type_drift", raise_if_not_found=False)
        asked = self.filtered("destination_id.responsible_id")
        if activity_type and asked:
            model_id = self.env["ir.model"]._get_id("work.order.drift")
            self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
                [
                    {
                        "res_model_id": model_id,
                        "res_id": drift.id,
                        "activity_type_id": activity_type.id,
                        "user_id": drift.destination_id.responsible_id.id,
                        "summary": drift.display_name,
                    }
                    for drift in asked
                ]
            )

    def _cause_label(self):
        self.ensure_one()
        return dict(self._fields["cause"]._description_selection(self.env))[self.cause]


def finding(about, cause, external_id, entry, differences, **more):
    """What is to be said about one thing; no differences says that all is well with it.

    :param dict differences: name of the field → (here, there)
    :param more: values of the entry, and ``closing``: why an open entry is no longer so
    """
    return {
        "name": about,
        "cause": cause,
        "external_id": external_id,
        "sync_token": entry["version"] or entry.get("status") or "0",
        "changed_at": parse_moment(entry.get("changed_at")) or False,
        "differences": [{"name": name, "here": here, "there": there} for name, (here, there) in differences.items()],
        **more,
    }


def _key_of(finding):
    return (
        finding["external_id"],
        finding["cause"],
        finding.get("transmission_id") or False,
        finding.get("partner_id") or False,
    )


def _there(differences):
    return json.dumps({row["name"]: row["there"] for row in differences or []}, sort_keys=True)


def is_older(version, other):
    """Versions there are counters; anything else is never older."""
    return bool(version and other and version.isdigit() and other.isdigit() and int(version) < int(other))
