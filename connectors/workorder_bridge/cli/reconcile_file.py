"""A tie-out as a CSV file and as a JSON document, written as it goes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import click
from workorder_mappings.cells import harmless

from workorder_bridge.errors import BridgeError, SettingsInvalid
from workorder_bridge.ledgers import Booked, Period, Posted
from workorder_bridge.reconcile.line import Line, Side, Tally

COLUMNS = (
    "state",
    "kind",
    "currency",
    "work_orders",
    "purchase_orders",
    "customer",
    "odoo_number",
    "odoo_date",
    "odoo_total",
    "odoo_tax",
    "odoo_paid",
    "odoo_balance",
    "odoo_payments",
    "quickbooks_id",
    "quickbooks_number",
    "quickbooks_date",
    "quickbooks_total",
    "quickbooks_tax",
    "quickbooks_paid",
    "quickbooks_balance",
    "quickbooks_payments",
    "difference_total",
    "difference_tax",
    "difference_balance",
    "notes",
    "link",
)
_ZERO = Decimal(0)


class CsvFile:
    """UTF-8 with BOM and CR LF (RFC 4180). Texts that a spreadsheet could run are disarmed; amounts stay numbers.

    An invoice that is in QuickBooks more than once has a row for each, the Odoo side in the first only: every column of
    amounts adds up. The file has its name only once it is complete; a tie-out that was cut short leaves none. Raises
    `SettingsInvalid` when it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f"{path.name}.part")

    def __enter__(self) -> Self:
        try:
            self._file = self._part.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise _not_written(self._path, error) from error
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._writer.writerow(COLUMNS)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, problem: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            self._file.close()
            if problem is None:
                self._part.replace(self._path)
            else:
                self._part.unlink()
        except OSError as error:
            raise _not_written(self._path, error) from error

    def add(self, line: Line) -> None:
        """Write a line's rows."""
        try:
            self._writer.writerows(rows_of(line))
        except OSError as error:
            raise _not_written(self._path, error) from error


def _not_written(path: Path, error: OSError) -> SettingsInvalid:
    return SettingsInvalid(
        [f"{path} cannot be written: {error.strerror}."], hint="Name another file with --csv, or close it elsewhere."
    )


def rows_of(line: Line) -> Iterator[list[str]]:
    """The cells of each row."""
    copies: tuple[Booked | None, ...] = line.booked or (None,)
    for place, booked in enumerate(copies):
        yield _row(line, line.posted if place == 0 else None, booked, first=place == 0)


def _row(line: Line, posted: Posted | None, booked: Booked | None, *, first: bool) -> list[str]:
    shown = line.posted
    texts = [
        line.state,
        line.kind,
        line.currency,
        ", ".join(shown.work_orders) if shown else "",
        ", ".join(shown.purchase_orders) if shown else "",
        shown.customer if shown else booked.customer if booked else "",
        shown.number if shown else "",
        shown.date.isoformat() if shown else "",
    ]
    ours = [*_amounts(posted), harmless(", ".join(posted.payments))] if posted else [""] * 5
    theirs = ["", "", "", *_amounts(None), ""]
    if booked:
        named = [harmless(booked.id), harmless(booked.number), booked.date.isoformat()]
        theirs = [*named, *_amounts(booked), harmless(", ".join(booked.payments))]
    notes = " ".join(line.notes) if first else ""
    return [
        *map(harmless, texts),
        *ours,
        *theirs,
        *_differences(posted, booked),
        harmless(notes),
        harmless(booked.url if booked else ""),
    ]


def _amounts(invoice: Posted | Booked | None) -> list[str]:
    if invoice is None:
        return [""] * 4
    return [f"{each:.2f}" for each in (invoice.total, invoice.tax, invoice.paid, invoice.balance)]


def _differences(posted: Posted | None, booked: Booked | None) -> list[str]:
    """QuickBooks less Odoo; what one side lacks, or Odoo has not posted, counts as nothing."""
    ours = (posted.total, posted.tax, posted.balance) if posted and posted.posted else (_ZERO,) * 3
    theirs = (booked.total, booked.tax, booked.balance) if booked else (_ZERO,) * 3
    return [f"{there - here:.2f}" for there, here in zip(theirs, ours, strict=True)]


class JsonDocument:
    """One document, written line by line so that a long period needs no memory: lines, counts, sums, exit code."""

    def __init__(self, period: Period, out: IO[str] | None = None) -> None:
        self._out = out
        self._between = "\n"
        head = json.dumps({"from": period.first.isoformat(), "to": period.last.isoformat()})
        self._write(head.removesuffix("}") + ', "lines": [')

    def add(self, line: Line) -> None:
        """Write a line."""
        self._write(self._between + json.dumps(as_document(line), ensure_ascii=False))
        self._between = ",\n"

    def close(self, tally: Tally, code: int) -> None:
        """Write what is at the foot."""
        self._end(tally, {"exit_code": code})

    def fail(self, error: BridgeError, tally: Tally, code: int) -> None:
        """The same, with what cut it short."""
        told = {"message": error.message, "hint": error.hint, "reference": error.reference}
        self._end(tally, {"exit_code": code, "error": told})

    def _end(self, tally: Tally, rest: dict[str, Any]) -> None:
        sums = {
            currency: {"odoo": _sums(each.odoo), "quickbooks": _sums(each.quickbooks)}
            for currency, each in sorted(tally.sums.items())
        }
        foot = json.dumps({"counts": dict(tally.counts), "sums": sums, **rest}, ensure_ascii=False)
        self._write("],\n" + foot.removeprefix("{") + "\n")

    def _write(self, text: str) -> None:
        click.echo(text, file=self._out, nl=False)


def _sums(side: Side) -> dict[str, Any]:
    amounts = {"total": side.total, "tax": side.tax, "paid": side.paid, "balance": side.balance}
    return {"invoices": side.invoices, **{name: f"{amount:.2f}" for name, amount in amounts.items()}}


def as_document(line: Line) -> dict[str, Any]:
    """A line in JSON; amounts as text."""
    return {
        "state": line.state,
        "kind": line.kind,
        "number": line.number,
        "currency": line.currency,
        "odoo": _of_posted(line.posted) if line.posted else None,
        "quickbooks": [_of_booked(booked) for booked in line.booked],
        "notes": list(line.notes),
    }


def _of_posted(posted: Posted) -> dict[str, Any]:
    return {
        "number": posted.number,
        "date": posted.date.isoformat(),
        "posted": posted.posted,
        "customer": posted.customer,
        "work_orders": list(posted.work_orders),
        "purchase_orders": list(posted.purchase_orders),
        "transmission": posted.transmission,
        **_named_amounts(posted),
    }


def _of_booked(booked: Booked) -> dict[str, Any]:
    return {
        "id": booked.id,
        "number": booked.number,
        "date": booked.date.isoformat(),
        "customer": booked.customer,
        "currency": booked.currency,
        "ours": bool(booked.key),
        "voided": booked.voided,
        "url": booked.url,
        **_named_amounts(booked),
    }


def _named_amounts(invoice: Posted | Booked) -> dict[str, Any]:
    names = ("total", "tax", "paid", "balance")
    return {**dict(zip(names, _amounts(invoice), strict=True)), "payments": list(invoice.payments)}
