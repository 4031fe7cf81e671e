"""The rates behind a tax code, and tax worked out of them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import ZERO, read_decimal, round_cents
from quickbooks_simulator.company.store import Record

HUNDRED = Decimal(100)


def sales_rates(draft: Draft, code: Record) -> list[Record]:
    """The rates a tax code applies to sales, in its order."""
    details: list[dict[str, Any]] = code.get("SalesTaxRateList", {}).get("TaxRateDetail", [])
    rates = [draft.changes.find("TaxRate", each["TaxRateRef"]["value"]) for each in details]
    return [rate for rate in rates if rate is not None]


def percent_of(rate: Record) -> Decimal:
    return read_decimal(rate["RateValue"], "RateValue")


def percent_of_code(draft: Draft, code: Record) -> Decimal:
    """What all rates of a code come to together."""
    return sum((percent_of(rate) for rate in sales_rates(draft, code)), Decimal(0))


def tax_on(draft: Draft, amounts: Iterable[Decimal], percent: Decimal) -> Decimal:
    """Tax on the amounts, rounded once on their sum or once per amount (switch tax_rounding).

    Both were seen: a total may differ by a cent from a client's own (P).
    """
    if draft.settings.tax_rounding == "per_line":
        return sum((round_cents(amount * percent / HUNDRED) for amount in amounts), ZERO)
    return round_cents(sum(amounts, ZERO) * percent / HUNDRED)


def tax_line(rate: Record, percent: Decimal, base: Decimal, amount: Decimal) -> Record:
    """One line of the tax detail. Shape from recorded answers (V)."""
    return {
        "Amount": amount,
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": {"value": rate["Id"]},
            "PercentBased": True,
            "TaxPercent": percent,
            "NetAmountTaxable": base,
        },
    }
