"""The history of a record in words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from quickbooks_simulator.clock import COMPANY_ZONE, read_time
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.journal import Entry
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.pages.figures import write_date, write_money

_WORDS = {
    "Create": "Created",
    "Update": "Changed",
    "Delete": "Deleted",
    "Void": "Voided",
    "Merge": "Merged",
    "Emailed": "E-mailed",
}


@dataclass(frozen=True)
class Happening:
    """One row: when, what, by whom, and what became different."""

    when: str
    what: str
    by: str
    details: list[str]


def history_of(company: Company, kind: str, record: Record) -> list[Happening]:
    """The latest first. What the company was planted with begins with the day it was made."""
    entries = company.journal.of(kind, record["Id"])
    rows = [_happening(entry) for entry in entries]
    if not any(entry.operation == "Create" for entry in entries):
        rows.append(Happening(_write_moment(record["MetaData"]["CreateTime"]), "Created", "", []))
    return rows


def _happening(entry: Entry) -> Happening:
    moment = entry.at.astimezone(COMPANY_ZONE).strftime("%m/%d/%Y %H:%M:%S")
    details = differences(entry.before, entry.after) if entry.before and entry.after else []
    if entry.deleted_id:
        details.append(f"Took in no. {entry.deleted_id}")
    return Happening(moment, _WORDS[entry.operation], entry.by, details)


def _write_moment(text: str) -> str:
    return read_time(text).astimezone(COMPANY_ZONE).strftime("%m/%d/%Y %H:%M:%S")


def differences(before: Record, after: Record) -> list[str]:
    """Each thing an accountant would notice, as `Due date: 01/31/2026 to 02/28/2026`."""
    currency = after.get("CurrencyRef", {}).get("value", "USD")
    found = []
    for label, read, write in _things(currency):
        old, new = read(before), read(after)
        if old != new:
            found.append(f"{label}: {write(old) or 'none'} to {write(new) or 'none'}")
    return found + _link_differences(before, after) + _line_differences(before, after, currency)


Read = Callable[[Record], Any]
Write = Callable[[Any], str]


def _things(currency: str) -> list[tuple[str, Read, Write]]:
    def money(value: Any) -> str:
        return write_money(value, currency)

    return [
        ("Number", lambda each: each.get("DocNumber"), _text),
        ("Customer", lambda each: each.get("CustomerRef", {}).get("name"), _text),
        ("Date", lambda each: each.get("TxnDate"), write_date),
        ("Due date", lambda each: each.get("DueDate"), write_date),
        ("Total", lambda each: each.get("TotalAmt"), money),
        ("Balance", lambda each: each.get("Balance") if "TotalAmt" in each else None, money),
        ("Unapplied", lambda each: each.get("UnappliedAmt"), money),
        ("Message", lambda each: each.get("CustomerMemo", {}).get("value"), _text),
        ("Memo", lambda each: each.get("PrivateNote"), _text),
        ("Name", lambda each: each.get("DisplayName") or each.get("Name"), _text),
        ("Email", lambda each: each.get("PrimaryEmailAddr", {}).get("Address"), _text),
        ("Active", lambda each: each.get("Active"), lambda value: "yes" if value else "no"),
    ]


def _text(value: Any) -> str:
    return f"“{value}”" if value else ""


def _link_differences(before: Record, after: Record) -> list[str]:
    old, new = (
        {(link["TxnType"], link["TxnId"]) for link in each.get("LinkedTxn", [])} | _applied(each)
        for each in (before, after)
    )
    gained = [f"Linked to {kind.lower()} {number}" for kind, number in sorted(new - old)]
    return gained + [f"No longer linked to {kind.lower()} {number}" for kind, number in sorted(old - new)]


def _applied(record: Record) -> set[tuple[str, str]]:
    links = [link for line in record.get("Line", []) for link in line.get("LinkedTxn", [])]
    return {(link["TxnType"], link["TxnId"]) for link in links}


def _line_differences(before: Record, after: Record, currency: str) -> list[str]:
    old, new = (
        {line["Id"]: line.get("Amount") for line in each.get("Line", []) if "Id" in line and "LinkedTxn" not in line}
        for each in (before, after)
    )

    def money(lines: dict[str, Any], key: str) -> str:
        return write_money(lines.get(key), currency) or "none"

    return [
        f"Line {key}: {money(old, key)} to {money(new, key)}"
        for key in sorted({*old, *new}, key=int)
        if old.get(key) != new.get(key)
    ]
