"""Where an app wants its webhooks, and how."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from quickbooks_simulator.webhooks.bodies import FORMATS, OLD
from quickbooks_simulator.webhooks.event import ANNOUNCED

DEFAULT_APP = "app"
_PRINTABLE = re.compile(r"[!-~]+")
_KEYS = {"app", "url", "verifier_token", "format", "entities", "enabled"}


class SubscriptionRefused(ValueError):
    """A subscription that makes no sense."""


@dataclass
class Subscription:
    """One app's endpoint. `entities` empty means all kinds; `dropped` counts notifications dropped in a row."""

    app: str
    url: str
    verifier_token: str
    format: str = OLD
    entities: frozenset[str] = frozenset()
    enabled: bool = True
    dropped: int = 0

    def wants(self, kind: str) -> bool:
        return self.enabled and (not self.entities or kind in self.entities)


def read_subscription(wanted: Any, known: dict[str, Subscription]) -> Subscription:
    """The subscription asked for; what is left out stays as the app had it. Raises SubscriptionRefused.

    Without a verifier token the app gets one, as from the real service's settings page (P).
    """
    if not isinstance(wanted, dict) or set(wanted) - _KEYS:
        raise SubscriptionRefused(f"A subscription is an object with {', '.join(sorted(_KEYS))}.")
    app = _text(wanted, "app", DEFAULT_APP)
    before = known.get(app)
    url = _text(wanted, "url", before.url if before else "")
    _check_address(url)
    form = _text(wanted, "format", before.format if before else OLD)
    if form not in FORMATS:
        raise SubscriptionRefused(f"format must be one of {', '.join(FORMATS)}.")
    token = _text(wanted, "verifier_token", before.verifier_token if before else token_urlsafe(24))
    entities = _entities(wanted.get("entities", list(before.entities) if before else []))
    enabled = wanted.get("enabled", True)
    if not isinstance(enabled, bool):
        raise SubscriptionRefused("enabled must be true or false.")
    return Subscription(app, url, token, form, entities, enabled)


def _text(wanted: dict[str, Any], name: str, default: str) -> str:
    value = wanted.get(name, default)
    if not isinstance(value, str) or not value:
        raise SubscriptionRefused(f"{name} must be a text that is not empty.")
    return value


def _entities(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise SubscriptionRefused("entities must be a list of names; an empty one means all.")
    unknown = sorted(set(value) - ANNOUNCED)
    if unknown:
        raise SubscriptionRefused(f"Webhooks do not tell of {', '.join(unknown)}.")
    return frozenset(value)


def _check_address(url: str) -> None:
    """Only this machine is ever posted to, as only this machine can reach the simulator."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise SubscriptionRefused(f"{url!r} is not an address.") from None
    if not _PRINTABLE.fullmatch(url):
        raise SubscriptionRefused(f"{url!r} is not an address: it may hold no spaces, accents or control characters.")
    if parts.scheme not in ("http", "https") or not _is_loopback(host):
        raise SubscriptionRefused(
            "url must be an http or https address on this machine, such as http://127.0.0.1:9000/."
        )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
