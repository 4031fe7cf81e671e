"""Which PO line each invoice line bills."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from buyer_simulator.matching.books import Books
from buyer_simulator.matching.units import factor
from buyer_simulator.matching.wording import money
from buyer_simulator.records.invoice import Invoice, InvoiceLine
from buyer_simulator.records.order import OrderLine, PurchaseOrder
from buyer_simulator.records.policy import Policy
from buyer_simulator.records.values import key


@dataclass(frozen=True)
class Claim:
    """An invoice line, the PO and the PO line found for it, and its quantity in the PO line's unit.

    `factor` is None where the unit cannot be converted; `order_line` where the line was not found.
    """

    line: InvoiceLine
    order_number: str
    order: PurchaseOrder | None
    order_line: OrderLine | None
    factor: Fraction | None

    @property
    def quantity(self) -> Fraction | None:
        return None if self.factor is None else Fraction(self.line.quantity) * self.factor

    @property
    def account(self) -> tuple[str, str] | None:
        """Keys of PO and PO line, once both were found."""
        if self.order is None or self.order_line is None:
            return None
        return key(self.order.number), key(self.order_line.number)


@dataclass(frozen=True)
class Examination:
    """An invoice on a clerk's desk: with the books, the day, and a claim for each line of goods and services."""

    invoice: Invoice
    books: Books
    today: date
    claims: tuple[Claim, ...]

    @property
    def policy(self) -> Policy:
        return self.books.policy

    @property
    def is_credit(self) -> bool:
        return self.invoice.kind == "credit"

    @property
    def order_numbers(self) -> dict[str, str]:
        """Every PO that header, lines or charges name, by key as it is written."""
        on_lines = [line.purchase_order for line in self.invoice.lines]
        on_charges = [charge.purchase_order for charge in self.invoice.charges]
        named = (self.invoice.purchase_order, *on_lines, *on_charges)
        return {key(number): number for number in named if number}

    @property
    def orders(self) -> list[PurchaseOrder]:
        """Those of them that are ours."""
        found = [self.books.order(number) for number in self.order_numbers]
        return [order for order in found if order is not None]

    def money(self, amount: Decimal) -> str:
        """An amount as it is written in a reason, in the invoice's currency."""
        return money(amount, self.invoice.currency)

    @property
    def jobs(self) -> list[str]:
        """The work orders it names, on the header or a line, each once."""
        named = [*(job.number for job in self.invoice.work_orders), *(line.work_order for line in self.invoice.lines)]
        return list({key(number): number for number in named if number}.values())


def examine(invoice: Invoice, books: Books, today: date) -> Examination:
    """Lay the invoice beside the books."""
    return Examination(invoice, books, today, tuple(_claim(invoice, line, books) for line in invoice.items()))


def candidates(order: PurchaseOrder, line: InvoiceLine) -> list[OrderLine]:
    """Open PO lines that a line without a number may mean: same item, same unit.

    Source: Coupa resolves a blank PO line from supplier part and unit (D).
    """
    if not line.item_code:
        return []
    wanted = (key(line.item_code), key(line.unit))
    return [each for each in order.lines if each.is_open and (key(each.item_code), key(each.unit)) == wanted]


def _claim(invoice: Invoice, line: InvoiceLine, books: Books) -> Claim:
    number = line.purchase_order or invoice.purchase_order
    order = books.order(number) if number else None
    order_line = _order_line(order, line, books.policy) if order else None
    found = factor(books.policy, line.unit, order_line.unit) if order_line else None
    return Claim(line, number, order, order_line, found)


def _order_line(order: PurchaseOrder, line: InvoiceLine, policy: Policy) -> OrderLine | None:
    if line.po_line:
        return order.line(line.po_line)
    if policy.po_line != "resolvable":
        return None
    found = candidates(order, line)
    return found[0] if len(found) == 1 else None
