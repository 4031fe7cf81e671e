"""The command: starts one AP department on loopback and says where it is."""

import argparse
import asyncio
import json
import logging
import signal
import socket
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

import uvicorn

from buyer_simulator.seeds import SEEDS
from buyer_simulator.web.application import build_application
from buyer_simulator.web.service import Service

LOOPBACK = "127.0.0.1"
"""The only address ever listened on; there is no option for another one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. Returns the exit code: 0, or 1 when the port is taken."""
    options = _parse(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        listener = _open_port(options.port)
    except OSError as problem:
        sys.stderr.write(f"Port {options.port} on {LOOPBACK} cannot be used: {problem.strerror}.\n")
        return 1
    with listener:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        asyncio.run(_serve(Service(options.seed), listener))
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="buyer_simulator", description=__doc__)
    parser.add_argument("--port", type=_port, required=True, help="0 takes any free port")
    parser.add_argument("--seed", choices=sorted(SEEDS), default="empty", help="the books to start with")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 65535")
    return int(text)


def _open_port(port: int) -> socket.socket:
    """A socket bound to this port of loopback. Raises OSError when it is taken."""
    # Named as TCP, or asyncio leaves Nagle on and each answer of two writes waits for a delayed acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


async def _serve(service: Service, listener: socket.socket) -> None:
    config = uvicorn.Config(
        build_application(service),
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=75,
    )
    line = {
        "url": f"http://{LOOPBACK}:{listener.getsockname()[1]}",
        "buyer": service.department.books.policy.buyer,
        "seed": service.seed,
    }
    await _AnnouncingServer(config, json.dumps(line)).serve(sockets=[listener])


class _AnnouncingServer(uvicorn.Server):
    """Prints its line on standard output once it answers."""

    def __init__(self, config: uvicorn.Config, line: str) -> None:
        super().__init__(config)
        self._line = line

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(self._line + "\n")
        sys.stdout.flush()


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    # The server finishes its calls on these signals and raises them once more; both times the answer is a clean end.
    raise SystemExit(0)
