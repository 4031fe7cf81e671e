"""Anything may happen at any time; at the end every ticket is in QuickBooks exactly once, or a person is told.

`SOAK_SEED` and `SOAK_RUNS` choose other interleavings than the usual ones; `make soak` plays 500 new ones.
"""

import pytest

from .company import Company
from .playing import RUNS, SEED, STEPS, play
from .verdict import leaks
from .workers import Build


def test_whatever_happens_every_ticket_is_booked_once(company: Company, capfd: pytest.CaptureFixture[str]) -> None:
    with capfd.disabled():
        print(f"\nsoak: {RUNS} runs of {STEPS} steps; SOAK_SEED={SEED} SOAK_RUNS={RUNS} repeats them")  # noqa: T201 - for who reads the run
    play(company, build := Build(), RUNS, SEED)
    assert not leaks(capfd.readouterr(), build.secrets)
