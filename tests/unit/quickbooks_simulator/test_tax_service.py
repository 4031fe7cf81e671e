"""Agencies, and codes made together with their rates."""

from typing import Any

import pytest
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations.tax_service import create_tax_code

from .books import company_of, line, prefer, sell

NEW_RATE = {"TaxRateName": "Delaware County", "RateValue": "7", "TaxAgencyId": "1", "TaxApplicableOn": "Sales"}


def test_code_and_rate_are_made_and_tax_an_invoice() -> None:
    company = company_of("demo")
    prefer(company, "TaxPrefs", PartnerTaxEnabled=None)
    answer = create_tax_code(company, {"TaxCode": "Delaware", "TaxRateDetails": [NEW_RATE, {"TaxRateId": "3"}]})
    assert set(answer) == {"TaxCode", "TaxCodeId", "TaxRateDetails"}
    assert [each["TaxRateId"] for each in answer["TaxRateDetails"]] == ["4", "3"]
    code = company.read(KINDS["TaxCode"], answer["TaxCodeId"])
    rates = code["SalesTaxRateList"]["TaxRateDetail"]
    assert ([each["TaxRateRef"]["value"] for each in rates], code["PurchaseTaxRateList"]["TaxRateDetail"]) == (
        ["4", "3"], [],
    )  # fmt: skip
    invoice = sell(company, line(100, "TAX"), TxnTaxDetail={"TxnTaxCodeRef": {"value": code["Id"]}})
    assert [each["Amount"] for each in invoice["TxnTaxDetail"]["TaxLine"]] == [7, 7.5]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "2010"),
        ({"TaxRateDetails": [NEW_RATE]}, "2020"),
        ({"TaxCode": "New"}, "2020"),
        ({"TaxCode": "New", "TaxRateDetails": ["7"]}, "2020"),
        ({"TaxCode": "tax", "TaxRateDetails": [NEW_RATE]}, "6240"),
        ({"TaxCode": "New", "TaxRateDetails": [{**NEW_RATE, "TaxRateName": "Ohio - Franklin County"}]}, "6240"),
        ({"TaxCode": "New", "TaxRateDetails": [NEW_RATE, NEW_RATE]}, "6240"),
        ({"TaxCode": "New", "TaxRateDetails": [{**NEW_RATE, "TaxAgencyId": "9"}]}, "2500"),
        ({"TaxCode": "New", "TaxRateDetails": [{"TaxRateId": "9"}]}, "2500"),
        ({"TaxCode": "New", "TaxRateDetails": [{**NEW_RATE, "RateValue": "101"}]}, "2030"),
        ({"TaxCode": "New", "TaxRateDetails": [{**NEW_RATE, "RateValue": None}]}, "2020"),
        ({"TaxCode": "New", "TaxRateDetails": [{**NEW_RATE, "TaxApplicableOn": "Tips"}]}, "2170"),
        ({"TaxCode": "New", "TaxRateDetails": [{**NEW_RATE, "Colour": "red"}]}, "2010"),
        ({"TaxCode": "n" * 101, "TaxRateDetails": [NEW_RATE]}, "2050"),
        ({"TaxCode": 5, "TaxRateDetails": [NEW_RATE]}, "2010"),
    ],
)
def test_code_that_cannot_be_made_leaves_nothing_behind(body: Any, code: str) -> None:
    company = company_of("demo")
    with pytest.raises(Fault) as refused:
        create_tax_code(company, body)
    assert refused.value.code == code
    assert (len(list(company.store.all("TaxCode"))), len(list(company.store.all("TaxRate")))) == (3, 1)


def test_agency_is_made_once_renamed_and_never_captured() -> None:
    company = company_of("demo")
    kind = KINDS["TaxAgency"]
    made = company.create(kind, {"DisplayName": "Ohio"})
    assert (made["TaxTrackedOnSales"], made["TaxTrackedOnPurchases"]) == (True, False)
    with pytest.raises(Fault) as refused:
        company.create(kind, {"DisplayName": "OHIO"})
    assert refused.value.code == "6240"
    renamed = company.update(kind, {**made, "DisplayName": "ohio", "TaxTrackedOnSales": False})
    assert (renamed["DisplayName"], renamed["TaxTrackedOnSales"]) == ("ohio", False)
    with pytest.raises(Fault):
        company.create(kind, {"TaxRegistrationNumber": "1"})
    assert not kind.captured


@pytest.mark.parametrize("kind", ["TaxCode", "TaxRate"])
def test_codes_and_rates_are_written_by_the_tax_service_alone(kind: str) -> None:
    with pytest.raises(Fault) as refused:
        company_of("demo").create(KINDS[kind], {"Name": "New"})
    assert refused.value.code == "500"
