"""What the fault script does to a client, seen from the socket."""

import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from .conftest import TIMEOUT, Service, invoice_body


def script(service: Service, kind: str, path: str = "invoice", **options: Any) -> None:
    service.control("faults", {"match": {"path": path, "method": "POST"}, "kind": kind, **options})


def raw_post(service: Service, path: str, body: Any, patience: float = TIMEOUT) -> bytes:
    """Everything the server sends before it closes the connection; raises TimeoutError when it keeps silent."""
    text = json.dumps(body).encode()
    address = urlsplit(service.url)
    head = (
        f"POST /v3/company/{service.ready['realm']}/{path} HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: Bearer {service.ready['access_token']}\r\nContent-Length: {len(text)}\r\n\r\n"
    )
    received = b""
    with socket.create_connection((address.hostname, address.port), patience) as connection:
        connection.sendall(head.encode() + text)
        while True:
            try:
                part = connection.recv(65536)
            except ConnectionResetError:
                return received
            if not part:
                return received
            received += part


def test_drop_after_commit_sends_nothing_but_stores_and_remembers(service: Service) -> None:
    script(service, "drop_after_commit")
    assert raw_post(service, "invoice?requestid=r1", invoice_body("A1")) == b""
    assert service.count("Invoice") == 1
    replayed = service.post("invoice?requestid=r1", invoice_body("A1")).json()["Invoice"]
    assert replayed["DocNumber"] == "A1"
    assert service.count("Invoice") == 1


def test_drop_before_commit_sends_and_stores_nothing(service: Service) -> None:
    script(service, "drop_before_commit")
    assert raw_post(service, "invoice", invoice_body("A1")) == b""
    assert service.count("Invoice") == 0
    assert service.post("invoice", invoice_body("A1")).status_code == 200


def test_dropped_call_is_a_connection_error_for_a_client(service: Service) -> None:
    script(service, "drop_after_commit", "batch")
    with pytest.raises(requests.ConnectionError):
        service.post(
            "batch", {"BatchItemRequest": [{"bId": "1", "operation": "create", "Invoice": invoice_body("A1")}]}
        )
    assert service.count("Invoice") == 1


def test_hang_after_commit_keeps_silent_and_has_stored(service: Service) -> None:
    script(service, "hang_after_commit", seconds=60)
    with pytest.raises(TimeoutError):
        raw_post(service, "invoice", invoice_body("A1"), patience=0.5)
    assert service.count("Invoice") == 1


def test_hang_before_commit_ends_with_a_closed_connection(service: Service) -> None:
    script(service, "hang_before_commit", seconds=0.1)
    assert raw_post(service, "invoice", invoice_body("A1")) == b""
    assert service.count("Invoice") == 0


def test_delayed_call_is_answered_all_the_same(service: Service) -> None:
    script(service, "delay", seconds=0.05)
    assert service.post("invoice", invoice_body("A1")).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [
        ("401", 401, "application/json"),
        ("403", 403, "application/json"),
        ("429", 429, "application/json"),
        ("500", 500, "application/json"),
        ("502", 502, "text/html; charset=utf-8"),
        ("503", 503, "text/html; charset=utf-8"),
        ("fault_code:6210", 400, "application/json"),
    ],
)
def test_scripted_answer_comes_once_and_stores_nothing(
    service: Service, kind: str, status: int, content_type: str
) -> None:
    script(service, kind)
    answer = service.post("invoice", invoice_body("A1"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, content_type)
    assert service.count("Invoice") == 0
    assert service.post("invoice", invoice_body("A1")).status_code == 200
    assert service.control("faults", method="GET") == {"faults": []}


def test_fault_can_come_inside_a_200(service: Service) -> None:
    script(service, "fault_code:6190", status=200, detail="The subscription has ended.")
    answer = service.post("invoice", invoice_body("A1"))
    error = answer.json()["Fault"]["Error"][0]
    assert (answer.status_code, error["code"], error["Detail"]) == (200, "6190", "The subscription has ended.")


def test_skip_lets_calls_pass_and_times_repeats(service: Service) -> None:
    script(service, "500", skip=1, times=2)
    statuses = [service.post("invoice", invoice_body(f"A{number}")).status_code for number in range(4)]
    assert statuses == [200, 500, 500, 200]


def test_fault_without_end_stays_until_cleared(service: Service) -> None:
    script(service, "503", times=None)
    assert [service.post("invoice", invoice_body("A1")).status_code for _ in range(3)] == [503, 503, 503]
    service.control("faults", method="DELETE")
    assert service.post("invoice", invoice_body("A1")).status_code == 200


def test_method_and_path_must_both_match(service: Service) -> None:
    script(service, "500")
    assert service.get("item/1").status_code == 200
    assert service.post("customer", {"DisplayName": "New"}).status_code == 200
    assert service.post("invoice", invoice_body("A1")).status_code == 500


def test_one_batch_item_can_fail_or_lose_its_answer(service: Service) -> None:
    service.control(
        "faults",
        [
            {"match": {"bid": "1"}, "kind": "fault_code:6000"},
            {"match": {"bid": "2"}, "kind": "omit_item"},
        ],
    )
    items = [{"bId": bid, "operation": "create", "Invoice": invoice_body(bid)} for bid in ("1", "2", "3")]
    answers = service.post("batch", {"BatchItemRequest": items}).json()["BatchItemResponse"]
    assert [each["bId"] for each in answers] == ["1", "3"]
    assert answers[0]["Fault"]["Error"][0]["code"] == "6000"
    assert service.count("Invoice") == 2


def test_token_endpoint_can_fail_too(service: Service) -> None:
    script(service, "503", "tokens/bearer")
    address = f"{service.url}/oauth2/v1/tokens/bearer"
    assert requests.post(address, timeout=TIMEOUT).status_code == 503


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "explode"},
        {"kind": "fault_code:many"},
        {"kind": "500", "when": "now"},
        {"kind": "500", "times": "often"},
        {"kind": "500", "match": {"bid": "1"}},
        {"kind": "omit_item"},
        "500",
    ],
)
def test_entry_that_makes_no_sense_is_refused(service: Service, entry: Any) -> None:
    answer = requests.post(f"{service.url}/simulator/faults", json=[{"kind": "500"}, entry], timeout=TIMEOUT)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert service.control("faults", method="GET") == {"faults": []}


def test_statistics_count_calls_by_kind(service: Service) -> None:
    service.control("statistics", method="DELETE")
    script(service, "500")
    service.post("invoice", invoice_body("A1"))
    service.post("batch", {"BatchItemRequest": [{"bId": "1", "operation": "create", "Invoice": invoice_body("A1")}]})
    service.get("item/1")
    service.query("select * from Item")
    service.get("cdc", params={"entities": "Invoice", "changedSince": "2020-01-01"})
    counted = service.control("statistics", method="GET")
    names = ("writes", "batches", "batch_items", "reads", "queries", "change_captures", "faults_injected")
    assert {name: counted[name] for name in names} == dict.fromkeys(names, 1)
    assert counted["endpoints"]["POST batch"] == 1
    assert counted["statuses"] == {"200": 3, "400": 1, "500": 1}
