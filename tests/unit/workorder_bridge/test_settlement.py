"""Which state a row gets."""

from decimal import Decimal

import pytest
from workorder_bridge.document import InvoiceDocument
from workorder_bridge.errors import (
    DocumentInvalid,
    Gap,
    MappingIncomplete,
    NotAuthorised,
    NumberTaken,
    OutcomeUnknown,
    Rejected,
    TryLater,
    WrongCompany,
)
from workorder_bridge.examples import example_content
from workorder_bridge.ports import Parcel, Row
from workorder_bridge.receipt import Receipt
from workorder_bridge.settlement import MAX_ATTEMPTS, outcome_of_error, outcome_of_receipt, state_of_error

ROW = Row(id=5, index="1", key="a" * 32, revision=1, sha256="", document="")
PARCEL = Parcel(ROW, InvoiceDocument.model_validate(example_content()))
GAPS = MappingIncomplete([Gap("quickbooks_items", "12", "HVAC labor", "invoice INV/1")])


def receipt(total: str = "193.50") -> Receipt:
    return Receipt("145", "INV/2026/00001", "0", "USD", Decimal(total), Decimal("13.50"), reference="tid-1")


@pytest.mark.parametrize(
    ("error", "attempt", "state"),
    [
        (GAPS, 1, "blocked"),
        (Rejected("no"), 1, "rejected"),
        (NumberTaken("no"), 1, "rejected"),
        (DocumentInvalid(["bad"]), 1, "rejected"),
        (DocumentInvalid(["bad"], maybe_sent=True), 2, "unknown"),
        (Rejected("no", maybe_sent=True), 1, "unknown"),
        (TryLater("busy"), 1, "retry"),
        (TryLater("busy"), MAX_ATTEMPTS, "retry"),
        (TryLater("503", maybe_sent=True), MAX_ATTEMPTS - 1, "retry"),
        (TryLater("503", maybe_sent=True), MAX_ATTEMPTS, "unknown"),
        (OutcomeUnknown("lost"), 1, "retry"),
        (OutcomeUnknown("lost"), MAX_ATTEMPTS, "unknown"),
        (NotAuthorised("no"), 1, "release"),
        (WrongCompany("no"), 1, "release"),
        (NotAuthorised("no", maybe_sent=True), 1, "retry"),
        (NotAuthorised("no"), 2, "retry"),
    ],
)
def test_state_follows_from_the_error(error, attempt, state):
    assert state_of_error(error, attempt) == state


def test_agreeing_receipt_is_received():
    outcome = outcome_of_receipt(PARCEL, receipt())
    assert outcome.as_settlement() == {
        "id": 5,
        "key": "a" * 32,
        "state": "received",
        "message": "",
        "hint": "",
        "reference": "tid-1",
        "gaps": [],
        "external_id": "145",
        "external_number": "INV/2026/00001",
        "external_version": "0",
        "external_total": "193.50",
        "external_tax": "13.50",
        "external_url": "",
    }


def test_receipt_one_cent_off_is_disputed_and_keeps_its_id():
    settled = outcome_of_receipt(PARCEL, receipt("193.49")).as_settlement()
    assert settled["state"] == "disputed"
    assert settled["external_id"] == "145"
    assert "193.49" in settled["message"]


def test_dispute_stands_although_the_amounts_agree():
    outcome = outcome_of_receipt(PARCEL, receipt(), "It is for another customer.")
    assert (outcome.state, outcome.message) == ("disputed", "It is for another customer.")


def test_blocked_row_carries_its_gaps():
    settled = outcome_of_error(ROW, GAPS, 1).as_settlement()
    assert [gap["odoo_id"] for gap in settled["gaps"]] == ["12"]
    assert "retry_after" not in settled


@pytest.mark.parametrize(("asked", "told"), [(None, 60), (7.4, 7), (10_000_000, 86400)])
def test_rest_is_what_was_asked_within_what_odoo_takes(asked, told):
    assert outcome_of_error(ROW, TryLater("busy", retry_after=asked), 1).as_settlement()["retry_after"] == told
