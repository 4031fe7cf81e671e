"""The people in Odoo."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

import odoorpc
from workorder_sandbox import OdooServer


@dataclass
class Office:
    """The people in Odoo: they turn orders into posted invoices, and look at what became of them."""

    server: OdooServer
    odoo: odoorpc.ODOO
    known: dict[str, int] = field(default_factory=dict)

    def call(self, model: str, method: str, *arguments: Any, **options: Any) -> Any:
        return self.odoo.execute_kw(model, method, list(arguments), options)

    def record(self, xmlid: str) -> int:
        if xmlid not in self.known:
            module, name = xmlid.split(".")
            self.known[xmlid] = int(self.call("ir.model.data", "check_object_reference", module, name)[1])
        return self.known[xmlid]

    def post_tickets(self, count: int, product: int | None = None, photo: bytes = b"") -> list[str]:
        """So many closed tickets with posted invoices, waiting to be sent; their invoices' numbers.

        With `photo`, each ticket has one.
        """
        orders = self.call("sale.order", "create", [self._order(n, product) for n in range(count)])
        self._do("sale.order", "action_confirm", orders)
        tickets = self._ids("work.order", [("sale_order_id", "in", orders)])
        self.call(
            "work.order",
            "write",
            tickets,
            {"technician_ids": [(4, self.odoo.env.uid)], "scheduled_start": "2026-11-20 08:00:00"},
        )
        self._do("work.order", "action_dispatch", tickets)
        self._do("work.order", "action_start", tickets)
        self._do("work.order.task", "action_done", self._ids("work.order.task", [("work_order_id", "in", tickets)]))
        self.call("work.order", "write", tickets, {"signed_by": "Pat Doyle"})
        if photo:
            picture = {"name": "after.png", "mimetype": "image/png", "datas": base64.b64encode(photo).decode()}
            files = [{**picture, "res_model": "work.order", "res_id": ticket} for ticket in tickets]
            self.call("ir.attachment", "create", files)
        self._do("work.order", "action_complete", tickets)
        self._do("work.order", "action_create_invoices", tickets)
        invoices = self._ids("account.move", [("invoice_line_ids.work_order_id", "in", tickets)])
        self._do("account.move", "action_post", invoices)
        posted = self.call("account.move", "read", invoices, ["name"])
        assert len(posted) == count
        return sorted(invoice["name"] for invoice in posted)

    def credit(self, number: str) -> str:
        """A posted credit note for all of an invoice; its number."""
        (invoice,) = self.call("account.move", "search_read", [("name", "=", number)], ["journal_id"])
        context = {"active_model": "account.move", "active_ids": [invoice["id"]]}
        values = {"journal_id": invoice["journal_id"][0], "reason": "Wrong price"}
        wizard = self.call("account.move.reversal", "create", [values], context=context)
        made = self.call("account.move.reversal", "reverse_moves", wizard, context=context)
        self._do("account.move", "action_post", [made["res_id"]])
        (note,) = self.call("account.move", "read", [made["res_id"]], ["name"])
        return str(note["name"])

    def want_evidence(self, wanted: bool) -> None:
        """Whether the destination has files attached."""
        destination = self.record("work_order_transmission.destination_qbo")
        self.call("work.order.destination", "write", [destination], {"attach_evidence": wanted})

    def evidence(self, number: str) -> list[tuple[str, str]]:
        """Name and state of each file of an invoice."""
        domain = [("transmission_id.name", "=", number)]
        files = self.call("work.order.transmission.file", "search_read", domain, ["name", "state"])
        return [(file["name"], file["state"]) for file in files]

    def cancel(self, number: str) -> None:
        """Cancel and Void."""
        self._do("account.move", "button_cancel", self._ids("account.move", [("name", "=", number)]))

    def states(self, number: str) -> dict[str, str]:
        """State by kind of the rows of one invoice."""
        rows = self.call("work.order.transmission", "search_read", [("name", "=", number)], ["kind", "state"])
        return {row["kind"]: row["state"] for row in rows}

    def rows(self, numbers: list[str]) -> dict[str, tuple[str, str]]:
        """State and external id of each invoice's transmission row."""
        found = self.call(
            "work.order.transmission",
            "search_read",
            [("invoice_id.name", "in", numbers)],
            ["name", "state", "external_id"],
        )
        assert len(found) == len(numbers)
        return {row["name"]: (row["state"], row["external_id"] or "") for row in found}

    def _order(self, place: int, product: int | None) -> dict[str, Any]:
        line = {
            "product_id": product or self.record("work_order.product_hvac_labor"),
            "product_uom_qty": 1 + place % 7,
            "buyer_po_line": "10",
            "buyer_item_code": "MERCY-HVAC-01",
        }
        return {
            "partner_id": self.record("work_order.partner_mercy"),
            "buyer_po": f"45{place:08}",
            "cost_center_id": self.record("work_order.cost_center_hospital_hvac"),
            "order_line": [(0, 0, line)],
        }

    def _ids(self, model: str, domain: list[Any]) -> list[int]:
        return list(self.call(model, "search", domain))

    def _do(self, model: str, method: str, ids: list[int]) -> None:
        """Some buttons answer with what no RPC can carry; what they did counts."""
        for start in range(0, len(ids), 50):
            self.call(model, method, ids[start : start + 50])
