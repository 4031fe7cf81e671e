"""A company for all runs, and the bridge's log put back afterwards."""

import logging
from collections.abc import Iterator

import pytest

from .company import Company, serving


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    with serving() as company:
        yield company


@pytest.fixture(autouse=True)
def bridge_log() -> Iterator[None]:
    """The bridge's log goes to the runs, and afterwards where it went before."""
    logger = logging.getLogger("workorder_bridge")
    handlers, level, propagate = logger.handlers[:], logger.level, logger.propagate
    yield
    logger.handlers[:], logger.level, logger.propagate = handlers, level, propagate
