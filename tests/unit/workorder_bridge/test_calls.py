"""Leave to call on its way from Odoo's answers into the purse, and back in reports."""

from types import SimpleNamespace

import pytest
from workorder_bridge.calls import CallPurse
from workorder_bridge.cli.reads import warnings_of_reads
from workorder_bridge.dispatch import Run
from workorder_bridge.errors import TryLater
from workorder_bridge.examples import example_destination
from workorder_bridge.ports import Batch, Tables
from workorder_bridge.sources.odoo_source import OdooSource
from workorder_bridge.standing import DestinationSummary

GRANT = {"grant": "g1", "after": 0, "lasts": 300, "requests": 5, "batches": 1, "per_second": 1, "reads_left": None}
EMPTY = {
    "destination": {"code": "qbo", "kind": "quickbooks", "realm": "1", "create_missing_customers": True},
    "lease": None,
    "attempt": 1,
    "rows": [],
    "tables": {},
    "remaining": 0,
}
ANSWERS = {
    "claim": {**EMPTY, "calls": GRANT, "wait": 0},
    "settle": {"settled": [], "unchanged": [], "conflicts": []},
    "changes_since": {"cursor": None, "open_invoices": 1, "calls": {**GRANT, "grant": "g2"}},
    "take_calls": {"calls": {**GRANT, "grant": "g3"}, "wait": 0},
    "give_back_calls": True,
}


class Caller:
    """Odoo by a script; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict]] = []

    def call(self, _model, method, /, **arguments):
        self.asked.append((method, arguments))
        return ANSWERS[method]


@pytest.fixture
def caller() -> Caller:
    return Caller()


def test_claim_fills_the_purse_and_settle_empties_it(caller):
    purse = CallPurse()
    source = OdooSource(caller, purse)
    source.claim("qbo", 30, 300)
    assert purse.held
    purse.pay(batch=True, read=False)
    source.settle("qbo", "lease", [])
    assert caller.asked[-1][1]["calls"] == [{"grant": "g1", "requests": 1, "batches": 1, "reads": 0, "throttled": None}]
    assert purse.held is None
    source.settle("qbo", "lease", [])
    assert "calls" not in caller.asked[-1][1]


def test_what_is_left_over_is_given_back_once_and_nothing_is_asked_for_nothing(caller):
    source = OdooSource(caller, CallPurse())
    source.changes_since("qbo")
    source.give_back_calls("qbo")
    source.give_back_calls("qbo")
    assert [method for method, _ in caller.asked] == ["changes_since", "give_back_calls"]


def test_exchange_reports_and_refills(caller):
    purse = CallPurse()
    OdooSource(caller, purse).claim("qbo", 30, 300)
    assert purse.exchange(batch=True) == 0
    assert (caller.asked[-1][0], caller.asked[-1][1]["batch"]) == ("take_calls", True)
    assert [report["grant"] for report in caller.asked[-1][1]["calls"]] == ["g1"]
    assert purse.held.grant == "g3"


def test_without_a_purse_odoo_is_asked_as_ever(caller):
    source = OdooSource(caller)
    source.claim("qbo", 30, 300)
    source.settle("qbo", "lease", [])
    source.give_back_calls("qbo")
    assert [sorted(arguments) for _, arguments in caller.asked] == [
        ["code", "lease_seconds", "limit"],
        ["code", "customers", "lease", "pause", "results"],
    ]


def full(wait: float, remaining: int = 3) -> Batch:
    return Batch(
        destination=example_destination(),
        lease=None,
        attempt=1,
        rows=(),
        tables=Tables(),
        remaining=remaining,
        wait=wait,
    )


def run_with(*claims: Batch) -> tuple[Run, list[float]]:
    answers, waits = iter(claims), []
    source = SimpleNamespace(
        claim=lambda *_: next(answers), changes_since=lambda _code: SimpleNamespace(open_invoices=0, sent_invoices=0)
    )
    return Run(source, SimpleNamespace(), "qbo", pause=waits.append), waits


def test_run_waits_a_moment_when_all_leave_is_out(caller):
    run, waits = run_with(full(1.0), full(2.5), full(0))
    report = run.perform()
    assert (waits, report.trouble) == ([1.0, 2.5], [])


def test_run_leaves_it_to_the_next_one_when_the_wait_is_long():
    run, waits = run_with(full(3600))
    report = run.perform()
    assert waits == []
    assert [type(trouble) for trouble in report.trouble] == [TryLater]
    assert report.remaining == 0


@pytest.mark.parametrize(("used", "budget", "warned"), [(79, 100, 0), (80, 100, 1), (500, 0, 0), (0, 100, 0)])
def test_reads_are_warned_about_from_80_percent_on(used, budget, warned):
    summary = DestinationSummary(
        code="qbo",
        name="Books",
        kind="quickbooks",
        state="active",
        pause_reason="",
        counts={},
        oldest_ready=None,
        trouble=[],
        reads_used=used,
        read_budget=budget,
    )
    found = list(warnings_of_reads(summary))
    assert len(found) == warned
    assert all("80" in message and "100" in message for message, _ in found)
