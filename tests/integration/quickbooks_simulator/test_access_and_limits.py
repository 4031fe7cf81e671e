"""Tokens, realms and limits."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from .conftest import TIMEOUT, Service, invoice_body

DAY = 24 * 3600


def refresh(service: Service, token: str, secret: str | None = None, **more: str) -> requests.Response:
    login = f"{service.ready['client_id']}:{secret or service.ready['client_secret']}"
    headers = {"Authorization": f"Basic {b64encode(login.encode()).decode()}", **more}
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return requests.post(f"{service.url}/oauth2/v1/tokens/bearer", data=form, headers=headers, timeout=TIMEOUT)


def gateway_error(answer: requests.Response) -> Any:
    return answer.json()["fault"]["error"][0]


def test_discovery_document_points_at_the_simulator(service: Service) -> None:
    for name in ("openid_configuration", "openid_sandbox_configuration/"):
        document = requests.get(f"{service.url}/.well-known/{name}", timeout=TIMEOUT).json()
        endpoints = [value for key, value in document.items() if key.endswith(("endpoint", "_uri"))]
        assert len(endpoints) == 5
        assert all(address.startswith(service.url) for address in endpoints)


def test_refreshed_token_opens_the_company_and_the_old_one_still_refreshes(service: Service) -> None:
    first = refresh(service, service.ready["refresh_token"]).json()
    assert service.get("item/1", token=first["access_token"]).status_code == 200
    assert first["token_type"] == "bearer"
    second = refresh(service, service.ready["refresh_token"]).json()
    assert len({service.ready["refresh_token"], first["refresh_token"], second["refresh_token"]}) == 3


def test_earlier_refresh_token_dies_after_its_grace(service: Service) -> None:
    newer = refresh(service, service.ready["refresh_token"]).json()["refresh_token"]
    service.control("clock", {"advance_seconds": DAY})
    refused = refresh(service, service.ready["refresh_token"])
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert refresh(service, newer).status_code == 200


def test_rotation_can_be_daily_or_never(service: Service) -> None:
    token = service.ready["refresh_token"]
    service.control("settings", {"refresh_token_rotation": "daily"})
    assert refresh(service, token).json()["refresh_token"] == token
    service.control("clock", {"advance_seconds": DAY})
    rotated = refresh(service, token).json()["refresh_token"]
    assert rotated != token
    service.control("settings", {"refresh_token_rotation": "never"})
    service.control("clock", {"advance_seconds": 2 * DAY})
    assert refresh(service, rotated).json()["refresh_token"] == rotated


def test_unused_refresh_token_expires_after_a_hundred_days(service: Service) -> None:
    service.control("clock", {"advance_seconds": 101 * DAY})
    assert refresh(service, service.ready["refresh_token"]).status_code == 400


def test_connection_ends_for_good_however_often_it_is_renewed(service: Service) -> None:
    service.control("settings", {"refresh_token_hard_seconds": 10 * DAY})
    token = service.control("tokens")["refresh_token"]
    service.control("clock", {"advance_seconds": 6 * DAY})
    renewed = refresh(service, token, **{"x-include-refresh-token-hard-expires-in": "true"}).json()
    assert 3 * DAY < renewed["x_refresh_token_hard_expires_in"] <= 4 * DAY
    assert renewed["x_refresh_token_expires_in"] > 90 * DAY
    service.control("clock", {"advance_seconds": 5 * DAY})
    assert refresh(service, renewed["refresh_token"]).json()["error"] == "invalid_grant"


def test_hard_end_is_told_to_those_who_ask_only(service: Service) -> None:
    assert "x_refresh_token_hard_expires_in" not in refresh(service, service.ready["refresh_token"]).json()


def test_disconnected_application_cannot_refresh(service: Service) -> None:
    service.control("revoke_refresh_tokens")
    assert refresh(service, service.ready["refresh_token"]).json()["error"] == "invalid_grant"


def test_reset_makes_the_first_tokens_valid_again(session_service: Service) -> None:
    session_service.control("expire_access_tokens")
    session_service.control("revoke_refresh_tokens")
    session_service.control("clock", {"advance_seconds": 200 * DAY})
    assert session_service.get("item/1").status_code == 401
    session_service.control("reset")
    assert session_service.get("item/1").status_code == 200
    assert refresh(session_service, session_service.ready["refresh_token"]).status_code == 200


def test_wrong_client_secret_is_refused(service: Service) -> None:
    refused = refresh(service, service.ready["refresh_token"], secret="wrong")
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_unknown_and_expired_tokens_get_the_gateway_answer(service: Service) -> None:
    unknown = service.get("item/1", token="unknown")
    service.control("expire_access_tokens")
    expired = service.post("batch", {"BatchItemRequest": []})
    for answer in (unknown, expired):
        assert (answer.status_code, gateway_error(answer)["code"]) == (401, "3200")
        assert answer.json()["fault"]["type"] == "AUTHENTICATION"
        assert isinstance(answer.json()["time"], int)
        assert 'error="invalid_token"' in answer.headers["Www-Authenticate"]


def test_other_realm_is_forbidden(service: Service) -> None:
    answer = service.get("item/1", realm="123")
    assert (answer.status_code, gateway_error(answer)["code"]) == (403, "3100")


def test_answers_carry_the_service_headers(service: Service) -> None:
    first, second = service.get("item/1"), service.get("item/99")
    for answer in (first, second):
        assert answer.headers["Qbo-Version"]
        assert answer.headers["Service-Time"].startswith("total=")
    assert first.headers["intuit_tid"] != second.headers["intuit_tid"]
    assert first.json()["time"].endswith("-08:00")


def limit(service: Service, **limits: int) -> None:
    generous = {"requests_per_minute": 9999, "requests_per_second": 9999, "concurrent_requests": 9999}
    service.control("settings", {"limits_enabled": True, **generous, **limits})


def test_limit_per_minute_ends_when_the_minute_has_passed(service: Service) -> None:
    limit(service, requests_per_minute=2)
    statuses = [service.get("item/1").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    service.control("clock", {"advance_seconds": 60})
    assert service.get("item/1").status_code == 200
    assert service.control("statistics", method="GET")["throttled"] == 1


def test_limit_on_batches_leaves_other_calls_alone(service: Service) -> None:
    limit(service, batches_per_minute=1)
    batch = {"BatchItemRequest": [{"bId": "1", "operation": "query", "Query": "select * from Term"}]}
    assert [service.post("batch", batch).status_code for _ in range(2)] == [200, 429]
    assert service.get("item/1").status_code == 200


def test_batch_items_count_when_the_switch_says_so(service: Service) -> None:
    limit(service, requests_per_minute=3)
    service.control("settings", {"batch_items_count_as_requests": True})
    items = [{"bId": bid, "operation": "create", "Invoice": invoice_body(bid)} for bid in ("1", "2", "3", "4")]
    assert service.post("batch", {"BatchItemRequest": items}).status_code == 429
    service.control("clock", {"advance_seconds": 60})
    assert service.post("batch", {"BatchItemRequest": items[:3]}).status_code == 200
    assert service.get("item/1").status_code == 429


def test_more_parallel_calls_than_allowed_are_refused(service: Service) -> None:
    limit(service, concurrent_requests=1)
    service.control("settings", {"request_seconds": 0.5})
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(lambda _: service.get("item/1").status_code, range(4)))
    assert statuses[0] == 200
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    ("flavour", "expected"), [("capital", '{"Fault":{"Error"'), ("lower", '"fault":{"error"'), ("xml", "<Fault type=")]
)
def test_throttle_answers_in_each_spelling(service: Service, flavour: str, expected: str) -> None:
    limit(service, requests_per_minute=0)
    service.control("settings", {"throttle_body": flavour})
    answer = service.get("item/1")
    assert answer.status_code == 429
    assert expected in answer.text
    assert "3001" in answer.text


def test_throttle_answers_rotate(service: Service) -> None:
    limit(service, requests_per_minute=0)
    service.control("settings", {"throttle_body": "rotate"})
    starts = {service.get("item/1").text[:9] for _ in range(3)}
    assert len(starts) == 3


@pytest.mark.parametrize(
    "values", [{"colour": "red"}, {"requests_per_minute": -1}, {"limits_enabled": 1}, {"throttle_body": "html"}]
)
def test_wrong_setting_is_refused_and_none_is_changed(service: Service, values: dict[str, Any]) -> None:
    body = {"batches_per_minute": 7, **values}
    answer = requests.post(f"{service.url}/simulator/settings", json=body, timeout=TIMEOUT)
    assert answer.status_code == 400
    assert service.control("settings", method="GET")["batches_per_minute"] == 120


def test_name_of_another_host_is_refused(service: Service) -> None:
    answer = requests.get(f"{service.url}/app/invoices", headers={"Host": "attacker.example"}, timeout=TIMEOUT)
    assert answer.status_code == 400
