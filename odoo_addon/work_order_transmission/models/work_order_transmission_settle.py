from datetime import timedelta
from decimal import Decimal

from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import SQL

from .settlement_errors import ARRIVED_STATES
from .transmission_states import EXISTING, TROUBLE

THERE = (*EXISTING, "voided")


class Conflict(Exception):
    """An answer that contradicts what the row knows; reported and logged, never stored."""


class WorkOrderTransmission(models.Model):
    """Answers: what the bridge found out about rows, believed only where it fits what is known already."""

    _inherit = "work.order.transmission"

    @api.model
    def _settle(self, destination, lease, results):
        """Store well-formed answers; see ``work.order.destination.settle``."""
        if any(result["state"] == "blocked" for result in results):
            destination._wait_for_table_edits()
        rows, owners = self._lock_for_settle(destination, results)
        answer = {"settled": [], "unchanged": [], "conflicts": []}
        contradicted = {}
        for result in results:
            row = rows.get(result["id"])
            try:
                if not row or row.key != result["key"]:
                    raise Conflict(self.env._("There is no row with this id and key at %s.", destination.name))
                changed = row._accept(result, lease, owners)
            except Conflict as conflict:
                answer["conflicts"].append({"id": result["id"], "message": str(conflict)})
                if row:
                    contradicted[row] = str(conflict)
            else:
                answer["settled" if changed else "unchanged"].append(result["id"])
        settled = self.browse(answer["settled"])
        settled.filtered(lambda row: row.state in TROUBLE)._announce_trouble()
        settled.filtered(lambda row: row.state not in TROUBLE)._close_activities()
        self._log_conflicts(contradicted)
        return answer

    @api.model
    def _lock_for_settle(self, destination, results):
        """The rows by id, locked, and which row owns each (kind, external id) these answers mention."""
        self.env.flush_all()
        ids = [result["id"] for result in results]
        external_ids = [result["external_id"] for result in results if result.get("external_id")]
        self.env.execute_query(
            SQL(
                "SELECT id FROM work_order_transmission WHERE id = ANY(%s) AND destination_id = %s "
                "ORDER BY id FOR UPDATE",
                ids,
                destination.id,
            )
        )
        rows = self.search(
            [("destination_id", "=", destination.id), "|", ("id", "in", ids), ("external_id", "in", external_ids)]
        )
        return {row.id: row for row in rows}, {(row.kind, row.external_id): row for row in rows if row.external_id}

    def _accept(self, result, lease, owners):
        """Store one answer on this row.

        :return: whether anything changed
        :raises Conflict: if it contradicts what is known
        """
        self.ensure_one()
        if result["state"] in ARRIVED_STATES:
            vals = self._vals_when_there(result, owners)
            owners[self.kind, result["external_id"]] = self
        else:
            vals = self._vals_when_not_there(result, lease)
        if not self._differs(vals):
            return False
        self.write(dict(vals, settled_at=fields.Datetime.now()))
        return True

    def _differs(self, vals):
        return any((self[name] or False) != (value or False) for name, value in vals.items() if name != "lease_until")

    def _vals_when_there(self, result, owners):
        """The document exists there: a fact whatever the lease says, which only another identity contradicts."""
        external_id = result["external_id"]
        owner = owners.get((self.kind, external_id))
        if owner and owner != self:
            text = self.env._("ID %(id)s already belongs to %(invoice)s.", id=external_id, invoice=owner.name)
            raise Conflict(text)
        if self.external_id and self.external_id != external_id:
            raise Conflict(
                self.env._(
                    "%(invoice)s is recorded there with ID %(known)s; the answer says %(new)s. Is it there twice?",
                    invoice=self.name,
                    known=self.external_id,
                    new=external_id,
                )
            )
        if self.state == "cancelled":
            raise Conflict(
                self.env._(
                    "%(invoice)s was withdrawn in Odoo, but exists there with ID %(id)s. Void it there, or look why.",
                    invoice=self.name,
                    id=external_id,
                )
            )
        vals = {
            name: result[name]
            for name in ("external_id", "external_number", "external_version", "external_url")
            if result.get(name) is not None
        }
        for name in ("external_total", "external_tax"):
            if result.get(name) is not None:
                vals[name] = self.currency_id.round(float(result[name]))
        vals.update(self._texts(result), gaps=False, state=result["state"])
        if result["state"] == "received":
            vals.update(self._state_of_received(result))
        return vals

    def _state_of_received(self, result):
        """“received” promises agreement to the cent; another total is a difference, whoever checked it."""
        total = result.get("external_total")
        if total is not None and self.currency_id.compare_amounts(float(Decimal(total)), self.amount_total):
            return {
                "state": "disputed",
                "message": self.env._(
                    "Total is %(there)s there, but %(here)s in Odoo.", there=total, here=f"{self.amount_total:.2f}"
                ),
            }
        paid = self.kind == "invoice" and self.invoice_id.payment_state == "paid"
        return {"state": "paid" if paid else "received"}

    def _vals_when_not_there(self, result, lease):
        state = result["state"]
        if self.state in THERE:
            raise Conflict(
                self.env._(
                    "%(invoice)s is recorded as existing there (ID %(id)s), so it cannot become “%(state)s”.",
                    invoice=self.name,
                    id=self.external_id or "?",
                    state=state,
                )
            )
        if state in ("release", "blocked") and self.state == "ready":
            return {}
        if (self.request_id or None) != lease or self.state not in ("sending", state):
            raise Conflict(
                self.env._(
                    "%(invoice)s is not waiting for this answer any more (it is “%(now)s”).",
                    invoice=self.name,
                    now=self._state_label(),
                )
            )
        if state == "retry":
            return self._vals_to_retry(result)
        if state == "release" or (state == "blocked" and self._tables_changed_since_claim()):
            cleared = ("request_id", "batch_index", "lease_until", "attempt", "retried_attempt", "gaps")
            return dict.fromkeys(cleared, False) | self._texts(result) | {"state": "ready"}
        gaps = result.get("gaps") or []
        vals = self._texts(result) | {"state": state, "gaps": gaps or False, "lease_until": False}
        if not vals["message"]:
            vals["message"] = " ".join(dict.fromkeys(gap["message"] for gap in gaps)) or False
        return vals

    def _tables_changed_since_claim(self):
        """Whether the gaps were found with tables that somebody has edited since."""
        changed = self.destination_id.tables_changed_at
        return bool(changed and self.claimed_at and changed > self.claimed_at)

    def _vals_to_retry(self, result):
        if self.retried_attempt == self.attempt:
            return {}
        wait = timedelta(seconds=result.get("retry_after") or 0)
        return self._texts(result) | {
            "lease_until": fields.Datetime.now() + wait,
            "retried_attempt": self.attempt,
        }

    def _texts(self, result):
        return {name: result.get(name) or False for name in ("message", "hint", "reference")}

    def _state_label(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _log_conflicts(self, texts):
        if texts:
            rows = self.browse([row.id for row in texts])
            rows._message_log_batch(
                bodies={
                    row.id: self.env._("An answer contradicts this row and was not stored. %s", text)
                    for row, text in texts.items()
                }
            )

    def _announce_trouble(self):
        """Tell the people who look at the invoice, and ask the responsible person to act."""
        if not self:
            return
        bodies = {}
        for row in self:
            head = (row.destination_id.name, row._state_label())
            text = Markup("<b>%s: %s.</b> %s %s") % (*head, row.message or "", row.hint or "")
            bodies[row.invoice_id.id] = bodies.get(row.invoice_id.id, Markup()) + text
        self.invoice_id._message_log_batch(bodies=bodies)
        self._open_activities()

    def _activity_type(self):
        return self.env.ref("work_order_transmission.mail_activity_type_trouble", raise_if_not_found=False)

    def _find_activities(self):
        activity_type = self._activity_type()
        if not (self and activity_type):
            return self.env["mail.activity"]
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "account.move"),
                ("res_id", "in", self.invoice_id.ids),
                ("activity_type_id", "=", activity_type.id),
            ]
        )

    def _open_activities(self):
        busy = set(self._find_activities().mapped("res_id"))
        rows = self.filtered(lambda row: row.destination_id.responsible_id and row.invoice_id.id not in busy)
        activity_type = self._activity_type()
        if rows and activity_type:
            model_id = self.env["ir.model"]._get_id("account.move")
            self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
                [
                    {
                        "res_model_id": model_id,
                        "res_id": row.invoice_id.id,
                        "activity_type_id": activity_type.id,
                        "user_id": row.destination_id.responsible_id.id,
                        "summary": f"{row.destination_id.name}: {row._state_label()}",
                    }
                    for row in rows
                ]
            )

    def _close_activities(self):
        """The trouble is over: nobody should be asked to look any more."""
        self._find_activities().unlink()
