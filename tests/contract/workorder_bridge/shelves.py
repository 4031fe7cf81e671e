"""Where the contract of sources is tried: each shelf is a source, with somebody who posts its invoices."""

import base64
import itertools
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import odoorpc
from workorder_bridge.examples import example_buyer, example_credit
from workorder_bridge.ports import Row
from workorder_bridge.sources.memory import MemorySource
from workorder_bridge.sources.odoo_source import OdooSource

from .batches import Batches


@dataclass
class MemoryShelf:
    """The source in memory, with somebody who posts invoices."""

    source: MemorySource
    code: str = "qbo"
    file: tuple[str, bytes] = ("", b"")
    realm: str = "9341452000000001"
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1000))

    def post(self, count: int, buyer: str = "known") -> None:
        changes = {"buyer": example_buyer(id=43, name="New Buyer")} if buyer == "new" else {}
        for document in Batches.numbered(count, **changes):
            self.source.add(document)

    def credit(self, row: Row) -> None:
        """A posted credit note of the invoice that went out in this row."""
        number = json.loads(row.document)["number"]
        self.source.add(example_credit(number=f"R{number}"), "credit", self.source.rows[row.id])

    def post_with_file(self, name: str, content: bytes) -> None:
        """A posted invoice with a file that is to be attached."""
        self.post(1)
        self.file = (name, content)

    def arrived(self, row: Row, external_id: str) -> None:
        """Odoo lists the file by itself."""
        name, content = self.file
        self.source.files.add(external_id, json.loads(row.document)["number"], name, "text/plain", content)

    def cancel(self, row: Row) -> None:
        """That invoice, cancelled."""
        self.source.add(row.document, "void", self.source.rows[row.id])

    def try_again(self, row: Row) -> None:
        """The button of a row that is certainly not there."""
        self.source.try_again(row.id)

    def new_id(self) -> str:
        return str(next(self._ids))


@dataclass
class OdooShelf:
    """The source in Odoo, with an administrator who posts invoices; each shelf has a destination of its own."""

    source: OdooSource
    admin: odoorpc.ODOO
    code: str
    realm: str
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1000))

    def post(self, count: int, buyer: str = "known") -> None:
        self.admin.execute_kw("account.move", "action_post", [self._draft(count, buyer)])

    def post_with_file(self, name: str, content: bytes) -> None:
        (destination,) = self.admin.execute_kw("work.order.destination", "search", [[("code", "=", self.code)]])
        self.admin.execute_kw("work.order.destination", "write", [[destination], {"attach_evidence": True}])
        (invoice,) = self._draft(1, "known")
        file = {"name": name, "mimetype": "text/plain", "datas": base64.b64encode(content).decode()}
        self._create("ir.attachment", {**file, "res_model": "account.move", "res_id": invoice})
        self.admin.execute_kw("account.move", "action_post", [[invoice]])

    def arrived(self, _row: Row, _external_id: str) -> None:
        """Odoo knows the file from the document."""

    def _draft(self, count: int, buyer: str) -> list[int]:
        partner = self._create("res.partner", {"name": f"{buyer} buyer {secrets.token_hex(3)}", "is_company": True})
        product = self._create("product.product", {"name": "Labor", "type": "service", "taxes_id": [(5,)]})
        line = (0, 0, {"product_id": product, "quantity": 2, "price_unit": 90})
        values = {
            "move_type": "out_invoice",
            "partner_id": partner,
            "invoice_date": "2026-11-20",
            "invoice_line_ids": [line],
        }
        return list(self.admin.execute_kw("account.move", "create", [[values] * count]))

    def credit(self, row: Row) -> None:
        invoice = json.loads(row.document)["odoo"]["invoice_id"]
        (journal,) = self.admin.execute_kw("account.move", "read", [[invoice], ["journal_id"]])
        context = {"context": {"active_model": "account.move", "active_ids": [invoice]}}
        values = {"journal_id": journal["journal_id"][0], "reason": "Wrong price"}
        wizard = self.admin.execute_kw("account.move.reversal", "create", [values], context)
        made = self.admin.execute_kw("account.move.reversal", "reverse_moves", [[wizard]], context)
        self.admin.execute_kw("account.move", "action_post", [[made["res_id"]]])

    def cancel(self, row: Row) -> None:
        invoice = json.loads(row.document)["odoo"]["invoice_id"]
        self.admin.execute_kw("account.move", "button_cancel", [[invoice]])

    def try_again(self, row: Row) -> None:
        self.admin.execute_kw("work.order.transmission", "action_try_again", [[row.id]])

    def new_id(self) -> str:
        return f"{self.code}-{next(self._ids)}"

    def _create(self, model: str, values: dict[str, Any]) -> int:
        return int(self.admin.execute_kw(model, "create", [values]))
