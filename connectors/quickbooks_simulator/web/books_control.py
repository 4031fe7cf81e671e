"""The control endpoints that put into the books what no API call could."""

from typing import Any

from quickbooks_simulator.company.custom_fields import DEFINITION, define_field
from quickbooks_simulator.company.kinds import find_kind
from quickbooks_simulator.company.store import revised, stamped
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.web.control_route import ControlRefused, check_names, control_route
from quickbooks_simulator.web.simulator import Simulator


class BooksControl:
    """POST /simulator/stored and /simulator/custom_fields."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.routes = [
            control_route("stored", "POST", self._lay_over),
            control_route("custom_fields", "POST", self._define_field),
        ]

    def _lay_over(self, body: Any) -> dict[str, Any]:
        """Lay values over a stored record without any check: old data and the company's own screens hold such things.

        Amounts are not changed this way; what depends on them would not follow.
        """
        check_names(body, {"kind", "id", "values"})
        values = body.get("values")
        if not isinstance(values, dict) or not values or {"Id", "SyncToken", "MetaData"} & set(values):
            raise ControlRefused("values must be an object with properties other than Id, SyncToken and MetaData.")
        if any(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values.values()):
            raise ControlRefused("values may hold texts, switches, objects and lists, no amounts.")
        company = self._simulator.company
        kind = find_kind(str(body.get("kind", "")))
        record = company.store.find(kind.name, str(body.get("id", "")))
        if record is None:
            raise Fault("610", f"There is no {kind.name} {body.get('id')}.")
        moment = company.clock.now()
        company.store.put(kind.name, stamped(revised({**record, **values}), moment), moment)
        return {kind.name: company.read(kind, record["Id"])}

    def _define_field(self, body: Any) -> dict[str, Any]:
        """Define a custom field of the new kind; `options` are the choices of a list."""
        check_names(body, {"name", "type", "options"})
        options = body.get("options", [])
        if not isinstance(options, list) or not isinstance(body.get("name"), str):
            raise ControlRefused("name must be text, options a list.")
        company = self._simulator.company
        made = define_field(company.store, body["name"], str(body.get("type")), [str(each) for each in options])
        company.store.put(DEFINITION, made, company.clock.now())
        return {"CustomFieldDefinition": made}
