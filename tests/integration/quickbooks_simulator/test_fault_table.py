"""Every row of the fault table in docs/simulated_company.md does what it says."""

import pytest

from . import plays_of_books, plays_of_calls
from .conftest import Service
from .fault_table import Row, Scene, read_table

PLAYS = plays_of_calls.PLAYS | plays_of_books.PLAYS
NOT_THE_COMPANYS = {47}
ROWS = read_table()


def test_table_holds_every_fault_once_and_each_is_played() -> None:
    assert [row.number for row in ROWS] == list(range(1, 51))
    assert set(PLAYS) == {row.number for row in ROWS} - NOT_THE_COMPANYS


@pytest.mark.parametrize("row", [row for row in ROWS if row.number in PLAYS], ids=lambda row: f"fault-{row.number}")
def test_fault_is_produced_as_the_table_says(service: Service, row: Row) -> None:
    PLAYS[row.number](Scene(service, row))
