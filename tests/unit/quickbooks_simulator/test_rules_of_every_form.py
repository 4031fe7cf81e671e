"""What is refused on an invoice is refused on every sales form; what is added to one is added to all."""

from typing import Any

import pytest

from .conftest import Books, Record, code_of, form

FORMS = ["Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt", "Estimate"]
ACCOUNT = {"DepositToAccountRef": {"value": "35"}}


def line(amount: Any = 10, **detail: Any) -> Record:
    sales = {"ItemRef": {"value": "1"}, **detail}
    return {"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": sales}


def discount(**values: Any) -> Record:
    return {"DetailType": "DiscountLineDetail", **values}


def lines(*wanted: Record) -> Record:
    return {"Line": list(wanted)}


REFUSED = [
    (lines(), "2020"),
    (lines(line(10, Qty=3, UnitPrice=3)), "6070"),
    (lines(line(), discount(DiscountLineDetail={"PercentBased": True})), "6090"),
    (lines(line(TaxCodeRef={"value": "2"})), "6100"),
    (lines(line(-1)), "6000"),
    (lines(line(10), line(-10.01)), "6000"),
    (lines({"Amount": 10, "SalesItemLineDetail": {}}), "2020"),
    (lines({**line(), "DetailType": "Wish"}), "2170"),
    (lines({**line(), "Color": "red"}), "2010"),
    (lines({**line(), "Description": "d" * 4001}), "2050"),
    (lines(*[line(1, TaxCodeRef={"value": "TAX"})] * 751), "6000"),
    (lines(*[line(0)] * 10_001), "6000"),
    ({"DocNumber": "9" * 22}, "2050"),
    ({"PrivateNote": "n" * 4001}, "2050"),
    ({"CustomerMemo": {"value": "m" * 1001}}, "2050"),
    ({"CustomerRef": {"value": "999"}}, "2500"),
    ({"CustomerRef": {"value": "6"}, "CurrencyRef": {"value": "USD"}}, "6000"),
    ({"CurrencyRef": {"value": "CAD"}}, "6000"),
    ({"TxnDate": "tomorrow"}, "2030"),
    ({"BillEmail": {"Address": "nobody"}}, "2210"),
    ({"EmailStatus": "Perhaps"}, "2170"),
    ({"PrintStatus": "Perhaps"}, "2170"),
    ({"Colour": "red"}, "2010"),
]


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize(("changes", "code"), REFUSED)
def test_wrong_form_is_refused_and_leaves_nothing(books: Books, kind: str, changes: Record, code: str) -> None:
    before = len(list(books.company.store.all(kind)))
    assert code_of(lambda: books.create(kind, **{**form(**ACCOUNT), **changes})) == code
    assert len(list(books.company.store.all(kind))) == before


@pytest.mark.parametrize("kind", FORMS)
def test_company_adds_the_same_to_every_form(books: Books, kind: str) -> None:
    saved = books.create(kind, **form(**ACCOUNT))
    assert saved["CustomerRef"] == {"value": "1", "name": "Amy's Bird Sanctuary"}
    assert saved["BillEmail"] == {"Address": "birds@amy.example"}
    assert saved["BillAddr"]["City"] == "Bayshore"
    assert saved["CurrencyRef"]["value"] == "USD"
    assert (saved["TotalAmt"], saved["HomeTotalAmt"], saved["ExchangeRate"]) == (100, 100, 1)
    assert (saved["PrintStatus"], saved["EmailStatus"], saved["SyncToken"]) == ("NotSet", "NotSet", "0")
    assert saved["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "NON"}
    assert saved["Line"][1] == {"Amount": 100, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    assert saved["DocNumber"].isdecimal()


@pytest.mark.parametrize("kind", FORMS)
def test_line_without_item_becomes_text_on_every_form(books: Books, kind: str) -> None:
    text = {"DetailType": "SalesItemLineDetail", "Amount": 50, "Description": "note", "SalesItemLineDetail": {}}
    saved = books.create(kind, **{**form(**ACCOUNT), "Line": [line(), text]})
    assert (saved["Line"][1]["DetailType"], saved["TotalAmt"]) == ("DescriptionOnly", 10)


@pytest.mark.parametrize("kind", FORMS)
def test_sparse_update_replaces_all_lines_and_keeps_the_rest(books: Books, kind: str) -> None:
    saved = books.create(kind, **{**form(**ACCOUNT), "Line": [line(10), line(20)], "PrivateNote": "keep"})
    changed = books.change(kind, saved, Line=[line(5)])
    assert (changed["TotalAmt"], changed["PrivateNote"], len(changed["Line"])) == (5, "keep", 2)


@pytest.mark.parametrize("kind", FORMS)
def test_form_in_the_customers_currency_knows_its_home_amount(books: Books, kind: str) -> None:
    saved = books.create(kind, **form(100, customer="6", ExchangeRate="0.75", **ACCOUNT))
    assert (saved["CurrencyRef"]["value"], saved["TotalAmt"], saved["HomeTotalAmt"]) == ("CAD", 100, 75)


@pytest.mark.parametrize("kind", FORMS)
def test_deleted_form_is_gone_for_good(books: Books, kind: str) -> None:
    saved = books.create(kind, **form(**ACCOUNT))
    assert books.delete(kind, saved) == {"domain": "QBO", "status": "Deleted", "Id": saved["Id"]}
    assert code_of(lambda: books.read(kind, saved)) == "610"
