"""A company process per session, as new for each test, and an office that books in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .company import Company, running_company
from .office import Office


@pytest.fixture(scope="session")
def company_process() -> Iterator[Company]:
    with running_company() as company:
        yield company


@pytest.fixture
def company(company_process: Company) -> Company:
    """The demo company as it was at the start."""
    company_process.control("reset", {"seed": "demo"})
    return company_process


@pytest.fixture
def office(company: Company, tmp_path: Path) -> Office:
    return Office(company, tmp_path)
