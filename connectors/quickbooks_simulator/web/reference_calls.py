"""Uploads, downloads, the tax service, exchange rates and reports: calls that are no plain record."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from quickbooks_simulator.clock import COMPANY_ZONE
from quickbooks_simulator.company.checks import read_date
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.exchange_rates import read_rate, set_rate
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations.multipart import read_parts
from quickbooks_simulator.operations.replay import once
from quickbooks_simulator.operations.tax_service import create_tax_code
from quickbooks_simulator.operations.uploading import pair_parts, store_uploads
from quickbooks_simulator.reports.catalogue import make_report
from quickbooks_simulator.web.answers import Answers
from quickbooks_simulator.web.bodies import read_body
from quickbooks_simulator.web.simulator import Simulator


class ReferenceCalls:
    """Answers these calls; `routes` holds the address files are fetched from without a token."""

    def __init__(self, simulator: Simulator, answers: Answers) -> None:
        self._simulator = simulator
        self._answers = answers
        self.routes = [Route("/files/{attachable_id}", self._fetch, methods=["GET"])]

    def answer(self, request: Request, parts: list[str], body: bytes) -> Response | None:
        """The answer, or None when the call is none of these."""
        call = (request.method, *parts)
        if call == ("POST", "upload"):
            return self._upload(request, body)
        if call[:2] == ("GET", "download") and len(parts) == 2:
            return self._download(parts[1])
        if call == ("POST", "taxservice", "taxcode"):
            made = self._once(request, body, lambda: create_tax_code(self._company, read_body(body)))
            # The one answer without a wrapper and without a time (P).
            return self._answers.bare(made)
        if call == ("GET", "exchangerate"):
            return self._answers.success({"ExchangeRate": self._read_rate(request)})
        if call == ("POST", "exchangerate"):
            return self._answers.success({"ExchangeRate": self._once(request, body, lambda: self._set_rate(body))})
        if call[:2] == ("GET", "reports") and len(parts) == 2:
            # A report has neither wrapper nor time beside it: its header holds the time (V).
            return self._answers.bare(make_report(self._company, parts[1], request.query_params))
        return None

    @property
    def _company(self) -> Company:
        return self._simulator.company

    def _upload(self, request: Request, body: bytes) -> Response:
        uploads = pair_parts(read_parts(body, request.headers.get("content-type", "")))
        answers = self._once(request, body, lambda: store_uploads(self._company, uploads))
        return self._answers.success({"AttachableResponse": answers})

    def _once(self, request: Request, body: bytes, act: Callable[[], Any]) -> Any:
        request_id = request.query_params.get("requestid")
        return once(self._simulator.replay, request_id, sha256(request.url.path.encode() + body).hexdigest(), act)

    def _download(self, attachable_id: str) -> Response:
        """The address of the file as plain text, good for 15 minutes. Source: reference (P)."""
        files = self._company.files
        if self._company.store.find("Attachable", attachable_id) is None or not files.has(attachable_id):
            raise Fault("610", f"Object Not Found : Attachable {attachable_id} has no file.")
        return self._answers.text(files.address(attachable_id, self._simulator.clock.now()))

    async def _fetch(self, request: Request) -> Response:
        attachable_id = request.path_params["attachable_id"]
        options = request.query_params
        attachable: Record | None = self._company.store.find("Attachable", attachable_id)
        content = self._company.files.open(
            attachable_id, options.get("Expires", ""), options.get("Signature", ""), self._simulator.clock.now()
        )
        if attachable is None or content is None:
            return Response("The address is wrong or has expired.", 403, media_type="text/plain")
        return Response(content, media_type=attachable.get("ContentType") or "application/octet-stream")

    def _read_rate(self, request: Request) -> Record:
        options = {name.lower(): value for name, value in request.query_params.items()}
        wanted = options.get("asofdate")
        day = read_date(wanted, "asofdate") if wanted else self._today()
        return read_rate(self._company.store, options.get("sourcecurrencycode"), day)

    def _set_rate(self, body: bytes) -> Record:
        return set_rate(self._company.store, self._simulator.clock, self._today(), read_body(body))

    def _today(self) -> date:
        return self._simulator.clock.now().astimezone(COMPANY_ZONE).date()
