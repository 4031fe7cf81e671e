"""What every destination promises; run against each adapter, so that the one in memory stays honest."""

from datetime import timedelta
from decimal import Decimal

import pytest
from workorder_bridge.document import parse_document
from workorder_bridge.errors import MappingIncomplete, Rejected, WrongCompany
from workorder_bridge.examples import example_buyer, example_credit, example_destination, example_tables
from workorder_bridge.ports import Parcel, Tables
from workorder_bridge.receipt import Receipt, verify
from workorder_bridge.settlement import outcome_of_receipt


def test_every_parcel_is_booked_and_agrees_to_the_cent(harness, batches, send):
    batch = batches(*batches.numbered(3), realm=harness.realm)
    answers = send(harness.open(), batch)
    for row, answer in zip(batch.rows, answers, strict=True):
        assert isinstance(answer, Receipt)
        verify(_document(row), answer)
    assert len({answer.external_id for answer in answers}) == 3


def test_same_batch_sent_twice_is_booked_once(harness, batches, send):
    batch = batches(*batches.numbered(2), realm=harness.realm)
    first = send(harness.open(), batch)
    again = send(harness.open(), batch)
    assert [a.external_id for a in first] == [a.external_id for a in again]
    assert harness.count("INV/2026/00001") == 1


def test_second_attempt_adopts_what_the_first_booked(harness, batches, send):
    batch = batches(*batches.numbered(2), realm=harness.realm)
    first = send(harness.open(), batch.model_copy(update={"rows": batch.rows[:1]}))
    second = send(harness.open(), batch.model_copy(update={"attempt": 2}))
    assert second[0].external_id == first[0].external_id
    assert isinstance(second[1], Receipt)
    assert harness.count("INV/2026/00001") == 1


def test_gaps_are_told_all_at_once_and_hold_up_nobody_else(harness, batches, send):
    tables = example_tables(items={}, taxes={})
    other = batches.numbered(2)[1].replace('"id": 12,', '"id": 13,').replace('"id": 5,', '"id": 6,')
    full = Tables(**{**tables.model_dump(), "items": {"13": {"id": "2", "name": "x"}}, "taxes": {"6": _taxed()}})
    batch = batches(batches.numbered(1)[0], other, realm=harness.realm, tables=full)
    blocked, booked = send(harness.open(), batch)
    assert isinstance(blocked, MappingIncomplete)
    assert {gap.table for gap in blocked.gaps} == {f"{harness.kind}_items", f"{harness.kind}_taxes"}
    assert isinstance(booked, Receipt)
    assert harness.count("INV/2026/00001") == 0


def test_missing_customer_is_made_once_and_told(harness, batches):
    buyer = example_buyer(id=77, name="Elm Street Dental")
    batch = batches(*batches.numbered(2, buyer=buyer), realm=harness.realm)
    delivery = harness.open().send(batch, [Parcel(row, _document(row)) for row in batch.rows])
    (made,) = delivery.customers
    assert (made.partner_id, made.external_name) == (77, "Elm Street Dental")
    assert {answer.customer_id for answer in delivery.answers.values()} == {made.external_id}


def test_missing_customer_is_a_gap_where_none_may_be_made(harness, batches, send):
    batch = batches(
        *batches.numbered(1), realm=harness.realm, tables=example_tables(customers={}), create_missing_customers=False
    )
    (answer,) = send(harness.open(), batch)
    assert [gap.table for gap in answer.gaps] == [f"{harness.kind}_customers"]


def test_number_of_a_stranger_is_rejected_and_the_stranger_is_not_adopted(harness, batches, send):
    harness.enter_by_hand("INV/2026/00001")
    batch = batches(*batches.numbered(2), realm=harness.realm)
    rejected, booked = send(harness.open(), batch)
    assert isinstance(rejected, Rejected)
    assert isinstance(booked, Receipt)
    assert harness.count("INV/2026/00001") == 1


def test_wrong_company_is_refused_before_anything_is_booked(harness, batches, send):
    batch = batches(*batches.numbered(1), realm="1111111111111111")
    with pytest.raises(WrongCompany) as caught:
        send(harness.open(), batch)
    assert not caught.value.maybe_sent
    assert harness.count("INV/2026/00001") == 0


def test_credit_and_void_are_booked_once_each(harness, batches, deliver):
    destination = harness.open()
    first = batches(*batches.numbered(2), realm=harness.realm)
    booked = deliver(destination, first).answers
    credited, voided = first.rows
    note = example_credit(original={"id": 17, "number": "INV/2026/00001", "issue_date": None, "reason": ""})
    for kind, row, document in (("credit", credited, note), ("void", voided, voided.document)):
        batch = batches.about(booked[row.id], row, document, kind=kind, realm=harness.realm)
        answers = [deliver(destination, batch.model_copy(update={"attempt": turn})).answers for turn in (1, 2)]
        (one,), (two,) = (answer.values() for answer in answers)
        assert one.external_id == two.external_id
        assert outcome_of_receipt(parcels(batch)[0], two).state == "received"


def test_payment_is_told_once_it_is_received(harness, batches, send):
    destination = harness.open()
    info = example_destination(realm=harness.realm)
    (receipt,) = send(destination, batches(*batches.numbered(1), realm=harness.realm))
    before = destination.news_since(info, None)
    assert list(before.payments) == []
    payment_id = harness.pay(receipt, "100.00")
    (payment,) = destination.news_since(info, before.cursor).payments
    assert (payment.external_id, payment.invoice_external_id) == (payment_id, receipt.external_id)
    assert (payment.amount, payment.currency) == (Decimal("100.00"), "USD")
    assert (payment.date.isoformat(), payment.reference) == ("2026-12-01", "check 7")


def test_payment_from_before_the_window_is_not_told_again(harness, batches, send):
    destination = harness.open()
    info = example_destination(realm=harness.realm)
    (receipt,) = send(destination, batches(*batches.numbered(1), realm=harness.realm))
    harness.pay(receipt, "100.00")
    cursor = destination.news_since(info, None).cursor
    assert not list(destination.news_since(info, cursor + timedelta(hours=1)).payments)


def parcels(batch):
    return [Parcel(row, _document(row)) for row in batch.rows]


def _document(row):

    return parse_document(row.document, row.sha256)


def _taxed():
    return {"id": "TAX", "name": "Ohio"}
