"""A hospital's case that passes; tests change one thing in it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from workorder_preflight import Finding, check
from workorder_preflight.case import (
    Case,
    Document,
    Line,
    PoLine,
    Profile,
    PurchaseOrder,
    Tax,
    Terms,
    Totals,
    WorkOrder,
    key,
)

TODAY = date(2026, 11, 25)
SOUND_PROFILE = Profile(
    name="Mercy", channel="email", channel_address="ap@mercy.example", invoice_format="ubl_bis3", po_required=True
)
SOUND_LINE = Line(
    number=1,
    description="HVAC labor",
    work_order="WO00003",
    task="Replace blower motor",
    our_code="HVAC-LAB",
    item_code="MERCY-HVAC-01",
    po_line="10",
    quantity=Decimal(2),
    unit="HUR",
    unit_price=Decimal("90.00"),
    subtotal=Decimal("180.00"),
    taxes=(Tax(name="7.5%", rate=Decimal("7.5"), amount=Decimal("13.50")),),
    tax_amount=Decimal("13.50"),
    cost_center="CC-HVAC",
    service_date=date(2026, 11, 20),
)
SOUND_PO_LINE = PoLine(
    number="10",
    item_code="MERCY-HVAC-01",
    quantity=Decimal(10),
    unit="HUR",
    unit_price=Decimal("90.00"),
    cost_center="CC-HVAC",
)
SOUND_ORDER = PurchaseOrder(number="4500012345", currency="USD", read_on=TODAY)
SOUND_WORK_ORDER = WorkOrder(
    number="WO00003", buyer_po="4500012345", site="North tower", completed_on=date(2026, 11, 20), signed=True
)
SOUND_DOCUMENT = Document(
    number="INV/2026/00001",
    issue_date=date(2026, 11, 22),
    due_date=date(2026, 12, 22),
    currency="USD",
    buyer_po="4500012345",
    our_numbers=("S00012", "INV/2026/00001"),
    terms=Terms(code="NET30", net_days=30),
    service_start=date(2026, 11, 20),
    service_end=date(2026, 11, 20),
    work_orders=(SOUND_WORK_ORDER,),
    sha256="a" * 64,
)


class Build:
    """Makes cases; every argument is a change to the sound one."""

    today = TODAY

    def line(self, **changes: object) -> Line:
        """A line; its subtotal follows from quantity and price unless given."""
        line = replace(SOUND_LINE, **changes)
        if "subtotal" not in changes:
            gross = line.quantity * line.unit_price / (line.price_basis or 1)
            line = replace(line, subtotal=gross * (100 - line.discount_percent) / 100)
        return line

    def po_line(self, **changes: object) -> PoLine:
        """A line of the buyer's PO."""
        return replace(SOUND_PO_LINE, **changes)

    def order(self, *lines: PoLine, **changes: object) -> PurchaseOrder:
        """The buyer's PO, with its one line unless others are given."""
        changes.setdefault("lines", {key(each.number): each for each in lines or (SOUND_PO_LINE,)})
        return replace(SOUND_ORDER, **changes)

    def work_order(self, **changes: object) -> WorkOrder:
        """The ticket."""
        return replace(SOUND_WORK_ORDER, **changes)

    def profile(self, **changes: object) -> Profile:
        """What the hospital demands."""
        return replace(SOUND_PROFILE, **changes)

    def document(self, *lines: Line, **changes: object) -> Document:
        """The invoice; totals follow from the lines unless given."""
        lines = lines or (SOUND_LINE,)
        untaxed = sum((each.subtotal for each in lines), Decimal(0))
        tax = sum((each.tax_amount for each in lines), Decimal(0))
        changes.setdefault("totals", Totals(untaxed=untaxed, tax=tax, total=untaxed + tax))
        return replace(SOUND_DOCUMENT, lines=lines, **changes)

    def case(self, *lines: Line, **changes: object) -> Case:
        """The case. `order` is the only PO of the register; other names are attributes of `Case` or `Document`."""
        order = changes.pop("order", self.order())
        own = {name: changes.pop(name) for name in list(changes) if name in Case.__dataclass_fields__}
        own.setdefault("document", self.document(*lines, **changes))
        own.setdefault("purchase_orders", {key(order.number): order})
        own.setdefault("profile", SOUND_PROFILE)
        own.setdefault("today", TODAY)
        return Case(**own)

    def found(self, code: str, *lines: Line, **changes: object) -> list[Finding]:
        """What the rule says about that case."""
        return [each for each in check(self.case(*lines, **changes)).findings if each.code == code]


@pytest.fixture(scope="session")
def build() -> Build:
    """Makes cases from the one that passes."""
    return Build()
