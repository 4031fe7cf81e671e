"""Plays runs of a machine; a seed and a number of runs say which."""

import os

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from .company import Company
from .machine import Soak
from .workers import Build

SEED = int(os.environ.get("SOAK_SEED", "20261122"))
RUNS = int(os.environ.get("SOAK_RUNS", "50"))
STEPS = 50


def play(company: Company, build: Build, runs: int) -> None:
    """Raises AssertionError with what was wrong and every step up to it; the same seed plays the same steps."""
    machine = seed(SEED)(type("Soak", (Soak,), {"company": company, "build": build}))
    chosen = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        phases=[Phase.generate],  # making a failure smaller takes minutes, and nothing is remembered between runs
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)
