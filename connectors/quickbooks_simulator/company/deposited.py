"""Money that was taken to the bank."""

from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault


def deposit_links(record: Record) -> list[Record]:
    """The links of a payment or sales receipt to its deposit."""
    return [link for link in record.get("LinkedTxn", []) if link["TxnType"] == "Deposit"]


def check_not_deposited(record: Record | None) -> None:
    """Refuse to change, void or delete what was deposited. Source: fault list (P)."""
    if record is not None and deposit_links(record):
        deposit = deposit_links(record)[0]["TxnId"]
        raise Fault(
            "6540", f"This transaction has been deposited (Deposit Id={deposit}); change or delete the deposit first."
        )
