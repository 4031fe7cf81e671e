"""The command: starts one company on loopback and says where it is."""

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

from quickbooks_simulator.clock import SystemClock
from quickbooks_simulator.seeds.catalogue import SEEDS
from quickbooks_simulator.settings import Settings
from quickbooks_simulator.web.application import build_application
from quickbooks_simulator.web.connections import protocol_for
from quickbooks_simulator.web.simulator import Simulator
from quickbooks_simulator.webhooks.bodies import FORMATS
from quickbooks_simulator.webhooks.subscription import DEFAULT_APP, SubscriptionRefused

LOOPBACK = "127.0.0.1"
"""The only address ever listened on; there is no option for another one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. Returns the exit code: 0, or 1 when the port is taken."""
    options = _parse(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        listener = open_port(options.port)
    except OSError as problem:
        sys.stderr.write(f"Port {options.port} on {LOOPBACK} cannot be used: {problem.strerror}.\n")
        return 1
    with listener:
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        settings = Settings(limits_enabled=not options.no_limits)
        simulator = Simulator(url, options.seed, settings, SystemClock())
        try:
            token = _subscribe(simulator, options)
        except SubscriptionRefused as problem:
            sys.stderr.write(f"--webhook cannot be used: {problem}\n")
            return 1
        _stop_on_signals()
        asyncio.run(_serve(simulator, listener, token))
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="quickbooks_simulator", description=__doc__)
    parser.add_argument("--port", type=_port, required=True, help="0 takes any free port")
    parser.add_argument("--seed", choices=sorted(SEEDS), default="demo", help="the company to start with")
    parser.add_argument("--no-limits", action="store_true", help="never answer 429 by itself")
    parser.add_argument("--webhook", metavar="URL", help="post webhooks to this address on this machine")
    parser.add_argument("--webhook-format", choices=FORMATS, default=FORMATS[0], help="the form of their body")
    parser.add_argument(
        "--webhook-token", metavar="TOKEN", help="sign them with this verifier token; without it one is made up"
    )
    return parser.parse_args(arguments)


def _subscribe(simulator: Simulator, options: argparse.Namespace) -> str | None:
    """The verifier token of the subscription asked for at start, if one was. Raises SubscriptionRefused."""
    if options.webhook is None:
        return None
    wanted = {"app": DEFAULT_APP, "url": options.webhook, "format": options.webhook_format}
    if options.webhook_token is not None:
        wanted["verifier_token"] = options.webhook_token
    return simulator.webhooks.subscribe(wanted, at_start=True).verifier_token


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 65535")
    return int(text)


def open_port(port: int) -> socket.socket:
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


def ready_line(simulator: Simulator, verifier_token: str | None = None) -> str:
    """The JSON a client needs to connect; with webhooks asked for, also the token their signature is made with."""
    tokens = simulator.authority.announce(simulator.company.realm)
    webhooks = {} if verifier_token is None else {"webhook_verifier_token": verifier_token}
    return json.dumps(
        {
            "url": simulator.url,
            "realm": simulator.company.realm,
            "client_id": simulator.authority.client_id,
            "client_secret": simulator.authority.client_secret,
            "refresh_token": tokens.refresh_token,
            "access_token": tokens.access_token,
            **webhooks,
        }
    )


async def _serve(simulator: Simulator, listener: socket.socket, verifier_token: str | None) -> None:
    config = uvicorn.Config(
        build_application(simulator),
        http=protocol_for(simulator.connections),
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=75,
    )
    webhooks = asyncio.create_task(simulator.webhooks.run())
    try:
        await _AnnouncingServer(config, ready_line(simulator, verifier_token)).serve(sockets=[listener])
    finally:
        webhooks.cancel()
        await asyncio.wait([webhooks])


class _AnnouncingServer(uvicorn.Server):
    """Prints its line on standard output once it answers."""

    def __init__(self, config: uvicorn.Config, line: str) -> None:
        super().__init__(config)
        self._line = line

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(self._line + "\n")
        sys.stdout.flush()


def _stop_on_signals() -> None:
    # The server finishes its calls on these signals and raises them once more; both times the answer is a clean end.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
