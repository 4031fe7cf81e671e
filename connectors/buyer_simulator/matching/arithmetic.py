"""Does it add up? Code FIN. Source: Tradeshift: within 0.01; ServiceChannel: total is the sum of its parts (D)."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from buyer_simulator.matching.claims import Examination
from buyer_simulator.records.invoice import Invoice, InvoiceLine
from buyer_simulator.records.reason import Reason
from buyer_simulator.records.values import ZERO

CENT = Decimal("0.01")


def check_lines_add_up(case: Examination) -> Iterator[Reason]:
    """Amount of a line: quantity times price by the price basis, less its discount, to the cent."""
    for line in case.invoice.lines:
        expected = _worth(line)
        if abs(Fraction(line.amount) - expected) > CENT:
            shown = case.money(Decimal(round(expected * 100)).scaleb(-2))
            message = f"Quantity times price is {shown}; the line says {case.money(line.amount)}."
            yield Reason(code="FIN", line=line.number, message=message)


def check_totals(case: Examination) -> Iterator[Reason]:
    """Untaxed is the sum of lines and charges, tax likewise, the total both, due what is left of it; to the cent."""
    invoice = case.invoice
    for name, stated, expected in _sums(invoice):
        if abs(stated - expected) > CENT:
            message = f"{name} is {case.money(stated)}; the parts add up to {case.money(expected)}."
            yield Reason(code="FIN", message=message)


def _worth(line: InvoiceLine) -> Fraction:
    gross = Fraction(line.quantity) * Fraction(line.unit_price) / Fraction(line.price_basis)
    return gross * (1 - Fraction(line.discount_percent) / 100)


def _sums(invoice: Invoice) -> Iterator[tuple[str, Decimal, Decimal]]:
    amounts = [*(line.amount for line in invoice.lines), *(charge.amount for charge in invoice.charges)]
    taxes = [*(line.tax_amount for line in invoice.lines), *(charge.tax_amount for charge in invoice.charges)]
    yield "The amount before tax", invoice.untaxed, sum(amounts, ZERO)
    yield "Tax", invoice.tax, sum(taxes, ZERO)
    yield "The total", invoice.total, invoice.untaxed + invoice.tax
    if invoice.due is not None:
        yield "The amount due", invoice.due, invoice.total - invoice.prepaid - invoice.retention
