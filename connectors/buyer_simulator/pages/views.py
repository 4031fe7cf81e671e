"""What the pages show of the books."""

from dataclasses import dataclass
from decimal import Decimal

from buyer_simulator.matching.books import Books
from buyer_simulator.matching.wording import plain
from buyer_simulator.office.entry import Entry, State
from buyer_simulator.records.order import OrderLine, PurchaseOrder
from buyer_simulator.records.values import ZERO, key

TONES: dict[State, str] = {
    "received": "quiet",
    "in_process": "plain",
    "accepted": "good",
    "paid": "good",
    "disputed": "bad",
    "rejected": "bad",
}


@dataclass(frozen=True)
class LineView:
    """A PO line with its balances; `share` is how much of it is billed, 0 to 100, None if nothing says."""

    line: OrderLine
    received: Decimal
    billed: Decimal
    billed_amount: Decimal
    value: Decimal | None

    @property
    def share(self) -> int | None:
        return share(self.billed_amount, self.value)


@dataclass(frozen=True)
class OrderView:
    """A PO with its balances."""

    order: PurchaseOrder
    billed: Decimal
    value: Decimal | None
    lines: list[LineView]

    @property
    def remaining(self) -> Decimal | None:
        return None if self.value is None else self.value - self.billed

    @property
    def share(self) -> int | None:
        return share(self.billed, self.value)


def share(part: Decimal, whole: Decimal | None) -> int | None:
    """Percent of the whole, between 0 and 100."""
    if not whole:
        return None
    return int(max(ZERO, min(part / whole, Decimal(1))) * 100)


def order_view(order: PurchaseOrder, books: Books) -> OrderView:
    number = key(order.number)
    lines = []
    for line in order.lines:
        billed = books.ledger.billed(number, key(line.number))
        received = plain(books.received(number, key(line.number)).quantity)
        lines.append(LineView(line, received, plain(billed.quantity), billed.amount, line.value()))
    return OrderView(order, books.ledger.billed_on_order(number), order.value(), lines)


def orders_of(entry: Entry) -> str:
    """The POs an invoice names, for a list."""
    named = [entry.invoice.purchase_order, *(line.purchase_order for line in entry.invoice.lines)]
    return ", ".join(dict.fromkeys(number for number in named if number)) or "none"
