"""One QuickBooks company over python-quickbooks, made safe for money.

The library's own transport has no timeout, loses status and headers, understands one fault shape of several, writes
Decimals as strings, cannot put a request id on a batch, and keeps an old token after a refresh (fact sheet §12, all
V). All its calls go through `process_request`, so that one method is replaced; its URL building and its answers as
Decimals are kept. One client per worker: neither the library nor this class is thread-safe.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from quickbooks import QuickBooks
from quickbooks.exceptions import QuickbooksException
from urllib3.filepost import encode_multipart_formdata

from workorder_bridge.destinations.quickbooks.access import Entrance
from workorder_bridge.destinations.quickbooks.classification import THROTTLE_SECONDS, AccessExpired
from workorder_bridge.destinations.quickbooks.faults import (
    error_of_answer,
    error_of_faults,
    faults_in,
    faults_of,
    unlisted,
    unreadable,
)
from workorder_bridge.destinations.quickbooks.throttle import Throttle
from workorder_bridge.destinations.quickbooks.wire import to_json
from workorder_bridge.environments import SANDBOX, SIMULATOR
from workorder_bridge.errors import DestinationError, NotAuthorised, TryLater
from workorder_bridge.log import record

MINOR_VERSION = 75
"""The only one served since 2025-08-01 (fact sheet §1, P)."""

_NEVER_LEFT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NameResolutionError,
    urllib3.exceptions.SSLError,
    urllib3.exceptions.ProxyError,
)


class CompanyClient(QuickBooks):  # type: ignore[misc]  # python-quickbooks ships no types
    """The API of one company. Every method raises `DestinationError`s only."""

    def __init__(self, *, access: Entrance, timeout: float, throttle: Throttle | None, **_: object) -> None:
        self._access = access
        self._throttle = throttle
        self._timeout = (10.0, timeout)
        self.session = _bounded_session()
        self.sandbox = access.place.environment == SANDBOX
        if access.place.environment == SIMULATOR:
            self.api_url_v3 = f"{access.place.url}/v3"
        self.trace_number = ""

    @classmethod
    def open(cls, access: Entrance, timeout: float, throttle: Throttle | None = None) -> CompanyClient:
        """A client for the company the access is for; nothing is sent yet.

        Without a throttle it is for a call or two.
        """
        company: CompanyClient = cls(
            company_id=access.realm,
            minorversion=MINOR_VERSION,
            use_decimal=True,
            access=access,
            timeout=timeout,
            throttle=throttle,
        )
        return company

    @property
    def access(self) -> Entrance:
        """Where this company is and how we get in."""
        return self._access

    @contextmanager
    def reads_that_can_wait(self) -> Iterator[None]:
        """Reads in here raise `ReadBudgetSpent` once the month's budget is used up."""
        with self._throttle.reads_that_can_wait() if self._throttle else nullcontext():
            yield

    def fetch(self, path: str, **params: str) -> dict[str, Any]:
        """GET below the company's address."""
        answer: dict[str, Any] = self.get(self._url(path), {}, params=dict(params))
        return answer

    def ask(self, select: str) -> dict[str, Any]:
        """Run a query; the content of `QueryResponse`, empty when nothing was found."""
        answer: dict[str, Any] = self.query(select.encode())
        return answer.get("QueryResponse") or {}

    def write_batch(self, items: list[dict[str, Any]], request_id: str) -> list[dict[str, Any]]:
        """POST a batch under a stored request id; the item answers in whatever order they came."""
        body = to_json({"BatchItemRequest": items}).encode()
        answer: dict[str, Any] = self.post(self._url("batch"), body, request_id=request_id)
        items_answered = answer.get("BatchItemResponse")
        return items_answered if isinstance(items_answered, list) else []

    def upload_parts(self, parts: Sequence[tuple[str, Any]], request_id: str) -> dict[str, Any]:
        """POST one file with its metadata; the attachment it became.

        Raises the fault the answer carries inside a 200 (§13.49, V). The library's own upload ends lines with a bare
        line feed and takes neither bytes nor a request id (§12.12, V).
        """
        body, content_type = encode_multipart_formdata(parts)
        response = self.process_request(
            "POST",
            self._url("upload"),
            headers={"Content-Type": content_type, "Accept": "application/json"},
            params={"requestid": request_id, "minorversion": MINOR_VERSION},
            data=body,
        )
        try:
            answers = response.json().get("AttachableResponse")
        except ValueError as error:
            raise unreadable(response.status_code, sent=True, reference=self.trace_number) from error
        answer = answers[0] if isinstance(answers, list) and answers and isinstance(answers[0], dict) else {}
        faults = faults_of(answer)
        if faults is not None:
            raise error_of_faults(faults, sent=True, reference=self.trace_number)
        attached = answer.get("Attachable")
        return attached if isinstance(attached, dict) else {}

    def _url(self, path: str) -> str:
        return f"{self.api_url}/company/{self.company_id}/{path}"

    def make_request(self, request_type: str, url: str, *rest: Any, **options: Any) -> Any:
        """The library reads the answer; all that can still be wrong with it is that it is no JSON."""
        try:
            return super().make_request(request_type, url, *rest, **options)
        except QuickbooksException as error:
            writes = bool(options.get("request_id"))  # no write goes out without one
            failure = unreadable(200, sent=writes, reference=self.trace_number)
            raise failure if writes else _of_a_read(failure) from error

    def process_request(
        self, request_type: str, url: str, headers: Any = "", params: Any = "", data: Any = ""
    ) -> requests.Response:
        """The library's one door to the network: bounded, traced, classified; a stale access token is renewed once.

        A 401 is decided before anything is executed (§13.7, V), so the same request can go out again.
        """
        writes = _is_write(request_type, url, params)
        try:
            return self._exchange(request_type, url, headers, params, data, writes)
        except AccessExpired:
            self._access.renew()
        try:
            return self._exchange(request_type, url, headers, params, data, writes)
        except AccessExpired as error:
            raise NotAuthorised(error.message, hint=error.hint, reference=error.reference) from error

    def _exchange(self, method: str, url: str, headers: Any, params: Any, data: Any, writes: bool) -> requests.Response:
        headers = {**headers, "Authorization": f"Bearer {self._access.token()}"}
        batch = urlsplit(url).path.endswith("/batch")
        with self._throttle.call(batch=batch, read=not writes) if self._throttle else nullcontext():
            started = time.monotonic()
            try:
                response: requests.Response = self.session.request(
                    method, url, headers=headers, params=params, data=data, timeout=self._timeout, allow_redirects=False
                )
            except requests.RequestException as error:
                raise _lost(error, writes) from error
        self.trace_number = response.headers.get("intuit_tid", "")  # requests ignores the header's case, which varies
        record(
            "call",
            method=method,
            path=urlsplit(url).path,
            status=response.status_code,
            tid=self.trace_number,
            seconds=round(time.monotonic() - started, 3),
        )
        failure = error_of_answer(
            response.status_code,
            response.text,
            sent=writes,
            reference=self.trace_number,
            retry_after=_retry_after(response.headers.get("Retry-After")),
        )
        if failure is None:
            return response
        if self._throttle and isinstance(failure, TryLater) and _is_throttling(response):
            self._throttle.told_to_wait(failure.retry_after or THROTTLE_SECONDS)
        raise failure if writes else _of_a_read(failure)


def _bounded_session() -> requests.Session:
    session = requests.Session()
    session.headers["Accept"] = "application/json"
    return session


def _is_write(method: str, url: str, params: Any) -> bool:
    if method == "GET" or urlsplit(url).path.endswith("/query"):
        return False
    if not params.get("requestid"):
        raise ValueError("a write without a stored request id could not be repeated safely")
    return True


def _is_throttling(response: requests.Response) -> bool:
    """HTTP 429, in old days 403, in whatever costume its fault comes (§4, V/P)."""
    return response.status_code == 429 or any(fault.code == "3001" for fault in faults_in(response.text) or [])


def _lost(error: requests.RequestException, writes: bool) -> DestinationError:
    """No answer. Only when the connection never stood is it certain that nothing arrived."""
    what = f"The connection to QuickBooks failed ({type(error).__name__})."
    if not writes or _never_left(error):
        return TryLater(what, hint="Check this machine's network; the same invoices go out again by themselves.")
    return unlisted(f"QuickBooks did not answer after the invoices were sent ({type(error).__name__}).", sent=True)


def _never_left(error: requests.RequestException) -> bool:
    cause: object = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, _NEVER_LEFT)


def _of_a_read(failure: DestinationError) -> DestinationError:
    """A read changes nothing, so whatever is not a definite refusal can simply be asked again."""
    if isinstance(failure, TryLater):
        failure.maybe_sent = False
    return failure


def _retry_after(header: str | None) -> float | None:
    """Seconds from a Retry-After header, which may be a number or a date; None when absent or unreadable."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None
