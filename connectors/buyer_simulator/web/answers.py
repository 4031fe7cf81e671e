"""Records as the client reads them."""

from typing import Any

from starlette.responses import JSONResponse, Response

from buyer_simulator.matching.books import Books
from buyer_simulator.matching.wording import plain
from buyer_simulator.office.entry import Entry
from buyer_simulator.records.order import PurchaseOrder
from buyer_simulator.records.values import key
from buyer_simulator.web.reading import Refused


def refusal(refused: Refused) -> Response:
    return JSONResponse({"errors": refused.errors}, refused.status)


def one_error(status: int, expected: str, where: str = "", value: Any = None) -> Response:
    return JSONResponse({"errors": [{"where": where, "value": value, "expected": expected}]}, status)


def entry_json(entry: Entry) -> dict[str, Any]:
    """An invoice's standing: enough for an acknowledgement."""
    return {
        "id": entry.id,
        "supplier": entry.invoice.supplier,
        "number": entry.invoice.number,
        "kind": entry.invoice.kind,
        "total": str(entry.invoice.total),
        "currency": entry.invoice.currency,
        "state": entry.state,
        "matched": entry.matched,
        "reasons": [reason.model_dump() for reason in entry.reasons],
        "history": [
            {"day": step.day.isoformat(), "state": step.state, "by": step.by, "note": step.note}
            for step in entry.history
        ],
    }


def order_json(order: PurchaseOrder, books: Books) -> dict[str, Any]:
    """A PO with what was billed and received on each line, and what is left of it in money."""
    number = key(order.number)
    remaining = books.remaining(number)
    return {
        **order.model_dump(mode="json", exclude={"lines"}),
        "billed": str(books.ledger.billed_on_order(number)),
        "remaining": None if remaining is None else str(remaining),
        "lines": [
            {
                **line.model_dump(mode="json"),
                "received_quantity": str(plain(books.received(number, key(line.number)).quantity)),
                "billed_quantity": str(plain(books.ledger.billed(number, key(line.number)).quantity)),
                "billed_amount": str(books.ledger.billed(number, key(line.number)).amount),
            }
            for line in order.lines
        ],
    }
