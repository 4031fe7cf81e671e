"""One change as a webhook tells it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from quickbooks_simulator.company.journal import Entry
from quickbooks_simulator.settings import Settings

OTHER_REALM = "9130350000000001"
"""A company the receiver has nothing to do with, told of while webhook_other_realm is on."""

_NAMES = """
    Account Bill BillPayment Class CreditMemo Customer Department Deposit Employee Estimate Invoice Item JournalEntry
    Payment PaymentMethod Preferences Purchase PurchaseOrder RefundReceipt SalesReceipt TaxAgency Term TimeActivity
    Transfer Vendor VendorCredit
"""
ANNOUNCED = frozenset(_NAMES.split())
"""The kinds of record that webhooks tell of (M)."""


@dataclass(frozen=True)
class Event:
    """What happened to one record of one realm. A retry and a duplicate carry the same id."""

    id: str
    realm: str
    kind: str
    record_id: str
    operation: str
    at: datetime
    deleted_id: str | None = None


def event_of(entry: Entry, realm: str, settings: Settings) -> Event | None:
    """The event for a change, or None for a kind that is not announced."""
    if entry.kind not in ANNOUNCED:
        return None
    operation = entry.operation
    if operation == "Update" and _became_inactive(entry):
        operation = settings.webhook_inactive_operation
    return Event(str(uuid4()), realm, entry.kind, entry.record_id, operation, entry.at, entry.deleted_id)


def _became_inactive(entry: Entry) -> bool:
    before, after = entry.before or {}, entry.after or {}
    return after.get("Active") is False and before.get("Active") is not False


def write_event_time(moment: datetime) -> str:
    """Universal time with milliseconds and a Z (M)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
