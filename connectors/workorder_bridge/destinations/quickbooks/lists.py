"""What a QuickBooks company has: its settings, and its lists as far as an invoice can name them.

Kept small on purpose - ids, names and what decides whether an invoice may use a record - so that it fits beside the
tokens on disk and holds nothing secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from workorder_bridge.destinations.quickbooks.wire import reference

SCHEMA = 1
CUSTOMER, ITEM, TERM, CLASS, DEPARTMENT, ACCOUNT, TAX_CODE = (
    "Customer", "Item", "Term", "Class", "Department", "Account", "TaxCode"
)  # fmt: skip
CAPTURED = (CUSTOMER, ITEM, TERM, CLASS, DEPARTMENT, ACCOUNT)
"""The lists change data capture tells about; it does not for tax codes (§11, P)."""


class Entry(BaseModel):
    """One record of a list. `kind` is an item's or account's type, `code` an item's SKU or an account's number.

    `percent` is what a tax code comes to, as text; "" where nobody can say.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    name: str
    active: bool = True
    kind: str = ""
    code: str = ""
    currency: str = ""
    percent: str = ""


class Lists(BaseModel):
    """A company as it was at `as_of` by QuickBooks' clock; `checked_at` is ours, in seconds since 1970.

    A list that could not be read is absent: then nobody can say what is in it. `witnesses` names, by customer id, an
    invoice of ours, from which a merge of customers can be told.
    """

    model_config = ConfigDict(strict=True, extra="forbid")

    version: int = SCHEMA
    realm: str
    environment: str
    as_of: str
    checked_at: float
    info: dict[str, Any]
    preferences: dict[str, Any]
    lists: dict[str, dict[str, Entry]] = Field(default_factory=dict)
    witnesses: dict[str, str] = Field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """`as_of` as a time."""
        return datetime.fromisoformat(self.as_of)

    def find(self, kind: str, record_id: str) -> Entry | None:
        """The record, or None: it is not there, or the list could not be read."""
        return self.lists.get(kind, {}).get(record_id)

    def put(self, kind: str, record: Mapping[str, Any]) -> None:
        """Note a record QuickBooks told about; one that is gone for good is forgotten (§11, P)."""
        entries = self.lists.setdefault(kind, {})
        if record.get("status") == "Deleted":
            entries.pop(str(record.get("Id")), None)
        else:
            entries[str(record.get("Id"))] = entry_of(kind, record)


def entry_of(kind: str, record: Mapping[str, Any]) -> Entry:
    """What we keep of a record as QuickBooks tells it."""
    names = ("DisplayName", "FullyQualifiedName", "Name")
    kinds, codes = {ITEM: "Type", ACCOUNT: "AccountType"}, {ITEM: "Sku", ACCOUNT: "AcctNum"}
    return Entry(
        name=next((str(record[name]) for name in names if record.get(name)), ""),
        active=record.get("Active") is not False,
        kind=str(record.get(kinds.get(kind, "")) or ""),
        code=str(record.get(codes.get(kind, "")) or ""),
        currency=reference(dict(record), "CurrencyRef") if kind == CUSTOMER else "",
    )
