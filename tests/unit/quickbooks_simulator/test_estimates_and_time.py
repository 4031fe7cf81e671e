"""What invoices are made from: estimates they close, time they bill."""

from typing import Any

import pytest

from .conftest import Books, Record, code_of, form


def linked(kind: str, record: Record) -> dict[str, Any]:
    return {"LinkedTxn": [{"TxnId": record["Id"], "TxnType": kind}]}


def worked(books: Books, **changes: Any) -> Record:
    body = {"NameOf": "Employee", "EmployeeRef": {"value": "54"}, "Hours": 2, "Minutes": 30, **changes}
    return books.create("TimeActivity", **body)


def test_estimate_is_pending_and_owes_nothing(books: Books) -> None:
    before = books.read("Customer", {"Id": "1"})["Balance"]
    estimate = books.create("Estimate", **form(100, ExpirationDate="2030-01-31"))
    assert (estimate["TxnStatus"], estimate["ExpirationDate"], estimate["TotalAmt"]) == ("Pending", "2030-01-31", 100)
    assert "Balance" not in estimate
    assert books.read("Customer", {"Id": "1"})["Balance"] == before


def test_estimate_knows_its_states(books: Books) -> None:
    estimate = books.create("Estimate", **form(100))
    assert books.change("Estimate", estimate, TxnStatus="Accepted", AcceptedBy="Amy")["AcceptedBy"] == "Amy"
    assert code_of(lambda: books.change("Estimate", estimate, TxnStatus="Perhaps")) == "2170"


def test_invoice_closes_the_estimate_it_is_made_from(books: Books) -> None:
    estimate = books.create("Estimate", **form(100))
    invoice = books.create("Invoice", **form(100), **linked("Estimate", estimate))
    closed = books.read("Estimate", estimate)
    assert closed["TxnStatus"] == "Closed"
    assert closed["LinkedTxn"] == [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]
    assert invoice["LinkedTxn"] == [{"TxnId": estimate["Id"], "TxnType": "Estimate"}]
    assert books.change("Estimate", estimate, TxnStatus="Pending")["TxnStatus"] == "Closed"


@pytest.mark.parametrize("end", ["void", "delete", "unlink"])
def test_estimate_opens_again_when_its_invoice_is_gone(books: Books, end: str) -> None:
    estimate = books.create("Estimate", **form(100, AcceptedDate="2026-01-05"))
    invoice = books.create("Invoice", **form(100), **linked("Estimate", estimate))
    if end == "unlink":
        books.change("Invoice", invoice, LinkedTxn=[])
    else:
        getattr(books, end)("Invoice", invoice)
    opened = books.read("Estimate", estimate)
    assert (opened["TxnStatus"], opened["LinkedTxn"]) == ("Accepted", [])


def test_estimate_goes_into_one_invoice_of_its_own_customer(books: Books) -> None:
    estimate = books.create("Estimate", **form(100))
    link = linked("Estimate", estimate)
    assert code_of(lambda: books.create("Invoice", **form(100, customer="2"), **link)) == "620"
    invoice = books.create("Invoice", **form(100), **link)
    assert code_of(lambda: books.create("Invoice", **form(100), **link)) == "620"
    assert books.change("Invoice", invoice, PrivateNote="same link")["LinkedTxn"] == invoice["LinkedTxn"]
    assert code_of(lambda: books.create("Invoice", **form(100), **linked("Estimate", {"Id": "999"}))) == "2500"


def test_deleted_estimate_leaves_its_invoice_without_link(books: Books) -> None:
    estimate = books.create("Estimate", **form(100))
    invoice = books.create("Invoice", **form(100), **linked("Estimate", estimate))
    books.delete("Estimate", estimate)
    assert books.read("Invoice", invoice)["LinkedTxn"] == []


def test_time_is_kept_with_its_worker(books: Books) -> None:
    time = worked(books)
    assert (time["Hours"], time["Minutes"], time["BillableStatus"]) == (2, 30, "NotBillable")
    assert time["EmployeeRef"]["name"] == books.read("Employee", {"Id": "54"})["DisplayName"]


def test_time_from_start_to_end(books: Books) -> None:
    span = {"StartTime": "2016-07-22T10:00:00-07:00", "EndTime": "2016-07-22T11:00:00-07:00"}
    time = worked(books, Hours=None, Minutes=None, **span)
    assert time["StartTime"] == "2016-07-22T09:00:00-08:00"
    turned = {"StartTime": span["EndTime"], "EndTime": span["StartTime"]}
    assert code_of(lambda: worked(books, **turned)) == "6000"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"NameOf": None}, "2020"),
        ({"NameOf": "Robot"}, "2170"),
        ({"EmployeeRef": None}, "2020"),
        ({"EmployeeRef": {"value": "99"}}, "2500"),
        ({"Hours": None, "Minutes": None}, "2020"),
        ({"Minutes": 60}, "2030"),
        ({"BillableStatus": "Maybe"}, "2170"),
        ({"BillableStatus": "Billable"}, "6560"),
        ({"StartTime": "morning", "EndTime": "noon"}, "2030"),
    ],
)
def test_incomplete_time_is_refused(books: Books, changes: dict[str, Any], code: str) -> None:
    assert code_of(lambda: worked(books, **changes)) == code


def test_invoice_bills_time_once_and_holds_it(books: Books) -> None:
    time = worked(books, BillableStatus="Billable", CustomerRef={"value": "1"}, HourlyRate=40)
    invoice = books.create("Invoice", **form(100), **linked("TimeActivity", time))
    assert books.read("TimeActivity", time)["BillableStatus"] == "HasBeenBilled"
    assert books.change("TimeActivity", time, BillableStatus="Billable")["BillableStatus"] == "HasBeenBilled"
    assert code_of(lambda: books.delete("TimeActivity", time)) == "800"
    books.void("Invoice", invoice)
    assert books.read("TimeActivity", time)["BillableStatus"] == "Billable"
    assert books.delete("TimeActivity", time)["status"] == "Deleted"
