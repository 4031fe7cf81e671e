"""Request ids, and batches with and without them."""

from typing import Any

from .conftest import Service, invoice_body


def item(bid: str, number: str | None = None) -> dict[str, Any]:
    return {"bId": bid, "operation": "create", "Invoice": invoice_body(number or bid)}


def send(service: Service, *items: dict[str, Any], request_id: str | None = None) -> Any:
    params = {"requestid": request_id} if request_id else {}
    return service.post("batch", {"BatchItemRequest": list(items)}, params=params)


def by_bid(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return {each["bId"]: each for each in answer.json()["BatchItemResponse"]}


def code_of(entry: Any) -> str:
    return str(entry["Fault"]["Error"][0]["code"])


def test_same_request_id_replays_even_another_body(service: Service) -> None:
    first = service.post("invoice?requestid=r1", invoice_body("A1")).json()["Invoice"]
    second = service.post("invoice?requestid=r1", invoice_body("A2")).json()["Invoice"]
    assert second == first
    assert service.count("Invoice") == 1
    assert service.control("statistics", method="GET")["replays"] == 1


def test_replay_covers_updates_voids_and_deletes(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1"))
    token = {"Id": invoice["Id"], "SyncToken": "0"}
    for _ in range(2):
        changed = service.post("invoice?requestid=u", {**token, "sparse": True, "PrivateNote": "x"}).json()["Invoice"]
        assert changed["SyncToken"] == "1"
    for _ in range(2):
        gone = service.post("invoice?operation=delete&requestid=d", {**token, "SyncToken": "1"}).json()["Invoice"]
        assert gone["status"] == "Deleted"


def test_switches_decide_about_another_body(service: Service) -> None:
    service.post("invoice?requestid=r1", invoice_body("A1"))
    for policy, code in (("fault_600", "600"), ("fault_6000", "6000")):
        service.control("settings", {"request_id_other_body": policy})
        assert code_of(service.post("invoice?requestid=r1", invoice_body("A2")).json()) == code
    service.control("settings", {"request_id_other_body": "create"})
    service.post("invoice?requestid=r1", invoice_body("A2"))
    assert service.count("Invoice") == 2


def test_forgotten_request_id_writes_again(service: Service) -> None:
    service.control("settings", {"request_id_seconds": 60, "check_duplicate_numbers": False})
    service.post("invoice?requestid=r1", invoice_body("A1"))
    service.control("clock", {"advance_seconds": 61})
    service.post("invoice?requestid=r1", invoice_body("A1"))
    assert service.count("Invoice") == 2


def test_refused_write_is_examined_afresh_unless_faults_are_remembered(service: Service) -> None:
    assert code_of(service.post("invoice?requestid=r1", {**invoice_body("A1"), "CustomerRef": None}).json()) == "6560"
    assert service.post("invoice?requestid=r1", invoice_body("A1")).status_code == 200
    service.control("settings", {"request_id_remembers_faults": True})
    for body in ({**invoice_body("A2"), "CustomerRef": None}, invoice_body("A2")):
        assert code_of(service.post("invoice?requestid=r2", body).json()) == "6560"


def test_long_request_id_is_refused(service: Service) -> None:
    assert code_of(service.post(f"invoice?requestid={'r' * 51}", invoice_body("A1")).json()) == "6000"
    assert service.post(f"invoice?requestid={'r' * 50}", invoice_body("A1")).status_code == 200


def test_batch_reports_each_item_on_its_own(service: Service) -> None:
    bad = item("2")
    bad["Invoice"]["CustomerRef"] = {"value": "99"}
    query = {"bId": "3", "operation": "query", "Query": "select * from Term"}
    answers = by_bid(send(service, item("1"), bad, query, item("4", "1")))
    assert answers["1"]["Invoice"]["DocNumber"] == "1"
    assert code_of(answers["2"]) == "2500"
    assert len(answers["3"]["QueryResponse"]["Term"]) == 4
    assert code_of(answers["4"]) == "6140"
    assert service.count("Invoice") == 1


def test_batch_updates_voids_and_deletes(service: Service) -> None:
    for number in ("A1", "A2", "A3"):
        service.create("invoice", invoice_body(number))
    change = {"Id": "1", "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    answers = by_bid(
        send(
            service,
            {"bId": "u", "operation": "update", "Invoice": change},
            {"bId": "v", "operation": "update", "optionsData": "void", "Invoice": {"Id": "2", "SyncToken": "0"}},
            {"bId": "d", "operation": "delete", "Invoice": {"Id": "3", "SyncToken": "0"}},
        )
    )
    assert answers["u"]["Invoice"]["PrivateNote"] == "x"
    assert answers["v"]["Invoice"]["TotalAmt"] == 0
    assert answers["d"]["Invoice"]["status"] == "Deleted"


def test_batch_items_do_not_see_each_other(service: Service) -> None:
    new_customer = {"bId": "c", "operation": "create", "Customer": {"DisplayName": "New Customer"}}
    dependent = item("i")
    dependent["Invoice"]["CustomerRef"] = {"value": "4"}
    query = {"bId": "q", "operation": "query", "Query": "select * from Customer where DisplayName = 'New Customer'"}
    answers = by_bid(send(service, new_customer, dependent, query))
    assert answers["c"]["Customer"]["Id"] == "4"
    assert code_of(answers["i"]) == "2500"
    assert answers["q"]["QueryResponse"] == {}


def test_batch_replays_item_by_item(service: Service) -> None:
    first = by_bid(send(service, item("1"), item("2", "1"), request_id="batch"))
    assert code_of(first["2"]) == "6140"
    second = by_bid(send(service, item("1"), item("2", "2"), item("3"), request_id="batch"))
    assert second["1"] == first["1"]
    assert service.count("Invoice") == 3


def test_request_id_and_bid_together_fit_fifty_characters(service: Service) -> None:
    assert code_of(send(service, item("1234567890"), request_id="r" * 41).json()) == "6000"
    assert service.count("Invoice") == 0
    assert "Invoice" in by_bid(send(service, item("1234567890"), request_id="r" * 40))["1234567890"]


def test_batch_of_more_than_thirty_is_refused_whole(service: Service) -> None:
    answer = send(service, *[item(str(number)) for number in range(31)])
    assert (answer.status_code, code_of(answer.json())) == (400, "1040")
    assert service.count("Invoice") == 0


def test_batch_answers_can_come_in_another_order(service: Service) -> None:
    service.control("settings", {"batch_answer_order": "reversed"})
    answer = send(service, item("1"), item("2"), item("3")).json()
    assert [each["bId"] for each in answer["BatchItemResponse"]] == ["3", "2", "1"]
