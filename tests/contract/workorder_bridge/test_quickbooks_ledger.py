"""The books of a QuickBooks company read for a tie-out: over sockets, against the simulated company."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import SecretStr
from workorder_bridge.destinations.quickbooks.access import Access, Place
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.ledger import QuickBooksLedger
from workorder_bridge.dispatch import Run
from workorder_bridge.examples import example_destination, example_document, example_tables
from workorder_bridge.ledgers import Period
from workorder_bridge.reconcile.duplicates import duplicates
from workorder_bridge.reconcile.run import Reconciliation
from workorder_bridge.retry import Retry
from workorder_bridge.sources.memory import MemorySource

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def client(simulator, token_store):
    ready = simulator.ready
    access = Access(
        Place("simulator", ready["url"]),
        ready["realm"],
        ready["client_id"],
        SecretStr(ready["client_secret"]),
        token_store,
    )
    return CompanyClient.open(access, 20.0)


@pytest.fixture
def ledger(client):
    return QuickBooksLedger(client, Retry(sleep=lambda _seconds: None, jitter=lambda: 0.0))


@pytest.fixture
def synced(simulator, quickbooks, clock):
    """A source whose invoices were sent; `synced(count)` gives it and the ids in QuickBooks by number."""

    def synced(count):
        source = MemorySource(example_destination(realm=quickbooks.realm), clock, example_tables())
        for place in range(1, count + 1):
            source.add(example_document(number=f"INV/2026/{place:05}", issue_date=f"2026-11-{place % 30 + 1:02}"))
        report = Run(source, quickbooks.open(), "qbo").perform()
        assert report.counts == {"received": count}
        simulator.control("statistics", method="DELETE")
        return source, {invoice["DocNumber"]: invoice["Id"] for invoice in simulator.invoices()}

    return synced


def states(source, ledger, **options):
    lines = Reconciliation(source, ledger, "qbo", NOVEMBER, **options).lines()
    return {line.number: line.state for line in lines if line.state not in ("agrees", "stranger")}


def number(place):
    return f"INV/2026/{place:05}"


def copied(simulator, place, **changes):
    """Somebody makes a copy of an invoice by hand; its id."""
    (original,) = [each for each in simulator.invoices() if each["DocNumber"] == number(place)]
    line = {"DetailType": "SalesItemLineDetail", "Amount": 180, "SalesItemLineDetail": {"ItemRef": {"value": "2"}}}
    body = {
        "DocNumber": original["DocNumber"],
        "TxnDate": original["TxnDate"],
        "PrivateNote": original["PrivateNote"],
        "CustomerRef": {"value": original["CustomerRef"]["value"]},
        "Line": [line],
        **changes,
    }
    simulator.control("settings", {"check_duplicate_numbers": False})
    try:
        return simulator.call("POST", "invoice", json=body)["Invoice"]["Id"]
    finally:
        simulator.control("settings", {"check_duplicate_numbers": True})


def test_what_was_just_sent_agrees_to_the_cent(synced, ledger):
    source, _ids = synced(3)
    lines = list(Reconciliation(source, ledger, "qbo", NOVEMBER).lines())
    ours = [line for line in lines if line.state != "stranger"]
    assert [(line.state, line.notes) for line in ours] == [("agrees", ())] * 3
    booked = ours[0].booked[0]
    assert (booked.total, booked.tax, booked.balance, booked.currency) == (
        Decimal("193.50"),
        Decimal("13.50"),
        Decimal("193.50"),
        "USD",
    )
    assert booked.url.endswith(f"txnId={booked.id}")


def test_what_an_accountant_did_is_found_and_nothing_else(simulator, synced, ledger):
    source, ids = synced(8)
    lines = simulator.call("GET", f"invoice/{ids[number(2)]}")["Invoice"]["Line"]
    line = next(each["Id"] for each in lines if "Amount" in each)
    simulator.control("accountant/edit_invoice", {"id": ids[number(2)], "amounts": {line: 185}})
    simulator.control("accountant/void", {"kind": "Invoice", "id": ids[number(3)]})
    simulator.control("accountant/delete", {"kind": "Invoice", "id": ids[number(4)]})
    copied(simulator, 5, DocNumber="COPY-5")
    copied(simulator, 6, PrivateNote="typed in by hand")
    simulator.control("payments", {"invoice_id": ids[number(7)], "amount": 93.5})
    simulator.control("accountant/edit_invoice", {"id": ids[number(8)], "memo": "our mark is gone"})
    copied(simulator, 1, DocNumber="INV/2026/77777", PrivateNote="")
    copied(simulator, 1, DocNumber="1007", PrivateNote="somebody else's")
    assert states(source, ledger) == {
        number(2): "differs",
        number(3): "voided",
        number(4): "deleted",
        number(5): "twice",
        number(6): "twice",
        number(7): "differs",
        "INV/2026/77777": "only_there",
    }


def test_invoice_moved_to_another_month_is_looked_up_and_not_called_missing(simulator, synced, ledger):
    source, ids = synced(2)
    invoice = simulator.call("GET", f"invoice/{ids[number(1)]}")["Invoice"]
    moved = {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"], "sparse": True, "TxnDate": "2026-12-03"}
    simulator.call("POST", "invoice", json=moved)
    assert states(source, ledger) == {number(1): "differs"}


def test_numbers_with_quotes_are_found_by_them(simulator, synced, ledger):
    synced(1)
    odd = "O'Hara \\ 7"
    id_ = copied(simulator, 1, DocNumber=odd, PrivateNote="")
    assert [booked.id for booked in ledger.find([], [odd, odd, "none"])] == [id_]
    assert [booked.number for booked in ledger.find([id_, "99999"], [odd])] == [odd]


def test_more_than_a_page_costs_one_query_for_each_thousand(simulator, synced, ledger):
    synced(1)
    item = {"DetailType": "SalesItemLineDetail", "Amount": 5, "SalesItemLineDetail": {"ItemRef": {"value": "2"}}}
    body = {"CustomerRef": {"value": "1"}, "TxnDate": "2026-11-15", "Line": [item]}
    for start in range(0, 1020, 30):
        items = [
            {"bId": str(n), "operation": "create", "Invoice": {**body, "DocNumber": f"B-{start + n}"}}
            for n in range(30)
        ]
        simulator.call("POST", "batch", json={"BatchItemRequest": items})
    simulator.control("statistics", method="DELETE")
    booked = list(ledger.between(NOVEMBER))
    assert ledger.count(NOVEMBER) == len(booked) == len({each.id for each in booked}) >= 1021
    counted = simulator.statistics
    assert (counted["queries"], counted["reads"], counted["writes"]) == (3, 0, 0)


def test_tie_out_of_a_month_costs_two_queries(simulator, synced, ledger):
    source, _ids = synced(40)
    simulator.control("statistics", method="DELETE")
    assert states(source, ledger) == {}
    counted = simulator.statistics
    assert (counted["queries"], counted["reads"], counted["writes"], counted["batches"]) == (2, 0, 0, 0)


def test_busy_company_is_waited_for(simulator, synced, ledger):
    source, _ids = synced(2)
    simulator.fault("429", "query", times=2)
    assert states(source, ledger) == {}


def test_credit_memos_are_read_as_negative_and_found_by_id_and_number(simulator, client):
    line = {"DetailType": "SalesItemLineDetail", "Amount": 40, "SalesItemLineDetail": {"ItemRef": {"value": "2"}}}
    body = {
        "DocNumber": "RINV/2026/00001",
        "TxnDate": "2026-11-20",
        "PrivateNote": "Odoo RINV/2026/00001 [wb:abc]",
        "CustomerRef": {"value": "1"},
        "Line": [line],
    }
    id_ = simulator.call("POST", "creditmemo", json=body)["CreditMemo"]["Id"]
    credits = QuickBooksLedger(client, Retry(attempts=1), "credit")
    (memo,) = credits.between(NOVEMBER)
    assert (memo.id, memo.kind, memo.total, memo.balance, memo.key) == (id_, "credit", -40, -40, "abc")
    assert credits.count(NOVEMBER) == 1
    assert credits.find([id_], ["RINV/2026/00001"]) == [memo]
    assert not str(memo.tax).startswith("-")


def test_duplicate_scan_names_both_ids_once(simulator, synced, ledger):
    _source, ids = synced(3)
    assert list(duplicates(ledger, NOVEMBER)) == []
    copy = copied(simulator, 2)
    (line,) = duplicates(ledger, NOVEMBER)
    assert {booked.id for booked in line.booked} == {copy, ids[number(2)]}
    simulator.control("accountant/void", {"kind": "Invoice", "id": copy})
    assert list(duplicates(ledger, NOVEMBER)) == []
