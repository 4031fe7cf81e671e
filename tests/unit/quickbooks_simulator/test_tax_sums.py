"""Whatever is sold, and however it is taxed and rounded: the sums agree."""

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS

from .books import company_of, line, sell

CENT = Decimal("0.01")
PERCENTS = {"2": 20, "3": 5, "4": 0, "5": 0}
AMOUNTS = st.integers(0, 100_000).map(lambda cents: cents * CENT)
SOLD_ABROAD = st.lists(st.tuples(AMOUNTS, st.sampled_from(sorted(PERCENTS))), min_size=1, max_size=8)
SOLD_IN_THE_US = st.lists(st.tuples(AMOUNTS, st.sampled_from(["TAX", "NON"])), min_size=1, max_size=8)
ROUNDING = st.sampled_from(["total", "per_line"])
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check_sums(invoice: dict[str, Any]) -> Decimal:
    """Total, tax and tax lines agree; returns the tax."""
    details = [each for each in invoice["Line"] if each["DetailType"] == "SalesItemLineDetail"]
    tax: Decimal = invoice["TxnTaxDetail"]["TotalTax"]
    tax_lines = invoice["TxnTaxDetail"].get("TaxLine", [])
    assert invoice["TotalAmt"] == invoice["Balance"] == sum(each["Amount"] for each in details) + tax
    assert not tax_lines or sum(each["Amount"] for each in tax_lines) == tax
    for each in (invoice["TotalAmt"], tax, *(one["Amount"] for one in details)):
        assert each == each.quantize(CENT)
    return tax


def check_stays(company: Company, invoice: dict[str, Any]) -> None:
    """An invoice sent back as it was read, or touched elsewhere, keeps its figures."""
    again = company.update(KINDS["Invoice"], invoice)
    touch = {"Id": again["Id"], "SyncToken": again["SyncToken"], "sparse": True, "PrivateNote": "seen"}
    touched = company.update(KINDS["Invoice"], touch)
    for each in (again, touched):
        assert (each["TotalAmt"], each["TxnTaxDetail"], each["Line"]) == (
            invoice["TotalAmt"], invoice["TxnTaxDetail"], invoice["Line"],
        )  # fmt: skip


@given(SOLD_IN_THE_US, ROUNDING, st.integers(0, 1200))
@FEW
def test_sums_agree_in_the_us(sold: list[tuple[Decimal, str]], rounding: str, rate: int) -> None:
    company = company_of("demo", tax_rounding=rounding, automated_tax_basis_points=rate)
    invoice = sell(company, *[line(*each) for each in sold])
    exact = sum((amount for amount, code in sold if code == "TAX"), Decimal(0)) * rate / 10_000
    assert abs(check_sums(invoice) - exact) <= CENT / 2 * (len(sold) if rounding == "per_line" else 1)
    check_stays(company, invoice)


@given(SOLD_ABROAD, ROUNDING, st.sampled_from(["TaxExcluded", "TaxInclusive"]), st.sampled_from(["net", "gross"]))
@FEW
def test_sums_agree_outside_the_us(
    sold: list[tuple[Decimal, str]], rounding: str, calculation: str, amounts: str
) -> None:
    company = company_of("british", tax_rounding=rounding, inclusive_line_amounts=amounts)
    invoice = sell(company, *[line(*each) for each in sold], GlobalTaxCalculation=calculation)
    tax = check_sums(invoice)
    if calculation == "TaxInclusive" and amounts == "gross":
        assert invoice["TotalAmt"] == sum(amount for amount, _ in sold)
    else:
        exact = sum((amount * PERCENTS[code] / 100 for amount, code in sold), Decimal(0))
        assert abs(tax - exact) <= CENT / 2 * max(len(sold), 2)
    check_stays(company, invoice)
