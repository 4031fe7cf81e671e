"""What a webhook of QuickBooks says, and whether QuickBooks said it.

A notification tells when to look, never what to believe: content is always read. So one that comes twice, late, in
another order or never does no harm, and all that counts of a post is which companies (realms) it is about.

Source: fact sheet §11 and fault 42 (P); both forms are taken, because the service changes over from one to the other.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

MOST_BYTES = 2_000_000
"""A longer body is refused. The documentation sets no limit and calls 2 MB a usual one of servers (P); that is room for
thousands of records.
"""

TAKEN, WRONG_CONTENT, NOT_SIGNED = 200, 400, 401
_REALM = re.compile(r"[0-9]{1,32}")


@dataclass(frozen=True)
class Verdict:
    """The HTTP status a post is answered with, and the companies (realms) it has news of."""

    status: int
    realms: frozenset[str] = frozenset()


def judge(body: bytes, signature: bytes, token: SecretStr) -> Verdict:
    """What to do with a post; never raises, whatever the bytes are. What is not signed is not even read."""
    if not is_signed(body, signature, token):
        return Verdict(NOT_SIGNED)
    realms = realms_in(body)
    return Verdict(WRONG_CONTENT) if realms is None else Verdict(TAKEN, realms)


def is_signed(body: bytes, signature: bytes, token: SecretStr) -> bool:
    """Whether the header `intuit-signature` is base64 of the HMAC-SHA256 of the body as it came, under the verifier
    token (P). Takes as long for any wrong signature. An empty token proves nothing.
    """
    key = token.get_secret_value().encode()
    expected = b64encode(hmac.digest(key, body, hashlib.sha256))
    return bool(key) and hmac.compare_digest(expected, signature)


def realms_in(body: bytes) -> frozenset[str] | None:
    """The companies that a body of either form names, each once; None when it is of neither form, in any part.

    The old form is `{"eventNotifications": [{"realmId": …}]}`, the new one a list of CloudEvents with
    `intuitaccountid` (P). A CloudEvent by itself, as that standard also allows, is a list of one (M).
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):  # no JSON, no text, or nested without end
        return None
    if isinstance(told, dict) and "eventNotifications" in told:
        return _named("realmId", told["eventNotifications"])
    return _named("intuitaccountid", [told] if isinstance(told, dict) else told)


def _named(name: str, entries: Any) -> frozenset[str] | None:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return None
    realms: Iterable[Any] = [entry.get(name) for entry in entries]
    if not all(isinstance(realm, str) and _REALM.fullmatch(realm) for realm in realms):
        return None
    return frozenset(realms)
