"""Bundles on a form: their parts are counted, taxed, voided and reported like lines of their own."""

from typing import Any

import pytest
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.reports.catalogue import make_report

from .books import company_of, line, sell


@pytest.fixture
def company() -> Company:
    return company_of("sample")


@pytest.fixture
def bundle(company: Company) -> str:
    """Two hours of Installation (50, not taxed) and a Pump (15, taxed)."""
    parts = [{"ItemRef": {"value": "7"}, "Qty": 2}, {"ItemRef": {"value": "11"}, "Qty": 1}]
    body = {"Name": "Pump, fitted", "Type": "Group", "ItemGroupDetail": {"ItemGroupLine": parts}}
    return str(company.create(KINDS["Item"], body)["Id"])


def group_line(bundle: str, **detail: Any) -> Record:
    return {"DetailType": "GroupLineDetail", "GroupLineDetail": {"GroupItemRef": {"value": bundle}, **detail}}


def test_bundle_is_opened_into_its_parts(company: Company, bundle: str) -> None:
    made = sell(company, group_line(bundle, Quantity=3), line(10))
    first = made["Line"][0]
    parts = first["GroupLineDetail"]["Line"]
    assert first["GroupLineDetail"]["GroupItemRef"] == {"value": bundle, "name": "Pump, fitted"}
    assert [(part["SalesItemLineDetail"]["Qty"], part["Amount"]) for part in parts] == [(6, 300), (3, 45)]
    assert (first["Amount"], made["TotalAmt"], made["Balance"]) == (345, 355, 355)
    ids = [each["Id"] for each in (*made["Line"], *parts) if "Id" in each]
    assert len(set(ids)) == 4


def test_parts_of_a_bundle_are_taxed_one_by_one(company: Company, bundle: str) -> None:
    made = sell(company, group_line(bundle), TxnTaxDetail={"TxnTaxCodeRef": {"value": "2"}})
    # 8 % on the pump alone.
    assert made["TxnTaxDetail"]["TotalTax"] * 100 == 15 * 8


def test_bundle_read_and_sent_back_stays_as_it_was(company: Company, bundle: str) -> None:
    made = sell(company, group_line(bundle, Quantity=3))
    again = company.update(KINDS["Invoice"], made)
    assert again["TotalAmt"] == made["TotalAmt"] == 345
    assert again["Line"][0]["GroupLineDetail"] == made["Line"][0]["GroupLineDetail"]


def test_parts_that_are_sent_count_in_place_of_the_usual_ones(company: Company, bundle: str) -> None:
    made = sell(company, group_line(bundle, Line=[line(99)]))
    assert (made["Line"][0]["Amount"], made["TotalAmt"]) == (99, 99)


def test_voided_bundle_has_no_amounts_left(company: Company, bundle: str) -> None:
    made = sell(company, group_line(bundle))
    voided = company.void(KINDS["Invoice"], {"Id": made["Id"], "SyncToken": made["SyncToken"]})
    parts = voided["Line"][0]["GroupLineDetail"]["Line"]
    assert {voided["TotalAmt"], voided["Line"][0]["Amount"], *(part["Amount"] for part in parts)} == {0}


def test_parts_of_a_bundle_are_income(company: Company, bundle: str) -> None:
    def income() -> float:
        row = make_report(company, "CustomerIncome", {})["Rows"]["Row"][-1]
        return float(row["Summary"]["ColData"][1]["value"])

    before = income()
    sell(company, group_line(bundle))
    assert income() == before + 115


@pytest.mark.parametrize(
    ("detail", "code"),
    [
        ({"GroupItemRef": {"value": "7"}}, "2500"),
        ({"GroupItemRef": {"value": "999"}}, "2500"),
        ({"GroupItemRef": None}, "2500"),
        ({"Quantity": "many"}, "2030"),
        ({"Line": [{"Description": "no item"}]}, "2020"),
        ({"Line": "none"}, "2010"),
        ({"Colour": "red"}, "2010"),
    ],
)
def test_wrong_bundle_is_refused(company: Company, bundle: str, detail: Record, code: str) -> None:
    with pytest.raises(Fault) as refused:
        sell(company, group_line(bundle, **detail))
    assert refused.value.code == code
