"""What has been billed, as sums, so that a long history costs a new invoice nothing."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from buyer_simulator.records.values import ZERO

LineKey = tuple[str, str]
"""Keys of PO number and PO line."""


@dataclass
class Share:
    """A quantity in the PO line's unit, and an amount before tax."""

    quantity: Fraction = Fraction(0)
    amount: Decimal = ZERO

    def add(self, other: "Share", sign: int) -> None:
        self.quantity += sign * other.quantity
        self.amount += sign * other.amount


@dataclass
class Posting:
    """What one invoice or credit puts on each account; a credit's figures are positive too."""

    lines: dict[LineKey, Share] = field(default_factory=lambda: defaultdict(Share))
    orders: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    freight: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    work_orders: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    untaxed: Decimal = ZERO


class Ledger:
    """Balances of PO lines, POs and work orders."""

    def __init__(self) -> None:
        self._sums = Posting()

    def post(self, posting: Posting, sign: int) -> None:
        """Add an invoice (+1), or take it or a credit off (-1)."""
        for line, share in posting.lines.items():
            self._sums.lines[line].add(share, sign)
        for ours, theirs in (
            (self._sums.orders, posting.orders),
            (self._sums.freight, posting.freight),
            (self._sums.work_orders, posting.work_orders),
        ):
            for name, amount in theirs.items():
                ours[name] += sign * amount

    def billed(self, order: str, line: str) -> Share:
        """On a PO line, by keys."""
        return self._sums.lines.get((order, line), Share())

    def billed_on_order(self, order: str) -> Decimal:
        """On a PO before tax, its freight and charges included."""
        return self._sums.orders.get(order, ZERO)

    def freight_on_order(self, order: str) -> Decimal:
        """Freight on a PO."""
        return self._sums.freight.get(order, ZERO)

    def billed_on_work_order(self, number: str) -> Decimal:
        """For a work order, with or without tax as the policy counts it."""
        return self._sums.work_orders.get(number, ZERO)
