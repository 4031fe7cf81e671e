"""The one place that decides which state a row gets for which answer."""

from __future__ import annotations

from workorder_bridge.errors import (
    COMPARE,
    BridgeError,
    DestinationClosed,
    DocumentInvalid,
    MappingIncomplete,
    OutcomeUnknown,
    ReceiptMismatch,
    Rejected,
    TryLater,
)
from workorder_bridge.ports import Outcome, Parcel, Row, State
from workorder_bridge.receipt import Receipt, verify, verify_void

MAX_ATTEMPTS = 8
"""After so many claims of the same batch, a row nobody can tell about goes to a person."""

RETRY_AFTER_SECONDS = 60
"""How long a batch rests when the destination did not say."""

MOST_RETRY_AFTER_SECONDS = 86400
"""The longest rest Odoo takes."""


def outcome_of_receipt(parcel: Parcel, receipt: Receipt, dispute: str = "", remark: str = "") -> Outcome:
    """`received` when it agrees to the cent and nothing speaks against it, else `disputed`, telling why.

    `remark` is passed on with what was received.
    """
    state: State = "received"
    message, hint = remark, ""
    check = verify_void if parcel.row.kind == "void" else verify
    try:
        check(parcel.document, receipt)
    except ReceiptMismatch as mismatch:
        state, message, hint = "disputed", mismatch.message, mismatch.hint
    if dispute:
        state, message, hint = "disputed", " ".join(filter(None, [dispute, message])), COMPARE
    return Outcome(
        row=parcel.row,
        state=state,
        number=parcel.document.number,
        receipt=receipt,
        message=message,
        hint=hint,
        reference=receipt.reference,
    )


def outcome_of_error(row: Row, error: BridgeError, attempt: int, number: str = "") -> Outcome:
    """The outcome of a row that has no receipt."""
    gaps = tuple(gap.as_settlement() for gap in error.gaps) if isinstance(error, MappingIncomplete) else ()
    state = state_of_error(error, attempt)
    return Outcome(
        row=row,
        state=state,
        number=number,
        message=error.message,
        hint=error.hint,
        reference=error.reference,
        gaps=gaps,
        retry_after=_rest(error) if state == "retry" else None,
    )


def state_of_error(error: BridgeError, attempt: int) -> State:
    """Never `release`, `rejected` or `blocked`, which mean "definitely not there", for a row that may be there."""
    if isinstance(error, MappingIncomplete):
        return "blocked"
    if isinstance(error, Rejected | DocumentInvalid):
        return "unknown" if error.maybe_sent else "rejected"
    if isinstance(error, TryLater) and not error.maybe_sent:
        return "retry"
    if isinstance(error, DestinationClosed):
        # A claim handed out again may still be on its way from an earlier worker: it keeps its keys.
        return "retry" if error.maybe_sent or attempt > 1 else "release"
    if isinstance(error, TryLater | OutcomeUnknown):
        return "retry" if attempt < MAX_ATTEMPTS else "unknown"
    return "unknown"


def _rest(error: BridgeError) -> int:
    asked = error.retry_after if isinstance(error, TryLater) else None
    return RETRY_AFTER_SECONDS if asked is None else min(MOST_RETRY_AFTER_SECONDS, max(0, round(asked)))
