"""Everything an invoice is compared with."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from buyer_simulator.matching.ledger import Ledger, LineKey, Posting, Share
from buyer_simulator.matching.numbers import spellings
from buyer_simulator.records.order import PurchaseOrder
from buyer_simulator.records.policy import Policy
from buyer_simulator.records.receipt import Receipt
from buyer_simulator.records.values import ZERO, key
from buyer_simulator.records.work_order import WorkOrder


@dataclass
class Known:
    """An invoice or credit that was received before: what became of it, and what it posted or asked for."""

    number: str
    kind: str
    rejected: bool
    posting: Posting
    credited: Posting = field(default_factory=Posting)
    set_aside: bool = False


@dataclass
class Books:
    """The registers of the department; everything is found by key."""

    policy: Policy = field(default_factory=Policy)
    orders: dict[str, PurchaseOrder] = field(default_factory=dict)
    work_orders: dict[str, WorkOrder] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    _received: dict[LineKey, Share] = field(default_factory=lambda: defaultdict(Share))
    _known: dict[tuple[str, str], list[Known]] = field(default_factory=lambda: defaultdict(list))
    _jobs: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))

    def order(self, number: str) -> PurchaseOrder | None:
        return self.orders.get(key(number))

    def receive(self, receipt: Receipt) -> None:
        """Add a receipt to what has arrived on its line."""
        share = self._received[(key(receipt.purchase_order), key(receipt.line))]
        share.add(Share(Fraction(receipt.quantity or 0), receipt.amount or ZERO), 1)

    def received(self, order: str, line: str) -> Share:
        """All that arrived on a PO line, by keys; nothing, where nobody confirmed anything."""
        return self._received.get((order, line), Share())

    def register(self, supplier: str, known: Known, jobs: list[str]) -> None:
        """Remember a number for duplicates and credits, and the jobs it is for."""
        for spelling in spellings(known.number):
            self._known[(key(supplier), spelling)].append(known)
        for job in jobs:
            self._jobs[key(job)].append(known)

    @contextmanager
    def without(self, known: Known) -> Iterator[None]:
        """The books as they would be had this one not come: an invoice is no duplicate of itself."""
        known.set_aside = True
        try:
            yield
        finally:
            known.set_aside = False

    def of_number(self, supplier: str, number: str) -> list[Known]:
        """What came before under this number, whatever became of it."""
        found = [each for spelling in spellings(number) for each in self._known.get((key(supplier), spelling), [])]
        return [each for each in {id(each): each for each in found}.values() if not each.set_aside]

    def of_work_order(self, number: str) -> list[Known]:
        """What came before for a work order."""
        return [each for each in self._jobs.get(key(number), []) if not each.set_aside]

    def to_credit(self, supplier: str, number: str) -> Known | None:
        """The invoice of this number that stands, if there is one."""
        standing = [each for each in self.of_number(supplier, number) if each.kind == "invoice" and not each.rejected]
        return standing[-1] if standing else None

    def remaining(self, order: str) -> Decimal | None:
        """What may still be billed on a PO; None if nothing says."""
        value = self.orders[order].value()
        return None if value is None else value - self.ledger.billed_on_order(order)
