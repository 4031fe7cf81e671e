"""Webhooks over real sockets: what is told, how it is signed, and what happens when nobody listens."""

import signal
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from .conftest import TIMEOUT, Service, invoice_body, start
from .receiver import HANG, Receiver, listening

MINUTE = 60


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver


@pytest.fixture
def told(service: Service, receiver: Receiver) -> Service:
    """A company whose webhooks go to the receiver."""
    service.control("webhooks", {"url": receiver.url, "verifier_token": "secret"})
    return service


def settle(service: Service) -> list[Any]:
    """Wait until all that is due was sent; the posts and their fates."""
    posts: list[Any] = service.control("webhooks/settle")["posts"]
    return posts


def subscription(service: Service) -> Any:
    return service.control("webhooks", method="GET")["subscriptions"][0]


def advance(service: Service, minutes: float) -> None:
    service.control("clock", {"advance_seconds": minutes * MINUTE})


def test_each_change_is_told_with_its_operation_and_signed_over_the_raw_body(told: Service, receiver: Receiver) -> None:
    customer = told.create("customer", {"DisplayName": "Café Zoë"})
    invoice = told.create("invoice", invoice_body("A1"))
    settle(told)
    told.create("invoice", {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"})
    settle(told)
    told.create("invoice?operation=void", {"Id": invoice["Id"], "SyncToken": "1"})
    settle(told)
    told.create("invoice?operation=delete", {"Id": invoice["Id"], "SyncToken": "2"})
    settle(told)
    number = invoice["Id"]
    assert receiver.told == [
        ("Customer", "Create", customer["Id"]),
        ("Invoice", "Create", number),
        ("Invoice", "Update", number),
        ("Invoice", "Void", number),
        ("Invoice", "Delete", number),
    ]
    assert all(post.is_signed_with("secret") for post in receiver.posts)
    assert not receiver.posts[0].is_signed_with("another secret")
    assert receiver.posts[0].json["eventNotifications"][0]["realmId"] == told.ready["realm"]
    assert receiver.posts[0].entities[0]["lastUpdated"].endswith("Z")


def test_payment_tells_of_itself_and_of_the_invoice_it_pays(told: Service, receiver: Receiver) -> None:
    invoice = told.create("invoice", invoice_body("A1"))
    settle(told)
    payment = told.control("payments", {"invoice_id": invoice["Id"]})["Payment"]
    settle(told)
    assert sorted(receiver.told[1:]) == [("Invoice", "Update", invoice["Id"]), ("Payment", "Create", payment["Id"])]


def test_mailed_invoice_is_told_as_emailed_by_program_and_by_accountant(told: Service, receiver: Receiver) -> None:
    first, second = (told.create("invoice", invoice_body(number)) for number in ("A1", "A2"))
    settle(told)
    already = len(receiver.told)
    told.create(f"invoice/{first['Id']}/send?sendTo=ap@mercy.example", None)
    settle(told)
    told.control("accountant/send", {"kind": "Invoice", "id": second["Id"]})
    settle(told)
    assert receiver.told[already:] == [("Invoice", "Emailed", first["Id"]), ("Invoice", "Emailed", second["Id"])]


def test_batch_is_told_in_one_post(told: Service, receiver: Receiver) -> None:
    items = [{"bId": f"b{n}", "operation": "create", "Customer": {"DisplayName": f"New {n}"}} for n in range(30)]
    told.create("batch", {"BatchItemRequest": items})
    settle(told)
    [post] = receiver.posts
    assert len(post.told) == 30


def test_replayed_and_refused_writes_are_no_news(told: Service, receiver: Receiver) -> None:
    for _ in range(2):
        told.create("invoice?requestid=r-1", invoice_body("A1"))
    assert told.post("invoice", invoice_body("A1")).status_code == 400
    settle(told)
    assert [each[1] for each in receiver.told] == ["Create"]


def test_new_form_is_a_list_of_cloud_events(service: Service, receiver: Receiver) -> None:
    service.control("webhooks", {"url": receiver.url, "verifier_token": "secret", "format": "cloudevents"})
    invoice = service.create("invoice", invoice_body("A1"))
    settle(service)
    [event] = receiver.posts[0].json
    assert event["specversion"] == "1.0"
    assert event["type"] == "qbo.invoice.created.v1"
    assert (event["intuitentityid"], event["intuitaccountid"]) == (invoice["Id"], service.ready["realm"])
    assert {"id", "source", "time", "data"} <= set(event)
    assert receiver.posts[0].is_signed_with("secret")


def test_form_can_be_switched_and_the_token_stays(told: Service, receiver: Receiver) -> None:
    answer = told.control("webhooks", {"url": receiver.url, "format": "cloudevents"})
    assert answer["verifier_token"] == "secret"
    told.create("customer", {"DisplayName": "New"})
    settle(told)
    assert receiver.posts[0].json[0]["type"] == "qbo.customer.created.v1"


@pytest.mark.parametrize("form", ["eventNotifications", "cloudevents"])
def test_one_post_can_hold_two_realms(told: Service, receiver: Receiver, form: str) -> None:
    told.control("webhooks", {"url": receiver.url, "format": form})
    told.control("settings", {"webhook_other_realm": True})
    told.create("customer", {"DisplayName": "New"})
    settle(told)
    [post] = receiver.posts
    realms = (
        [each["intuitaccountid"] for each in post.json]
        if form == "cloudevents"
        else [each["realmId"] for each in post.json["eventNotifications"]]
    )
    assert len(realms) == len(set(realms)) == 2
    assert told.ready["realm"] in realms


def test_each_app_hears_of_the_kinds_it_asked_for(told: Service, receiver: Receiver) -> None:
    with listening() as second:
        told.control("webhooks", {"app": "second", "url": second.url, "entities": ["Customer"]})
        told.create("invoice", invoice_body("A1"))
        settle(told)
        customer = told.create("customer", {"DisplayName": "New"})
        settle(told)
        assert second.told == [("Customer", "Create", customer["Id"])]
        assert len(receiver.told) == 2
        told.control("webhooks", {"app": "second"}, "DELETE")
        told.create("customer", {"DisplayName": "Newer"})
        settle(told)
        assert len(second.posts) == 1


@pytest.mark.parametrize("failure", [500, 503, 408])
def test_failure_is_tried_again_after_20_30_and_50_minutes_with_the_same_body(
    told: Service, receiver: Receiver, failure: int
) -> None:
    receiver.statuses = [failure, failure, failure]
    told.create("customer", {"DisplayName": "New"})
    settle(told)
    for waits, number in ((19, 1), (2, 2), (27, 2), (4, 3), (45, 3), (6, 4)):
        advance(told, waits)
        [post] = settle(told)
        assert len(receiver.posts) == number, waits
    assert post["state"] == "delivered"
    assert len({each.body for each in receiver.posts}) == 1


def test_notification_is_dropped_after_its_last_attempt(told: Service, receiver: Receiver) -> None:
    receiver.statuses = [500] * 4
    told.create("customer", {"DisplayName": "New"})
    settle(told)
    for wait in (21, 31, 51):
        advance(told, wait)
        posts = settle(told)
    assert [each["answer"] for each in posts[0]["attempts"]] == ["answered 500"] * 4
    assert (posts[0]["state"], posts[0]["due"]) == ("dropped", None)
    advance(told, 500)
    settle(told)
    assert len(receiver.posts) == 4


def test_other_refusal_is_dropped_at_once_unless_switched(told: Service, receiver: Receiver) -> None:
    receiver.statuses = [401, 302]
    told.create("customer", {"DisplayName": "New"})
    assert settle(told)[0]["state"] == "dropped"
    told.control("settings", {"webhook_retry_any_refusal": True})
    told.create("customer", {"DisplayName": "Newer"})
    assert settle(told)[1]["state"] == "waiting"
    advance(told, 21)
    assert settle(told)[1]["state"] == "delivered"


def test_endpoint_that_keeps_failing_is_disabled_until_it_is_enabled_again(told: Service, receiver: Receiver) -> None:
    told.control("settings", {"webhook_drops_until_disabled": 2})
    receiver.statuses = [400, 400]
    for name in ("One", "Two"):
        told.create("customer", {"DisplayName": name})
        settle(told)
    assert (subscription(told)["enabled"], subscription(told)["dropped_in_a_row"]) == (False, 2)
    told.create("customer", {"DisplayName": "Three"})
    settle(told)
    assert len(receiver.posts) == 2
    told.control("webhooks", {"url": receiver.url, "enabled": True})
    told.create("customer", {"DisplayName": "Four"})
    settle(told)
    assert len(receiver.posts) == 3


def test_receiver_that_hangs_delays_no_call_and_its_post_is_tried_again(told: Service, receiver: Receiver) -> None:
    told.control("settings", {"webhook_answer_seconds": 0.3})
    receiver.statuses = [HANG]
    for number in range(20):
        told.create("customer", {"DisplayName": f"New {number}"})
    posts = settle(told)
    assert posts[0]["attempts"][0]["answer"] == "no answer within 0.3 seconds"
    assert posts[0]["state"] == "waiting"
    advance(told, 21)
    settle(told)
    assert sorted(each[2] for each in set(receiver.told)) == sorted(str(number) for number in range(4, 24))
    assert told.count("Customer") == 23


def test_address_nobody_listens_at_counts_as_a_failure(service: Service) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        service.control("webhooks", {"url": f"http://127.0.0.1:{free.getsockname()[1]}/"})
        service.create("customer", {"DisplayName": "New"})
        [post] = settle(service)
    assert post["state"] == "waiting"
    assert "no connection" in post["attempts"][0]["answer"]


@pytest.mark.parametrize(("switch", "signature"), [("wrong", True), ("missing", False)])
def test_signature_can_be_forged(told: Service, receiver: Receiver, switch: str, signature: bool) -> None:
    told.control("settings", {"webhook_signature": switch})
    told.create("customer", {"DisplayName": "New"})
    settle(told)
    assert (receiver.posts[0].signature is not None) is signature
    assert not receiver.posts[0].is_signed_with("secret")


def test_duplicates_are_equal_to_the_byte_and_lost_ones_never_come(told: Service, receiver: Receiver) -> None:
    told.control("settings", {"webhook_copies": 2})
    told.create("customer", {"DisplayName": "New"})
    settle(told)
    assert len(receiver.posts) == 2
    assert receiver.posts[0] == receiver.posts[1]
    told.control("settings", {"webhook_copies": 0})
    told.create("customer", {"DisplayName": "Newer"})
    assert settle(told)[-1]["state"] == "lost"
    assert len(receiver.posts) == 2


def test_held_posts_come_late_and_in_the_other_order(told: Service, receiver: Receiver) -> None:
    told.control("settings", {"webhook_hold": True, "webhook_order": "reversed"})
    invoice = told.create("invoice", invoice_body("A1"))
    settle(told)
    told.create("invoice?operation=void", {"Id": invoice["Id"], "SyncToken": "0"})
    settle(told)
    assert receiver.posts == []
    told.control("settings", {"webhook_hold": False})
    settle(told)
    assert [each[1] for each in receiver.told] == ["Void", "Create"]


def test_late_post_waits_for_its_time_on_the_company_clock(told: Service, receiver: Receiver) -> None:
    told.control("settings", {"webhook_delay_seconds": 600})
    told.create("customer", {"DisplayName": "New"})
    assert settle(told)[0]["state"] == "waiting"
    assert receiver.posts == []
    advance(told, 11)
    assert settle(told)[0]["state"] == "delivered"


@pytest.mark.parametrize("word", ["Update", "Delete"])
def test_record_made_inactive_is_told_as_switched(told: Service, receiver: Receiver, word: str) -> None:
    told.control("settings", {"webhook_inactive_operation": word})
    told.create("customer", {"Id": "1", "SyncToken": "0", "sparse": True, "Active": False})
    settle(told)
    assert receiver.told == [("Customer", word, "1")]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({}, "url must be"),
        ({"url": "http://example.com/"}, "on this machine"),
        ({"url": "ftp://127.0.0.1/"}, "http or https"),
        ({"url": "http://127.0.0.1:99999/"}, "is not an address"),
        ({"url": "http://127.0.0.1/é"}, "no spaces, accents"),
        ({"url": "http://127.0.0.1/", "format": "xml"}, "format must be"),
        ({"url": "http://127.0.0.1/", "entities": ["TaxCode"]}, "do not tell of TaxCode"),
        ({"url": "http://127.0.0.1/", "colour": "red"}, "object with"),
    ],
)
def test_subscription_that_makes_no_sense_is_refused(service: Service, wanted: Any, said: str) -> None:
    answer = requests.post(f"{service.url}/simulator/webhooks", json=wanted, timeout=TIMEOUT)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_launch_option_subscribes_and_the_process_ends_cleanly_while_the_receiver_hangs(receiver: Receiver) -> None:
    receiver.statuses = [200, HANG]
    service = start("--port", "0", "--webhook", receiver.url, "--webhook-format", "cloudevents")
    try:
        service.create("customer", {"DisplayName": "New"})
        settle(service)
        assert receiver.posts[0].is_signed_with(service.ready["webhook_verifier_token"])
        service.control("reset")
        service.create("customer", {"DisplayName": "New"})
        while len(receiver.posts) < 2:
            assert service.process.poll() is None
    finally:
        service.process.send_signal(signal.SIGTERM)
        rest, errors = service.process.communicate(timeout=TIMEOUT)
    assert (service.process.returncode, rest, errors) == (0, "", "")


def test_launch_option_for_another_machine_is_refused() -> None:
    with pytest.raises(AssertionError, match="--webhook cannot be used: url must be"):
        start("--port", "0", "--webhook", "https://example.com/")
