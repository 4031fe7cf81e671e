"""The accounting API under /v3/company/{realm}/."""

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from quickbooks_simulator.company.custom_fields import DEFINITION, without_new_fields
from quickbooks_simulator.company.invoice_link import WANTED, with_invoice_links
from quickbooks_simulator.company.kinds import find_kind
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations.batch import read_items, run_batch
from quickbooks_simulator.operations.changes import capture_changes
from quickbooks_simulator.operations.writing import Write, carry_out, operation_of
from quickbooks_simulator.query.answer import answer_query
from quickbooks_simulator.query.obstacles import check_characters
from quickbooks_simulator.web.answers import Answers
from quickbooks_simulator.web.bodies import decode, read_body
from quickbooks_simulator.web.form_calls import FormCalls
from quickbooks_simulator.web.limits import Throttled
from quickbooks_simulator.web.metering import is_metered
from quickbooks_simulator.web.reference_calls import ReferenceCalls
from quickbooks_simulator.web.simulator import Simulator
from quickbooks_simulator.web.standing import check_standing

UNSUPPORTED = ("PUT", "PATCH", "DELETE")
"""Methods the API does not have; they get a fault like any operation that is not there (M)."""


class CompanyRoutes:
    """Answers API calls. Unknown query parameters, `minorversion` among them, are ignored (P)."""

    def __init__(self, simulator: Simulator, answers: Answers) -> None:
        self._simulator = simulator
        self._answers = answers
        self._reference = ReferenceCalls(simulator, answers)
        self._forms = FormCalls(simulator, answers)
        company = Route("/v3/company/{realm}/{rest:path}", self._call, methods=["GET", "POST", *UNSUPPORTED])
        self.routes = [company, *self._reference.routes]

    async def _call(self, request: Request) -> Response:
        parts = request.path_params["rest"].strip("/").split("/")
        try:
            self._check_access(request)
            if request.method in UNSUPPORTED:
                raise Fault("500", f"Operation {request.method} is not supported.")
            check_standing(self._simulator.settings)
            with self._simulator.limits.admit(parts[0] == "batch"):
                self._simulator.metering.count(int(is_metered(request.method, parts)))
                body = await request.body()
                await asyncio.sleep(self._simulator.settings.request_seconds)
                special = self._reference.answer(request, parts, body) or self._forms.answer(request, parts)
                if special is not None:
                    return special
                payload = await self._dispatch(request.method, parts, request.query_params, body)
        except Fault as fault:
            if isinstance(fault, Throttled):
                self._simulator.statistics.count_throttled(fault.limit)
            return self._answers.fault(fault)
        included = request.query_params.get("include", "").split(",")
        if "enhancedAllCustomFields" not in included and DEFINITION in self._simulator.company.store.tables:
            payload = without_new_fields(payload)
        if WANTED in included:
            payload = with_invoice_links(payload)
        return self._answers.success(payload)

    def _check_access(self, request: Request) -> None:
        """A token that is known and fresh (V), and the realm it was given for (P)."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        realm = self._simulator.authority.realm_of(token) if scheme.lower() == "bearer" else None
        if realm is None:
            raise Fault("3200", "Token expired or unknown: AuthenticationFailed")
        if realm != request.path_params["realm"]:
            raise Fault("3100", "The application is not authorised for this company.")

    async def _dispatch(self, method: str, parts: list[str], options: Mapping[str, str], body: bytes) -> Record:
        if parts == ["query"]:
            text = options.get("query") or decode(body)
            check_characters(self._simulator.settings, text, options.get("minorversion"))
            return {"QueryResponse": answer_query(self._simulator.company, text)}
        if parts == ["cdc"] and method == "GET":
            return capture_changes(self._simulator.company, options.get("entities"), options.get("changedSince"))
        if parts == ["batch"] and method == "POST":
            return await self._batch(read_body(body), options.get("requestid"))
        kind = find_kind(parts[0])
        if method == "GET" and (len(parts) == 2 or (len(parts) == 1 and kind.single)):
            return {kind.label: self._simulator.company.read(kind, parts[-1])}
        if method == "POST" and len(parts) == 1:
            return self._write(parts[0], options, read_body(body))
        raise Fault("500", f"Operation {method} {'/'.join(parts)} is not supported.")

    def _write(self, name: str, options: Mapping[str, str], body: Any) -> Record:
        if not isinstance(body, dict):
            raise Fault("2010", "The body must be one JSON object.")
        kind = find_kind(name)
        body = kind.opened(body)
        operation = operation_of(kind, body, options.get("operation"), options.get("include"))
        simulator = self._simulator
        write = Write(operation, kind, body)
        return {kind.label: carry_out(simulator.company, simulator.replay, write, options.get("requestid"))}

    async def _batch(self, body: Any, request_id: str | None) -> Record:
        simulator = self._simulator
        items = read_items(body, request_id)
        simulator.limits.count_items(len(items))
        if simulator.settings.batch_queries_are_metered:
            simulator.metering.count(sum("Query" in item for item in items))
        simulator.statistics.count("batch_items", len(items))
        # Items run one after the other (V); the whole batch commits without a pause afterwards.
        await asyncio.sleep(simulator.settings.batch_item_seconds * len(items))
        answers = run_batch(simulator.company, simulator.replay, items, request_id, self._item_fault)
        return {"BatchItemResponse": [answer for answer in answers if not self._is_omitted(answer.get("bId", ""))]}

    def _item_fault(self, bid: str) -> Fault | None:
        scripted = self._simulator.script.take_item_fault(bid)
        if scripted is None:
            return None
        self._simulator.statistics.count("faults_injected")
        return scripted.as_fault()

    def _is_omitted(self, bid: str) -> bool:
        omitted = self._simulator.script.take_omission(bid) is not None
        self._simulator.statistics.count("faults_injected", int(omitted))
        return omitted
