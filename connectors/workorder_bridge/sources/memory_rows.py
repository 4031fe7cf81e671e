"""The rows of the source in memory, and what somebody changed about them elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from workorder_bridge.news import Payment, Seen
from workorder_bridge.ports import Original, Outcome, Row


@dataclass
class StoredRow:
    """A transmission row as Odoo would keep it."""

    row: Row
    state: str = "ready"
    lease: str | None = None
    leased_until: datetime | None = None
    attempt: int = 0
    external_id: str = ""
    outcome: Outcome | None = None
    about: StoredRow | None = None
    replaces: StoredRow | None = None
    was_claimed: bool = False

    @property
    def earlier_keys(self) -> tuple[str, ...]:
        """Keys under which a worker had it, or a revision before it."""
        before = self.replaces.earlier_keys if self.replaces else ()
        return ((self.row.key,) if self.was_claimed else ()) + before

    @property
    def is_claimable(self) -> bool:
        """Waiting, and its invoice, if it is about one, is there."""
        return self.state == "ready" and (self.about is None or bool(self.about.external_id))

    @property
    def original(self) -> Original | None:
        """What the row has to know of that invoice."""
        receipt = self.about.outcome.receipt if self.about and self.about.outcome else None
        if self.about is None or receipt is None:
            return None
        return Original(
            external_id=receipt.external_id, number=receipt.number, version=receipt.version, key=self.about.row.key
        )


def drift_of(rows: Mapping[str, StoredRow], seen: Seen) -> set[tuple[str, str, str]]:
    """What speaks against our invoices: (external id, version, cause). Odoo compares more than this."""
    found: set[tuple[str, str, str]] = set()
    for invoice in seen.invoices:
        outcome = rows[invoice.external_id].outcome if invoice.external_id in rows else None
        receipt = outcome.receipt if outcome else None
        if receipt is None or invoice.version == receipt.version:
            continue
        if invoice.status != "present":
            found.add((invoice.external_id, invoice.version, invoice.status))
        elif invoice.total != receipt.total:
            found.add((invoice.external_id, invoice.version, "amount"))
    return found


def payments_in(seen: Seen) -> list[Payment]:
    """The money in what was seen, one payment for each invoice it pays, whoever's that invoice is."""
    return [
        Payment(one.external_id, invoice, amount, one.currency, date.fromisoformat(one.date), one.reference)
        for one in seen.payments
        for invoice, amount in one.parts
        if one.status == "present" and not one.credits and amount > 0
    ]
