"""Plays runs of a machine; a seed and a number of runs say which."""

import os

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from .company import Company
from .machine import Soak
from .workers import Build

USUAL_SEED = 20261122
SEED = int(os.environ.get("SOAK_SEED", USUAL_SEED))
RUNS = int(os.environ.get("SOAK_RUNS", "50"))
STEPS = 50


def play(company: Company, build: Build, runs: int, chosen_seed: int) -> None:
    """Raises AssertionError with what was wrong and every step up to it; the same seed plays the same steps."""
    machine = seed(chosen_seed)(type("Soak", (Soak,), {"company": company, "build": build}))
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
