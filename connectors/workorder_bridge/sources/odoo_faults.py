"""Odoo's RPC faults as sentences. One table, by the exception name Odoo reports (read in odoo/http.py, V)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workorder_bridge.errors import SourceError, SourceUnreachable

_REFUSALS = ("odoo.exceptions.UserError", "odoo.exceptions.ValidationError", "odoo.exceptions.RedirectWarning")
_PASSING = ("SerializationFailure", "LockNotAvailable", "DeadlockDetected", "TransactionRollbackError", "PoolError")
_ACCESS = "odoo.exceptions.AccessError"
_DENIED = "odoo.exceptions.AccessDenied"
_HINT_LOGIN = "Check WORKORDER_ODOO_LOGIN and WORKORDER_ODOO_PASSWORD (an API key works too)."


def source_error(info: Mapping[str, Any] | bool | None, text: str, database: str, login: str) -> SourceError:
    """The named error for one fault; Odoo's own sentence is passed on where it is meant for people."""
    data = info.get("data") or {} if isinstance(info, Mapping) else {}
    name, message = str(data.get("name") or ""), str(data.get("message") or text).strip()
    if not data or name == _DENIED:
        return SourceError(f"Odoo does not accept the login {login} for database {database}.", hint=_HINT_LOGIN)
    if name in _REFUSALS:
        return SourceError(message)
    if name == _ACCESS:
        return SourceError(
            f"Odoo denies {login} the access this needs: {message}",
            hint="Give that user the group Workorder Bridge in Odoo; for mapping tables, Work Orders: Administrator.",
        )
    if name.rpartition(".")[2] in _PASSING:
        return SourceUnreachable(f"Odoo was busy with the same records ({message}).", hint="Run the command again.")
    if "does not exist" in message and database in message:
        return SourceError(f"There is no Odoo database {database}.", hint="Check WORKORDER_ODOO_DATABASE.")
    return _programming(name, message)


def _programming(name: str, message: str) -> SourceError:
    if "work.order.mapping" in message:
        return SourceError(
            "This Odoo database does not have the mapping tables of the addon work_order.",
            hint="Install or update the addon in Odoo, or check WORKORDER_ODOO_DATABASE.",
        )
    if "work.order.destination" in message or (name.endswith("KeyError") and "work.order" in message):
        return SourceError(
            "This Odoo database does not have the addon work_order_transmission.",
            hint="Install the addon in Odoo, or check WORKORDER_ODOO_DATABASE.",
        )
    return SourceError(f"Odoo failed: {message}", hint="Odoo's own log has the details; report this.", reference=name)
