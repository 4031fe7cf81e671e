"""For tests and demos: start over, and set the day."""

from datetime import date
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from buyer_simulator.records.values import Day, Record
from buyer_simulator.web.reading import read, read_bytes
from buyer_simulator.web.service import Service


class Reset(Record):
    """Which books to start over with; None for those of the start."""

    seed: Literal["empty", "demo"] | None = None


class Today(Record):
    """Which day it is; None for the machine's."""

    today: Day | None


class ControlRoutes:
    """Not what a buyer offers."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.routes = [
            Route("/api/control/reset", self._reset, methods=["POST"]),
            Route("/api/control/today", self._today, methods=["POST"]),
        ]

    async def _reset(self, request: Request) -> Response:
        raw = await read_bytes(request)
        wanted: Reset = read(Reset, raw) if raw.strip() else Reset()
        self._service.reset(wanted.seed)
        return JSONResponse({"seed": wanted.seed or self._service.seed})

    async def _today(self, request: Request) -> Response:
        wanted: Today = read(Today, await read_bytes(request))
        self._service.calendar.fixed = wanted.today
        today: date = self._service.calendar.today()
        return JSONResponse({"today": today.isoformat()})
