"""Free ports on the loopback interface."""

from __future__ import annotations

import socket

from workorder_sandbox.errors import PortTaken

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port nobody listens on now; somebody may take it before we do, so callers try again with another."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def require_free(port: int) -> int:
    """The port itself if it is free; raises PortTaken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise PortTaken(
                f"Port {port} is taken by another program: stop it, choose another --port, or leave the option out."
            ) from error
    return port
