"""Calls to Odoo over JSON-2 (Odoo 19 and later), by API key: POST /json/2/<model>/<method>, arguments by name.

From Odoo's source (addons/rpc/controllers/json2.py, odoo/http.py Json2Dispatcher; V): the key travels as a bearer
token, the database in X-Odoo-Database; 200 carries what the method returned, every other status a body with the
exception's name and message. A database that is not there is a 404 in HTML. A key made in the preferences is good for
all calls.
"""

from __future__ import annotations

import json
import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import urllib3.exceptions
from pydantic import SecretStr
from requests.auth import AuthBase

from workorder_bridge.errors import SourceError
from workorder_bridge.retry import Retry
from workorder_bridge.sources.odoo_faults import (
    entrance_of_key,
    http_error,
    not_odoo,
    source_error,
    too_large,
    unreachable,
)

ANSWER_LIMIT = 64 * 1024 * 1024
"""Bytes. A full batch of the longest invoices is a quarter of it."""

_CONNECT_SECONDS = 10.0
_PIECE = 64 * 1024


class Json2Session:
    """The `OdooCaller` over JSON-2. `timeout` is in seconds and holds for a whole call."""

    def __init__(self, url: str, database: str, key: SecretStr, *, timeout: float, retry: Retry) -> None:
        self._entrance = entrance_of_key(url, database)
        self._key = key
        self._timeout = timeout
        self._retry = retry
        self._session = _stateless_session(database)

    def call(self, model: str, method: str, /, **arguments: object) -> Any:
        """See `OdooCaller.call`."""
        address = f"{self._entrance.url.rstrip('/')}/json/2/{model}/{method}"
        body = json.dumps(arguments).encode()
        return self._retry.call(lambda: self._answer(*self._exchange(method, address, body)))

    def _exchange(self, method: str, address: str, body: bytes) -> tuple[int, bytes]:
        """Status and whole body; raises `SourceError`s only."""
        until = time.monotonic() + self._timeout
        try:
            with self._session.post(
                address,
                data=body,
                auth=_Bearer(self._key),
                timeout=(min(_CONNECT_SECONDS, self._timeout), self._timeout),
                allow_redirects=False,
                stream=True,
            ) as response:
                return response.status_code, self._body(method, response, until)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise unreachable(error, self._entrance) from error

    def _body(self, method: str, response: requests.Response, until: float) -> bytes:
        """Read piece by piece as they come: an answer that never ends, or only trickles, is given up."""
        content = bytearray()
        while piece := response.raw.read1(_PIECE, decode_content=True):
            content += piece
            if len(content) > ANSWER_LIMIT:
                raise too_large(method, self._entrance)
            if time.monotonic() > until:
                raise TimeoutError("the answer took too long")
        return bytes(content)

    def _answer(self, status: int, content: bytes) -> Any:
        try:
            answer = json.loads(content)
        except ValueError as error:
            raise (not_odoo(self._entrance) if status == 200 else http_error(status, self._entrance)) from error
        if status == 200:
            return answer
        raise self._of_fault(status, answer)

    def _of_fault(self, status: int, answer: object) -> SourceError:
        name, message = _told(answer)
        if not name:
            return http_error(status, self._entrance)
        key = self._key.get_secret_value()
        return source_error(name, message.replace(key, "…"), self._entrance)


def _told(answer: object) -> tuple[str, str]:
    """Name and message of Odoo's exception; two empty texts when the answer is not Odoo's."""
    told = answer if isinstance(answer, dict) else {}
    name, message = told.get("name"), told.get("message")
    return (name, message.strip()) if isinstance(name, str) and isinstance(message, str) else ("", "")


class _Bearer(AuthBase):
    """Puts the key on one request. As a header of the session, a .netrc of this machine would replace it."""

    def __init__(self, key: SecretStr) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"bearer {self._key.get_secret_value()}"
        return request


def _stateless_session(database: str) -> requests.Session:
    """No cookies: Odoo refuses a key that comes with a session of somebody else."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update(
        {"Accept": "application/json", "Content-Type": "application/json", "X-Odoo-Database": database}
    )
    return session
