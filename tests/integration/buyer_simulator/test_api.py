"""The department over a real socket."""

from typing import Any

import pytest

from .conftest import Service, invoice


def test_an_invoice_goes_from_match_to_payment(service: Service) -> None:
    sent = service.post("invoices", invoice(), 201)
    assert (sent["state"], sent["matched"], sent["reasons"]) == ("in_process", True, [])
    assert service.post(f"invoices/{sent['id']}/accept", {"by": "Jo"})["state"] == "accepted"
    assert service.post(f"invoices/{sent['id']}/pay")["state"] == "paid"
    assert [step["state"] for step in service.get(f"invoices/{sent['id']}")["history"]] == [
        "in_process",
        "accepted",
        "paid",
    ]
    assert [each["number"] for each in service.get("invoices?state=paid&number=inv%201")["invoices"]] == ["INV-1"]
    assert service.get("invoices?state=rejected") == {"invoices": []}


def test_balances_follow_what_is_billed(service: Service) -> None:
    service.post("invoices", invoice(), 201)
    order = service.get("purchase-orders/4500017788")
    assert (order["billed"], order["remaining"]) == ("708.00", "413.40")
    assert (order["lines"][0]["billed_quantity"], order["lines"][0]["received_quantity"]) == ("6", "6")


def test_a_mismatch_comes_back_with_all_reasons_codes_lines_and_sentences(service: Service) -> None:
    wrong = invoice(currency="EUR")
    wrong["lines"][0] |= {"quantity": "7", "item_code": "HVAC-LAB"}
    reasons = service.post("invoices", wrong, 201)["reasons"]
    assert [(each["code"], each["line"]) for each in reasons] == [
        ("REF", None),
        ("ITM", 1),
        ("QTY", 1),
        ("DEL", 1),
        ("FIN", 1),
    ]
    assert reasons[1]["message"] == "Item HVAC-LAB is not what line 10 orders (M-700114)."


def test_a_repeated_request_with_its_key_books_once_and_without_is_a_duplicate(service: Service) -> None:
    key = {"headers": {"Idempotency-Key": "k-1"}}
    first = service.post("invoices", invoice(), 201, **key)
    assert service.post("invoices", invoice(), 201, **key) == first
    assert len(service.get("invoices")["invoices"]) == 1
    refused = service.post("invoices", invoice("INV-2"), 422, **key)
    assert refused["errors"][0]["where"] == "Idempotency-Key"
    again = service.post("invoices", invoice(), 201)
    assert (again["state"], again["reasons"][0]["code"]) == ("rejected", "OTH")


def test_the_buyer_keeps_its_registers(service: Service) -> None:
    service.post("control/reset", {"seed": "empty"})
    order = {"number": "PO/1", "lines": [{"number": 1, "quantity": 1}]}
    refused = service.call("PUT", "/api/purchase-orders/PO/2", json={**order, "lines": []})
    assert (refused.status_code, refused.json()["errors"][0]["where"]) == (422, "number")
    order["lines"] = [{"number": "1", "quantity": 2, "unit": "EA", "unit_price": "0.10"}]
    assert service.call("PUT", "/api/purchase-orders/PO/1", json=order).json()["remaining"] == "0.20"
    assert service.post("receipts", [{"purchase_order": "po/1", "line": "1", "quantity": 2}]) == {"saved": 1}
    assert service.post("work-orders", {"number": "WO-1", "not_to_exceed": 5}) == {"saved": 1}
    assert service.get("work-orders")["work_orders"][0]["not_to_exceed"] == "5"
    assert service.get("receipts")["receipts"][0]["quantity"] == "2"
    assert service.call("PUT", "/api/policy", json={"buyer": "Mercy"}).json()["po_line"] == "required"
    assert service.get("policy")["buyer"] == "Mercy"


def test_receipts_for_what_was_never_ordered_are_refused_whole(service: Service) -> None:
    rows = [
        {"purchase_order": "4500017788", "line": "30", "quantity": 1},
        {"purchase_order": "4500017788", "line": "99", "quantity": 1},
        {"purchase_order": "X", "line": "1", "quantity": 1},
    ]
    refused = service.post("receipts", rows, 422)
    assert [each["where"] for each in refused["errors"]] == ["1.line", "2.line"]
    assert service.get("purchase-orders/4500017788")["lines"][2]["received_quantity"] == "0"


def test_what_a_state_does_not_allow_is_a_conflict_and_says_so(service: Service) -> None:
    sent = service.post("invoices", invoice(), 201)
    refused = service.post(f"invoices/{sent['id']}/pay", None, 409)
    assert refused["errors"][0]["expected"] == "Invoice INV-1 is in process; it cannot be paid."


def test_the_day_can_be_set(service: Service) -> None:
    service.post("control/today", {"today": "2026-03-14"})
    assert (
        service.post("invoices", invoice(), 201)["reasons"][0]["message"]
        == "The invoice date 2026-03-15 is in the future."
    )
    assert service.post("control/today", {"today": None})["today"] > "2026-03-14"


def test_every_error_of_a_body_is_named_and_nothing_is_booked(service: Service) -> None:
    body = invoice(
        issue_date=20260315, currency="usd", total="NaN", colour="red", number="", lines=[{"number": 0, "amount": True}]
    )
    del body["untaxed"]
    errors = service.post("invoices", body, 422)["errors"]
    assert {each["where"] for each in errors} == {
        "number",
        "issue_date",
        "currency",
        "lines.0.number",
        "lines.0.amount",
        "untaxed",
        "total",
        "colour",
    }
    assert all(each["expected"] for each in errors)
    assert service.get("invoices") == {"invoices": []}


@pytest.mark.parametrize(
    "raw",
    [b"", b"[", b"\xff\xfe", b"[" * 100_000, b"null", b"1e999999999", b'{"supplier": "\\ud800"}', b'"x"', b"[[]]"],
)
@pytest.mark.parametrize("path", ["invoices", "policy", "purchase-orders", "receipts", "work-orders", "control/today"])
def test_a_hostile_body_is_refused_with_a_sentence(service: Service, path: str, raw: bytes) -> None:
    answer = service.call("POST", f"/api/{path}", data=raw)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["expected"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("policy", {"number_pattern": "("}),
        ("policy", {"pricce": {}}),
        ("policy", {"conversions": [{"unit": "A", "into": "B", "factor": 2}, {"unit": "b", "into": "a", "factor": 2}]}),
        ("purchase-orders", {"number": "1", "lines": [{"number": "1"}, {"number": " 1"}]}),
        ("purchase-orders", {"number": "1", "valid_from": "2026-02-02", "valid_to": "2026-02-01"}),
        ("purchase-orders", {"number": "a\u0000b"}),
        ("purchase-orders", {"number": "1", "limit": "1e30"}),
        ("receipts", {"purchase_order": "4500017788", "line": "10"}),
        ("invoices", invoice(lines=[])),
        ("invoices", invoice(issue_date="9999-12-31")),
        ("control/reset", {"seed": "../../etc"}),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(service: Service, path: str, body: Any) -> None:
    before = service.get("purchase-orders")
    assert service.post(path, body, 422)["errors"]
    assert service.get("purchase-orders") == before


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("DELETE", "/api/invoices", 405),
        ("GET", "/api/invoices/9", 404),
        ("POST", "/api/invoices/1/burn", 404),
        ("GET", "/api/purchase-orders/none", 404),
    ],
)
def test_wrong_addresses_answer_in_json(service: Service, method: str, path: str, status: int) -> None:
    answer = service.call(method, path)
    assert answer.status_code == status
    assert answer.json()["errors"]


def test_a_body_larger_than_any_invoice_is_cut_off(service: Service) -> None:
    assert service.call("POST", "/api/invoices", data=b" " * 20_000_001).status_code == 413


def test_another_host_name_does_not_reach_it(service: Service) -> None:
    assert service.call("GET", "/api/invoices", headers={"Host": "evil.example"}).status_code == 400
