"""What an invoice was made from: an estimate it closes, time it bills."""

from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

SOURCES = ("Estimate", "TimeActivity")
"""The kinds a client may link an invoice to. Source: types (V)."""


def link_sources(draft: Draft, customer: Record, links: list[Record]) -> list[Record]:
    """Close the linked estimates, mark linked time as billed, free what is no longer linked. Source: types (V).

    Another customer's, or one that another invoice holds, is fault 620 (P); a missing one 2500 (P).
    """
    if draft.previous:
        release_sources(draft.changes, draft.previous)
    for link in links:
        kind, source_id = link["TxnType"], str(link.get("TxnId"))
        source = draft.changes.find(kind, source_id)
        if source is None:
            raise Fault("2500", f"Invalid Reference Id : LinkedTxn {kind} {source_id} not found", "LinkedTxn")
        if (source.get("CustomerRef") or {}).get("value") != customer["Id"]:
            raise Fault("620", f"{kind} {source_id} belongs to another customer.", "LinkedTxn")
        if source["LinkedTxn"]:
            raise Fault("620", f"{kind} {source_id} is linked to another transaction.", "LinkedTxn")
        own = {"TxnId": draft.body["Id"], "TxnType": draft.kind}
        draft.changes.revise(kind, {**source, "LinkedTxn": [own], **_taken(kind)})
    return [{"TxnId": str(link["TxnId"]), "TxnType": link["TxnType"]} for link in links]


def release_sources(changes: Changes, invoice: Record) -> None:
    """Open again what an invoice was made from, because the link, or the invoice, is gone (M)."""
    for link in invoice["LinkedTxn"]:
        source = changes.find(link["TxnType"], link["TxnId"]) if link["TxnType"] in SOURCES else None
        if source is not None:
            changes.revise(link["TxnType"], {**source, "LinkedTxn": [], **_given_back(link["TxnType"], source)})


def _taken(kind: str) -> Record:
    return {"TxnStatus": "Closed"} if kind == "Estimate" else {"BillableStatus": "HasBeenBilled"}


def _given_back(kind: str, source: Record) -> Record:
    if kind == "TimeActivity":
        return {"BillableStatus": "Billable"}
    return {"TxnStatus": "Accepted" if "AcceptedDate" in source else "Pending"}
