"""How a tie-out shows on a screen: what does not agree, then the sums of both sides."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from workorder_bridge.cli.screen import console_for_output, printable
from workorder_bridge.errors import BridgeError
from workorder_bridge.ledgers import Booked, Period, Posted
from workorder_bridge.reconcile.line import CLEAN, MEANINGS, Line, Side, Tally
from workorder_bridge.reconcile.run import Observer

MOST_SHOWN = 200
"""Lines in the table, so that a screen and the memory stay bounded; a file has them all."""

QUIET_SECONDS = 2.0
_FIGURES = ("total", "tax", "paid", "open")


class Screen:
    """Collects what is to be shown, up to `MOST_SHOWN` lines."""

    def __init__(self, period: Period, *, show_all: bool) -> None:
        self._period = period
        self._show_all = show_all
        self._shown: list[Line] = []
        self._hidden = 0

    def add(self, line: Line) -> None:
        """Take a line in."""
        if line.state == "agrees" and not self._show_all:
            return
        if len(self._shown) < MOST_SHOWN:
            self._shown.append(line)
        else:
            self._hidden += 1

    def close(self, tally: Tally, _code: int) -> None:
        """Show everything."""
        console = console_for_output()
        click.echo(f"Invoices from {self._period.first} to {self._period.last}")
        if self._shown:
            console.print(_table_of_lines(self._shown))
            for line in self._shown:
                for note in line.notes:
                    click.echo(printable(f"{line.number or 'without number'} {_word(line)}: {note}"))
        if self._hidden:
            click.echo(f"{self._hidden} more are not shown; --csv FILE writes them all.")
        _show_counts(console, tally)
        if tally.sums:
            console.print(_table_of_sums(tally))

    def fail(self, _error: BridgeError, tally: Tally, code: int) -> None:
        """The tie-out was cut short: what there is by then is shown as that."""
        if tally.counts:
            self.close(tally, code)
            click.echo("The tie-out was cut short; what is shown is not all.", err=True)


@contextmanager
def reading() -> Iterator[Observer]:
    """Something that is told how far reading is; a line that moves on a terminal once it takes longer than 2 s."""
    if not sys.stderr.isatty():
        yield lambda _odoo, _quickbooks: None
        return
    console = Console(stderr=True)
    started = time.monotonic()
    with console.status("") as status:
        status.stop()

        def observe(odoo: int, quickbooks: int) -> None:
            if time.monotonic() - started > QUIET_SECONDS:
                status.start()
            status.update(f"read {odoo:,} invoices in Odoo, {quickbooks:,} in QuickBooks")

        yield observe


def _word(line: Line) -> str:
    return line.state.replace("_", " ")


def _table_of_lines(lines: list[Line]) -> Table:
    table = Table()
    for heading in ("state", "work orders", "PO", "invoice"):
        table.add_column(heading)
    for heading in ("Odoo total", "tax", "open", "QuickBooks id", "total", "tax", "open", "difference"):
        table.add_column(heading, justify="right")
    for line in lines:
        table.add_row(*(Text(printable(cell)) for cell in _cells(line)))
    return table


def _cells(line: Line) -> tuple[str, ...]:
    posted, booked = line.posted, line.booked[0] if line.booked else None
    return (
        _word(line),
        ", ".join(posted.work_orders) if posted else "",
        ", ".join(posted.purchase_orders) if posted else "",
        line.number,
        _figure(posted, lambda each: each.total),
        _figure(posted, lambda each: each.tax),
        _figure(posted, lambda each: each.balance),
        ", ".join(each.id for each in line.booked),
        _figure(booked, lambda each: each.total),
        _figure(booked, lambda each: each.tax),
        _figure(booked, lambda each: each.balance),
        f"{difference_of(line):+.2f}" if difference_of(line) else "",
    )


def difference_of(line: Line) -> Decimal:
    """QuickBooks' total, of all copies that are there, less Odoo's."""
    odoo = line.posted.total if line.posted and line.posted.posted else Decimal(0)
    return sum((each.total for each in line.booked), Decimal(0)) - odoo


def _figure(invoice: Posted | Booked | None, read: Callable[[Posted | Booked], Decimal]) -> str:
    return f"{read(invoice):.2f}" if invoice else ""


def _show_counts(console: Console, tally: Tally) -> None:
    table = Table()
    for heading in ("state", "invoices", "meaning"):
        table.add_column(heading)
    for state, meaning in MEANINGS.items():
        if tally.counts[state] or state in CLEAN:
            table.add_row(state.replace("_", " "), str(tally.counts[state]), meaning)
    console.print(table)


def _table_of_sums(tally: Tally) -> Table:
    table = Table()
    table.add_column("currency")
    table.add_column("side")
    for heading in ("invoices", *_FIGURES):
        table.add_column(heading, justify="right")
    for currency, sums in sorted(tally.sums.items()):
        odoo, there = sums.odoo, sums.quickbooks
        table.add_row(currency, "Odoo", str(odoo.invoices), *_sums(odoo))
        table.add_row("", "QuickBooks", str(there.invoices), *_sums(there))
        pairs = zip(_amounts(there), _amounts(odoo), strict=True)
        table.add_row(
            "",
            "difference",
            f"{there.invoices - odoo.invoices:+}",
            *(f"{theirs - ours:+,.2f}" for theirs, ours in pairs),
        )
    return table


def _amounts(side: Side) -> tuple[Decimal, ...]:
    return side.total, side.tax, side.paid, side.balance


def _sums(side: Side) -> Iterator[str]:
    return (f"{amount:,.2f}" for amount in _amounts(side))
