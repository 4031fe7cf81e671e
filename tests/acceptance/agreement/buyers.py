"""The buyer, reached as a library or over a socket."""

from __future__ import annotations

from typing import Any, Protocol

import requests
from buyer_simulator.office.department import Department
from buyer_simulator.records.invoice import Invoice
from buyer_simulator.records.order import PurchaseOrder
from buyer_simulator.records.policy import Policy
from buyer_simulator.records.receipt import Receipt
from buyer_simulator.records.work_order import WorkOrder

from . import to_buyer
from .world import TODAY, World

Answer = dict[str, Any]
DECISIONS = {"pending": (), "accepted": ("accept",), "paid": ("accept", "pay"), "rejected": ("reject",)}


class Buyer(Protocol):
    """What a buyer is told, in the simulator's JSON."""

    def prepare(self, policy: Answer, orders: list[Answer], receipts: list[Answer], jobs: list[Answer]) -> None: ...
    def send(self, invoice: Answer) -> Answer: ...
    def decide(self, answer: Answer, action: str) -> None: ...


class Engine:
    """The department as a library."""

    def prepare(self, policy: Answer, orders: list[Answer], receipts: list[Answer], jobs: list[Answer]) -> None:
        self._department = Department(lambda: TODAY)
        self._department.set_policy(Policy.model_validate(policy))
        for order in orders:
            self._department.put_order(PurchaseOrder.model_validate(order))
        self._department.receive([Receipt.model_validate(each) for each in receipts])
        for job in jobs:
            self._department.put_work_order(WorkOrder.model_validate(job))

    def send(self, invoice: Answer) -> Answer:
        entry = self._department.take(Invoice.model_validate(invoice))
        return {"id": entry.id, "matched": entry.matched, "reasons": [each.model_dump() for each in entry.reasons]}

    def decide(self, answer: Answer, action: str) -> None:
        self._department.decide(self._department.entries[answer["id"]], action, note="As it happened")  # type: ignore[arg-type]


class Socket:
    """The department as a process."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()

    def prepare(self, policy: Answer, orders: list[Answer], receipts: list[Answer], jobs: list[Answer]) -> None:
        self._call("POST", "control/reset", {"seed": "empty"})
        self._call("POST", "control/today", {"today": TODAY.isoformat()})
        self._call("PUT", "policy", policy)
        for path, rows in (("purchase-orders", orders), ("receipts", receipts), ("work-orders", jobs)):
            self._call("POST", path, rows)

    def send(self, invoice: Answer) -> Answer:
        return self._call("POST", "invoices", invoice)

    def decide(self, answer: Answer, action: str) -> None:
        self._call("POST", f"invoices/{answer['id']}/{action}", {"note": "As it happened"})

    def _call(self, method: str, path: str, body: Any) -> Answer:
        answer = self._session.request(method, f"{self._url}/api/{path}", json=body, timeout=20)
        assert answer.ok, answer.text
        found: Answer = answer.json()
        return found


def ask(buyer: Buyer, world: World) -> list[tuple[str, int | None, str]]:
    """Let the buyer live through the world; the reasons against its document, none if it matches.

    What became of each earlier document is noted on it: the buyer may reject what we meant to be accepted.
    """
    buyer.prepare(to_buyer.policy(world), to_buyer.orders(world), to_buyer.receipts(world), to_buyer.jobs(world))
    for doc in world.previous:
        answer = buyer.send(to_buyer.invoice(world, doc))
        if not answer["matched"]:
            doc["fate"] = "rejected"
            continue
        for action in DECISIONS[doc["fate"]]:
            buyer.decide(answer, action)
    answer = buyer.send(to_buyer.invoice(world, world.document))
    assert answer["matched"] == (not answer["reasons"])
    return [(each["code"], each["line"], each["message"]) for each in answer["reasons"]]
