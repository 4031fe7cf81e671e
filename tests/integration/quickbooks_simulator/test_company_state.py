"""A company that is closed, metered or answers in other spellings, seen from the socket."""

from typing import Any

import pytest
import requests

from .conftest import TIMEOUT, Service, invoice_body


def error_of(answer: requests.Response) -> Any:
    body = answer.json()
    return body["Fault"]["Error"][0] if "Fault" in body else body["fault"]["error"][0]


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [("locked", 400, "140"), ("maintenance", 503, "150"), ("ended", 400, "6190"), ("ended_in_200", 200, "6190")],
)
def test_company_that_is_not_open_refuses_every_call(service: Service, state: str, status: int, code: str) -> None:
    service.control("settings", {"company_state": state})
    for answer in (service.get("item/1"), service.post("invoice", invoice_body("A1"))):
        assert (answer.status_code, error_of(answer)["code"]) == (status, code)
    service.control("settings", {"company_state": "open"})
    assert service.count("Invoice") == 0


def test_used_up_reads_are_blocked_while_writes_go_on(service: Service) -> None:
    service.control("settings", {"metered_reads_per_month": 1})
    assert service.get("item/1").status_code == 200
    assert service.get("item/1").status_code == 429
    assert service.get("query", params={"query": "select * from Item"}).status_code == 429
    assert service.post("invoice", invoice_body("A1")).status_code == 200
    counted = service.control("statistics", method="GET")
    assert (counted["throttled"], counted["throttled_by"]) == (2, {"metered_reads_per_month": 2})
    assert counted["metered_reads"] == 1


@pytest.mark.parametrize(("metered", "status"), [(True, 429), (False, 200)])
def test_queries_of_a_batch_are_metered_or_not(service: Service, metered: bool, status: int) -> None:
    service.control("settings", {"metered_reads_per_month": 0, "batch_queries_are_metered": metered})
    batch = {"BatchItemRequest": [{"bId": "1", "Query": "select * from Term"}]}
    assert service.post("batch", batch).status_code == status


def test_each_limit_is_counted_under_its_name(service: Service) -> None:
    service.control("statistics", method="DELETE")
    service.control("settings", {"limits_enabled": True, "requests_per_second": 9999, "requests_per_minute": 1})
    assert [service.get("item/1").status_code for _ in range(2)] == [200, 429]
    service.control("settings", {"requests_per_minute": 9999, "batches_per_minute": 0})
    batch = {"BatchItemRequest": [{"bId": "1", "Query": "select * from Term"}]}
    assert service.post("batch", batch).status_code == 429
    counted = service.control("statistics", method="GET")
    assert counted["throttled_by"] == {"requests_per_minute": 1, "batches_per_minute": 1}
    assert counted["most_at_once"] == 1


def test_scripted_fault_comes_in_the_spelling_asked_for(service: Service) -> None:
    for spelling, start in (("capital", '{"Fault"'), ("lower", '{"warnings"'), ("xml", "<?xml")):
        service.control("faults", {"kind": "fault_code:6000", "spelling": spelling})
        answer = service.get("item/1")
        assert (answer.status_code, answer.text.startswith(start)) == (400, True)


def test_scripted_page_is_html_with_any_status(service: Service) -> None:
    service.control("faults", [{"kind": "page"}, {"kind": "page", "status": 504}])
    for status in (500, 504):
        answer = service.get("item/1")
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")


@pytest.mark.parametrize("kind", ["500", "502", "page", "fault_code:6000"])
def test_fault_after_commit_is_answered_though_the_invoice_stands(service: Service, kind: str) -> None:
    service.control("faults", {"match": {"method": "POST"}, "kind": kind, "after_commit": True})
    assert service.post("invoice?requestid=r1", invoice_body("A1")).status_code >= 400
    assert service.count("Invoice") == 1
    assert service.post("invoice?requestid=r1", invoice_body("A1")).json()["Invoice"]["DocNumber"] == "A1"
    assert service.count("Invoice") == 1


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "500", "spelling": "morse"},
        {"kind": "500", "after_commit": "yes"},
        {"kind": "delay", "after_commit": True},
        {"kind": "drop_after_commit", "spelling": "xml"},
    ],
)
def test_entry_with_options_of_another_kind_is_refused(service: Service, entry: Any) -> None:
    answer = requests.post(f"{service.url}/simulator/faults", json=entry, timeout=TIMEOUT)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_old_minor_version_stumbles_over_other_alphabets_when_it_is_kept(service: Service) -> None:
    query = {"query": "select * from Customer where DisplayName = 'Søren’s'", "minorversion": "40"}
    assert service.get("query", params=query).status_code == 200
    service.control("settings", {"old_minor_versions": "kept"})
    refused = service.get("query", params=query)
    assert (refused.status_code, error_of(refused)["code"]) == (400, "4000")
    assert service.get("query", params={**query, "minorversion": "65"}).status_code == 200
