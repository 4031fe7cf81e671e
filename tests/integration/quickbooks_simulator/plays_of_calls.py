"""Rows of the fault table about calls: lost, refused, late, limited, batched."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from .conftest import TIMEOUT, invoice_body
from .fault_table import Play, Scene, code_of

QUERY = {"BatchItemRequest": [{"bId": "1", "Query": "select * from Term"}]}


def refresh(scene: Scene, token: str) -> requests.Response:
    ready = scene.service.ready
    login = b64encode(f"{ready['client_id']}:{ready['client_secret']}".encode()).decode()
    form = {"grant_type": "refresh_token", "refresh_token": token}
    address = f"{scene.service.url}/oauth2/v1/tokens/bearer"
    return requests.post(address, data=form, headers={"Authorization": f"Basic {login}"}, timeout=TIMEOUT)


def died_after_the_call(scene: Scene) -> None:
    first = scene.send("A1", "invoice?requestid=r1").json()["Invoice"]["Id"]
    assert scene.send("A1", "invoice?requestid=r1").json()["Invoice"]["Id"] == first
    assert code_of(scene.send("A1", "invoice?requestid=r2")) == "6140"
    assert scene.send("", "invoice?requestid=r3").status_code == 200
    assert scene.service.count("Invoice") == 2


def no_answer_after_commit(scene: Scene) -> None:
    scene.produce()
    with pytest.raises(requests.ConnectionError):
        scene.send()
    assert scene.service.count("Invoice") == 1


def reset_before_commit(scene: Scene) -> None:
    scene.produce()
    with pytest.raises(requests.ConnectionError):
        scene.send()
    assert scene.service.count("Invoice") == 0


def storm_of_429(scene: Scene) -> None:
    scene.produce()
    answers = [scene.send() for _ in range(3)]
    assert {answer.status_code for answer in answers} == {429}
    assert len({answer.text[:9] for answer in answers}) == 3


def too_many_at_once(scene: Scene) -> None:
    scene.produce()
    with ThreadPoolExecutor(4) as pool:
        statuses = {each.status_code for each in pool.map(lambda at: scene.send(f"A{at}"), range(4))}
    assert statuses == {200, 429}


def too_many_batches(scene: Scene) -> None:
    scene.produce()
    assert [scene.service.post("batch", QUERY).status_code for _ in range(2)] == [200, 429]
    assert scene.send().status_code == 200


def token_expires(scene: Scene) -> None:
    scene.produce()
    body = {"BatchItemRequest": [{"bId": "1", "operation": "create", "Invoice": invoice_body("A1")}]}
    refused = scene.service.post("batch", body)
    assert (refused.status_code, code_of(refused)) == (401, "3200")
    token = scene.service.control("tokens")["access_token"]
    answer = scene.service.get("query", params={"query": "select count(*) from Invoice"}, token=token)
    assert answer.json()["QueryResponse"]["totalCount"] == 0


def two_refresh_at_once(scene: Scene) -> None:
    scene.produce()
    token = scene.service.ready["refresh_token"]
    answers = [refresh(scene, token) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 400]
    assert answers[1].json()["error"] == "invalid_grant"


def refresh_token_revoked(scene: Scene) -> None:
    scene.produce()
    assert refresh(scene, scene.service.ready["refresh_token"]).json()["error"] == "invalid_grant"


def other_realm(scene: Scene) -> None:
    refused = scene.service.get("item/1", realm="999")
    assert (refused.status_code, code_of(refused)) == (403, "3100")


def batch_items_fail(scene: Scene) -> None:
    scene.produce()
    answers = scene.batch(*[{"Invoice": invoice_body(number)} for number in ("A1", "A2", "A3")])
    assert [("Fault" in each) for each in answers] == [False, True, False]
    assert scene.service.count("Invoice") == 2


def batch_disordered(scene: Scene) -> None:
    scene.produce()
    answers = scene.batch(*[{"Invoice": invoice_body(number)} for number in ("A1", "A2", "A3")])
    assert [each["bId"] for each in answers] == ["b3", "b1"]
    assert scene.service.count("Invoice") == 3


def request_id_too_long(scene: Scene) -> None:
    body = {"BatchItemRequest": [{"bId": "b" * 11, "operation": "create", "Invoice": invoice_body("A1")}]}
    assert code_of(scene.service.post(f"batch?requestid={'r' * 40}", body)) == "6000"
    assert scene.service.post(f"batch?requestid={'r' * 39}", body).status_code == 200


def customer_of_the_same_batch(scene: Scene) -> None:
    last = scene.service.create("customer", {"DisplayName": "Before"})["Id"]
    invoice = invoice_body("A1", CustomerRef={"value": str(int(last) + 1)})
    made, refused = scene.batch({"Customer": {"DisplayName": "New"}}, {"Invoice": invoice})
    assert made["Customer"]["Id"] == str(int(last) + 1)
    assert refused["Fault"]["Error"][0]["code"] == "2500"


def pages_and_accidents(scene: Scene) -> None:
    scene.produce()
    answers = [scene.send("A1", "invoice?requestid=r1") for _ in range(5)]
    assert [each.status_code for each in answers] == [500, 502, 503, 400, 500]
    assert [each.headers["Content-Type"].split(";")[0] for each in answers[:3]] == ["text/html"] * 3
    assert [code_of(each) for each in answers[3:]] == ["6000", "10000"]
    assert scene.send("A1", "invoice?requestid=r1").status_code == 200
    assert scene.service.count("Invoice") == 1


def fault_in_200(scene: Scene) -> None:
    scene.produce()
    answer = scene.send()
    assert (answer.status_code, code_of(answer)) == (200, "6000")
    assert scene.service.count("Invoice") == 0


def company_closed(scene: Scene) -> None:
    codes = []
    for which in (0, 1):
        scene.produce(which)
        answer = scene.send()
        codes.append((answer.status_code, code_of(answer)))
    assert codes == [(400, "6190"), (503, "150")]


def two_workers(scene: Scene) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers: list[Any] = list(pool.map(lambda _: scene.send("A1", "invoice?requestid=r1").json(), range(2)))
    assert answers[0]["Invoice"]["Id"] == answers[1]["Invoice"]["Id"]
    assert scene.service.count("Invoice") == 1


def file_refused(scene: Scene) -> None:
    scene.produce()
    scene.sell()
    answer = scene.service.call("POST", "upload", files={"file_content_01": ("a.pdf", b"proof")})
    assert (answer.status_code, "Fault" in answer.json()["AttachableResponse"][0]) == (200, True)
    assert scene.service.count("Invoice") == 1


def reads_used_up(scene: Scene) -> None:
    scene.produce()
    assert scene.service.get("item/1").status_code == 429
    assert scene.send().status_code == 200


PLAYS: dict[int, Play] = {
    1: died_after_the_call,
    2: no_answer_after_commit,
    3: reset_before_commit,
    4: storm_of_429,
    5: too_many_at_once,
    6: too_many_batches,
    7: token_expires,
    8: two_refresh_at_once,
    9: refresh_token_revoked,
    10: other_realm,
    11: batch_items_fail,
    12: batch_disordered,
    13: request_id_too_long,
    14: customer_of_the_same_batch,
    44: pages_and_accidents,
    45: fault_in_200,
    46: company_closed,
    48: two_workers,
    49: file_refused,
    50: reads_used_up,
}
