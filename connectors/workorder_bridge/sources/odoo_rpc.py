"""The ticket source over Odoo's RPC. One call per claim, one per settle.

Why repeating a call whose answer was lost is safe:
- claim: the rows it leased wait until their lease runs out, then go out again with the same keys; nobody sent them.
- settle, register_payments: rows are found by id and key, payments by their own id; the same answer twice changes
  nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from workorder_bridge.errors import SourceError
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
from workorder_bridge.sources.odoo_session import OdooSession

MODEL = "work.order.destination"
M = TypeVar("M", bound=BaseModel)


class OdooSource:
    """The `TicketSource` port over RPC."""

    def __init__(self, session: OdooSession) -> None:
        self._session = session

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
        return self._session.call(MODEL, method, *args, **kwargs)


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
