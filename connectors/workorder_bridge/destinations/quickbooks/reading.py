"""Transactions read again by their id, before something is done to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.wire import amount, any_of
from workorder_bridge.errors import OutcomeUnknown, Rejected
from workorder_bridge.retry import Retry

Record = dict[str, Any]

VOIDED = "Voided"
"""How the private note of a voided transaction begins (fact sheet §7, V)."""


def read_by_id(client: CompanyClient, entity: str, ids: Iterable[str], retry: Retry) -> dict[str, Record]:
    """The transactions of one kind by id, one read for all; deleted ones are missing.

    Raises `DestinationError`; a query that is refused leaves everything as unknown as it was.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    select = f"SELECT * FROM {entity} WHERE Id IN {any_of(wanted)} MAXRESULTS 1000"  # noqa: S608  # literals are escaped in wire.py
    try:
        found = retry.call(lambda: client.ask(select)).get(entity) or []
    except Rejected as error:
        raise OutcomeUnknown(error.message, hint=error.hint, reference=error.reference) from error
    return {str(one.get("Id")): one for one in found}


def is_voided(record: Mapping[str, Any]) -> bool:
    """Whether a transaction was voided: nothing is left of its total, and its note says so (§7, V)."""
    return not amount(record.get("TotalAmt")) and str(record.get("PrivateNote") or "").startswith(VOIDED)


def linked_payments(record: Record) -> tuple[str, ...]:
    """The ids of the payments that are set against a transaction."""
    links = record.get("LinkedTxn") or []
    return tuple(str(link.get("TxnId")) for link in links if link.get("TxnType") == "Payment")
