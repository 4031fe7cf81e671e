"""A company process per session, as new for each test, and an office that books in it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from .company import Company
from .office import Office

StartCompany = Callable[..., AbstractContextManager[dict[str, Any]]]


@pytest.fixture(scope="session")
def company_process(quickbooks_company: StartCompany) -> Iterator[Company]:
    with quickbooks_company("--seed", "demo") as ready:
        yield Company(ready)


@pytest.fixture
def company(company_process: Company) -> Company:
    """The demo company as it was at the start."""
    company_process.control("reset", {"seed": "demo"})
    return company_process


@pytest.fixture
def office(company: Company, tmp_path: Path) -> Office:
    return Office(company, tmp_path)
