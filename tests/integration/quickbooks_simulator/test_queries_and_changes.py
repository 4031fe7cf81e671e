"""The query language and change data capture over the wire."""

from typing import Any

import pytest

from .conftest import Service, invoice_body


def make(service: Service, *numbers: str) -> list[Any]:
    return [service.create("invoice", invoice_body(number)) for number in numbers]


def numbers(answer: Any) -> list[str]:
    return [each["DocNumber"] for each in answer.get("Invoice", [])]


def capture(service: Service, entities: str, since: str) -> Any:
    return service.get("cdc", params={"entities": entities, "changedSince": since})


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("where DocNumber = 'A2'", ["A2"]),
        ("where DocNumber in ('A1', 'A3', 'X')", ["A1", "A3"]),
        ("where DocNumber LIKE 'a%'", ["A1", "A2", "A3"]),
        ("where CustomerRef = '1' and Balance > '0' and TotalAmt <= '193.50'", ["A1", "A2", "A3"]),
        ("where CustomerRef = '2'", []),
        ("where Id IN ('1','3') ORDERBY DocNumber DESC", ["A3", "A1"]),
        ("where TxnDate >= '2000-01-01' ORDER BY Id DESC", ["A3", "A2", "A1"]),
        ("where MetaData.LastUpdatedTime > '2001-01-01T00:00:00-08:00'", ["A1", "A2", "A3"]),
        ("where MetaData.CreateTime > '2101-01-01'", []),
        ("startposition 2", ["A2", "A3"]),
        ("startposition 0 maxresults 1", ["A1"]),
        ("maxresults 1 startposition 3", ["A3"]),
        ("maxresults 0", []),
    ],
)
def test_query_finds_what_it_asks_for(service: Service, clause: str, expected: list[str]) -> None:
    make(service, "A1", "A2", "A3")
    assert numbers(service.query(" ".join(("select * from invoice", clause)))) == expected


def test_query_answer_has_its_envelope_and_chosen_columns(service: Service) -> None:
    make(service, "A1")
    answer = service.query("SELECT DocNumber, MetaData.CreateTime FROM Invoice")
    assert (answer["startPosition"], answer["maxResults"]) == (1, 1)
    assert set(answer["Invoice"][0]) == {"Id", "domain", "sparse", "DocNumber", "MetaData"}
    assert service.query("SELECT COUNT(*) FROM Invoice WHERE DocNumber = 'A1'") == {"totalCount": 1}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "4000"),
        ("select * from Invoice where DocNumber = 'A1' or Id = '1'", "4000"),
        ("select * from Invoice where DocNumber = A1", "4000"),
        ("select * from Invoice where DocNumber = 'A1", "4000"),
        ("select * from Invoice group by Id", "4000"),
        ("delete from Invoice", "4000"),
        ("select * from Invoice maxresults many", "4000"),
        ("select * from Nonsense", "4001"),
        ("select * from Invoice where Colour = 'red'", "4001"),
        ("select Colour from Invoice", "4001"),
        ("select * from Invoice where PrivateNote LIKE '%x%'", "4001"),
        ("select * from Invoice where Line.Amount > '1'", "4001"),
        ("select * from Invoice where DepartmentRef = '1'", "4001"),
        ("select * from Invoice where Id > '1'", "4001"),
        ("select * from Invoice where Balance > 'much'", "4001"),
        ("select * from Invoice maxresults 1001", "4001"),
    ],
)
def test_query_that_is_wrong_is_refused(service: Service, text: str, code: str) -> None:
    make(service, "A1")
    answer = service.call("POST", "query", data=text.encode(), headers={"Content-Type": "application/text"})
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, code)


def test_inactive_names_are_left_out_unless_asked_for(service: Service) -> None:
    item = service.get("item/2").json()["Item"]
    service.create("item", {**item, "Active": False})
    assert "2" not in {each["Id"] for each in service.query("select * from Item")["Item"]}
    everything = service.query("select * from Item where Active in (true, false)")
    assert "2" in {each["Id"] for each in everything["Item"]}


def test_quotes_and_backslashes_are_escaped_by_backslash(service: Service) -> None:
    service.create("customer", {"DisplayName": "O'Brien \\ Sons"})
    found = service.query(r"select * from Customer where DisplayName = 'O\'Brien \\ Sons'")
    assert found["Customer"][0]["DisplayName"] == "O'Brien \\ Sons"


def test_page_is_a_hundred_unless_asked_otherwise(service: Service) -> None:
    for start in range(0, 120, 30):
        items = [
            {"bId": str(number), "operation": "create", "Invoice": invoice_body(f"N{number}")}
            for number in range(start, start + 30)
        ]
        service.post("batch", {"BatchItemRequest": items})
    assert service.query("select * from Invoice")["maxResults"] == 100
    assert service.query("select * from Invoice maxresults 1000")["maxResults"] == 120


def test_changes_show_new_changed_and_deleted_in_one_answer(service: Service) -> None:
    kept, gone = make(service, "A1", "A2")
    service.create("invoice?operation=delete", {"Id": gone["Id"], "SyncToken": "0"})
    answer = capture(service, "Invoice,Payment", kept["MetaData"]["CreateTime"]).json()
    invoices, payments = answer["CDCResponse"][0]["QueryResponse"]
    assert [each["Id"] for each in invoices["Invoice"]] == [kept["Id"], gone["Id"]]
    assert invoices["Invoice"][1]["status"] == "Deleted"
    assert invoices["maxResults"] == 2
    assert payments == {}


def test_changes_before_the_moment_are_left_out(service: Service) -> None:
    make(service, "A1")
    service.control("clock", {"advance_seconds": 5})
    now = service.control("clock", method="GET")["now"]
    assert capture(service, "Invoice", now).json()["CDCResponse"][0]["QueryResponse"] == [{}]
    service.control("payments", {"invoice_doc_number": "A1"})
    invoices, payments = capture(service, "Invoice,Payment", now).json()["CDCResponse"][0]["QueryResponse"]
    assert (invoices["Invoice"][0]["Balance"], payments["Payment"][0]["TotalAmt"]) == (0, 193.5)


@pytest.mark.parametrize(
    ("entities", "since", "code"),
    [
        ("", "2020-01-01", "2020"),
        ("Invoice", "", "2020"),
        ("Invoice", "yesterday", "2030"),
        ("Invoice", "2020-01-01", "2030"),
        ("TaxCode", "2020-01-01", "500"),
        ("Nonsense", "2020-01-01", "500"),
    ],
)
def test_wrong_capture_is_refused(service: Service, entities: str, since: str, code: str) -> None:
    answer = capture(service, entities, since)
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, code)


def test_sample_company_has_what_other_programs_expect(sample: Service) -> None:
    assert sample.get("customer/1").json()["Customer"]["DisplayName"] == "Amy's Bird Sanctuary"
    assert sample.get("item/10").json()["Item"]["Name"] == "Pest Control"
    assert sample.get("account/86").json()["Account"]["Name"] == "Discounts given"
    assert sample.count("Payment") >= 5
    assert len(sample.query("select * from TaxCode maxresults 1")["TaxCode"]) == 4
    foreign = invoice_body(CustomerRef={"value": "6"}, ExchangeRate="0.75")
    invoice = sample.create("invoice", {**foreign, "CurrencyRef": {"value": "CAD"}, "Line": _hours()})
    assert (invoice["TotalAmt"], invoice["HomeTotalAmt"]) == (100, 75)


def _hours() -> list[dict[str, Any]]:
    return [{"DetailType": "SalesItemLineDetail", "Amount": 100, "SalesItemLineDetail": {"ItemRef": {"value": "2"}}}]


def test_empty_company_has_terms_and_accounts_but_no_customers(service: Service) -> None:
    service.control("reset", {"seed": "empty"})
    assert service.query("select * from Customer") == {}
    assert service.query("select * from Term")["maxResults"] == 4
