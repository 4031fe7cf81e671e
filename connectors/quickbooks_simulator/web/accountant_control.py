"""The control endpoints for what an accountant does in the company's own screens."""

from collections.abc import Callable
from typing import Any

from quickbooks_simulator.operations import banking, bookkeeping
from quickbooks_simulator.operations.bookkeeping import InvoiceEdit, Receipt
from quickbooks_simulator.operations.merging import merge_customers
from quickbooks_simulator.web.control_route import ControlRefused, check_names, control_route
from quickbooks_simulator.web.simulator import Simulator

LISTS = ("Customer", "Vendor", "Employee", "Item", "Term", "Class", "Department", "Account", "PaymentMethod")
"""The kinds that are renamed and made inactive; not every company uses all of them."""


class AccountantControl:
    """POST /simulator/accountant/{action} with a JSON object; the answer holds the record as it is afterwards."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        actions: dict[str, Callable[[Any], dict[str, Any]]] = {
            "receive": self._receive,
            "apply": self._apply,
            "edit_invoice": self._edit_invoice,
            "send": self._send,
            "void": self._void,
            "delete": self._delete,
            "deposit": self._deposit,
            "close_books": self._close_books,
            "set_active": self._set_active,
            "rename": self._rename,
            "merge_customers": self._merge_customers,
        }
        self.routes = [control_route(f"accountant/{name}", "POST", action) for name, action in actions.items()]

    def _receive(self, body: Any) -> dict[str, Any]:
        """`invoices` maps an invoice's id to the part that pays it."""
        check_names(body, {"customer_id", "invoices", "amount", "date", "reference", "method_id", "account_id"})
        parts = body.get("invoices", {})
        if not isinstance(parts, dict):
            raise ControlRefused("invoices must be an object: the id of each invoice and the amount that pays it.")
        receipt = Receipt(
            _text(body, "customer_id"),
            parts,
            body.get("amount"),
            body.get("date"),
            body.get("reference"),
            body.get("method_id"),
            body.get("account_id"),
        )
        return {"Payment": bookkeeping.receive(self._simulator.company, receipt)}

    def _apply(self, body: Any) -> dict[str, Any]:
        """`invoices` maps an invoice's id to how much of the payment's unapplied money goes on it."""
        check_names(body, {"payment_id", "invoices"})
        parts = body.get("invoices")
        if not isinstance(parts, dict):
            raise ControlRefused("invoices must be an object: the id of each invoice and the amount that pays it.")
        return {"Payment": bookkeeping.apply_credit(self._simulator.company, _text(body, "payment_id"), parts)}

    def _edit_invoice(self, body: Any) -> dict[str, Any]:
        """`amounts` maps a line's id to its new amount."""
        check_names(body, {"id", "memo", "message", "customer_id", "due", "amounts", "sync_token"})
        amounts = body.get("amounts", {})
        if not isinstance(amounts, dict):
            raise ControlRefused("amounts must be an object: the id of each line and its amount.")
        edit = InvoiceEdit(body.get("memo"), body.get("message"), body.get("customer_id"), body.get("due"), amounts)
        invoice = bookkeeping.edit_invoice(self._simulator.company, _text(body, "id"), edit, body.get("sync_token"))
        return {"Invoice": invoice}

    def _send(self, body: Any) -> dict[str, Any]:
        """`address` is where the form is mailed to, else the address it has."""
        check_names(body, {"kind", "id", "address"})
        kind = _text(body, "kind")
        return {kind: bookkeeping.send(self._simulator.company, kind, _text(body, "id"), body.get("address"))}

    def _void(self, body: Any) -> dict[str, Any]:
        check_names(body, {"kind", "id"})
        kind = _text(body, "kind")
        return {kind: bookkeeping.void(self._simulator.company, kind, _text(body, "id"))}

    def _delete(self, body: Any) -> dict[str, Any]:
        check_names(body, {"kind", "id"})
        kind = _text(body, "kind")
        return {kind: bookkeeping.delete(self._simulator.company, kind, _text(body, "id"))}

    def _deposit(self, body: Any) -> dict[str, Any]:
        check_names(body, {"payment_ids", "account_id", "date", "memo"})
        chosen = body.get("payment_ids")
        if not isinstance(chosen, list):
            raise ControlRefused("payment_ids must be a list.")
        ids = [str(each) for each in chosen]
        deposit = banking.deposit(
            self._simulator.company, ids, _text(body, "account_id"), body.get("date"), body.get("memo")
        )
        return {"Deposit": deposit}

    def _close_books(self, body: Any) -> dict[str, Any]:
        """`until` is the last closed day; null opens all periods."""
        check_names(body, {"until"})
        return {"Preferences": bookkeeping.close_books(self._simulator.company, body.get("until"))}

    def _set_active(self, body: Any) -> dict[str, Any]:
        check_names(body, {"kind", "id", "active"})
        if not isinstance(body.get("active"), bool):
            raise ControlRefused("active must be true or false.")
        kind = _list(body)
        return {kind: bookkeeping.set_active(self._simulator.company, kind, _text(body, "id"), body["active"])}

    def _rename(self, body: Any) -> dict[str, Any]:
        check_names(body, {"kind", "id", "name"})
        kind = _list(body)
        return {kind: bookkeeping.rename(self._simulator.company, kind, _text(body, "id"), _text(body, "name"))}

    def _merge_customers(self, body: Any) -> dict[str, Any]:
        """`survivor_id` takes in `loser_id`; the answer holds the survivor."""
        check_names(body, {"loser_id", "survivor_id"})
        loser, survivor = _text(body, "loser_id"), _text(body, "survivor_id")
        return {"Customer": merge_customers(self._simulator.company, loser, survivor)}


def _text(body: Any, name: str) -> str:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        raise ControlRefused(f"{name} is missing.")
    return str(value)


def _list(body: Any) -> str:
    kind = _text(body, "kind")
    if kind not in LISTS:
        raise ControlRefused(f"kind must be one of {', '.join(LISTS)}.")
    return kind
