"""Every trouble the bridge can name.

Each error carries a message a bookkeeper understands, a hint (the next step) and a reference for support. What state a
row gets for which error is decided in `settlement.py`, nowhere else.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass

GAP_KEYS = ("table", "odoo_id", "odoo_name", "needed_by")
GAP_COLUMNS = ("odoo_id", "odoo_name", "quickbooks_id", "quickbooks_name")


class BridgeError(Exception):
    """The root of all named trouble.

    `maybe_sent` is True when the destination may already hold the invoice although we hold no receipt: such a row may
    be asked about and repeated under its own keys, never released.
    """

    def __init__(self, message: str, *, hint: str = "", reference: str = "", maybe_sent: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.reference = reference
        self.maybe_sent = maybe_sent


class SettingsInvalid(BridgeError):
    """The settings cannot work; `problems` lists every one of them."""

    def __init__(self, problems: Sequence[str], *, hint: str = "") -> None:
        super().__init__("\n".join(problems), hint=hint)
        self.problems = tuple(problems)


class DocumentInvalid(BridgeError):
    """The frozen document cannot be used; `problems` lists every reason."""

    def __init__(self, problems: Sequence[str], *, hint: str = "", maybe_sent: bool = False) -> None:
        super().__init__(" ".join(problems), hint=hint, maybe_sent=maybe_sent)
        self.problems = tuple(problems)


def row_to_add(odoo_id: str, odoo_name: str) -> str:
    """The CSV line of a mapping table for an Odoo record, with the two QuickBooks columns left to fill in."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([odoo_id, odoo_name, "", ""])
    return line.getvalue()


@dataclass(frozen=True)
class Gap:
    """One mapping row that somebody has to add: which table, for which Odoo record, needed by which invoice."""

    table: str
    odoo_id: str
    odoo_name: str
    needed_by: str

    @property
    def row_to_add(self) -> str:
        """The CSV line to add, with the two QuickBooks columns left to fill in."""
        return row_to_add(self.odoo_id, self.odoo_name)

    @property
    def message(self) -> str:
        """One sentence naming the record, who needs it, and the exact row."""
        columns = ",".join(GAP_COLUMNS)
        return (
            f"{self.odoo_name} (Odoo id {self.odoo_id}), needed by {self.needed_by}, is not in {self.table}. "
            f"Add the row {self.row_to_add} there (columns {columns}; fill in the last two)."
        )

    def as_settlement(self) -> dict[str, str]:
        """The shape `settle` expects in `gaps` (docs/design.md)."""
        texts = {name: str(value) for name, value in asdict(self).items() if name in GAP_KEYS}
        return {**texts, "message": self.message}


@dataclass(frozen=True)
class UnusableRow(Gap):
    """A mapping row that names an object the destination does not take; `reason` says why, as sentences."""

    reason: str

    @property
    def message(self) -> str:
        """The reason, with the record and who needs it."""
        return (
            f"{self.reason} {self.odoo_name} (Odoo id {self.odoo_id}), needed by {self.needed_by}, is mapped to it in "
            f"{self.table}."
        )


class MappingIncomplete(BridgeError):
    """The document cannot be translated; `gaps` holds every missing or unusable mapping row, not only the first."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        unusable = [gap for gap in gaps if isinstance(gap, UnusableRow)]
        missing = [gap for gap in gaps if not isinstance(gap, UnusableRow)]
        told = [f"{gap.reason} {gap.odoo_name} is mapped to it." for gap in unusable]
        if missing:
            listed = "; ".join(f"{gap.odoo_name} in {gap.table}" for gap in missing)
            told.append(f"{len(missing)} mapping row{'s are' if len(missing) > 1 else ' is'} missing: {listed}.")
        super().__init__(" ".join(told), hint=" ".join(_next_steps(bool(missing), bool(unusable))))
        self.gaps = tuple(gaps)


def _next_steps(missing: bool, unusable: bool) -> list[str]:
    steps = []
    if unusable:
        steps.append(
            "Put it right in QuickBooks and press Try again in Odoo, or correct the row in Odoo, Work Orders > "
            "Configuration > QuickBooks; with a corrected row the invoice goes out by itself."
        )
    if missing:
        steps.append(
            "Add them in Odoo, Work Orders > Configuration, in the destination's tables; the invoice then goes out by "
            "itself."
        )
    return steps


class SourceError(BridgeError):
    """Odoo said no, and will say no again until somebody changes something."""


class SourceUnreachable(SourceError):
    """Odoo did not answer, or not now; trying later may help."""


class DestinationError(BridgeError):
    """The destination, or the way to it, caused the trouble."""


class TryLater(DestinationError):
    """Not now. `retry_after` is in seconds, or None when the destination did not say."""

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        hint: str = "",
        reference: str = "",
        maybe_sent: bool = False,
    ) -> None:
        super().__init__(message, hint=hint, reference=reference, maybe_sent=maybe_sent)
        self.retry_after = retry_after


class OutcomeUnknown(DestinationError):
    """It was sent and nobody can tell what became of it; ask before repeating, and repeat only under the same keys."""

    def __init__(self, message: str, *, hint: str = "", reference: str = "") -> None:
        super().__init__(message, hint=hint, reference=reference, maybe_sent=True)


class ReadBudgetSpent(DestinationError):
    """The month's budget of metered reads is used up: reads that can wait are not made, writes go on."""


class DestinationClosed(DestinationError):
    """Nothing can be sent until a person acts: pauses the destination, never blames the ticket."""


class NotAuthorised(DestinationClosed):
    """The destination does not accept our credentials (any more)."""


class WrongCompany(DestinationClosed):
    """Our credentials open another company than the one the invoices are meant for."""


class Rejected(DestinationError):
    """The destination definitely does not hold it, and will not take it as it is."""


class NumberTaken(Rejected):
    """The number is in use there; whoever holds it may well be ours, so look before giving up."""


class NameTaken(Rejected):
    """The name is in use there by a customer, vendor or employee."""


class BooksClosed(Rejected):
    """The accounting period is closed for this date. The accountant decides; nothing is re-dated by itself."""


class StaleEdit(Rejected):
    """Somebody changed it there since we read it: read again, then decide; never overwrite."""


COMPARE = "Compare the two invoices and correct the one that is wrong; nothing will be sent again by itself."
"""The next step for whatever exists at the destination and is not as it should be."""


class ReceiptMismatch(DestinationError):
    """It exists at the destination but differs from the document; `differences` lists every point."""

    def __init__(self, differences: Sequence[str], *, reference: str = "") -> None:
        super().__init__(
            " ".join(differences),
            hint=COMPARE,
            reference=reference,
        )
        self.differences = tuple(differences)
