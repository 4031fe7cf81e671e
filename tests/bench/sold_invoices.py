"""The invoices the benchmark of QuickBooks sends: as of a work order, with labor, parts and travel."""

from decimal import Decimal

from workorder_bridge.examples import example_document, example_line, example_tables
from workorder_bridge.ports import Mapped, Tables

TAX_RATE = Decimal("0.075")
SOLD = (("HVAC labor", "2", 2, "90.00"), ("HVAC filter 20x25", "3", 4, "18.50"), ("Travel", "12", 1, "35.00"))
"""What each invoice bills, as work orders do: the item's name and id in QuickBooks, quantity, price."""


def sold_document(number: str) -> str:
    """The same as our document."""
    lines, untaxed, tax = [], Decimal(0), Decimal(0)
    for place, (name, item_id, quantity, price) in enumerate(SOLD, 1):
        amount = quantity * Decimal(price)
        own_tax = (amount * TAX_RATE).quantize(Decimal("0.01"))
        untaxed, tax = untaxed + amount, tax + own_tax
        lines.append(
            example_line(
                id=place,
                description=name,
                product={"id": int(item_id), "code": "", "name": name},
                quantity=str(quantity),
                unit_price=price,
                subtotal=str(amount),
                tax_amount=str(own_tax),
            )
        )
    return example_document(
        number=number,
        lines=lines,
        taxes=[{"id": 5, "name": "7.5%", "base": str(untaxed), "amount": str(tax)}],
        totals={"untaxed": str(untaxed), "tax": str(tax), "total": str(untaxed + tax)},
    )


def sold_tables() -> Tables:
    """The mapping rows these invoices need."""
    return example_tables(items={item_id: Mapped(id=item_id, name=name) for name, item_id, _, _ in SOLD})
