"""The ticket source over Odoo's JSON-RPC with odoorpc (Odoo 16-19). One call per claim, one per settle.

Why repeating a call whose answer was lost is safe:
- claim: the rows it leased wait until their lease runs out, then go out again with the same keys; nobody sent them.
- settle, register_payments: rows are found by id and key, payments by their own id; the same answer twice changes
  nothing.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

import odoorpc
import odoorpc.error
from pydantic import BaseModel, SecretStr, ValidationError

from workorder_bridge.errors import SourceError, SourceUnreachable
from workorder_bridge.ports import (
    Batch,
    Cursor,
    DestinationSummary,
    NewCustomer,
    Outcome,
    Payment,
    Registration,
    Settlement,
)
from workorder_bridge.retry import Retry
from workorder_bridge.sources.odoo_faults import source_error

MODEL = "work.order.destination"
M = TypeVar("M", bound=BaseModel)
_UNREACHABLE = (OSError, URLError, http.client.HTTPException, json.JSONDecodeError, UnicodeDecodeError)


class OdooSource:
    """The `TicketSource` port over odoorpc. Logs in on first use (a constant number of calls per run)."""

    def __init__(
        self, url: str, database: str, login: str, password: SecretStr, *, timeout: float, retry: Retry
    ) -> None:
        self._url = url
        self._database = database
        self._login = login
        self._password = password
        self._timeout = timeout
        self._retry = retry
        self._session: odoorpc.ODOO | None = None

    def claim(self, code: str, limit: int, lease_seconds: int) -> Batch:
        """See `TicketSource.claim`."""
        return _read(Batch, self._call("claim", code, limit=limit, lease_seconds=lease_seconds))

    def settle(
        self,
        code: str,
        lease: str,
        outcomes: Sequence[Outcome],
        customers: Sequence[NewCustomer] = (),
        pause: str | None = None,
    ) -> Settlement:
        """See `TicketSource.settle`."""
        results = [outcome.as_settlement() for outcome in outcomes]
        new = [customer.as_settlement() for customer in customers]
        return _read(Settlement, self._call("settle", code, lease, results, customers=new, pause=pause))

    def changes_since(self, code: str) -> Cursor:
        """See `TicketSource.changes_since`."""
        return _read(Cursor, self._call("changes_since", code))

    def register_payments(self, code: str, payments: Sequence[Payment], cursor: datetime) -> Registration:
        """See `TicketSource.register_payments`."""
        messages = [payment.as_message() for payment in payments]
        time = cursor.astimezone(UTC).isoformat(timespec="seconds")
        return _read(Registration, self._call("register_payments", code, messages, time))

    def summary(self, code: str | None = None) -> list[DestinationSummary]:
        """See `TicketSource.summary`."""
        return [_read(DestinationSummary, one) for one in self._call("summary", code)]

    def _call(self, method: str, *args: object, **kwargs: object) -> Any:
        def call() -> Any:
            odoo = self._logged_in()
            return odoo.execute_kw(MODEL, method, list(args), kwargs)

        return self._retry.call(lambda: self._named(call))

    def _named(self, operation: Callable[[], Any]) -> Any:
        """Run it; every failure of the wire or of Odoo comes out as a `SourceError` with a sentence."""
        try:
            return operation()
        except odoorpc.error.RPCError as error:
            raise source_error(error.info, str(error), self._database, self._login) from error
        except odoorpc.error.InternalError as error:
            raise SourceUnreachable(f"{self._url} does not answer like an Odoo server: {error}") from error
        except HTTPError as error:
            raise _http_error(error.code, self._url) from error
        except _UNREACHABLE as error:
            raise SourceUnreachable(
                f"Odoo at {self._url} cannot be reached ({_reason(error)}).",
                hint="Check that Odoo runs and that WORKORDER_ODOO_URL is right; then run the command again.",
            ) from error

    def _logged_in(self) -> odoorpc.ODOO:
        if self._session is None:
            parts = urlsplit(self._url)
            secure = parts.scheme == "https"
            odoo = odoorpc.ODOO(
                parts.hostname,
                protocol="jsonrpc+ssl" if secure else "jsonrpc",
                port=parts.port or (443 if secure else 80),
                timeout=self._timeout,
            )
            odoo.login(self._database, self._login, self._password.get_secret_value())
            self._session = odoo
        return self._session


def _read(shape: type[M], content: object) -> M:
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SourceError(
            f"Odoo answered in a shape this bridge does not know ({where or 'answer'}: {first['msg']}).",
            hint="Update the Odoo addon and the bridge to the same release.",
        ) from error


def _http_error(status: int, url: str) -> SourceError:
    if status in (404, 405):
        return SourceError(f"There is no Odoo at {url} (HTTP {status}).", hint="Check WORKORDER_ODOO_URL.")
    return SourceUnreachable(f"Odoo at {url} answered HTTP {status}.", hint="Run the command again in a few minutes.")


def _reason(error: BaseException) -> str:
    inner = getattr(error, "reason", None) or error
    return str(inner) or type(inner).__name__
