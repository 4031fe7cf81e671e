"""What QuickBooks answered, as a named error: reads faults in every costume and looks them up in `classification`.

A failure that is not listed is `OutcomeUnknown` once something was sent, because then the invoice may exist, and
`Rejected` before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workorder_bridge.destinations.quickbooks.classification import (
    BY_STATUS,
    MEANINGS,
    REPORT,
    THROTTLE_SECONDS,
    WAIT,
    Meaning,
)
from workorder_bridge.errors import DestinationError, OutcomeUnknown, Rejected, TryLater

_PASSING_6000 = re.compile(r"unexpected|wait|try again|minutes", re.IGNORECASE)
_CLOSED_PERIOD = re.compile(r"period[^.]*closed|closed[^.]*period|books[^.]*closed", re.IGNORECASE)
_FAULTS = ('"Fault"', '"fault"')
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
    meaning = _meaning(first.code, said)
    if meaning is None:
        return unlisted(f"QuickBooks failed with code {first.code or '?'}: {said}", sent=sent, reference=reference)
    message = f"{meaning.sentence} QuickBooks says: {said} (code {first.code})" if said else meaning.sentence
    if first.code == "6000" and _PASSING_6000.search(said):
        # A replay sometimes meets this while the first request is still at work (§5, P): same request id, later.
        return TryLater(message, hint=WAIT, reference=reference, maybe_sent=sent)
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
    """The named error of a whole answer, or None when it is a good one. A 200 can carry a fault (§4, V).

    What cannot be one is not read here, since whoever uses the answer reads it anyway and then finds that it is broken.
    """
    if status == 200 and body.startswith("{") and not any(name in body for name in _FAULTS):
        return None
    faults = faults_in(body)
    if status == 429:
        said = "; ".join(fault.text for fault in faults or [])
        wait = THROTTLE_SECONDS if retry_after is None else retry_after
        meaning = MEANINGS["3001"]
        text = f"{meaning.sentence} {said}".strip()
        return TryLater(text, retry_after=wait, hint=meaning.hint, reference=reference)
    if faults:
        return error_of_faults(faults, sent=sent, reference=reference, retry_after=retry_after)
    if status in BY_STATUS:
        meaning = BY_STATUS[status]
        return meaning.error(meaning.sentence, hint=meaning.hint, reference=reference)
    if status >= 500:
        text = f"QuickBooks has a failure of its own (HTTP {status})."
        return TryLater(text, retry_after=retry_after, hint=WAIT, reference=reference, maybe_sent=sent)
    if status != 200 or faults is not None or not _is_json_object(body):
        return unreadable(status, sent=sent, reference=reference)
    return None


def unreadable(status: int, *, sent: bool, reference: str) -> DestinationError:
    """An answer that is no JSON object."""
    text = f"QuickBooks gave an answer nobody can read (HTTP {status})."
    return unlisted(text, sent=sent, reference=reference)


def unlisted(message: str, *, sent: bool, hint: str = "", reference: str = "") -> DestinationError:
    """A failure no table knows: nobody can tell once something was sent; definite before."""
    if sent:
        return OutcomeUnknown(message, hint=hint or WAIT, reference=reference)
    return Rejected(message, hint=hint or REPORT, reference=reference)


def _meaning(code: str, said: str) -> Meaning | None:
    """By code; 5010 has also been seen carrying a closed period, which its text tells (§4, P)."""
    return MEANINGS["6210"] if code == "5010" and _CLOSED_PERIOD.search(said) else MEANINGS.get(code)


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
