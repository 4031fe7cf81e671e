"""The office whose invoices go to QuickBooks, and what a bookkeeper checks there after every fault."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from workorder_bridge.destinations.quickbooks.tokens import Tokens, TokenStore
from workorder_bridge.dispatch import Report, Run
from workorder_bridge.document import parse_document
from workorder_bridge.examples import example_credit, example_destination, example_document, example_tables
from workorder_bridge.news import NOTHING_SEEN, Payment, Registration, Seen
from workorder_bridge.ports import Outcome
from workorder_bridge.sources.memory import MemorySource
from workorder_bridge.sources.memory_rows import StoredRow

from .company import Company
from .worker import open_destination
from .workers import Counter, Worker

MACHINE_TALK = re.compile(r"Traceback|Exception|object at 0x|\bNone\b|\{\}|\w+Error\b(?! \d)")


@dataclass
class Clock:
    """The time leases run by; it moves only when told."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Waiting:
    """Waits take no time here; the company's clock is put forward by as much."""

    company: Company
    waits: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return sum(self.waits)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.company.control("clock", {"advance_seconds": seconds})


@dataclass
class Desk(MemorySource):
    """Odoo's side, which also keeps what it was told of changes made in QuickBooks."""

    told: list[Seen] = field(default_factory=list)

    def register_payments(
        self, code: str, payments: Sequence[Payment], cursor: datetime | None, seen: Seen = NOTHING_SEEN
    ) -> Registration:
        self.told.append(seen)
        return super().register_payments(code, payments, cursor, seen)


@dataclass
class Office:
    """Posted invoices, the bridge, and a company to book them in."""

    company: Company
    folder: Path
    clock: Clock = field(default_factory=Clock)
    timeout: float = 20.0

    def __post_init__(self) -> None:
        self.waiting = Waiting(self.company)
        self.store = TokenStore(self.folder / "tokens.json")
        self.realm = self.company.ready["realm"]
        self.source = Desk(example_destination(realm=self.realm), self.clock, tables=example_tables())
        self.connect()

    def connect(self, realm: str = "") -> None:
        """A fresh consent to the company; `realm` puts the tokens under another company's number."""
        tokens = self.company.control("tokens")
        self.store.write(
            Tokens(
                realm=realm or self.realm,
                environment="simulator",
                refresh_token=SecretStr(tokens["refresh_token"]),
                access_token=SecretStr(tokens["access_token"]),
                access_expires_at=time.time() + 3600,
            )
        )

    def post(self, count: int = 1, **changes: Any) -> list[StoredRow]:
        """Post that many invoices of 193.50, INV/2026/00001 and so on; `changes` replace keys of the document."""
        return [self._add(**changes) for _ in range(count)]

    def _add(self, **changes: Any) -> StoredRow:
        number = f"INV/2026/{len(self.source.rows) + 1:05}"
        return self.source.add(example_document(**{"number": number, **changes}))

    def run(self, **options: Any) -> Report:
        """The bridge runs once, as cron starts it: nothing is known from before."""
        destination = open_destination(self.company.ready, self.store, self.timeout, self.waiting)
        return Run(self.source, destination, "qbo", **options).perform()

    def later(self, **span: float) -> None:
        """An hour passes, or as long as said: every lease has run out."""
        self.clock.now += timedelta(**(span or {"hours": 1}))

    def activate(self) -> None:
        """Somebody presses Activate in Odoo."""
        self.source.state, self.source.pause_reason = "active", ""

    def start_workers(self, count: int, **job: Any) -> list[Worker]:
        """Bridges in processes of their own, waiting to begin."""
        counter = Counter(self.source)
        tokens = {"ready": self.company.ready, "tokens": str(self.store.path)}
        return [Worker(counter, {**tokens, "timeout": self.timeout, "batch_size": 30, **job}) for _ in range(count)]

    @property
    def states(self) -> list[str]:
        return [stored.state for stored in self.source.rows.values()]

    def credit(self, stored: StoredRow, **changes: Any) -> StoredRow:
        """Somebody credits the whole invoice in Odoo."""
        return self.source.add(example_credit(**changes), kind="credit", about=stored)

    def cancel(self, stored: StoredRow) -> StoredRow:
        """Somebody presses Cancel and Void in Odoo."""
        return self.source.add(stored.row.document, kind="void", about=stored)

    def check_books(self) -> None:
        """Nothing twice, nothing lost, nothing booked behind Odoo's back, and `received` means equal to the cent."""
        held = {"invoice": self.company.every("Invoice"), "credit": self.company.every("CreditMemo")}
        cancelled = [stored.about for stored in self.source.rows.values() if stored.row.kind == "void"]
        for stored in self.source.rows.values():
            if stored.row.kind == "void":
                continue
            mark = f"[wb:{stored.row.key}]"
            marked = [one for one in held[stored.row.kind] if mark in str(one.get("PrivateNote"))]
            expected = [stored.external_id] if stored.state in ("received", "disputed") else []
            assert [one["Id"] for one in marked] == expected, (stored.state, stored.external_id)
            if stored.state == "received" and stored not in cancelled:
                document = parse_document(stored.row.document, stored.row.sha256)
                assert _figures(marked[0]) == (document.number, document.totals.total, document.totals.tax)


def _figures(invoice: dict[str, Any]) -> tuple[str, Decimal, Decimal]:
    tax = (invoice.get("TxnTaxDetail") or {}).get("TotalTax", 0)
    return invoice["DocNumber"], Decimal(str(invoice["TotalAmt"])), Decimal(str(tax))


def outcome_of(stored: StoredRow) -> Outcome:
    assert stored.outcome is not None
    return stored.outcome


def check_words(text: str, *named: str) -> None:
    """A sentence that names these things and is no machine talk."""
    assert len(text.split()) >= 4, text
    assert not MACHINE_TALK.search(text), text
    for thing in named:
        assert thing in text, (thing, text)


def check_told(stored: StoredRow, state: str, *named: str, step: str) -> None:
    """The row is in that state and says in words what is wrong (naming each of `named`) and what to do (`step`)."""
    outcome = outcome_of(stored)
    assert (stored.state, outcome.state) == (state, state), outcome.message
    assert outcome.number == parse_document(stored.row.document, stored.row.sha256).number
    check_words(outcome.message, *named)
    check_words(outcome.hint, step)


def check_paused(office: Office, report: Report, *named: str) -> None:
    """The destination waits for a person, who is told why and what to do; every row is ready as before."""
    assert office.source.state == "paused"
    assert office.source.pause_reason == report.pause
    check_words(report.pause, *named)
