"""Stands before the API: counts every call and lets the fault script strike."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quickbooks_simulator.faults import Fault
from quickbooks_simulator.web.answers import Answers
from quickbooks_simulator.web.fault_script import AFTER_COMMIT, BEFORE_COMMIT, ScriptedFault
from quickbooks_simulator.web.simulator import Simulator

SERVICE_PATHS = (
    "/v3/",
    "/.well-known/",
    "/connect/",
    "/oauth2/",
    "/v2/oauth2/",
    "/v1/openid_connect/",
    "/op/",
    "/files/",
)
LONGEST_HANG = 300.0
_PAGES = {"502": "Bad Gateway", "503": "Service Unavailable"}
_CODES = {"401": "3200", "403": "3100", "429": "3001", "500": "10000"}


class Gateway:
    """Wraps the application. The company's own screens and the control endpoints pass untouched and uncounted."""

    def __init__(self, app: ASGIApp, simulator: Simulator, answers: Answers) -> None:
        self._app = app
        self._simulator = simulator
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "/")
        if scope["type"] != "http" or not path.startswith(SERVICE_PATHS):
            await self._app(scope, receive, send)
            return
        self._simulator.statistics.count_request(scope["method"], path)
        scripted = self._simulator.script.take(path, scope["method"])
        if scripted is None:
            await self._app(scope, receive, self._counting(send))
            return
        self._simulator.statistics.count("faults_injected")
        await self._strike(scripted, scope, receive, send)

    def _counting(self, send: Send) -> Send:
        async def count_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._simulator.statistics.count_status(message["status"])
            await send(message)

        return count_and_send

    async def _strike(self, scripted: ScriptedFault, scope: Scope, receive: Receive, send: Send) -> None:
        if scripted.kind == "delay":
            await asyncio.sleep(scripted.seconds)
            await self._app(scope, receive, self._counting(send))
        elif scripted.kind in AFTER_COMMIT:
            await self._app(scope, receive, _discard)
            await self._cut(scripted, scope, receive)
        elif scripted.kind in BEFORE_COMMIT:
            await Request(scope, receive).body()
            await self._cut(scripted, scope, receive)
        else:
            if scripted.after_commit:
                await self._app(scope, receive, _discard)
            else:
                await Request(scope, receive).body()
            response = self._scripted_answer(scripted)
            await response(scope, receive, self._counting(send))

    async def _cut(self, scripted: ScriptedFault, scope: Scope, receive: Receive) -> None:
        """Close the connection without a reply, after hanging for a while when the script says so."""
        if scripted.kind.startswith("hang"):
            # A client that gives up first ends the hang.
            gone = asyncio.ensure_future(_wait_for_disconnect(receive))
            await asyncio.wait([gone], timeout=scripted.seconds or LONGEST_HANG)
            if gone.done():
                return
            gone.cancel()
        self._simulator.connections.cut(tuple(scope["client"]))
        await _wait_for_disconnect(receive)

    def _scripted_answer(self, scripted: ScriptedFault) -> Response:
        if scripted.kind == "page" or scripted.kind in _PAGES:
            status = scripted.status or int(scripted.kind if scripted.kind in _PAGES else 500)
            return self._answers.page(status, _PAGES.get(str(status), "Server Error"))
        if scripted.code is not None:
            return self._answers.fault(scripted.as_fault(), scripted.spelling)
        fault = Fault(_CODES[scripted.kind], scripted.detail, status=scripted.status)
        return self._answers.fault(fault, scripted.spelling)


async def _discard(message: Message) -> None:
    """Take an answer that must not reach the client."""


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
