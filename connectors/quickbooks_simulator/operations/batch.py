"""Many writes and queries in one call."""

from collections.abc import Callable
from typing import Any

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.kinds import KINDS, find_kind
from quickbooks_simulator.company.store import Key, Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations.replay import Replay, check_request_id
from quickbooks_simulator.operations.writing import Write, carry_out
from quickbooks_simulator.query.answer import answer_query

MOST_ITEMS = 30
_OPERATIONS = ("create", "update", "delete", "query")

ItemFault = Callable[[str], Fault | None]
"""Tells the scripted fault of a batch item by its bId, if there is one."""


def read_items(body: Any, request_id: str | None) -> list[Record]:
    """The items of a batch, refused as a whole when there are too many (V) or a combined id is too long (P).

    An item without bId is carried out too, as in a client's test (V); with a requestid it is refused (M), because
    nothing would tell it from its neighbours when the batch is sent again.
    """
    items = body.get("BatchItemRequest") if isinstance(body, dict) else None
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise Fault("2020", "Required param missing, need to supply BatchItemRequest", "BatchItemRequest")
    if len(items) > MOST_ITEMS:
        raise Fault("1040", f"A batch has at most {MOST_ITEMS} items, this one {len(items)}.")
    bids = [str(item["bId"]) for item in items if item.get("bId") not in (None, "")]
    if len(set(bids)) < len(bids):
        raise Fault("2030", "Two items of a batch have the same bId.", "bId")
    if request_id and len(bids) < len(items):
        raise Fault("2030", "With a requestid each item of a batch needs a bId of its own.", "bId")
    for bid in bids if request_id else []:
        check_request_id(f"{request_id}{bid}")
    return items


def run_batch(
    company: Company, replay: Replay, items: list[Record], request_id: str | None, item_fault: ItemFault
) -> list[Record]:
    """One answer per item. A failed item does not touch the others (V), and none sees what another one made (P)."""
    made: set[Key] = set()
    answers = []
    for item in items:
        bid = str(item.get("bId") or "")
        try:
            scripted = item_fault(bid)
            if scripted is not None:
                raise scripted
            answer = _run_item(company, replay, item, f"{request_id}{bid}" if request_id else None, made)
        except Fault as fault:
            answer = {"Fault": fault_body(fault)}
        answers.append({**answer, "bId": bid} if bid else answer)
    return answers[::-1] if company.settings.batch_answer_order == "reversed" else answers


def fault_body(fault: Fault) -> Record:
    """A fault as it stands in a JSON answer. Source: recorded answers (V)."""
    error = {"Message": fault.message, "Detail": fault.detail, "code": fault.code}
    if fault.element:
        error["element"] = fault.element
    return {"Error": [error], "type": fault.type}


def _run_item(company: Company, replay: Replay, item: Record, request_id: str | None, made: set[Key]) -> Record:
    hidden = frozenset(made)
    # Without an operation it is a query or a create, as in a client's test (V).
    operation = item.get("operation", "query" if "Query" in item else "create")
    if operation not in _OPERATIONS:
        raise Fault("2170", f"operation must be one of {', '.join(_OPERATIONS)}", "operation")
    if operation == "query":
        return {"QueryResponse": answer_query(company, str(item.get("Query", "")), hidden)}
    kind, body = _entity(item)
    if item.get("optionsData") == "void":
        operation = "void"
    answer = carry_out(company, replay, Write(operation, kind, body), request_id, hidden)
    if operation == "create":
        made.add((kind.name, kind.opened(answer)["Id"]))
    return {kind.label: answer}


def _entity(item: Record) -> tuple[Kind, Record]:
    for name, body in item.items():
        if name in KINDS and isinstance(body, dict):
            kind = find_kind(name)
            return kind, kind.opened(body)
    others = sorted(set(item) - {"bId", "operation", "optionsData"})
    raise Fault("500", f"Operation on {', '.join(others) or 'nothing'} is not supported in a batch.")
