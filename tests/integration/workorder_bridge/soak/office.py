"""The people at Odoo: they close tickets, correct invoices that were not sent yet, and press the buttons of a row.

What each button permits is Odoo's own rule: a row that is certainly not there goes out as a new revision under a new
key, one that nobody can tell about is asked about under its old key.
"""

import itertools
import json
from decimal import ROUND_HALF_UP, Decimal

from workorder_bridge.examples import example_buyer, example_document, example_line, example_tables
from workorder_bridge.ports import Mapped
from workorder_bridge.sources.memory import MemorySource, StoredRow

from .expectation import Expectation

RATE, CENT = Decimal("0.075"), Decimal("0.01")
LABOR = "12"
BUYERS = ((42, "Mercy General Hospital"), (43, "Grand Hotel"), (44, "O'Neil & Söhne: Lagerhaus"))
"""The first is mapped to a customer, the others have to be made."""


class Office:
    """Every invoice has one line of labor, taxed at 7.5 %."""

    def __init__(self, source: MemorySource, expected: Expectation) -> None:
        self._source = source
        self._expected = expected
        self._numbers = (f"INV/2026/{number:05}" for number in itertools.count(1))

    def close_ticket(self, buyer: int, quantity: int, price: Decimal) -> None:
        """A closed ticket is invoiced: posted and queued in one go."""
        self._post(next(self._numbers), buyer, quantity, price)

    @property
    def next_number(self) -> str:
        """Which number the next ticket gets."""
        return f"INV/2026/{len(self._expected.tickets) + 1:05}"

    def correct(self, pick: int, quantity: int) -> None:
        """Reset an invoice nobody sent yet, change it and post it again."""
        ready = [stored for stored in self._source.rows.values() if stored.state == "ready"]
        if ready:
            stored = ready[pick % len(ready)]
            stored.state = "cancelled"
            self._post(number_of(stored), 0, quantity, Decimal("90.00"), replaces=stored)

    def press_buttons(self) -> None:
        """Try again what is certainly not there, ask again what is unknown."""
        for stored in list(self._source.rows.values()):
            if stored.state == "unknown":
                stored.state, stored.leased_until = "sending", self._source.clock()
            renewed = self._source.try_again(stored.row.id)
            if renewed is not stored:
                self._expected.meant(number_of(renewed), total_of(renewed), renewed.row.key)

    def is_done(self) -> bool:
        """Whether no row waits for anything but a person's judgement."""
        return all(stored.state in ("received", "disputed", "cancelled") for stored in self._source.rows.values())

    def knows(self, invoice_id: str) -> bool:
        """Whether Odoo was told this id of QuickBooks."""
        return any(stored.external_id == invoice_id for stored in self._source.rows.values())

    def map_labor(self, item: str | None) -> None:
        """Map labor to another item, or to none."""
        if item is None:
            self._source.tables.items.pop(LABOR, None)
        else:
            self._source.tables.items[LABOR] = Mapped(id=item, name="labor")

    def restore_tables(self) -> None:
        self._source.tables.items.update(example_tables().items)

    def activate(self) -> bool:
        """Let a paused destination go on; False when it was not paused."""
        paused = self._source.state != "active"
        self._source.state, self._source.pause_reason = "active", ""
        return paused

    def _post(self, number: str, buyer: int, quantity: int, price: Decimal, replaces: StoredRow | None = None) -> None:
        partner, name = BUYERS[buyer % len(BUYERS)]
        base = quantity * price
        tax = (base * RATE).quantize(CENT, ROUND_HALF_UP)
        line = example_line(quantity=str(quantity), unit_price=str(price), subtotal=str(base), tax_amount=str(tax))
        document = example_document(
            number=number,
            buyer=example_buyer(id=partner, name=name),
            lines=[line],
            taxes=[{"id": 5, "name": "7.5%", "base": str(base), "amount": str(tax)}],
            totals={"untaxed": str(base), "tax": str(tax), "total": str(base + tax)},
        )
        self._queue(document, number, replaces)

    def _queue(self, document: str, number: str, replaces: StoredRow | None) -> None:
        stored = self._source.add(document, replaces=replaces)
        self._expected.meant(number, total_of(stored), stored.row.key)


def number_of(stored: StoredRow) -> str:
    return str(json.loads(stored.row.document)["number"])


def total_of(stored: StoredRow) -> Decimal:
    return Decimal(json.loads(stored.row.document)["totals"]["total"])
