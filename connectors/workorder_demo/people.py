"""The people of the demo company, each working in Odoo under their own login."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import odoorpc


class Person:
    """Somebody logged in to Odoo; calls go through Odoo's own access rights."""

    def __init__(self, url: str, database: str, login: str, password: str) -> None:
        """Log in; raises odoorpc's errors if that fails."""
        self.login, self.password = login, password
        address = urlsplit(url)
        self._rpc = odoorpc.ODOO(address.hostname, port=address.port, timeout=300)
        self._rpc.login(database, login, password)

    def do(self, model: str, method: str, ids: Sequence[int], *arguments: Any) -> Any:
        """Call a method on records, as a button does."""
        return self._rpc.execute(model, method, list(ids), *arguments)

    def call(self, model: str, method: str, *arguments: Any, **keywords: Any) -> Any:
        """Call a method of a model."""
        return self._rpc.execute_kw(model, method, list(arguments), keywords)

    def find(self, model: str, domain: list[Any], fields: Sequence[str], order: str = "id") -> list[dict[str, Any]]:
        """Records as dictionaries."""
        rows: list[dict[str, Any]] = self.call(model, "search_read", domain, fields=list(fields), order=order)
        return rows

    def ids(self, model: str, domain: list[Any]) -> list[int]:
        """The ids of matching records, oldest first."""
        return [int(row["id"]) for row in self.find(model, domain, ["id"])]

    def record(self, xmlid: str) -> int:
        """The id of a record by its external id."""
        module, name = xmlid.split(".")
        rows = self.find("ir.model.data", [("module", "=", module), ("name", "=", name)], ["res_id"])
        return int(rows[0]["res_id"])
