"""Reports add up what the company's transactions earn, cost and leave open."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from quickbooks_simulator.clock import COMPANY_ZONE
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.reports.catalogue import EMPTY, WORKED_OUT, make_report

from .books import company_of, line, sell


@pytest.fixture
def company() -> Company:
    """A company without transactions of its own."""
    return company_of("demo")


def day(company: Company, back: int = 0) -> str:
    return (company.clock.now().astimezone(COMPANY_ZONE).date() - timedelta(days=back)).isoformat()


def rows_of(company: Company, name: str, **options: str) -> list[Record]:
    wanted: Mapping[str, str] = {"start_date": "2000-01-01", **options}
    return list(make_report(company, name, wanted)["Rows"].get("Row", []))


def groups(company: Company, **options: str) -> dict[str, str]:
    """The sum of each group of the profit and loss."""
    return {row["group"]: row["Summary"]["ColData"][1]["value"] for row in rows_of(company, "ProfitAndLoss", **options)}


def bill(company: Company, amount: int, account: str, **values: Any) -> Record:
    detail = {"AccountRef": {"value": account}}
    spent = {"DetailType": "AccountBasedExpenseLineDetail", "Amount": amount, "AccountBasedExpenseLineDetail": detail}
    vendor = company.create(KINDS["Vendor"], {"DisplayName": f"Vendor {amount}"})
    return company.create(KINDS["Bill"], {"VendorRef": {"value": vendor["Id"]}, "Line": [spent], **values})


def expense_account(company: Company) -> str:
    made = company.create(
        KINDS["Account"], {"Name": "Rent", "AccountType": "Expense", "AccountSubType": "RentOrLeaseOfBuildings"}
    )
    return str(made["Id"])


def test_profit_is_what_was_sold_less_what_was_spent(company: Company) -> None:
    rent = expense_account(company)
    before = Decimal(groups(company).get("Income", "0"))
    sell(company, line(200, "TAX"), line(50, "NON"))
    company.create(KINDS["CreditMemo"], {"CustomerRef": {"value": "1"}, "Line": [line(30)]})
    bill(company, 70, rent)
    after = groups(company)
    # Sales tax is neither earned nor spent.
    assert Decimal(after["Income"]) == before + 220
    assert after["Expenses"] == "70.00"
    assert Decimal(after["NetIncome"]) == before + 150


def test_profit_knows_its_days_and_forgets_what_is_void(company: Company) -> None:
    old = sell(company, line(500), TxnDate=day(company, 40))
    sell(company, line(20), TxnDate=day(company, 1))
    assert groups(company, start_date=day(company, 2), end_date=day(company))["Income"] == "20.00"
    assert groups(company, start_date=day(company, 60), end_date=day(company, 30))["Income"] == "500.00"
    company.void(KINDS["Invoice"], {"Id": old["Id"], "SyncToken": old["SyncToken"]})
    assert groups(company, start_date=day(company, 60), end_date=day(company, 30)) == {}


def test_row_of_an_account_carries_its_id(company: Company) -> None:
    rent = expense_account(company)
    bill(company, 70, rent)
    found = next(row for row in rows_of(company, "ProfitAndLoss") if row.get("group") == "Expenses")
    assert found["Header"]["ColData"][0]["value"] == "Expenses"
    assert found["Rows"]["Row"] == [{"ColData": [{"value": "Rent", "id": rent}, {"value": "70.00"}], "type": "Data"}]


def test_income_is_told_by_customer(company: Company) -> None:
    sell(company, line(80))
    [row, total] = [
        row["ColData"] if "ColData" in row else row["Summary"]["ColData"] for row in rows_of(company, "CustomerIncome")
    ]
    assert (row[0]["id"], [each["value"] for each in row[1:]]) == ("1", ["80.00", "", "80.00"])
    assert [each["value"] for each in total] == ["TOTAL", "80.00", "0.00", "80.00"]


def test_open_invoices_are_sorted_by_days_past_due(company: Company) -> None:
    for amount, days in ((1, -5), (10, 0), (100, 1), (1000, 30), (2000, 31), (4000, 90), (8000, 91)):
        sell(company, line(amount), TxnDate=day(company, 100), DueDate=day(company, days))
    total = rows_of(company, "AgedReceivables")[-1]["Summary"]["ColData"]
    ages = [each["value"] for each in total[1:]]
    assert ages == ["11.00", "1100.00", "2000.00", "4000.00", "8000.00", "15111.00"]


def test_payment_takes_an_invoice_out_of_what_is_owed(company: Company) -> None:
    made = sell(company, line(60))
    assert rows_of(company, "CustomerBalance")[0]["ColData"][1] == {"value": "60.00"}
    link = {"TxnId": made["Id"], "TxnType": "Invoice"}
    paid = {"CustomerRef": {"value": "1"}, "TotalAmt": 60, "Line": [{"Amount": 60, "LinkedTxn": [link]}]}
    company.create(KINDS["Payment"], paid)
    assert rows_of(company, "CustomerBalance") == []
    assert rows_of(company, "AgedReceivables") == []


@pytest.mark.parametrize("name", [*WORKED_OUT, *EMPTY.split()])
@pytest.mark.parametrize("seed", ["sample", "british", "empty"])
def test_every_report_has_a_header_and_says_whether_it_holds_data(seed: str, name: str) -> None:
    report = make_report(company_of(seed), name, {"start_date": "2000-01-01"})
    assert report["Header"]["ReportName"] == name
    told = {each["Name"]: each["Value"] for each in report["Header"]["Option"]}
    assert told["NoReportData"] == ("false" if report["Rows"] else "true")
    width = len(report["Columns"]["Column"])
    for row in report["Rows"].get("Row", []):
        found = row.get("ColData") or row["Summary"]["ColData"]
        assert len(found) == width


@pytest.mark.parametrize(
    ("name", "options", "code"),
    [
        ("Horoscope", {}, "500"),
        ("ProfitAndLoss", {"accounting_method": "Cash"}, "500"),
        ("ProfitAndLoss", {"start_date": "soon"}, "2030"),
        ("ProfitAndLoss", {"start_date": "2026-02-01", "end_date": "2026-01-01"}, "2030"),
    ],
)
def test_report_that_cannot_be_made_is_a_fault(company: Company, name: str, options: dict[str, str], code: str) -> None:
    with pytest.raises(Fault) as refused:
        make_report(company, name, options)
    assert refused.value.code == code
