"""Mercy General Hospital, as the demo company's orders know it."""

from typing import Any

from buyer_simulator.office.department import Department
from buyer_simulator.records.order import PurchaseOrder
from buyer_simulator.records.policy import Policy
from buyer_simulator.records.receipt import Receipt
from buyer_simulator.records.work_order import WorkOrder

HVAC, EMERGENCY = "6310-HVAC", "6390-EMERG"
LABOR = ("M-700114", "HVAC labor", "HUR", "118.00")
TERMS = {"code": "2/10 Net 30", "net_days": 30, "discount_percent": 2, "discount_days": 10}
POLICY = {
    "buyer": "Mercy General Hospital",
    "number_max_length": 40,
    "po_line": "resolvable",
    "item_code_required": True,
    "cost_center_required": True,
    "cost_centers": [HVAC, EMERGENCY],
    "matching": "3-way",
    "conversions": [{"unit": "DAY", "into": "HUR", "factor": 8}, {"unit": "BX", "into": "EA", "factor": 12}],
    "price": {"percent": 1, "amount": 5},
    "attachment_max_count": 10,
    "attachment_max_bytes": 8_000_000,
}


def plant(department: Department) -> None:
    """Policy, four POs with receipts of what was done, and a job with a cap."""
    department.set_policy(Policy.model_validate(POLICY))
    for body in _orders():
        order = PurchaseOrder.model_validate({"tax": "exempt", "terms": TERMS, **body})
        department.put_order(order)
        department.receive(
            [
                Receipt(
                    purchase_order=order.number,
                    line=line.number,
                    quantity=line.quantity,
                    reference="SES-" + order.number[-4:],
                )
                for line in order.lines
                if line.quantity and line.number != "30"
            ]
        )
    department.put_work_order(WorkOrder.model_validate({"number": "MGH-OR3-0417", "not_to_exceed": 750}))


def _orders() -> list[dict[str, Any]]:
    return [
        {
            "number": "4500017788",
            "freight": "not_allowed",
            "lines": [
                _line("10", LABOR, 6, HVAC),
                _line("20", ("M-700208", "HVAC filter 20x25, merv 13", "EA", "21.40"), 12, HVAC),
                # Ordered, not confirmed by anybody yet.
                _line("30", ("M-700209", "HVAC filter 24x24, merv 13", "EA", "26.10"), 6, HVAC),
            ],
        },
        {
            "number": "4500017801",
            "limit": "750.00",
            "lines": [
                _line("10", ("M-799001", "Emergency call-out", "EA", "245.00"), 1, EMERGENCY),
                _line("20", LABOR, 3, EMERGENCY),
            ],
        },
        {
            "number": "4500017815",
            "freight": "allowed",
            "freight_limit": "60.00",
            "lines": [
                _line("10", ("M-700377", "Blower motor", "EA", "684.50"), 1, HVAC),
                _line("20", LABOR, 4, HVAC),
            ],
        },
        {
            "number": "4500017822",
            "lines": [
                _line("10", LABOR, 2, HVAC),
                _line("20", ("M-700460", "Refrigerant R-410A, pound", "LBR", "54.30"), 5, HVAC),
            ],
        },
    ]


def _line(number: str, item: tuple[str, str, str, str], quantity: int, cost_center: str) -> dict[str, Any]:
    code, description, unit, price = item
    return {
        "number": number,
        "item_code": code,
        "description": description,
        "quantity": quantity,
        "unit": unit,
        "unit_price": price,
        "cost_center": cost_center,
    }
