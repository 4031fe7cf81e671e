"""A department with one purchase order, and an invoice that matches it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from buyer_simulator.office.department import Department
from buyer_simulator.office.entry import Entry
from buyer_simulator.records.invoice import Invoice
from buyer_simulator.records.order import PurchaseOrder
from buyer_simulator.records.policy import Policy
from buyer_simulator.records.receipt import Receipt
from buyer_simulator.records.work_order import WorkOrder

TODAY = date(2026, 3, 20)
ORDER: dict[str, Any] = {
    "number": "PO-1",
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
    "terms": {"code": "2/10 Net 30", "net_days": 30, "discount_percent": 2, "discount_days": 10},
    "tax": "exempt",
    "lines": [
        {"number": "10", "item_code": "LAB", "quantity": 10, "unit": "HUR", "unit_price": 100, "cost_center": "CC1"},
        {"number": "20", "item_code": "FLT", "quantity": 24, "unit": "EA", "unit_price": 250, "price_basis": 100},
    ],
}
LABOR = {"po_line": "10", "item_code": "LAB", "quantity": 4, "unit": "HUR", "unit_price": 100, "amount": 400}


class Desk:
    """A department and short ways to fill it. Changes to a policy, order or invoice are laid over the sound one."""

    def __init__(self) -> None:
        self.department = Department(lambda: TODAY)
        self.order()

    def policy(self, **changes: Any) -> None:
        self.department.set_policy(Policy.model_validate(changes))

    def order(self, lines: dict[str, dict[str, Any]] | None = None, **changes: Any) -> None:
        """The order with `changes`; `lines` changes its lines by their number."""
        rows = [{**row, **(lines or {}).get(row["number"], {})} for row in ORDER["lines"]]
        self.department.put_order(PurchaseOrder.model_validate({**ORDER, "lines": rows, **changes}))

    def received(self, line: str, quantity: Any) -> None:
        self.department.receive([Receipt(purchase_order="PO-1", line=line, quantity=quantity)])

    def job(self, number: str, **facts: Any) -> None:
        self.department.put_work_order(WorkOrder.model_validate({"number": number, **facts}))

    def send(self, number: str = "INV-1", lines: list[dict[str, Any]] | None = None, **changes: Any) -> Entry:
        """An invoice for 4 hours of line 10, or for `lines`, each laid over that one; sums follow from the lines."""
        rows = [{**LABOR, "number": index, **row} for index, row in enumerate(lines or [{}], 1)]
        charges = sum(float(each["amount"]) for each in changes.get("charges", ()))
        untaxed = f"{sum(float(row['amount']) for row in rows) + charges:.2f}"
        tax = f"{sum(float(row.get('tax_amount', 0)) for row in rows):.2f}"
        body = {
            "supplier": "HARBOR",
            "number": number,
            "issue_date": "2026-03-15",
            "currency": "USD",
            "purchase_order": "PO-1",
            "terms": {"code": "2/10 Net 30", "net_days": 30},
            "lines": rows,
            "untaxed": untaxed,
            "tax": tax,
            "total": f"{float(untaxed) + float(tax):.2f}",
        }
        return self.department.take(Invoice.model_validate({**body, **changes}))

    def reasons(self, *arguments: Any, **changes: Any) -> list[tuple[str, int | None]]:
        """Code and line of each reason against such an invoice."""
        return [(reason.code, reason.line) for reason in self.send(*arguments, **changes).reasons]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def new_desk() -> Callable[[], Desk]:
    return Desk
