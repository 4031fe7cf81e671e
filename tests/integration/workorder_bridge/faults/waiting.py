"""Waiting while the bridge is at work in another process or thread."""

import time
from collections.abc import Callable

from .company import Company

PATIENCE = 20.0


def wait_for_fault(company: Company, injected: int = 1) -> None:
    """Until that many faults have struck, and the company has carried out what they allow."""
    for _ in range(int(PATIENCE / 0.02)):
        if company.statistics["faults_injected"] >= injected:
            company.control("clock", method="GET")  # one more round: what was begun there is done
            return
        time.sleep(0.02)
    raise AssertionError("the company was never asked")


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Until it is so; `what` says what was waited for in vain."""
    for _ in range(int(PATIENCE / 0.02)):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError(f"waited in vain: {what}")
