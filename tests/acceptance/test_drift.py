"""F4: what an accountant does in QuickBooks to our invoices comes back to Odoo, once, and is answered there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import odoorpc
import pytest

ROUNDS = 40
FIELDS = ["name", "cause", "state", "sync_token", "amount_there", "invoice_id"]


@pytest.fixture
def booked(office, company, bridge) -> Callable[[int], dict[str, str]]:
    """Closed tickets whose invoices are in QuickBooks: number → id there."""

    def booked(count: int) -> dict[str, str]:
        numbers = office.post_tickets(count)
        for _ in range(ROUNDS):
            bridge.sync()
            rows = office.rows(numbers)
            if {state for state, _ in rows.values()} == {"received"}:
                return {number: rows[number][1] for number in numbers}
            time.sleep(0.5)  # a busy company is asked again when the lease has run out
        pytest.fail(f"still not received: {rows}")

    return booked


@pytest.fixture
def act(company) -> Callable[..., Any]:
    return lambda action, **body: company.control(f"accountant/{action}", body)


@pytest.fixture
def inbox(office) -> Callable[..., list[dict[str, Any]]]:
    def inbox(numbers: Any) -> list[dict[str, Any]]:
        domain = [("invoice_id.name", "in", list(numbers))]
        return office.call("work.order.drift", "search_read", domain, FIELDS, order="id")

    return inbox


def customer_of(company, invoice_id: str) -> str:
    return str(invoice(company, invoice_id)["CustomerRef"]["value"])


def invoice(company, invoice_id: str) -> Any:
    return company.read(f"invoice/{invoice_id}")["Invoice"]


def test_f4_edit_void_delete_and_payments_show_up_once(office, company, bridge, booked, act, inbox):
    ours = booked(4)
    edited, voided, deleted, paid = ours
    line = next(
        one["Id"] for one in invoice(company, ours[edited])["Line"] if one["DetailType"] == "SalesItemLineDetail"
    )
    act("edit_invoice", id=ours[edited], amounts={line: 50})
    act("void", kind="Invoice", id=ours[voided])
    act("delete", kind="Invoice", id=ours[deleted])
    act("receive", customer_id=customer_of(company, ours[paid]), invoices={ours[paid]: 20}, reference="CHK 1")
    report = bridge.sync()["destinations"][0]
    assert (report["drift"], report["payments"]["registered"]) == (3, 1)
    found = inbox(ours)
    assert [(one["name"], one["cause"], one["state"]) for one in found] == [
        (edited, "amount", "open"),
        (voided, "voided", "open"),
        (deleted, "deleted", "open"),
    ]
    assert bridge.sync()["destinations"][0]["drift"] == 0
    assert inbox(ours) == found


def test_f4_voided_payment_is_corrected_in_odoo_when_somebody_follows(office, company, bridge, booked, act, inbox):
    ours = booked(1)
    ((number, invoice_id),) = ours.items()
    total = invoice(company, invoice_id)["TotalAmt"]
    money = act("receive", customer_id=customer_of(company, invoice_id), invoices={invoice_id: total})["Payment"]
    bridge.sync()
    assert office.rows([number])[number][0] == "paid"
    act("void", kind="Payment", id=money["Id"])
    bridge.sync()
    (entry,) = inbox(ours)
    assert (entry["cause"], office.rows([number])[number][0]) == ("payment_undone", "paid")
    office.call("work.order.drift", "action_follow", [entry["id"]])
    assert office.rows([number])[number][0] == "received"
    bridge.sync()
    assert [one["state"] for one in inbox(ours)] == ["fixed"]


def test_f4_deleted_invoice_is_sent_again_and_is_there_once(office, company, bridge, booked, act, inbox):
    ours = booked(1)
    ((number, invoice_id),) = ours.items()
    act("delete", kind="Invoice", id=invoice_id)
    bridge.sync()
    (entry,) = inbox(ours)
    office.call("work.order.drift", "action_send_again", [entry["id"]])
    bridge.sync()
    (again,) = company.invoices()[number]
    assert again != invoice_id
    bridge.sync()
    assert [one["state"] for one in inbox(ours)] == ["fixed"]
    assert company.invoices()[number] == [again]


def test_f4_what_is_put_right_there_closes_by_itself(company, bridge, booked, act, inbox):
    ours = booked(1)
    ((_number, invoice_id),) = ours.items()
    before = invoice(company, invoice_id)["DueDate"]
    act("edit_invoice", id=invoice_id, due="2030-01-31")
    bridge.sync()
    act("edit_invoice", id=invoice_id, due=before)
    bridge.sync()
    assert [(one["cause"], one["state"]) for one in inbox(ours)] == [("details", "past")]


def test_f4_two_workers_telling_the_same_at_once_make_one_entry(office, company, booked, act, inbox, at_once):
    ours = booked(1)
    ((number, invoice_id),) = ours.items()
    act("void", kind="Invoice", id=invoice_id)
    there = invoice(company, invoice_id)
    seen = {
        "kind": "invoice",
        "external_id": invoice_id,
        "version": there["SyncToken"],
        "status": "voided",
        "total": "0.00",
        "tax": "0.00",
        "lines": None,
        **dict.fromkeys(("changed_at", "customer_id", "customer_name", "currency", "date", "due_date", "memo"), ""),
        "number": number,
        "note": there["PrivateNote"],
    }
    told = {"code": "qbo", "payments": [], "cursor": None, "seen": {"invoices": [seen]}}

    def worker() -> Callable[[], Any]:
        rpc = odoorpc.ODOO("127.0.0.1", port=urlsplit(office.server.url).port, timeout=120)
        rpc.login(office.server.database, "bridge", "bridge")
        return lambda: rpc.execute_kw("work.order.destination", "register_payments", [], told)

    assert at_once([worker() for _ in range(3)]) == [None] * 3
    assert [one["cause"] for one in inbox(ours)] == ["voided"]
