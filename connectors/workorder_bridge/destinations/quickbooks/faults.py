"""Every QuickBooks failure as a named error: one table by fault code (fact sheet §4, tags there).

The classes decide what happens to the row; the sentences are for the bookkeeper. A failure that is not listed is
`OutcomeUnknown` once something was sent, because then the invoice may exist, and `Rejected` before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workorder_bridge.errors import (
    DestinationClosed,
    DestinationError,
    NameTaken,
    NotAuthorised,
    NumberTaken,
    OutcomeUnknown,
    Rejected,
    TryLater,
    WrongCompany,
)

THROTTLE_SECONDS = 60.0
"""QuickBooks documents no Retry-After; its limits run by the minute (fact sheet §2, P)."""


class AccessExpired(NotAuthorised):
    """The access token is no longer good; renewing it once may be all that is needed."""


@dataclass(frozen=True)
class Meaning:
    """What a fault code means: the error to raise, a plain sentence, the next step."""

    error: type[DestinationError]
    sentence: str
    hint: str = ""


RECONNECT = "Connect QuickBooks again and run `workorder quickbooks import-tokens`, then re-activate the destination."
_MAPPING = "Check in QuickBooks that the customer, items, terms and classes mapped in Odoo exist and are active."
_REPORT = "Report this with the reference; the bridge should not send such a request."
_ACCOUNT = "Open QuickBooks and look at the company's subscription and messages, then re-activate the destination."
_WAIT = "Nothing is lost: the same invoices go out again by themselves."

MEANINGS: Mapping[str, Meaning] = {
    "100": Meaning(NotAuthorised, "QuickBooks does not accept our access.", RECONNECT),
    "110": Meaning(NotAuthorised, "QuickBooks does not accept our access.", RECONNECT),
    "120": Meaning(
        DestinationClosed, "Our QuickBooks user may not use this company, or its plan lacks this.", _ACCOUNT
    ),
    "140": Meaning(DestinationClosed, "The QuickBooks company is locked at the moment.", _ACCOUNT),
    "150": Meaning(DestinationClosed, "The QuickBooks company is closed for maintenance.", _ACCOUNT),
    "500": Meaning(Rejected, "QuickBooks does not know the operation we asked for.", _REPORT),
    "600": Meaning(OutcomeUnknown, "QuickBooks has seen this request before and did not repeat its answer."),
    "610": Meaning(Rejected, "Something the invoice refers to does not exist in QuickBooks or is inactive.", _MAPPING),
    "620": Meaning(Rejected, "QuickBooks cannot link these transactions.", _MAPPING),
    "800": Meaning(Rejected, "QuickBooks will not delete this, because something depends on it."),
    "1040": Meaning(Rejected, "The batch is larger than QuickBooks accepts.", _REPORT),
    "2010": Meaning(Rejected, "QuickBooks does not know one of the fields we sent.", _REPORT),
    "2020": Meaning(Rejected, "QuickBooks misses a field it requires.", _REPORT),
    "2030": Meaning(Rejected, "One of the mapped QuickBooks ids is not an id.", _MAPPING),
    "2050": Meaning(Rejected, "A text is longer than QuickBooks allows.", "Shorten it in Odoo and post again."),
    "2170": Meaning(Rejected, "QuickBooks does not know one of the values we sent.", _REPORT),
    "2210": Meaning(
        Rejected, "QuickBooks does not accept the customer's e-mail address.", "Correct it in Odoo and post again."
    ),
    "2500": Meaning(Rejected, "A mapped customer, item, term or class is missing or inactive in QuickBooks.", _MAPPING),
    "3001": Meaning(TryLater, "QuickBooks asks us to slow down.", _WAIT),
    "3100": Meaning(WrongCompany, "Our app has no access to this QuickBooks company.", RECONNECT),
    "3200": Meaning(AccessExpired, "QuickBooks does not accept our access token.", RECONNECT),
    "3201": Meaning(NotAuthorised, "Our QuickBooks user is not allowed to do this.", RECONNECT),
    "4000": Meaning(Rejected, "QuickBooks could not read our query.", _REPORT),
    "4001": Meaning(Rejected, "QuickBooks does not know a name in our query.", _REPORT),
    "4002": Meaning(
        OutcomeUnknown,
        "QuickBooks could not answer a query, often because one stored record has a bad e-mail address.",
        "Look in QuickBooks for a customer with a malformed e-mail address and correct it.",
    ),
    "5000": Meaning(Rejected, "QuickBooks no longer supports one of the fields we sent.", _REPORT),
    "5010": Meaning(
        Rejected,
        "Somebody changed this in QuickBooks at the same time, or the accounting period is closed.",
        "Look at it in QuickBooks, then retry the row in Odoo.",
    ),
    "5020": Meaning(Rejected, "The company's QuickBooks plan does not have a feature this invoice needs."),
    "6000": Meaning(Rejected, "QuickBooks refused the invoice by one of its business rules."),
    "6070": Meaning(Rejected, "A line's amount is not its quantity times its price.", _REPORT),
    "6090": Meaning(Rejected, "A discount line has neither an amount nor a percentage.", _REPORT),
    "6100": Meaning(
        Rejected, "A US company accepts only TAX or NON as a line's tax code.", "Map Odoo's taxes to TAX or NON."
    ),
    "6140": Meaning(
        NumberTaken,
        "This invoice number is already used in QuickBooks.",
        "If the document there is wrong, change its number; then retry the row in Odoo.",
    ),
    "6190": Meaning(DestinationClosed, "The QuickBooks subscription of this company has ended.", _ACCOUNT),
    "6210": Meaning(
        Rejected,
        "The books are closed for the invoice's date.",
        "Ask the accountant to reopen the period, or post the invoice with a later date.",
    ),
    "6240": Meaning(NameTaken, "This name is already used in QuickBooks by a customer, vendor or employee."),
    "6250": Meaning(Rejected, "QuickBooks does not accept the customer.", _MAPPING),
    "6430": Meaning(Rejected, "A mapped item's account has the wrong type for an invoice.", _MAPPING),
    "6540": Meaning(Rejected, "The payment is already deposited in QuickBooks and cannot change."),
    "6560": Meaning(Rejected, "The invoice has no customer.", _MAPPING),
    "10000": Meaning(TryLater, "QuickBooks has a failure of its own.", _WAIT),
}

_PASSING_6000 = re.compile(r"unexpected|wait|try again|minutes", re.IGNORECASE)
_XML_CODE = re.compile(r"""<Error\b[^>]*\bcode=["'](\d+)["']""")
_XML_TEXT = re.compile(r"<(?:Message|Detail)>([^<]*)</")


@dataclass(frozen=True)
class Fault:
    """One error of a fault: its code, and what QuickBooks says about it."""

    code: str
    text: str


def faults_in(body: str) -> list[Fault] | None:
    """The faults an answer carries, in whatever costume; None when it carries none, [] for a fault without errors.

    Capital `Fault` (the API), lower-case `fault` (the gateway), XML even when JSON was asked (§4, V/P).
    """
    text = body.lstrip("\ufeff \r\n\t")
    if text.startswith("<"):
        return _xml_faults(text)
    try:
        content = json.loads(text) if text else {}
    except json.JSONDecodeError:
        return None
    return faults_of(content) if isinstance(content, dict) else None


def faults_of(content: Mapping[str, Any]) -> list[Fault] | None:
    """The same, for parsed JSON."""
    fault = content.get("Fault") or content.get("fault")
    if not isinstance(fault, Mapping):
        return None
    errors = fault.get("Error") or fault.get("error") or []
    return [_fault(error) for error in errors if isinstance(error, Mapping)]


def error_of_faults(
    faults: list[Fault], *, sent: bool, reference: str = "", retry_after: float | None = None
) -> DestinationError:
    """The named error for the faults of one object or call; the first decides, all are quoted."""
    if not faults:
        return unlisted("QuickBooks reported a fault without saying which.", sent=sent, reference=reference)
    first, said = faults[0], "; ".join(fault.text for fault in faults if fault.text)
    meaning = MEANINGS.get(first.code)
    if meaning is None:
        return unlisted(f"QuickBooks failed with code {first.code or '?'}: {said}", sent=sent, reference=reference)
    message = f"{meaning.sentence} QuickBooks says: {said} (code {first.code})" if said else meaning.sentence
    if first.code == "6000" and _PASSING_6000.search(said):
        # A replay sometimes meets this while the first request is still at work (§5, P): same request id, later.
        return TryLater(message, hint=_WAIT, reference=reference, maybe_sent=sent)
    if issubclass(meaning.error, TryLater):
        wait = retry_after if retry_after is not None else _wait_for(first.code)
        return TryLater(
            message, retry_after=wait, hint=meaning.hint, reference=reference, maybe_sent=sent and first.code != "3001"
        )
    if issubclass(meaning.error, OutcomeUnknown):
        return unlisted(message, sent=sent, hint=meaning.hint, reference=reference)
    return meaning.error(message, hint=meaning.hint, reference=reference)


def error_of_answer(
    status: int, body: str, *, sent: bool, reference: str, retry_after: float | None
) -> DestinationError | None:
    """The named error of a whole answer, or None when it is a good one. A 200 can carry a fault (§4, V)."""
    faults = faults_in(body)
    if status == 429:
        said = "; ".join(fault.text for fault in faults or [])
        wait = THROTTLE_SECONDS if retry_after is None else retry_after
        meaning = MEANINGS["3001"]
        text = f"{meaning.sentence} {said}".strip()
        return TryLater(text, retry_after=wait, hint=meaning.hint, reference=reference)
    if faults:
        return error_of_faults(faults, sent=sent, reference=reference, retry_after=retry_after)
    if status in _BY_STATUS:
        meaning = _BY_STATUS[status]
        return meaning.error(meaning.sentence, hint=meaning.hint, reference=reference)
    if status >= 500:
        text = f"QuickBooks has a failure of its own (HTTP {status})."
        return TryLater(text, retry_after=retry_after, hint=_WAIT, reference=reference, maybe_sent=sent)
    if status != 200 or faults is not None or not _is_json_object(body):
        text = f"QuickBooks gave an answer nobody can read (HTTP {status})."
        return unlisted(text, sent=sent, reference=reference)
    return None


_BY_STATUS: Mapping[int, Meaning] = {
    401: MEANINGS["3200"],
    403: Meaning(NotAuthorised, "QuickBooks denies us access to this company.", RECONNECT),
    404: Meaning(
        DestinationClosed,
        "There is no QuickBooks at the configured address.",
        "Check WORKORDER_QUICKBOOKS_ENVIRONMENT, then re-activate the destination.",
    ),
}


def unlisted(message: str, *, sent: bool, hint: str = "", reference: str = "") -> DestinationError:
    """A failure no table knows: nobody can tell once something was sent; definite before."""
    if sent:
        return OutcomeUnknown(message, hint=hint or _WAIT, reference=reference)
    return Rejected(message, hint=hint or _REPORT, reference=reference)


def _wait_for(code: str) -> float | None:
    return THROTTLE_SECONDS if code == "3001" else None


def _fault(error: Mapping[str, Any]) -> Fault:
    message = str(error.get("Message") or error.get("message") or "").strip()
    detail = str(error.get("Detail") or error.get("detail") or "").strip()
    text = detail if message in detail else ": ".join(filter(None, [message, detail]))
    return Fault(str(error.get("code") or ""), text)


def _xml_faults(text: str) -> list[Fault] | None:
    codes = _XML_CODE.findall(text)
    said = ": ".join(part.strip() for part in _XML_TEXT.findall(text) if part.strip())
    return [Fault(codes[0], said)] if codes else None


def _is_json_object(body: str) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except json.JSONDecodeError:
        return False
