"""The control endpoints under /simulator/: what a test or a demo does to the company from outside the API."""

from dataclasses import asdict
from typing import Any

from quickbooks_simulator.clock import write_answer_time
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.operations.receiving import find_invoice, receive_payment
from quickbooks_simulator.seeds.catalogue import SEEDS
from quickbooks_simulator.settings import change_settings
from quickbooks_simulator.web.control_route import ControlRefused, check_names, check_object, control_route
from quickbooks_simulator.web.simulator import Simulator


class ControlRoutes:
    """No authentication: the server listens on loopback only."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.routes = [
            control_route("faults", "GET", self._list_faults),
            control_route("faults", "POST", self._add_faults),
            control_route("faults", "DELETE", self._clear_faults),
            control_route("tokens", "POST", self._issue_tokens),
            control_route("expire_access_tokens", "POST", self._expire_access_tokens),
            control_route("revoke_refresh_tokens", "POST", self._revoke_refresh_tokens),
            control_route("payments", "POST", self._receive_payment),
            control_route("statistics", "GET", self._statistics),
            control_route("statistics", "DELETE", self._clear_statistics),
            control_route("settings", "GET", self._settings),
            control_route("settings", "POST", self._change_settings),
            control_route("preferences", "GET", self._preferences),
            control_route("preferences", "POST", self._change_preferences),
            control_route("clock", "GET", self._clock),
            control_route("clock", "POST", self._advance_clock),
            control_route("reset", "POST", self._reset),
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
        check_names(body, known)
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
        check_object(body)
        change_settings(self._simulator.settings, body)
        self._simulator.webhooks.wake()
        return self._settings(None)

    def _preferences(self, _body: Any) -> dict[str, Any]:
        return self._simulator.company.read(KINDS["Preferences"], "1")

    def _change_preferences(self, body: Any) -> dict[str, Any]:
        check_object(body)
        return self._simulator.company.update(KINDS["Preferences"], body)

    def _clock(self, _body: Any) -> dict[str, Any]:
        return {"now": write_answer_time(self._simulator.clock.now())}

    def _advance_clock(self, body: Any) -> dict[str, Any]:
        check_names(body, {"advance_seconds"})
        seconds = body.get("advance_seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds < 0:
            raise ControlRefused("advance_seconds must be a number of seconds, zero or more.")
        self._simulator.clock.advance(float(seconds))
        self._simulator.webhooks.wake()
        return self._clock(None)

    def _reset(self, body: Any) -> dict[str, Any]:
        check_names(body, {"seed"})
        seed = body.get("seed")
        if seed is not None and seed not in SEEDS:
            raise ControlRefused(f"seed must be one of {', '.join(SEEDS)}.")
        self._simulator.reset(seed)
        return {"seed": self._simulator.seed}
