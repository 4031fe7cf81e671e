"""Sales tax of a company outside the US."""

from decimal import Decimal
from typing import Any

import pytest
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.faults import Fault

from .books import company_of, line, sell


def figures(invoice: dict[str, Any]) -> tuple[Decimal, Decimal]:
    return invoice["TxnTaxDetail"]["TotalTax"], invoice["TotalAmt"]


def test_each_line_is_taxed_by_its_own_code() -> None:
    invoice = sell(company_of("british"), line(100, "2"), line(100, "3"), line(50, "2"), line(10, "5"))
    assert figures(invoice) == (Decimal("35.00"), Decimal("295.00"))
    lines = {each["TaxLineDetail"]["TaxRateRef"]["value"]: each for each in invoice["TxnTaxDetail"]["TaxLine"]}
    assert [(each, lines[each]["Amount"]) for each in lines] == [("2", 30), ("3", 5)]
    assert lines["2"]["TaxLineDetail"]["NetAmountTaxable"] == 150
    assert invoice["GlobalTaxCalculation"] == "TaxExcluded"


def test_line_without_a_code_is_refused() -> None:
    with pytest.raises(Fault) as refused:
        sell(company_of("british"), line(100, "2"), line(100))
    assert (refused.value.code, refused.value.element) == ("6000", "TaxCodeRef")


def test_us_code_is_unknown() -> None:
    with pytest.raises(Fault) as refused:
        sell(company_of("british"), line(100, "TAX"))
    assert refused.value.code == "2500"


def test_transaction_out_of_scope_needs_no_codes() -> None:
    invoice = sell(company_of("british"), line(100, "2"), line(100), GlobalTaxCalculation="NotApplicable")
    assert figures(invoice) == (0, 200)
    assert "TaxCodeRef" not in invoice["Line"][0]["SalesItemLineDetail"]


def test_unknown_calculation_is_refused() -> None:
    with pytest.raises(Fault) as refused:
        sell(company_of("british"), line(100, "2"), GlobalTaxCalculation="TaxIncluded")
    assert refused.value.code == "2170"


@pytest.mark.parametrize(
    ("amounts", "detail", "net", "gross"),
    [
        ("net", {}, "120", "144"),
        ("gross", {}, "100", "120"),
        ("net", {"TaxInclusiveAmt": "143.99"}, "120", "143.99"),
        ("gross", {"TaxInclusiveAmt": "143.99"}, "120", "143.99"),
    ],
)
def test_inclusive_price_is_kept_net_and_gross(amounts: str, detail: dict[str, Any], net: str, gross: str) -> None:
    company = company_of("british", inclusive_line_amounts=amounts)
    sold = line("120", "2", Qty=2, UnitPrice=60, **detail)
    invoice = sell(company, sold, GlobalTaxCalculation="TaxInclusive")
    kept = invoice["Line"][0]
    assert (kept["Amount"], kept["SalesItemLineDetail"]["TaxInclusiveAmt"]) == (Decimal(net), Decimal(gross))
    assert kept["SalesItemLineDetail"]["UnitPrice"] * 2 == Decimal(net)
    assert figures(invoice) == (Decimal(gross) - Decimal(net), Decimal(gross))
    assert sum(each["Amount"] for each in invoice["TxnTaxDetail"]["TaxLine"]) == Decimal(gross) - Decimal(net)


@pytest.mark.parametrize("amounts", ["net", "gross"])
def test_inclusive_invoice_sent_back_as_it_was_read_stays_as_it_is(amounts: str) -> None:
    company = company_of("british", inclusive_line_amounts=amounts)
    sold = line("33.33", "2", Qty=3, UnitPrice="11.11")
    first = sell(company, sold, GlobalTaxCalculation="TaxInclusive")
    again = company.update(KINDS["Invoice"], first)
    assert figures(again) == figures(first)
    assert again["Line"] == first["Line"]


def test_tax_detail_sent_back_with_other_amounts_keeps_the_old_tax() -> None:
    company = company_of("british")
    first = sell(company, line(100, "2"))
    stale = company.update(KINDS["Invoice"], {**first, "Line": [line(200, "2")]})
    assert figures(stale) == (20, 220)
    fresh = {**stale, "TxnTaxDetail": None, "Line": [line(200, "2")]}
    assert figures(company.update(KINDS["Invoice"], fresh)) == (40, 240)


def test_sparse_update_of_the_lines_works_the_tax_out_anew() -> None:
    company = company_of("british")
    first = sell(company, line(100, "2"))
    body = {"Id": first["Id"], "SyncToken": "0", "sparse": True, "Line": [line(200, "2")]}
    assert figures(company.update(KINDS["Invoice"], body)) == (40, 240)


@pytest.mark.parametrize(("rounding", "tax"), [("total", "0.05"), ("per_line", "0.04")])
def test_rounding_on_the_sum_or_per_line_differs_by_a_cent(rounding: str, tax: str) -> None:
    company = company_of("british", tax_rounding=rounding)
    assert figures(sell(company, *[line("0.12", "2")] * 2))[0] == Decimal(tax)


def test_voided_inclusive_invoice_holds_no_gross_amounts() -> None:
    company = company_of("british")
    invoice = sell(company, line(100, "2"), GlobalTaxCalculation="TaxInclusive")
    voided = company.void(KINDS["Invoice"], {"Id": invoice["Id"], "SyncToken": "0"})
    assert figures(voided) == (0, 0)
    assert "TaxInclusiveAmt" not in voided["Line"][0]["SalesItemLineDetail"]
