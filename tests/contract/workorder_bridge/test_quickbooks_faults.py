"""The QuickBooks adapter when things go wrong: each ticket ends with one invoice, or a clear reason for none."""

import pytest
from workorder_bridge.document import parse_document
from workorder_bridge.errors import (
    BooksClosed,
    DestinationClosed,
    NotAuthorised,
    OutcomeUnknown,
    Rejected,
    TryLater,
    WrongCompany,
)
from workorder_bridge.examples import example_buyer, example_destination, example_tables
from workorder_bridge.ports import Parcel
from workorder_bridge.receipt import Receipt


def booked(answers) -> bool:
    return all(isinstance(answer, Receipt) for answer in answers)


def numbers(simulator) -> list[str]:
    return sorted(invoice["DocNumber"] for invoice in simulator.invoices())


@pytest.fixture
def batch(batches, quickbooks):
    return batches(*batches.numbered(3), realm=quickbooks.realm)


THREE = ["INV/2026/00001", "INV/2026/00002", "INV/2026/00003"]


@pytest.mark.parametrize("kind", ["drop_after_commit", "drop_before_commit"])
def test_lost_answer_is_asked_about_and_ends_with_one_invoice_each(kind, batch, quickbooks, simulator, send):
    simulator.fault(kind, "batch")
    assert booked(send(quickbooks.open(), batch))
    assert numbers(simulator) == THREE


def test_answer_that_never_comes_is_asked_about(batch, quickbooks, simulator, send):
    quickbooks.timeout = 1.0
    simulator.fault("hang_after_commit", "batch", seconds=20)
    assert booked(send(quickbooks.open(), batch))
    assert numbers(simulator) == THREE


def test_lost_answer_when_replay_is_forgotten_ends_with_one_invoice_each(batch, quickbooks, simulator, send):
    simulator.control("settings", {"request_id_seconds": 0, "check_duplicate_numbers": False})
    simulator.fault("drop_after_commit", "batch")
    assert booked(send(quickbooks.open(), batch))
    assert numbers(simulator) == THREE


def test_replay_that_meets_a_duplicate_number_adopts_ours(batch, quickbooks, simulator, send):
    first = send(quickbooks.open(), batch)
    simulator.control("settings", {"request_id_seconds": 0})
    again = send(quickbooks.open(), batch)
    assert [a.external_id for a in again] == [a.external_id for a in first]
    assert numbers(simulator) == THREE


def test_known_request_id_without_its_answer_is_asked_about(batch, quickbooks, simulator, send):
    first = send(quickbooks.open(), batch)
    simulator.fault("fault_code:600", "batch")
    again = send(quickbooks.open(), batch)
    assert [a.external_id for a in again] == [a.external_id for a in first]


def test_item_left_out_of_the_answer_is_asked_about(batch, quickbooks, simulator, send):
    simulator.fault("omit_item", match={"bid": "2"})
    assert booked(send(quickbooks.open(), batch))
    assert numbers(simulator) == THREE


def test_answers_in_another_order_belong_to_the_right_rows(batch, quickbooks, simulator, send):
    simulator.control("settings", {"batch_answer_order": "reversed"})
    assert [answer.number for answer in send(quickbooks.open(), batch)] == THREE


@pytest.mark.parametrize("body", ["capital", "lower", "xml"])
def test_throttling_waits_a_minute_and_goes_on(body, batch, quickbooks, simulator, send):
    simulator.control("settings", {"throttle_body": body})
    simulator.fault("429", "batch", times=2)
    assert booked(send(quickbooks.open(), batch))
    assert quickbooks.waits == [60.0, 60.0]


@pytest.mark.parametrize("status", ["500", "502", "503"])
def test_failure_of_theirs_is_repeated_under_the_same_keys(status, batch, quickbooks, simulator, send):
    simulator.fault(status, "batch", times=2)
    assert booked(send(quickbooks.open(), batch))
    assert numbers(simulator) == THREE


def test_endless_throttling_ends_the_run_with_nothing_sent(batch, quickbooks, simulator, send):
    simulator.fault("429", "batch", times=None)
    answers = send(quickbooks.open(), batch)
    assert all(isinstance(answer, TryLater) and not answer.maybe_sent for answer in answers)
    assert sum(quickbooks.waits) <= 150


def test_endless_failure_leaves_every_row_in_doubt(batch, quickbooks, simulator, send):
    simulator.fault("503", "batch", times=None)
    answers = send(quickbooks.open(), batch)
    assert all(isinstance(answer, TryLater) and answer.maybe_sent for answer in answers)


def test_expired_access_token_is_renewed_once_and_stored(batches, own_quickbooks, send):
    quickbooks, simulator = own_quickbooks, own_quickbooks.simulator
    batch = batches(*batches.numbered(3), realm=quickbooks.realm)
    before = quickbooks.store.read(quickbooks.realm, "simulator")
    simulator.control("expire_access_tokens")
    assert booked(send(quickbooks.open(), batch))
    after = quickbooks.store.read(quickbooks.realm, "simulator")
    assert after.access_token != before.access_token
    assert after.refresh_token != before.refresh_token
    assert simulator.statistics["endpoints"]["POST oauth2/v1/tokens/bearer"] == 1


def test_token_that_expires_in_mid_run_costs_no_invoice(batches, own_quickbooks, send):
    quickbooks, simulator = own_quickbooks, own_quickbooks.simulator
    batch = batches(*batches.numbered(3), realm=quickbooks.realm)
    destination = quickbooks.open()
    send(destination, batch)
    simulator.control("expire_access_tokens")
    other = batches(*(text.replace("/2026/", "/2027/") for text in batches.numbered(2)), realm=quickbooks.realm)
    assert booked(send(destination, other))


def test_subscription_that_ended_closes_the_destination(batch, quickbooks, simulator, send):
    simulator.fault("fault_code:6190", "batch", status=200)
    answers = send(quickbooks.open(), batch)
    assert all(isinstance(answer, DestinationClosed) for answer in answers)
    assert "subscription" in answers[0].message


def test_foreign_company_refused_by_quickbooks_closes_the_destination(batch, quickbooks, simulator, send):
    simulator.fault("403", "companyinfo", times=None)
    with pytest.raises(DestinationClosed):
        send(quickbooks.open(), batch)


def test_company_that_numbers_invoices_itself_is_refused_before_any_write(batch, quickbooks, simulator, send):
    simulator.control("preferences", _numbering_off(simulator))
    with pytest.raises(DestinationClosed, match="numbers its invoices itself"):
        send(quickbooks.open(), batch)
    assert simulator.invoices() == []


def test_asking_that_fails_after_a_lost_answer_keeps_the_rows_in_doubt(batch, quickbooks, simulator, send):
    simulator.fault("drop_after_commit", "batch")
    simulator.fault("fault_code:4002", "query", times=None)
    answers = send(quickbooks.open(), batch)
    assert all(isinstance(answer, OutcomeUnknown) for answer in answers)
    simulator.control("faults", method="DELETE")
    assert numbers(simulator) == THREE


def test_asking_that_fails_on_a_second_attempt_leaves_it_unknown(batch, quickbooks, simulator, send):
    destination = quickbooks.open()
    destination.news_since(example_destination(realm=quickbooks.realm), None)  # the lists are read
    simulator.fault("fault_code:4002", "query")
    with pytest.raises(OutcomeUnknown):
        send(destination, batch.model_copy(update={"attempt": 2}))


def test_one_bad_item_holds_up_nobody_else(batch, quickbooks, simulator, send):
    simulator.fault("fault_code:6210", match={"bid": "2"})
    first, second, third = send(quickbooks.open(), batch)
    assert booked([first, third])
    assert type(second) is BooksClosed
    assert "books are closed" in second.message
    assert second.reference


def test_name_with_a_colon_becomes_a_customer(batches, quickbooks, simulator, send):
    batch = batches(*batches.numbered(1, buyer=example_buyer(id=90, name="Elm: Dental\tCare")), realm=quickbooks.realm)
    assert booked(send(quickbooks.open(), batch))
    assert simulator.invoices()[0]["CustomerRef"]["name"] == "Elm Dental Care"


def test_customer_of_the_same_name_is_adopted(batches, quickbooks, simulator, send):
    tables = example_tables(customers={})
    batch = batches(*batches.numbered(1), realm=quickbooks.realm, tables=tables)
    (answer,) = send(quickbooks.open(), batch)
    assert answer.customer_id == "1"


def test_name_of_a_vendor_is_rejected_with_the_row_to_add(batches, quickbooks, simulator, send):
    simulator.fault("fault_code:6240", match={"bid": "c91"})
    buyer = example_buyer(id=91, name="O'Neil \\ Sons")
    batch = batches(*batches.numbered(1, buyer=buyer), realm=quickbooks.realm)
    (answer,) = send(quickbooks.open(), batch)
    assert type(answer) is Rejected
    assert "91,O'Neil \\ Sons,," in answer.hint
    assert simulator.invoices() == []


def test_lost_answer_about_customers_makes_one_customer(batches, quickbooks, simulator, send):
    batch = batches(*batches.numbered(2, buyer=example_buyer(id=92, name="New Buyer")), realm=quickbooks.realm)
    simulator.fault("drop_after_commit", "batch")
    assert booked(send(quickbooks.open(), batch))
    found = simulator.call("GET", "query", params={"query": "SELECT * FROM Customer WHERE DisplayName = 'New Buyer'"})
    assert len(found["QueryResponse"]["Customer"]) == 1


def test_ours_under_another_customer_is_disputed_on_recovery(batch, quickbooks, send):
    send(quickbooks.open(), batch)
    tables = example_tables(customers={"42": {"id": "2", "name": "Cedar"}})
    delivery = quickbooks.open().send(batch.model_copy(update={"attempt": 2, "tables": tables}), _parcels(batch))
    assert set(delivery.disputes) == {row.id for row in batch.rows}
    assert "for customer Mercy General Hospital" in delivery.disputes[batch.rows[0].id]


def test_full_batch_costs_one_write_and_no_read_per_invoice(batches, quickbooks, simulator, send):
    quickbooks.open().news_since(example_destination(realm=quickbooks.realm), None)  # the lists are read
    simulator.control("statistics", method="DELETE")
    batch = batches(*batches.numbered(30), realm=quickbooks.realm)
    assert booked(send(quickbooks.open(), batch))
    counted = simulator.statistics
    assert (counted["batches"], counted["writes"], counted["queries"]) == (1, 0, 0)
    assert (counted["reads"], counted["change_captures"]) == (0, 0)


def test_recovery_of_a_batch_costs_one_query(batches, quickbooks, simulator, send):
    batch = batches(*batches.numbered(30), realm=quickbooks.realm)
    send(quickbooks.open(), batch)
    simulator.control("statistics", method="DELETE")
    send(quickbooks.open(), batch.model_copy(update={"attempt": 2}))
    assert (simulator.statistics["queries"], simulator.statistics["batches"]) == (1, 0)


def test_invoice_reads_in_quickbooks_as_the_document_says(batches, quickbooks, simulator, send):
    send(quickbooks.open(), batches(*batches.numbered(1), realm=quickbooks.realm))
    (invoice,) = simulator.invoices()
    texts = {field["Name"]: field.get("StringValue") for field in invoice["CustomField"]}
    assert (texts["P.O. Number"], texts["Work Order"]) == ("4500012345", "WO00003")
    line = next(line for line in invoice["Line"] if line["DetailType"] == "SalesItemLineDetail")
    assert "PO 4500012345 line 10 | item MERCY-HVAC-01" in line["Description"]
    assert line["SalesItemLineDetail"]["ClassRef"]["value"] == "101"


def test_payments_of_strangers_invoices_are_left_alone(batches, quickbooks, simulator, send):
    quickbooks.enter_by_hand("HAND-1")
    simulator.control("payments", {"invoice_doc_number": "HAND-1"})
    news = quickbooks.open().news_since(example_destination(realm=quickbooks.realm), None)
    assert list(news.payments) == []


def test_old_window_is_read_by_pages(batches, quickbooks, simulator, send):
    destination = quickbooks.open()
    (receipt,) = send(destination, batches(*batches.numbered(1), realm=quickbooks.realm))
    quickbooks.pay(receipt, "10.00")
    long_ago = destination.news_since(example_destination(realm=quickbooks.realm), None).cursor.replace(year=2025)
    simulator.control("statistics", method="DELETE")
    news = destination.news_since(example_destination(realm=quickbooks.realm), long_ago)
    assert [payment.invoice_external_id for payment in news.payments] == [receipt.external_id]
    assert (simulator.statistics["queries"], simulator.statistics["change_captures"]) == (4, 1)


def test_revoked_access_asks_for_a_new_connection(batches, own_quickbooks, send):
    own_quickbooks.simulator.control("expire_access_tokens")
    own_quickbooks.simulator.control("revoke_refresh_tokens")
    batch = batches(*batches.numbered(1), realm=own_quickbooks.realm)
    with pytest.raises(NotAuthorised) as caught:
        send(own_quickbooks.open(), batch)
    assert not isinstance(caught.value, WrongCompany)
    assert not caught.value.maybe_sent
    assert "workorder quickbooks reconnect" in caught.value.hint


def _parcels(batch):
    return [Parcel(row, parse_document(row.document, row.sha256)) for row in batch.rows]


def _numbering_off(simulator):
    preferences = simulator.control("preferences", method="GET")
    forms = {**preferences["SalesFormsPrefs"], "CustomTxnNumbers": False}
    return {"sparse": True, "Id": preferences["Id"], "SyncToken": preferences["SyncToken"], "SalesFormsPrefs": forms}
