"""What clerks do, and what it does to the balances."""

from decimal import Decimal

import pytest
from buyer_simulator.office.department import NotAllowed

from .conftest import Desk

FULL = {"lines": [{"quantity": 10, "amount": 1000}]}


def billed(desk: Desk) -> tuple[int, Decimal]:
    share = desk.department.books.ledger.billed("PO-1", "10")
    return int(share.quantity), desk.department.books.ledger.billed_on_order("PO-1")


def test_a_rejected_invoice_does_not_count(desk: Desk) -> None:
    desk.send("A", currency="EUR")
    assert billed(desk) == (0, Decimal(0))


def test_an_invoice_counts_until_a_clerk_rejects_it(desk: Desk) -> None:
    entry = desk.send("A", **FULL)
    assert billed(desk) == (10, Decimal(1000))
    assert ("QTY", 1) in desk.reasons("B")
    desk.department.decide(entry, "reject", note="Wrong site", code="DEL")
    assert entry.reasons[-1].message == "Wrong site"
    assert billed(desk) == (0, Decimal(0))
    assert desk.reasons("C", **FULL) == []


def test_a_credit_counts_only_once_it_is_accepted(desk: Desk) -> None:
    desk.send("A", **FULL)
    credit = desk.send("C", kind="credit", original="A")
    assert billed(desk) == (10, Decimal(1000))
    desk.department.decide(credit, "accept")
    assert billed(desk) == (6, Decimal(600))
    assert desk.reasons("B") == []


def test_a_rejected_credit_gives_back_what_it_took_of_its_original(desk: Desk) -> None:
    desk.send("A")
    credit = desk.send("C", kind="credit", original="A")
    desk.department.decide(credit, "reject", note="No")
    assert desk.reasons("D", kind="credit", original="A") == []


def test_the_whole_way_of_an_invoice_is_in_its_history(desk: Desk) -> None:
    entry = desk.send()
    for action in ("dispute", "accept", "pay"):
        desk.department.decide(entry, action, note="Hours look high")
    assert [step.state for step in entry.history] == ["in_process", "disputed", "accepted", "paid"]


@pytest.mark.parametrize("action", ["process", "accept", "reject", "dispute", "pay"])
def test_a_paid_invoice_is_left_alone(desk: Desk, action: str) -> None:
    entry = desk.send()
    desk.department.decide(entry, "accept")
    desk.department.decide(entry, "pay")
    with pytest.raises(NotAllowed, match="is paid"):
        desk.department.decide(entry, action, note="x")


@pytest.mark.parametrize("action", ["reject", "dispute"])
def test_no_supplier_is_turned_away_without_a_reason(desk: Desk, action: str) -> None:
    with pytest.raises(NotAllowed, match="Say why"):
        desk.department.decide(desk.send(), action, note="  ")


def test_an_invoice_waits_where_matching_is_done_by_hand(desk: Desk) -> None:
    desk.policy(processing="by_hand")
    first, second = desk.send("A", **FULL), desk.send("B")
    assert (first.state, first.matched, billed(desk)[0]) == ("received", None, 0)
    desk.department.decide(first, "process")
    desk.department.decide(second, "process")
    assert (first.state, second.state) == ("in_process", "rejected")


def test_what_matches_needs_nobody_where_the_policy_says_so(desk: Desk) -> None:
    desk.policy(accept_matched=True)
    assert desk.send().state == "accepted"


def test_a_revised_order_keeps_what_was_billed(desk: Desk) -> None:
    desk.send("A", **FULL)
    desk.order(lines={"10": {"quantity": 14}})
    assert desk.reasons("B") == []
    assert ("QTY", 1) in desk.reasons("C", lines=[{"quantity": 1, "amount": 100}])
