"""The two ports of the bridge and the data on its way out (contract: docs/design.md); the way back is `news`.

A `TicketSource` hands out frozen invoices and is told what became of them; a `Destination` books them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from pydantic import Field

from workorder_bridge.calls import CallGrant
from workorder_bridge.document import InvoiceDocument
from workorder_bridge.errors import BridgeError
from workorder_bridge.evidence import EvidenceFile, EvidenceSource
from workorder_bridge.message import Message
from workorder_bridge.news import NOTHING_SEEN, Cursor, News, Payment, Registration, Seen, Tell
from workorder_bridge.receipt import Receipt
from workorder_bridge.standing import DestinationSummary

Kind = Literal["invoice", "credit", "void"]
State = Literal["received", "disputed", "rejected", "blocked", "unknown", "retry", "release"]
TABLES = ("customers", "items", "taxes", "terms", "classes", "locations")


class Mapped(Message):
    """What an Odoo record is called at the destination."""

    id: str
    name: str


class Tables(Message):
    """The mapping rows a batch can use: Odoo record id as text → destination object."""

    customers: dict[str, Mapped] = Field(default_factory=dict)
    items: dict[str, Mapped] = Field(default_factory=dict)
    taxes: dict[str, Mapped] = Field(default_factory=dict)
    terms: dict[str, Mapped] = Field(default_factory=dict)
    classes: dict[str, Mapped] = Field(default_factory=dict)
    locations: dict[str, Mapped] = Field(default_factory=dict)


class DestinationInfo(Message):
    """The destination as Odoo knows it; `realm` is the company the invoices are meant for.

    `income_account` is the account of items that are made (its id, number or name there), `untaxed_tax_code` the id of
    the code for lines without tax, where every line needs one.
    """

    code: str
    kind: str
    realm: str
    create_missing_customers: bool
    create_missing_items: bool = False
    income_account: str = ""
    untaxed_tax_code: str = ""
    attach_evidence: bool = False


class Original(Message):
    """The invoice a credit note or a void is about, as the destination had it when Odoo was last told.

    `version` is its edit counter then, `key` the key it was sent under.
    """

    external_id: str
    number: str
    version: str
    key: str


class Row(Message):
    """One document to send: `index` within its batch and `key` were stored by Odoo before anybody could send them.

    A `void` row carries the document of the invoice that is to be emptied. Only credits and voids have an `original`.
    `earlier_keys` are those under which this invoice was handed out before, its own among them; it was certainly not
    there when that ended, but a request that comes late may have brought it since: ask first.
    """

    id: int
    index: str
    key: str
    revision: int
    sha256: str
    document: str
    kind: Kind = "invoice"
    original: Original | None = None
    earlier_keys: tuple[str, ...] = Field(default=(), strict=False)


class Batch(Message):
    """What one claim returned. `lease` doubles as the batch's request id; None means nothing is ready.

    `attempt` > 1 means an earlier worker may have sent the rows already: ask first. `calls` is the leave to send them;
    an empty claim with a `wait` in seconds means that the company's limits leave no room until then.
    """

    destination: DestinationInfo
    lease: str | None
    attempt: int
    rows: tuple[Row, ...] = Field(strict=False)
    tables: Tables
    remaining: int
    calls: CallGrant | None = None
    wait: float = 0

    @property
    def request_id(self) -> str:
        """The stored request id; raises ValueError for an empty claim, which has none."""
        if self.lease is None:
            raise ValueError("an empty claim has no request id")
        return self.lease


@dataclass(frozen=True)
class Parcel:
    """A claimed row with its document read."""

    row: Row
    document: InvoiceDocument


@dataclass(frozen=True)
class NewCustomer:
    """A customer the destination now has for an Odoo partner; `replaces` names the one that was merged into it."""

    partner_id: int
    external_id: str
    external_name: str
    replaces: str = ""

    def as_settlement(self) -> dict[str, Any]:
        """The shape `settle` expects in `customers`."""
        told = {
            "partner_id": self.partner_id,
            "external_id": self.external_id,
            "external_name": self.external_name,
        }
        return {**told, "replaces": self.replaces} if self.replaces else told


@dataclass(frozen=True)
class NewItem:
    """An item the destination now has for an Odoo product."""

    product_id: int
    external_id: str
    external_name: str

    def as_settlement(self) -> dict[str, Any]:
        """The shape `settle` expects in `items`."""
        return {
            "product_id": self.product_id,
            "external_id": self.external_id,
            "external_name": self.external_name,
        }


@dataclass(frozen=True)
class Delivery:
    """The destination's answer for each row id: a receipt, or the error that tells why there is none.

    `disputes` holds what speaks against a receipt although its amounts may agree, `remarks` what a person may want to
    know about one that agrees (row id → sentence).
    """

    answers: Mapping[int, Receipt | BridgeError]
    customers: Sequence[NewCustomer] = ()
    disputes: Mapping[int, str] = field(default_factory=dict)
    remarks: Mapping[int, str] = field(default_factory=dict)
    items: Sequence[NewItem] = ()


@dataclass(frozen=True)
class Outcome:
    """What Odoo is told about one row."""

    row: Row
    state: State
    number: str = ""
    receipt: Receipt | None = None
    message: str = ""
    hint: str = ""
    reference: str = ""
    gaps: tuple[dict[str, str], ...] = ()
    retry_after: int | None = None

    def as_settlement(self) -> dict[str, Any]:
        """The shape `settle` expects in `results`; amounts as text."""
        result: dict[str, Any] = {
            "id": self.row.id,
            "key": self.row.key,
            "state": self.state,
            "message": self.message,
            "hint": self.hint,
            "reference": self.reference,
            "gaps": list(self.gaps),
        }
        if self.retry_after is not None:
            result["retry_after"] = self.retry_after
        return {**result, **_external(self.receipt)}


def _external(receipt: Receipt | None) -> dict[str, str]:
    if receipt is None:
        return {}
    return {
        "external_id": receipt.external_id,
        "external_number": receipt.number,
        "external_version": receipt.version,
        "external_total": f"{receipt.total:.2f}",
        "external_tax": f"{receipt.tax:.2f}",
        "external_url": receipt.url,
    }


class Conflict(Message):
    """A row that already holds another answer; Odoo kept the one it had."""

    id: int
    message: str


class Settlement(Message):
    """Odoo's answer to `settle`."""

    settled: tuple[int, ...] = Field(strict=False)
    unchanged: tuple[int, ...] = Field(strict=False)
    conflicts: tuple[Conflict, ...] = Field(strict=False)


class TicketSource(EvidenceSource, Protocol):
    """Where invoices come from. Methods raise `SourceError`, or `SourceUnreachable` when trying later may help."""

    def claim(self, code: str, limit: int, lease_seconds: int) -> Batch:
        """Lease up to `limit` rows; keys are stored before this returns."""
        ...

    def settle(
        self,
        code: str,
        lease: str,
        outcomes: Sequence[Outcome],
        customers: Sequence[NewCustomer] = (),
        pause: str | None = None,
        items: Sequence[NewItem] = (),
    ) -> Settlement:
        """Report a batch. Safe to repeat: rows are found by id and key, the same answer twice changes nothing."""
        ...

    def changes_since(self, code: str) -> Cursor:
        """How far payments were read."""
        ...

    def register_payments(
        self, code: str, payments: Sequence[Payment], cursor: datetime | None, seen: Seen = NOTHING_SEEN
    ) -> Registration:
        """Register payments once each, compare what was seen with what is known, and store how far both were read
        (None: more of the same follows). Saying the same twice changes nothing.
        """
        ...

    def summary(self, code: str | None = None) -> list[DestinationSummary]:
        """How the destinations stand."""
        ...

    def access_ends(self) -> datetime | None:
        """When what we are let in with expires; None if never, or if nobody can tell."""
        ...


class Destination(Protocol):
    """Where invoices are booked."""

    def send(self, batch: Batch, parcels: Sequence[Parcel]) -> Delivery:
        """Book every parcel at most once, under the batch's keys.

        Raises a `DestinationError` only when it holds for every parcel; its `maybe_sent` says if any may be there.
        """
        ...

    def news_since(self, info: DestinationInfo, since: datetime | None, tell: Tell | None = None) -> News:
        """Payments and changes since then (None: as far back as the destination tells).

        With `tell`, pieces of many changed invoices may be told meanwhile, some of them twice; the rest is in the news.
        Raises `DestinationError`, and what `tell` raises.
        """
        ...

    def attach(self, info: DestinationInfo, file: EvidenceFile, content: bytes) -> str:
        """Attach a file to its invoice, once whatever happens; the attachment's id there.

        Raises a `DestinationError`: `Rejected` when it is definitely not there and will not be taken.
        """
        ...
