"""The frame of a report: header, columns and rows. Shape: documentation (P), recorded answers (V)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.store import Record


@dataclass(frozen=True)
class Asked:
    """What a report is about: its name, the days from `start` to `end`, and the company's currency."""

    name: str
    start: date
    end: date
    currency: str


def sheet(asked: Asked, columns: Sequence[tuple[str, str]], rows: list[Record], time: str) -> Record:
    """A whole report; `columns` are titles and types. Without rows the header says NoReportData (P)."""
    titles = [{"ColTitle": title, "ColType": kind} for title, kind in columns]
    options = [
        {"Name": "AccountingStandard", "Value": "GAAP"},
        {"Name": "NoReportData", "Value": "false" if rows else "true"},
    ]
    header = {
        "Time": time,
        "ReportName": asked.name,
        "ReportBasis": "Accrual",
        "StartPeriod": asked.start.isoformat(),
        "EndPeriod": asked.end.isoformat(),
        "SummarizeColumnsBy": "Total",
        "Currency": asked.currency,
        "Option": options,
    }
    return {"Header": header, "Columns": {"Column": titles}, "Rows": {"Row": rows} if rows else {}}


def cells(label: str, amounts: Sequence[Decimal | None], record_id: str | None = None) -> Record:
    """One row's cells: a name with its id, then amounts as text; nothing in place of zero (V)."""
    first: dict[str, Any] = {"value": label, **({"id": record_id} if record_id else {})}
    return {"ColData": [first, *({"value": _text(amount)} for amount in amounts)]}


def data(label: str, amounts: Sequence[Decimal | None], record_id: str | None = None) -> Record:
    """A row of one account or one name."""
    return {**cells(label, amounts, record_id), "type": "Data"}


def total(label: str, group: str, amounts: Sequence[Decimal]) -> Record:
    """A row that sums up the rows above it; here zero is written out."""
    summary = {"ColData": [{"value": label}, *({"value": str(amount)} for amount in amounts)]}
    return {"Summary": summary, "type": "Section", "group": group}


def section(label: str, group: str, rows: list[Record], amount: Decimal) -> Record:
    """A group of accounts under its heading, with its sum."""
    heading = {"Header": cells(label, [None]), "Rows": {"Row": rows}}
    return {**heading, **total(f"Total {label}", group, [amount])}


def _text(amount: Decimal | None) -> str:
    return "" if amount is None or amount == ZERO else str(amount)
