from datetime import UTC

from odoo import api, models

from .transmission_states import TROUBLE

#: Enough to act on; the counts tell how many there are.
TROUBLE_LIMIT = 100


class WorkOrderDestination(models.Model):
    _inherit = "work.order.destination"

    @api.model
    def summary(self, code=None):
        """How far every destination is, and which rows need a person; see docs/design.md."""
        if code is not None:
            destinations = self._open_for_bridge(code)
        else:
            self._check_connector()
            destinations = self.sudo().search([("company_id", "in", self.env.user.company_ids.ids)])
        counts, oldest = {}, {}
        for destination, state, count, first in (
            self.env["work.order.transmission"]
            .sudo()
            ._read_group(
                [("destination_id", "in", destinations.ids)],
                ["destination_id", "state"],
                ["__count", "create_date:min"],
            )
        ):
            counts.setdefault(destination, {})[state] = count
            if state == "ready":
                oldest[destination] = first
        return [
            {
                "code": destination.code,
                "name": destination.name,
                "kind": destination.kind,
                "realm": destination.realm or "",
                "state": destination.state,
                "pause_reason": destination.pause_reason or "",
                "counts": counts.get(destination, {}),
                "oldest_ready": iso_moment(oldest.get(destination)),
                "trouble": destination._trouble(),
                "reads_used": destination.reads_used,
                "read_budget": destination.read_budget,
            }
            for destination in destinations
        ]

    def _trouble(self):
        self.ensure_one()
        rows = self.env["work.order.transmission"].search(
            [("destination_id", "=", self.id), ("state", "in", TROUBLE)], limit=TROUBLE_LIMIT, order="id"
        )
        return [
            {
                "id": row.id,
                "invoice": row.name,
                "work_orders": row.work_order_ids.mapped("name"),
                "state": row.state,
                "message": row.message or "",
                "hint": row.hint or "",
                "gaps": row.gaps or [],
            }
            for row in rows
        ]


def iso_moment(moment):
    return moment.replace(tzinfo=UTC, microsecond=0).isoformat() if moment else None
