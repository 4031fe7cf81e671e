"""The control endpoints under /simulator/: what a test or a demo does to the company from outside the API."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from quickbooks_simulator.clock import write_answer_time
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.jsontext import read_plain_json, write_json
from quickbooks_simulator.operations.receiving import find_invoice, receive_payment
from quickbooks_simulator.seeds.catalogue import SEEDS
from quickbooks_simulator.settings import SettingRefused, change_settings
from quickbooks_simulator.web.fault_script import ScriptRefused
from quickbooks_simulator.web.simulator import Simulator

Action = Callable[[Any], dict[str, Any]]


class ControlRefused(ValueError):
    """A control request that makes no sense."""


class ControlRoutes:
    """No authentication: the server listens on loopback only."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.routes = [
            _route("faults", "GET", self._list_faults),
            _route("faults", "POST", self._add_faults),
            _route("faults", "DELETE", self._clear_faults),
            _route("tokens", "POST", self._issue_tokens),
            _route("expire_access_tokens", "POST", self._expire_access_tokens),
            _route("revoke_refresh_tokens", "POST", self._revoke_refresh_tokens),
            _route("payments", "POST", self._receive_payment),
            _route("statistics", "GET", self._statistics),
            _route("statistics", "DELETE", self._clear_statistics),
            _route("settings", "GET", self._settings),
            _route("settings", "POST", self._change_settings),
            _route("preferences", "GET", self._preferences),
            _route("preferences", "POST", self._change_preferences),
            _route("clock", "GET", self._clock),
            _route("clock", "POST", self._advance_clock),
            _route("reset", "POST", self._reset),
        ]

    def _list_faults(self, _body: Any) -> dict[str, Any]:
        return {"faults": self._simulator.script.as_json()}

    def _add_faults(self, body: Any) -> dict[str, Any]:
        self._simulator.script.add(body)
        return self._list_faults(None)

    def _clear_faults(self, _body: Any) -> dict[str, Any]:
        self._simulator.script.clear()
        return self._list_faults(None)

    def _issue_tokens(self, _body: Any) -> dict[str, Any]:
        tokens = self._simulator.authority.issue(self._simulator.company.realm)
        return {"access_token": tokens.access_token, "refresh_token": tokens.refresh_token}

    def _expire_access_tokens(self, _body: Any) -> dict[str, Any]:
        return {"expired": self._simulator.authority.expire_access_tokens()}

    def _revoke_refresh_tokens(self, _body: Any) -> dict[str, Any]:
        return {"revoked": self._simulator.authority.revoke_refresh_tokens()}

    def _receive_payment(self, body: Any) -> dict[str, Any]:
        known = {"invoice_id", "invoice_doc_number", "amount", "date", "reference"}
        _check_names(body, known)
        company = self._simulator.company
        invoice_id = body.get("invoice_id")
        invoice = find_invoice(
            company, str(invoice_id) if invoice_id is not None else None, body.get("invoice_doc_number")
        )
        payment = receive_payment(company, invoice, body.get("amount"), body.get("date"), body.get("reference"))
        return {"Payment": payment, "Invoice": company.store.find("Invoice", invoice["Id"])}

    def _statistics(self, _body: Any) -> dict[str, Any]:
        simulator = self._simulator
        return {
            **simulator.statistics.as_json(simulator.replay.replayed),
            "most_at_once": simulator.limits.most_at_once,
            "metered_reads": simulator.metering.used,
        }

    def _clear_statistics(self, _body: Any) -> dict[str, Any]:
        self._simulator.statistics.clear()
        self._simulator.replay.replayed = 0
        self._simulator.limits.most_at_once = 0
        return self._statistics(None)

    def _settings(self, _body: Any) -> dict[str, Any]:
        return asdict(self._simulator.settings)

    def _change_settings(self, body: Any) -> dict[str, Any]:
        _check_object(body)
        change_settings(self._simulator.settings, body)
        return self._settings(None)

    def _preferences(self, _body: Any) -> dict[str, Any]:
        return self._simulator.company.read(KINDS["Preferences"], "1")

    def _change_preferences(self, body: Any) -> dict[str, Any]:
        _check_object(body)
        return self._simulator.company.update(KINDS["Preferences"], body)

    def _clock(self, _body: Any) -> dict[str, Any]:
        return {"now": write_answer_time(self._simulator.clock.now())}

    def _advance_clock(self, body: Any) -> dict[str, Any]:
        _check_names(body, {"advance_seconds"})
        seconds = body.get("advance_seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds < 0:
            raise ControlRefused("advance_seconds must be a number of seconds, zero or more.")
        self._simulator.clock.advance(float(seconds))
        return self._clock(None)

    def _reset(self, body: Any) -> dict[str, Any]:
        _check_names(body, {"seed"})
        seed = body.get("seed")
        if seed is not None and seed not in SEEDS:
            raise ControlRefused(f"seed must be one of {', '.join(SEEDS)}.")
        self._simulator.reset(seed)
        return {"seed": self._simulator.seed}


def _check_object(body: Any) -> None:
    if not isinstance(body, dict):
        raise ControlRefused("The body must be one JSON object.")


def _check_names(body: Any, known: set[str]) -> None:
    _check_object(body)
    if set(body) - known:
        raise ControlRefused(f"The body may hold {', '.join(sorted(known))}.")


def _route(name: str, method: str, action: Action) -> Route:
    return Route(f"/simulator/{name}", _endpoint(action), methods=[method])


def _endpoint(action: Action) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        raw = await request.body()
        try:
            payload, status = action(read_plain_json(raw) if raw else {}), 200
        except (ControlRefused, SettingRefused, ScriptRefused) as problem:
            payload, status = {"error": str(problem)}, 400
        except Fault as fault:
            payload, status = {"error": fault.detail, "code": fault.code}, 400
        except ValueError as problem:
            payload, status = {"error": f"The body is not JSON: {problem}"}, 400
        return Response(write_json(payload), status, media_type="application/json")

    return answer
