"""Sales tax of a US company: automated, not set up, manual."""

from decimal import Decimal
from typing import Any

import pytest
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.faults import Fault

from .books import company_of, line, prefer, sell


def tax_of(invoice: dict[str, Any]) -> Decimal:
    assert invoice["TotalAmt"] == invoice["TxnTaxDetail"]["TotalTax"] + sum(
        each["Amount"] for each in invoice["Line"] if each["DetailType"] == "SalesItemLineDetail"
    )
    return Decimal(invoice["TxnTaxDetail"]["TotalTax"])


def test_automated_tax_takes_the_rate_of_the_company() -> None:
    assert tax_of(sell(company_of("demo"), line(100, "TAX"), line(50, "NON"))) == Decimal("7.50")


@pytest.mark.parametrize("preference", ["PartnerTaxEnabled", "UsingSalesTax"])
def test_tax_that_is_not_set_up_is_not_worked_out_but_a_total_is_kept(preference: str) -> None:
    company = company_of("demo")
    prefer(company, "TaxPrefs", **{preference: False})
    assert tax_of(sell(company, line(100, "TAX"))) == 0
    assert tax_of(sell(company, line(100, "TAX"), TxnTaxDetail={"TotalTax": 7})) == 7


def test_manual_tax_needs_a_code_on_the_invoice_or_the_customer() -> None:
    company = company_of("demo")
    prefer(company, "TaxPrefs", PartnerTaxEnabled=None)
    assert tax_of(sell(company, line(100, "TAX"))) == 0
    taxed = sell(company, line(100, "TAX"), TxnTaxDetail={"TxnTaxCodeRef": {"value": "2"}})
    assert tax_of(taxed) == Decimal("7.50")
    rates = [each["TaxLineDetail"]["TaxRateRef"]["value"] for each in taxed["TxnTaxDetail"]["TaxLine"]]
    assert rates == ["3"]


def test_other_line_codes_are_refused_in_the_us_alone() -> None:
    with pytest.raises(Fault) as refused:
        sell(company_of("demo"), line(100, "2"))
    assert refused.value.code == "6100"
    assert sell(company_of("demo", us_line_tax_codes_only=False), line(100, "2"))["TotalAmt"] > 0


@pytest.mark.parametrize(
    ("kept", "without_code", "detail", "tax"),
    [
        (True, True, {"TotalTax": "7.49"}, "7.49"),
        (True, False, {"TotalTax": "7.49"}, "7.50"),
        (True, False, {"TotalTax": "7.49", "TxnTaxCodeRef": {"value": "2"}}, "7.49"),
        (False, True, {"TotalTax": "7.49"}, "7.50"),
    ],
)
def test_total_that_was_sent_is_kept_as_the_switches_say(
    kept: bool, without_code: bool, detail: dict[str, Any], tax: str
) -> None:
    company = company_of("demo", keep_explicit_tax=kept, keep_explicit_tax_without_code=without_code)
    invoice = sell(company, line(100, "TAX"), TxnTaxDetail=detail)
    assert tax_of(invoice) == Decimal(tax)
    assert sum(each["Amount"] for each in invoice["TxnTaxDetail"]["TaxLine"]) == Decimal(tax)


@pytest.mark.parametrize(("rounding", "tax"), [("total", "0.05"), ("per_line", "0.06")])
def test_rounding_on_the_sum_or_per_line_differs_by_cents(rounding: str, tax: str) -> None:
    company = company_of("demo", tax_rounding=rounding)
    assert tax_of(sell(company, *[line("0.20", "TAX")] * 3)) == Decimal(tax)


def test_automated_tax_may_come_at_any_rate() -> None:
    company = company_of("demo", automated_tax_basis_points=825)
    invoice = sell(company, line(100, "TAX"))
    assert tax_of(invoice) == Decimal("8.25")
    assert invoice["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["TaxPercent"] == Decimal("8.25")


@pytest.mark.parametrize(
    ("place", "state", "tax"),
    [("company", "NY", "7.50"), ("ship_to", "NY", "4.00"), ("ship_to", "OH", "7.50"), ("ship_to", "OR", "0.00")],
)
def test_automated_tax_goes_by_the_ship_to_when_the_switch_says_so(place: str, state: str, tax: str) -> None:
    company = company_of("demo", automated_tax_place=place)
    invoice = sell(company, line(100, "TAX"), ShipAddr={"CountrySubDivisionCode": state})
    assert tax_of(invoice) == Decimal(tax)


def test_property_of_other_countries_is_passed_over_in_the_us() -> None:
    company = company_of("demo")
    invoice = sell(company, line(100, "TAX"), GlobalTaxCalculation="TaxInclusive")
    assert "GlobalTaxCalculation" not in company.read(KINDS["Invoice"], invoice["Id"])
    assert tax_of(invoice) == Decimal("7.50")
