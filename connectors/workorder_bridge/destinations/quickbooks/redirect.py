"""Where Intuit sends the browser back to after the consent, and how its answer gets to us.

The address must stand, letter for letter, in the settings of the Intuit app. Development keys (sandbox) may use
http://localhost; production keys take https addresses only, which a command on somebody's machine has none of (P,
Intuit's OAuth pages). So there the answer is pasted, or a web server passes it on.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from workorder_bridge.environments import PRODUCTION
from workorder_bridge.errors import SettingsInvalid

DEFAULT_PORT = 8417
_PATH = "/callback"
_HTTPS_RULE = (
    "Add an https address of your own to the redirect URIs of the app at developer.intuit.com (any page of yours will "
    "do, it need not exist) and run the command with --redirect-uri ADDRESS --paste; afterwards paste the address the "
    "browser ended at. Or let that web server pass the address on to this machine and add --port PORT instead."
)


@dataclass(frozen=True)
class WayBack:
    """The redirect URI, and the loopback port to listen on; None when a person pastes the answer."""

    redirect_uri: str
    port: int | None

    @property
    def path(self) -> str:
        """What the browser asks for."""
        return urlsplit(self.redirect_uri).path or "/"


def way_back(environment: str, redirect_uri: str, port: int | None, paste: bool) -> WayBack:
    """The way that fits; raises `SettingsInvalid` with what Intuit's rules ask for instead."""
    uri = redirect_uri or f"http://localhost:{port or DEFAULT_PORT}{_PATH}"
    secure, own_port, loopback = _parts(uri)
    if environment == PRODUCTION and not secure:
        said = f"With production keys Intuit sends the browser back to https addresses only, not to {uri}."
        raise SettingsInvalid([said], hint=_HTTPS_RULE)
    if not secure and not loopback:
        raise SettingsInvalid([f"The redirect address {uri} must begin with https, or be http on localhost."])
    if paste:
        return WayBack(uri, None)
    if secure and port is None:
        raise SettingsInvalid([f"Nothing on this machine answers for {uri}."], hint=_HTTPS_RULE)
    if not secure and port not in (None, own_port):
        raise SettingsInvalid(
            [f"--port {port} and the redirect address {uri} name different ports."], hint="Leave one of the two out."
        )
    return WayBack(uri, port if secure else own_port)


def _parts(uri: str) -> tuple[bool, int, bool]:
    """Whether it is https, its port, and whether it is on this machine; raises `SettingsInvalid`."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or port == 0:
        raise SettingsInvalid([f"The redirect address must look like https://erp.example/quickbooks, not {uri!r}."])
    return parts.scheme == "https", port or 80, _is_loopback(parts.hostname)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
