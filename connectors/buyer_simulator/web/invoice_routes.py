"""Invoices: sent by suppliers, decided on by clerks."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from buyer_simulator.matching.numbers import same_number
from buyer_simulator.office.department import NotAllowed
from buyer_simulator.office.entry import Action, Entry
from buyer_simulator.records.invoice import Invoice
from buyer_simulator.records.reason import ReasonCode
from buyer_simulator.records.values import Code, Record, Text
from buyer_simulator.web.answers import entry_json, one_error
from buyer_simulator.web.reading import Refused, problem, read, read_bytes
from buyer_simulator.web.service import Answered, Service

LONGEST_KEY = 200


class Decision(Record):
    """What a clerk says to a decision."""

    by: Code = "AP clerk"
    note: Text = ""
    code: ReasonCode = "OTH"


class Deed(Decision):
    """A decision and what it is about."""

    action: Action


class InvoiceRoutes:
    """The supplier's side and the clerks' decisions."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.routes = [
            Route("/api/invoices", self._list, methods=["GET"]),
            Route("/api/invoices", self._take, methods=["POST"]),
            Route("/api/invoices/{id}", self._one, methods=["GET"]),
            Route("/api/invoices/{id}/{action}", self._decide, methods=["POST"]),
        ]

    async def _list(self, request: Request) -> Response:
        entries = list(self._service.department.entries.values())
        state, number = request.query_params.get("state"), request.query_params.get("number")
        if state:
            entries = [entry for entry in entries if entry.state == state]
        if number:
            entries = [entry for entry in entries if same_number(entry.invoice.number, number)]
        return JSONResponse({"invoices": [entry_json(entry) for entry in entries]})

    async def _take(self, request: Request) -> Response:
        raw, once = await read_bytes(request), request.headers.get("idempotency-key", "")
        if len(once) > LONGEST_KEY:
            raise Refused([problem("Idempotency-Key", once, f"at most {LONGEST_KEY} characters")])
        earlier = self._service.answered.get(once) if once else None
        if earlier is not None and earlier.body != raw:
            raise Refused([problem("Idempotency-Key", once, "a key of its own: this one was used for another body")])
        if earlier is not None:
            return earlier.response
        invoice: Invoice = read(Invoice, raw)
        entry = self._service.department.take(invoice)
        response = JSONResponse(entry_json(entry), 201, {"Location": f"/api/invoices/{entry.id}"})
        if once:
            self._service.answered[once] = Answered(raw, response)
        return response

    async def _one(self, request: Request) -> Response:
        entry = self._find(request)
        return JSONResponse(entry_json(entry)) if entry else _no_invoice(request)

    async def _decide(self, request: Request) -> Response:
        entry, action = self._find(request), request.path_params["action"]
        if entry is None or action not in get_args(Action):
            return _no_invoice(request)
        raw = await read_bytes(request)
        decision: Decision = read(Decision, raw) if raw.strip() else Decision()
        try:
            self._service.department.decide(entry, action, decision.by, decision.note, decision.code)
        except NotAllowed as refused:
            return one_error(409, str(refused))
        return JSONResponse(entry_json(entry))

    def _find(self, request: Request) -> Entry | None:
        return self._service.department.entries.get(request.path_params["id"])


def _no_invoice(request: Request) -> Response:
    return one_error(404, "an invoice we have", "id", request.path_params["id"])
