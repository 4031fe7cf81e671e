"""What the suites of other clients ask for: templates, links, reports, batches without bId."""

from collections.abc import Callable
from typing import Any

import pytest
from quickbooks.objects.base import Ref
from quickbooks.objects.detailline import (
    AccountBasedExpenseLine,
    AccountBasedExpenseLineDetail,
    SalesItemLine,
    SalesItemLineDetail,
)
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.recurringtransaction import (
    RecurringBill,
    RecurringInfo,
    RecurringInvoice,
    RecurringTransaction,
    ScheduleInfo,
)

from .conftest import Service, start, stop

Connect = Callable[..., Any]


@pytest.fixture
def client(sample: Service, connect: Connect) -> Any:
    return connect(sample)


def schedule(name: str, **values: Any) -> RecurringInfo:
    info = RecurringInfo()
    info.Name, info.Active = name, True
    info.ScheduleInfo = ScheduleInfo()
    for key, value in {"StartDate": "2026-03-01", "NumInterval": 1, **values}.items():
        setattr(info.ScheduleInfo, key, value)
    return info


def reference(record_id: str) -> Ref:
    ref = Ref()
    ref.value = record_id
    return ref


def recurring_invoice(name: str) -> RecurringTransaction:
    line = SalesItemLine()
    line.Amount, line.SalesItemLineDetail = 100, SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = reference("1")
    invoice = RecurringInvoice()
    invoice.Line.append(line)
    invoice.CustomerRef = reference("1")
    invoice.RecurringInfo = schedule(name, IntervalType="Monthly", DayOfMonth=1, MaxOccurrences=6)
    template = RecurringTransaction()
    template.Invoice = invoice
    return template


def recurring_bill(name: str) -> RecurringTransaction:
    line = AccountBasedExpenseLine()
    line.Amount, line.DetailType = 500, "AccountBasedExpenseLineDetail"
    line.AccountBasedExpenseLineDetail = AccountBasedExpenseLineDetail()
    line.AccountBasedExpenseLineDetail.AccountRef = reference("17")
    bill = RecurringBill()
    bill.Line.append(line)
    bill.VendorRef = reference("30")
    bill.RecurringInfo = schedule(name, IntervalType="Weekly", DayOfWeek="Friday", EndDate="2026-06-01")
    template = RecurringTransaction()
    template.Bill = bill
    return template


def test_template_is_stored_changed_and_deleted(sample: Service, client: Any) -> None:
    invoices = sample.count("Invoice")
    made = recurring_invoice("Mowing").save(qb=client)
    assert (made.Invoice.RecurringInfo.ScheduleInfo.MaxOccurrences, made.Invoice.TotalAmt) == (6, 100)
    read = RecurringTransaction.get(made.Invoice.Id, qb=client)
    read.Invoice.RecurringInfo.ScheduleInfo.DayOfMonth = 15
    read.Invoice.Line[0].Amount = 250
    read.save(qb=client)
    changed = RecurringTransaction.get(made.Invoice.Id, qb=client)
    assert (changed.Invoice.RecurringInfo.ScheduleInfo.DayOfMonth, changed.Invoice.Line[0].Amount) == (15, 250)
    assert changed.Invoice.SyncToken == "1"
    changed.delete(qb=client)
    assert sample.count("RecurringTransaction") == 0
    # A template is no invoice: none came and none went.
    assert sample.count("Invoice") == invoices


def test_templates_are_found_by_what_they_make(client: Any) -> None:
    recurring_invoice("Mowing").save(qb=client)
    recurring_bill("Yard rent").save(qb=client)
    found = RecurringTransaction.where("Type = 'Bill'", qb=client)
    assert [each.Bill.RecurringInfo.ScheduleInfo.EndDate for each in found] == ["2026-06-01"]
    assert not hasattr(found[0], "Invoice")
    assert len(RecurringTransaction.all(qb=client)) == 2


def test_template_owes_nothing_and_has_no_number(sample: Service, client: Any) -> None:
    balance = sample.get("customer/1").json()["Customer"]["Balance"]
    made = recurring_invoice("Mowing").save(qb=client)
    answer = sample.get(f"recurringtransaction/{made.Invoice.Id}").json()["RecurringTransaction"]["Invoice"]
    assert not {"DocNumber", "TxnDate", "DueDate", "Balance", "Type"} & set(answer)
    assert answer["RecurDataRef"] == {"value": made.Invoice.Id}
    assert sample.get("customer/1").json()["Customer"]["Balance"] == balance
    columns = sample.query("SELECT Id FROM RecurringTransaction")["RecurringTransaction"]
    assert columns == [{"Invoice": {"Id": made.Invoice.Id, "domain": "QBO", "sparse": True}}]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "2020"),
        ({"Invoice": {}, "Bill": {}}, "2020"),
        ({"Invoice": {"CustomerRef": {"value": "1"}}}, "2020"),
        ({"Invoice": {"RecurringInfo": {"Name": "x", "ScheduleInfo": {"IntervalType": "Hourly"}}}}, "2170"),
        ({"Invoice": {"RecurringInfo": {"Name": "x"}, "VendorRef": {"value": "30"}}}, "2010"),
        ({"Invoice": {"RecurringInfo": {"Name": "x"}, "CustomerRef": {"value": "999"}}}, "2500"),
        ({"Deposit": {"RecurringInfo": {"Name": "x"}, "Line": [{"LinkedTxn": [{"TxnId": "1"}]}]}}, "620"),
        ([], "2010"),
    ],
)
def test_bad_template_is_refused_and_nothing_stored(sample: Service, body: Any, code: str) -> None:
    answer = sample.post("recurringtransaction", body)
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, code), answer.text
    assert sample.count("RecurringTransaction") == 0


def test_template_made_in_a_batch_is_not_seen_by_its_neighbour(sample: Service) -> None:
    line = {"DetailType": "SalesItemLineDetail", "Amount": 5, "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}
    info = {"Name": "Mowing", "ScheduleInfo": {"IntervalType": "Daily"}}
    body = {"Invoice": {"CustomerRef": {"value": "1"}, "Line": [line], "RecurringInfo": info}}
    items = [
        {"bId": "1", "operation": "create", "RecurringTransaction": body},
        {"bId": "2", "Query": "SELECT * FROM RecurringTransaction"},
    ]
    first, second = sample.post("batch", {"BatchItemRequest": items}).json()["BatchItemResponse"]
    assert first["RecurringTransaction"]["Invoice"]["TotalAmt"] == 5
    assert second["QueryResponse"] == {}


def test_link_of_an_invoice_is_told_to_who_asks_for_it(sample: Service, client: Any) -> None:
    made = sample.query("SELECT * FROM Invoice MAXRESULTS 1")["Invoice"][0]
    change = {"Id": made["Id"], "SyncToken": made["SyncToken"], "sparse": True, "AllowOnlineACHPayment": True}
    sample.post("invoice", {**change, "BillEmail": {"Address": "pay@example.com"}})
    linked = Invoice.get(made["Id"], qb=client, params={"include": "invoiceLink"})
    assert linked.InvoiceLink.startswith("https://")
    listed = sample.get("query", params={"query": "SELECT * FROM Invoice", "include": "invoiceLink"}).json()
    links = {each["Id"]: each.get("InvoiceLink") for each in listed["QueryResponse"]["Invoice"]}
    # Only this one can be paid online.
    assert {key: link for key, link in links.items() if link} == {made["Id"]: linked.InvoiceLink}
    assert "InvoiceLink" not in sample.get(f"invoice/{made['Id']}").json()["Invoice"]


def test_account_name_may_hold_a_colon(sample: Service) -> None:
    made = sample.create("account", {"Name": "Till 12:30", "AccountSubType": "CashOnHand"})
    assert made["Name"] == "Till 12:30"
    assert sample.post("class", {"Name": "Till 12:30"}).status_code == 400


def test_sample_company_started_alone_takes_its_time_for_tokens() -> None:
    service = start("--port", "0", "--seed", "sample")
    try:
        assert service.control("settings", method="GET")["token_seconds"] == 1
        service.control("reset", {"seed": "demo"})
        assert service.control("settings", method="GET")["token_seconds"] == 0
    finally:
        stop(service)


def test_number_of_a_refund_receipt_may_be_used_twice(sample: Service) -> None:
    line = {"DetailType": "SalesItemLineDetail", "Amount": 5, "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}
    body = {"DocNumber": "R-1", "Line": [line], "DepositToAccountRef": {"value": "35"}}
    first, second = sample.create("refundreceipt", body), sample.create("refundreceipt", body)
    assert (first["DocNumber"], second["DocNumber"]) == ("R-1", "R-1")
    assert first["Id"] != second["Id"]


def test_report_comes_without_wrapper_through_the_client(client: Any) -> None:
    report = client.get_report("ProfitAndLoss", {"start_date": "2000-01-01"})
    assert set(report) == {"Header", "Columns", "Rows"}
    assert report["Rows"]["Row"][-1]["group"] == "NetIncome"


def test_batch_items_without_id_and_operation_are_created(sample: Service) -> None:
    items = [{"Attachable": {"Note": f"Note {number}", "Tag": "Trial"}} for number in range(25)]
    answers = sample.post("batch", {"BatchItemRequest": items}).json()["BatchItemResponse"]
    assert [answer["Attachable"]["Note"] for answer in answers] == [f"Note {number}" for number in range(25)]
    assert all("bId" not in answer for answer in answers)
    assert len(sample.query("SELECT * FROM Attachable WHERE Tag = 'Trial'")["Attachable"]) == 25


def test_batch_items_without_id_are_refused_when_they_could_not_be_told_apart(sample: Service) -> None:
    items = [{"Attachable": {"Note": "one"}}, {"Attachable": {"Note": "two"}}]
    before = sample.count("Attachable")
    answer = sample.post("batch?requestid=r-1", {"BatchItemRequest": items})
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, "2030")
    assert sample.count("Attachable") == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["invoice", "invoice/1", "query?query=SELECT * FROM Item", "nonsense", ""])
def test_method_the_service_does_not_have_is_a_fault(sample: Service, method: str, path: str) -> None:
    answer = sample.call(method, path, json={})
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, "500")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path", ["nonsense", "entitlements", "invoice/1/pdf/x", "invoice/1/void", "reports", "reports/x", ""]
)
def test_path_the_service_does_not_have_is_a_fault(sample: Service, method: str, path: str) -> None:
    answer = sample.call(method, path)
    assert (answer.status_code, answer.json()["Fault"]["type"]) == (400, "ValidationFault")
