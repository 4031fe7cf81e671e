"""Calls to Odoo over JSON-RPC (Odoo 16-19), by login and password: the one place that knows odoorpc."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

import odoorpc
import odoorpc.error
from pydantic import SecretStr

from workorder_bridge.errors import SourceError
from workorder_bridge.retry import Retry
from workorder_bridge.sources.odoo_faults import (
    entrance_of_login,
    http_error,
    not_accepted,
    not_odoo,
    source_error,
    unreachable,
)

_UNREACHABLE = (OSError, URLError, http.client.HTTPException, json.JSONDecodeError, UnicodeDecodeError)


class RpcSession:
    """The `OdooCaller` over JSON-RPC. Logs in on first use (a constant number of calls per run)."""

    def __init__(
        self, url: str, database: str, login: str, password: SecretStr, *, timeout: float, retry: Retry
    ) -> None:
        self._entrance = entrance_of_login(url, database, login)
        self._login = login
        self._password = password
        self._timeout = timeout
        self._retry = retry
        self._session: odoorpc.ODOO | None = None

    def call(self, model: str, method: str, /, **arguments: object) -> Any:
        """See `OdooCaller.call`."""

        def call() -> Any:
            return self._logged_in().execute_kw(model, method, [], arguments)

        return self._retry.call(lambda: self._named(call))

    def _named(self, operation: Callable[[], Any]) -> Any:
        """Run it; every failure of the wire or of Odoo comes out as a `SourceError` with a sentence."""
        try:
            return operation()
        except odoorpc.error.RPCError as error:
            raise self._of_fault(error.info, str(error)) from error
        except odoorpc.error.InternalError as error:
            raise not_odoo(self._entrance) from error
        except HTTPError as error:
            raise http_error(error.code, self._entrance) from error
        except _UNREACHABLE as error:
            raise unreachable(error, self._entrance) from error

    def _of_fault(self, info: object, text: str) -> SourceError:
        """A login that is refused comes without data: Odoo answers it with a plain false."""
        data = info.get("data") if isinstance(info, Mapping) else None
        if not data:
            return not_accepted(self._entrance)
        return source_error(str(data.get("name") or ""), str(data.get("message") or text).strip(), self._entrance)

    def _logged_in(self) -> odoorpc.ODOO:
        if self._session is None:
            parts = urlsplit(self._entrance.url)
            secure = parts.scheme == "https"
            odoo = odoorpc.ODOO(
                parts.hostname,
                protocol="jsonrpc+ssl" if secure else "jsonrpc",
                port=parts.port or (443 if secure else 80),
                timeout=self._timeout,
            )
            odoo.login(self._entrance.database, self._login, self._password.get_secret_value())
            self._session = odoo
        return self._session
