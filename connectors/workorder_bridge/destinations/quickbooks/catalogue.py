"""The page of QuickBooks errors, made from the classification table.

`python -m workorder_bridge.destinations.quickbooks.catalogue > docs/quickbooks_errors.md`
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from workorder_bridge.destinations.quickbooks.classification import BY_STATUS, MEANINGS, AccessExpired, Meaning
from workorder_bridge.errors import (
    BooksClosed,
    DestinationClosed,
    DestinationError,
    NameTaken,
    NotAuthorised,
    NumberTaken,
    OutcomeUnknown,
    Rejected,
    StaleEdit,
    TryLater,
    WrongCompany,
)

HANDLING: Mapping[type[DestinationError], tuple[str, str]] = {
    TryLater: (
        "waits",
        "waits as long as QuickBooks asks, then sends the same invoices under the same keys; nothing is booked twice.",
    ),
    OutcomeUnknown: (
        "asks first",
        "looks the invoice up by its number before anything is sent again; what nobody can tell becomes Unknown.",
    ),
    Rejected: ("rejects", "marks the row Rejected; the invoice is not in QuickBooks. The other invoices go on."),
    NumberTaken: (
        "looks for ours",
        "looks at the invoice that holds the number. One with our mark is taken for the answer and compared to the "
        "cent; otherwise the row becomes Rejected and names the holder.",
    ),
    NameTaken: (
        "looks for the customer",
        "takes an active customer of exactly this name; otherwise the row becomes Rejected and names the mapping row "
        "to add.",
    ),
    BooksClosed: (
        "leaves the date alone",
        "marks the row Rejected and never moves an invoice into another period; the accountant decides.",
    ),
    StaleEdit: (
        "overwrites nothing",
        "marks the row Rejected; what somebody changed in QuickBooks stays as it is.",
    ),
    DestinationClosed: ("pauses", "pauses the destination in Odoo; the invoices wait and none is blamed."),
    NotAuthorised: ("pauses", "pauses the destination in Odoo until somebody connects the company again."),
    AccessExpired: (
        "renews",
        "renews the access once and sends again; if that does not help, it pauses the destination in Odoo.",
    ),
    WrongCompany: (
        "sends nothing",
        "pauses the destination in Odoo before anything reaches the other company.",
    ),
}
"""What the bridge does, by the class of the error: two or three words for the table, and the sentence."""

_HEAD = """# QuickBooks errors

What `workorder sync` and the transmissions in Odoo say, sorted by the code QuickBooks gives. This page is made from the
table the bridge works with: `python -m workorder_bridge.destinations.quickbooks.catalogue > docs/quickbooks_errors.md`.

| Code | What it means | Next step | The bridge |
|---|---|---|---|
"""
_STATUS_HEAD = """
## Answers without a code

| HTTP status | What it means | Next step | The bridge |
|---|---|---|---|
"""
_REST = """
5xx without a code counts as a failure of QuickBooks' own, like 10000. A code or an answer that is not on this page may
mean that the invoice was booked: the bridge asks first. Code 5010 whose text speaks of a closed period is treated as
6210, and code 6000 whose text asks to wait as 10000.
"""
_HANDLING_HEAD = """
## What the bridge does

"""


def page() -> str:
    """The whole page, Markdown, ending in a line break."""
    codes = "".join(_row(code, meaning) for code, meaning in sorted(MEANINGS.items(), key=lambda each: int(each[0])))
    statuses = "".join(_row(str(status), meaning) for status, meaning in BY_STATUS.items())
    return _HEAD + codes + _STATUS_HEAD + statuses + _REST + _HANDLING_HEAD + "".join(_explanations())


def _row(code: str, meaning: Meaning) -> str:
    return f"| {code} | {meaning.sentence} | {meaning.hint} | {HANDLING[meaning.error][0]} |\n"


def _explanations() -> Iterator[str]:
    for kind, (words, sentence) in HANDLING.items():
        codes = sorted((code for code, meaning in MEANINGS.items() if meaning.error is kind), key=int)
        yield f"- **{words}** ({', '.join(codes)}): it {sentence}\n"


if __name__ == "__main__":
    sys.stdout.write(page())
