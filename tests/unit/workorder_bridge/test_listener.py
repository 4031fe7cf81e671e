"""The listener on a real socket: what each post is answered, and that nothing a stranger sends ends it or is kept."""

import base64
import hashlib
import hmac
import io
import json
import logging
import socket
from functools import partial
from urllib.parse import urlsplit

import pytest
import requests
from pydantic import SecretStr
from workorder_bridge.destinations.quickbooks.listener import PATH, Listener
from workorder_bridge.destinations.quickbooks.notifications import MOST_BYTES
from workorder_bridge.errors import SettingsInvalid
from workorder_bridge.log import write_log_to

TOKEN = "3b1c9e2a-verifier"
GOOD = json.dumps({"eventNotifications": [{"realmId": "77", "dataChangeEvent": {"entities": []}}]}).encode()
TIMEOUT = 30


def signature_of(body):
    return base64.b64encode(hmac.new(TOKEN.encode(), body, hashlib.sha256).digest()).decode()


class Listening:
    def __init__(self, host="127.0.0.1"):
        self.heard, self.refusals = [], 0
        self.listener = Listener(host, 0, SecretStr(TOKEN), self.heard.append, self._refuse)

    def _refuse(self):
        self.refusals += 1

    def post(self, body, signature=None, path=PATH):
        signature = signature_of(body) if signature is None else signature
        headers = {"intuit-signature": signature, "content-type": "application/json"}
        return requests.post(self.address(path), data=body, headers=headers, timeout=TIMEOUT)

    def address(self, path=PATH):
        return self.listener.address.removesuffix(PATH) + path

    def say(self, content):
        """Bytes as they are; what comes back until the other side closes."""
        parts = urlsplit(self.listener.address)
        with socket.create_connection((parts.hostname, parts.port), TIMEOUT) as connection:
            connection.sendall(content)
            return b"".join(iter(partial(self._next, connection), b""))

    def _next(self, connection):
        try:
            return connection.recv(65536)
        except ConnectionResetError:  # what was sent is not even read to its end
            return b""


@pytest.fixture
def listening():
    listening = Listening()
    with listening.listener:
        yield listening


@pytest.fixture
def log():
    stream, logger = io.StringIO(), logging.getLogger("workorder_bridge")
    before = (logger.handlers[:], logger.level, logger.propagate)
    write_log_to(stream)
    yield stream
    logger.handlers[:], logger.propagate = before[0], before[2]
    logger.setLevel(before[1])


def test_signed_post_is_heard_and_answered_with_nothing(listening):
    answer = listening.post(GOOD)
    assert (answer.status_code, answer.text) == (200, "")
    assert listening.heard == [{"77"}]


@pytest.mark.parametrize("signature", ["", "AAAA", signature_of(b"another body"), "\xe9" * 44])
def test_post_with_another_signature_is_refused_unheard(listening, signature):
    answer = listening.post(GOOD, signature.encode("latin-1"))
    assert answer.status_code == 401
    assert (listening.heard, listening.refusals) == ([], 1)


def test_post_without_a_signature_is_refused(listening):
    assert requests.post(listening.address(), data=GOOD, timeout=TIMEOUT).status_code == 401
    assert (listening.heard, listening.refusals) == ([], 1)


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff" * 100, b'{"realmId": "77"}'])
def test_signed_post_of_neither_form_is_refused(listening, body):
    assert listening.post(body).status_code == 400
    assert (listening.heard, listening.refusals) == ([], 0)


def test_body_that_is_too_long_is_refused_signed_or_not_and_one_at_the_limit_is_not(listening):
    longest = GOOD + b" " * (MOST_BYTES - len(GOOD))
    assert listening.post(longest).status_code == 200
    assert listening.post(longest + b" ").status_code == 413
    assert listening.post(longest * 3, "").status_code == 413
    assert listening.heard == [{"77"}]


def test_body_in_pieces_of_unknown_length_is_taken(listening):
    headers = {"intuit-signature": signature_of(GOOD)}
    pieces = (GOOD[at : at + 7] for at in range(0, len(GOOD), 7))
    assert requests.post(listening.address(), data=pieces, headers=headers, timeout=TIMEOUT).status_code == 200
    assert listening.heard == [{"77"}]


def test_somebody_who_looks_is_told_what_this_is(listening):
    answer = requests.get(listening.address(), timeout=TIMEOUT)
    assert answer.status_code == 200
    assert "webhooks of QuickBooks" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("PUT", PATH, 405), ("DELETE", PATH, 405), ("POST", "/", 404), ("GET", "/", 404), ("POST", PATH + "/x", 404)],
)
def test_nothing_else_is_there(listening, method, path, status):
    headers = {"intuit-signature": signature_of(GOOD)}
    answer = requests.request(method, listening.address(path), data=GOOD, headers=headers, timeout=TIMEOUT)
    assert answer.status_code == status
    assert listening.heard == []


@pytest.mark.parametrize(
    "content",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200 + b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: x\r\n" + b"X-Long: " + b"a" * 200_000 + b"\r\n\r\n",
        b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_request_is_refused_and_the_next_one_served(listening, content, capfd):
    assert b" 200 " not in listening.say(content).split(b"\r\n")[0]
    assert listening.post(GOOD).status_code == 200
    assert capfd.readouterr() == ("", "")


def test_body_that_never_comes_is_given_up(listening, capfd):
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc".encode()
    assert b" 408 " in listening.say(head).split(b"\r\n")[0]
    assert listening.post(GOOD).status_code == 200
    assert capfd.readouterr() == ("", "")


def test_client_that_goes_away_in_the_middle_does_no_harm(listening, capfd):
    parts = urlsplit(listening.listener.address)
    with socket.create_connection((parts.hostname, parts.port), TIMEOUT) as connection:
        connection.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc".encode())
    assert listening.post(GOOD).status_code == 200
    assert listening.heard == [{"77"}]
    assert capfd.readouterr() == ("", "")


def test_connections_that_say_nothing_keep_nobody_out_and_end_with_the_listener(listening):
    parts = urlsplit(listening.listener.address)
    silent = [socket.create_connection((parts.hostname, parts.port), TIMEOUT) for _ in range(20)]
    silent[0].sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\n".encode())
    assert listening.post(GOOD).status_code == 200
    listening.listener.__exit__(None, None, None)
    for connection in silent:
        assert connection.recv(100) == b""
        connection.close()


def test_log_counts_and_says_nothing_of_what_came(listening, log):
    secret = json.dumps({"eventNotifications": [{"realmId": "77123", "note": "hidden"}]}).encode()
    listening.post(secret)
    listening.post(secret, "forged-hidden")
    listening.post(b"hidden")
    statuses = [json.loads(line)["status"] for line in log.getvalue().splitlines()]
    assert statuses == [200, 401, 400]
    for word in ("hidden", "77123", TOKEN, signature_of(secret)):
        assert word not in log.getvalue()


def test_port_in_use_is_told_in_one_sentence(listening):
    port = urlsplit(listening.listener.address).port
    with pytest.raises(SettingsInvalid) as caught:
        Listener("127.0.0.1", port, SecretStr(TOKEN), print, print)
    assert caught.value.message == (
        f"127.0.0.1:{port}, where webhooks should arrive, cannot be used: Address already in use."
    )
    assert "--webhooks" in caught.value.hint


def test_host_that_is_none_of_ours_is_told_in_one_sentence():
    with pytest.raises(SettingsInvalid, match=r"192\.0\.2\.1:80, where webhooks should arrive, cannot be used"):
        Listener("192.0.2.1", 80, SecretStr(TOKEN), print, print)


def test_address_of_the_newer_kind_is_written_with_brackets():
    listening = Listening("::1")
    with listening.listener:
        assert listening.listener.address.startswith("http://[::1]:")
        assert listening.post(GOOD).status_code == 200
