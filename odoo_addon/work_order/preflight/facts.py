"""A case looked up once: which PO and PO line each line bills, in the PO's own unit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from .case import ONE, ZERO, Billed, Case, Line, PoLine, Profile, PurchaseOrder, WorkOrder, key
from .numbers import factor_between, line_key, listed, po_of, work_order_of

HUNDRED = Decimal(100)
_BOUNDLESS = Decimal(10) ** 12
# Stands in where nobody recorded what the buyer demands: only what no buyer accepts is refused then.
_UNDEMANDING = Profile(
    rejected_number_reusable=True,
    duplicate_window_days=0,
    one_po_per_invoice=False,
    price_tolerance_percent=_BOUNDLESS,
    quantity_tolerance_percent=_BOUNDLESS,
    line_tolerance_percent=_BOUNDLESS,
    header_tolerance_percent=_BOUNDLESS,
    zero_lines_allowed=True,
    quantity_decimals=99,
    price_decimals=99,
    tax_rate_tolerance=_BOUNDLESS,
    freight_rule="any",
    other_charges_allowed=True,
    terms_must_match=False,
)
_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_DECIMALS = {**dict.fromkeys(_NO_DECIMALS.split(), 0), **dict.fromkeys(_THREE_DECIMALS.split(), 3)}


@dataclass(slots=True)
class Match:
    """One line of goods or services beside the PO line it bills.

    `factor` is how many of the PO's units are one of ours, None if unknown; `quantity` is in the PO's unit, and
    `price` after discount is for as many of them as the PO states its own price for.
    """

    line: Line
    po: str
    order: PurchaseOrder | None = None
    po_line: PoLine | None = None
    factor: Decimal | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None


@dataclass(slots=True)
class Claim:
    """All lines of the document that bill one PO line, beside what was billed of it before."""

    place: tuple[str, str]
    po: str
    po_line: PoLine
    before: Billed
    matches: list[Match]

    @property
    def line(self) -> int:
        """The line of the document a remark is put on."""
        return min(match.line.number for match in self.matches)

    @property
    def quantity(self) -> Decimal:
        """What the lines bill, in the PO's unit; those in a unit nobody can convert do not count."""
        return sum((match.quantity for match in self.matches if match.quantity is not None), ZERO)

    @property
    def amount(self) -> Decimal:
        """What the lines come to."""
        return sum((match.line.subtotal for match in self.matches), ZERO)

    @property
    def bills(self) -> str:
        """The lines as the beginning of a sentence."""
        numbers = [match.line.number for match in self.matches]
        return f"Line {numbers[0]} bills" if len(numbers) == 1 else f"Lines {listed(numbers)} together bill"


class Facts:
    """What the rules look at. Everything is read from the case once; nothing is looked for twice."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.document = case.document
        self.history = case.history
        self.profile = case.profile or _UNDEMANDING
        self.is_credit = self.document.kind == "credit"

    @cached_property
    def day(self) -> date:
        """The day that counts for validity: the document's, and today's while it has none."""
        return self.document.issue_date or self.case.today

    @cached_property
    def cent(self) -> Decimal:
        """The smallest amount of the document's currency."""
        return ONE.scaleb(-_DECIMALS.get(key(self.document.currency), 2))

    @cached_property
    def goods(self) -> tuple[Line, ...]:
        """Lines of goods and services; charges are judged by rules of their own."""
        return tuple(line for line in self.document.lines if not line.charge)

    @cached_property
    def named_orders(self) -> dict[str, str]:
        """Every PO the document names, by key: how it is written."""
        texts = {self.document.buyer_po.strip(), *(line.buyer_po.strip() for line in self.document.lines)} - {""}
        return {key(text): text for text in sorted(texts, reverse=True)}

    @cached_property
    def orders(self) -> dict[str, PurchaseOrder]:
        """Those of them that are in the register."""
        register = self.case.purchase_orders or {}
        return {number: register[number] for number in self.named_orders if number in register}

    @cached_property
    def comparable_orders(self) -> dict[str, PurchaseOrder]:
        """Those whose money can be compared with the document's: known, and in the same currency."""
        currency = key(self.document.currency)
        return {number: order for number, order in self.orders.items() if currency and key(order.currency) == currency}

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """Every line of goods and services with what it bills, as far as that is known."""
        return tuple(self._match(line) for line in self.goods)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """What the document bills of each PO line: several of its lines may bill one."""
        found: dict[tuple[str, str], Claim] = {}
        for match in self.matches:
            if match.po_line is not None:
                place = line_key(match.po, match.po_line.number)
                if place not in found:
                    before = self.history.by_line.get(place, Billed())
                    found[place] = Claim(place, match.po, match.po_line, before, [])
                found[place].matches.append(match)
        return tuple(found.values())

    @cached_property
    def work_orders(self) -> dict[str, WorkOrder]:
        """The document's work orders by key of their number."""
        return {key(order.number): order for order in self.document.work_orders}

    def site_of(self, line: Line) -> str:
        """The building the line's work order names, or ""."""
        order = self.work_orders.get(key(work_order_of(self.document, line)))
        return order.site if order else ""

    def candidates(self, order: PurchaseOrder, line: Line) -> list[PoLine]:
        """Lines of that PO with the line's item code and unit: what a buyer who is told no PO line picks from.

        Only open ones, except for a credit.
        """
        if order.number not in self._item_indexes:
            index: dict[tuple[str, str], list[PoLine]] = defaultdict(list)
            for po_line in order.lines.values():
                if po_line.is_open or self.is_credit:
                    index[key(po_line.item_code), key(po_line.unit)].append(po_line)
            self._item_indexes[order.number] = index
        return self._item_indexes[order.number].get((key(line.item_code), key(line.unit)), []) if line.item_code else []

    @cached_property
    def _item_indexes(self) -> dict[str, dict[tuple[str, str], list[PoLine]]]:
        return {}

    def _match(self, line: Line) -> Match:
        po = po_of(self.document, line)
        match = Match(line, po, self.orders.get(key(po)))
        if match.order is None:
            return match
        if line.po_line.strip():
            match.po_line = match.order.lines.get(key(line.po_line))
        elif self.profile.po_line_by_item and len(found := self.candidates(match.order, line)) == 1:
            match.po_line = found[0]
        if match.po_line is not None:
            self._convert(match, match.po_line)
        return match

    def _convert(self, match: Match, po_line: PoLine) -> None:
        """Quantity and price in the PO's unit; a price for no units, or a unit nobody can convert, leaves them None."""
        line = match.line
        if not line.unit or not po_line.unit:
            return
        match.factor = factor_between(line.unit, po_line.unit, self.case.factors)
        if match.factor is None:
            return
        match.quantity = line.quantity * match.factor
        if line.price_basis > 0 and match.factor > 0:
            net = line.unit_price * (HUNDRED - line.discount_percent) / HUNDRED
            match.price = net * po_line.price_basis / (line.price_basis * match.factor)
