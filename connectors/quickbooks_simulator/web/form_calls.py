"""Mailing and printing a form: calls below one record."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from quickbooks_simulator.company.kinds import find_kind
from quickbooks_simulator.operations.mailing import send_form
from quickbooks_simulator.operations.printing import print_form
from quickbooks_simulator.operations.replay import once
from quickbooks_simulator.web.answers import Answers
from quickbooks_simulator.web.simulator import Simulator


class FormCalls:
    """POST {kind}/{id}/send[?sendTo=] and GET {kind}/{id}/pdf. Source: a client's classes (V)."""

    def __init__(self, simulator: Simulator, answers: Answers) -> None:
        self._simulator = simulator
        self._answers = answers

    def answer(self, request: Request, parts: list[str]) -> Response | None:
        """The answer, or None when the call is neither of these."""
        if len(parts) != 3 or (request.method, parts[2]) not in (("POST", "send"), ("GET", "pdf")):
            return None
        kind, record_id = find_kind(parts[0]), parts[1]
        company = self._simulator.company
        if parts[2] == "pdf":
            return self._answers.pdf(print_form(company, kind, record_id))
        send_to = request.query_params.get("sendTo") or None
        sent = once(
            self._simulator.replay,
            request.query_params.get("requestid"),
            sha256(f"{request.url.path} {send_to}".encode()).hexdigest(),
            lambda: send_form(company, kind, record_id, send_to),
        )
        return self._answers.success({kind.name: sent})
