"""A session with Odoo over JSON-RPC with odoorpc (Odoo 16-19): the one place that knows this library."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

import odoorpc
import odoorpc.error
from pydantic import SecretStr

from workorder_bridge.errors import SourceError, SourceUnreachable
from workorder_bridge.retry import Retry
from workorder_bridge.sources.odoo_faults import source_error

_UNREACHABLE = (OSError, URLError, http.client.HTTPException, json.JSONDecodeError, UnicodeDecodeError)


class OdooSession:
    """Calls methods of Odoo's models. Logs in on first use (a constant number of calls per run).

    A call whose answer was lost is repeated, so only what may be repeated is called.
    """

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

    def call(self, model: str, method: str, *args: object, **kwargs: object) -> Any:
        """What the method returns. Raises `SourceError`, or `SourceUnreachable` when trying later may help."""

        def call() -> Any:
            odoo = self._logged_in()
            return odoo.execute_kw(model, method, list(args), kwargs)

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


def _http_error(status: int, url: str) -> SourceError:
    if status in (404, 405):
        return SourceError(f"There is no Odoo at {url} (HTTP {status}).", hint="Check WORKORDER_ODOO_URL.")
    return SourceUnreachable(f"Odoo at {url} answered HTTP {status}.", hint="Run the command again in a few minutes.")


def _reason(error: BaseException) -> str:
    inner = getattr(error, "reason", None) or error
    return str(inner) or type(inner).__name__
