"""Takes QuickBooks' webhooks: a small HTTP server that checks a post, notes the companies it is about, and answers.

QuickBooks wants its answer within 3 seconds (§11, P), so nothing is read or run here. It is meant to stand behind the
https server of the firm. What is posted reaches neither a log nor an answer.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from types import TracebackType

import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from workorder_bridge.destinations.quickbooks.notifications import MOST_BYTES, NOT_SIGNED, TAKEN, WRONG_CONTENT, judge
from workorder_bridge.errors import SettingsInvalid
from workorder_bridge.log import record

PATH = "/quickbooks/webhook"
PATIENCE_SECONDS = 3.0
"""For the whole body; whoever sends it slower would not wait for the answer either."""

MOST_CONNECTIONS = 100
_TOO_SLOW, _TOO_LONG = 408, 413
_LAST_WORDS_SECONDS = 10.0
_WELCOME = (
    "Workorder Bridge listens here for webhooks of QuickBooks. They are sent with POST and signed; there is nothing to "
    "read.\n"
)
_SENTENCES = {
    TAKEN: "",
    WRONG_CONTENT: "This is not a notification of QuickBooks in either of its forms.\n",
    NOT_SIGNED: "The signature is missing, or does not fit the body.\n",
    _TOO_SLOW: f"The body was not complete within {PATIENCE_SECONDS:g} seconds.\n",
    _TOO_LONG: f"The body is longer than {MOST_BYTES} bytes.\n",
}
_HANG_UP = {"Connection": "close"}

Heard = Callable[[frozenset[str]], None]


class Listener:
    """Listens in a thread of its own while in its `with` block.

    `heard` is told the companies of every good post, `refused` of every post whose signature was wrong; both are called
    in that thread and must return at once. Port 0 takes any free port; `address` says which.
    """

    def __init__(self, host: str, port: int, token: SecretStr, heard: Heard, refused: Callable[[], None]) -> None:
        """Raises `SettingsInvalid` when the port cannot be had."""
        self._socket = _bound(host, port)
        self._server = uvicorn.Server(
            uvicorn.Config(
                _application(token, heard, refused),
                http="h11",
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="error",  # our own mistakes; a request that is none is not worth a line
                access_log=False,
                server_header=False,
                limit_concurrency=MOST_CONNECTIONS,
                timeout_keep_alive=5,
            )
        )
        sockets = [self._socket]
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": sockets}, daemon=True)

    @property
    def address(self) -> str:
        """Where posts are taken, as seen from this machine."""
        host, port = self._socket.getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}{PATH}"

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(_LAST_WORDS_SECONDS)
        self._socket.close()


def _bound(host: str, port: int) -> socket.socket:
    """A socket that listens; here rather than in the server's thread, so that it is the command that fails."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            bound.listen()
        except OSError:
            bound.close()
            raise
        return bound
    except OSError as error:
        raise SettingsInvalid(
            [f"{host}:{port}, where webhooks should arrive, cannot be used: {error.strerror}."],
            hint="End the program that uses it, or name another address of this machine with --webhooks.",
        ) from error


def _application(token: SecretStr, heard: Heard, refused: Callable[[], None]) -> Starlette:
    async def welcome(_request: Request) -> Response:
        return PlainTextResponse(_WELCOME)

    async def take(request: Request) -> Response:
        status = await _taken(request)
        record("webhook", status=status)
        return PlainTextResponse(_SENTENCES[status], status, _HANG_UP if status == _TOO_SLOW else None)

    async def _taken(request: Request) -> int:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                body = await _body_of(request)
        except TimeoutError:
            return _TOO_SLOW
        except ClientDisconnect:
            return WRONG_CONTENT  # nobody hears it any more
        if body is None:
            return _TOO_LONG
        verdict = judge(body, request.headers.get("intuit-signature", "").encode(), token)
        if verdict.status == NOT_SIGNED:
            refused()
        elif verdict.realms:
            heard(verdict.realms)
        return verdict.status

    return Starlette(routes=[Route(PATH, take, methods=["POST"]), Route(PATH, welcome, methods=["GET"])])


async def _body_of(request: Request) -> bytes | None:
    """The body, or None when it is too long: then it is read without being kept, so that its sender hears the answer.

    Raises ClientDisconnect.
    """
    body, length = bytearray(), 0
    async for chunk in request.stream():
        length += len(chunk)
        if length <= MOST_BYTES:
            body += chunk
    return bytes(body) if length <= MOST_BYTES else None
