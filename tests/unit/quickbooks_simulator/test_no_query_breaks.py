"""No query over any kind, column and operator ends otherwise than with an answer or a fault of the list."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.query.answer import answer_query
from quickbooks_simulator.query.sentence import COMPARISONS

from .books import company_of

TIMES = ("MetaData.CreateTime", "MetaData.LastUpdatedTime")
VALUES = (
    "'1'",
    "'TAX'",
    "'NaN'",
    "'Infinity'",
    "'2026-02-31'",
    "'0001-01-01T00:00:00+14:00'",
    "12.5",
    "-1",
    "true",
    "''",
)
CODES = {"4000", "4001", "2030", "6000"}


SAMPLE = company_of("sample")
"""A company with a record of most kinds; no query changes it."""


@pytest.fixture
def company() -> Company:
    return SAMPLE


def ask(company: Company, query: str) -> Record | str:
    """The answer, or the code of the fault. Anything else than a fault would be an HTTP 500."""
    try:
        return answer_query(company, query)
    except Fault as fault:
        return fault.code if fault.status == 400 else f"{fault.status} {fault.code}"


def columns_of(kind: str) -> list[str]:
    filterable = KINDS[kind].filterable
    return sorted({*KINDS[kind].properties, *filterable, *TIMES, "Id", "Line.Id", "CustomerRef.value", "Nonsense"})


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_column_orders_every_kind(company: Company, kind: str) -> None:
    for column, way in product(columns_of(kind), ("ASC", "DESC")):
        answer = ask(company, f"SELECT * FROM {kind} ORDERBY {column} {way}")  # noqa: S608 - no SQL
        assert isinstance(answer, dict) or answer in CODES, (column, answer)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_column_is_compared_with_every_value(company: Company, kind: str) -> None:
    for column, comparison, value in product(columns_of(kind), COMPARISONS, VALUES):
        given_value = f"({value}, 'x')" if comparison == "IN" else value
        answer = ask(company, f"SELECT * FROM {kind} WHERE {column} {comparison} {given_value}")  # noqa: S608 - no SQL
        assert isinstance(answer, dict) or answer in CODES, (column, comparison, value, answer)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_column_is_chosen_alone(company: Company, kind: str) -> None:
    for column in columns_of(kind):
        answer = ask(company, f"SELECT {column} FROM {kind} MAXRESULTS 2")  # noqa: S608 - no SQL
        assert isinstance(answer, dict) or answer in CODES, (column, answer)


WORDS = st.sampled_from(
    [
        "SELECT",
        "*",
        "COUNT",
        "(",
        ")",
        "FROM",
        "TaxCode",
        "Invoice",
        "RecurringTransaction",
        "ExchangeRate",
        "WHERE",
        "Id",
        "Active",
        "TotalAmt",
        "Type",
        "AsOfDate",
        "AND",
        "=",
        "<",
        "IN",
        "LIKE",
        "'%'",
        "'NaN'",
        "1",
        "0",
        "true",
        "ORDERBY",
        "ORDER",
        "BY",
        "DESC",
        ",",
        "STARTPOSITION",
        "MAXRESULTS",
        "99999999999999999999",
        "OR",
        "NOT",
        "'",
    ]
)


@given(words=st.lists(WORDS, max_size=14), head=st.sampled_from(["", "SELECT * FROM TaxCode", "SELECT * FROM Invoice"]))
def test_any_row_of_words_is_answered_or_refused(words: list[str], head: str) -> None:
    answer = ask(SAMPLE, f"{head} {' '.join(words)}")
    assert isinstance(answer, dict) or answer in CODES


def test_tax_codes_are_ordered_numbers_first_then_words(company: Company) -> None:
    found = answer_query(company, "SELECT * FROM TaxCode ORDERBY Id")["TaxCode"]
    assert [each["Id"] for each in found] == ["2", "3", "NON", "TAX"]


@pytest.mark.parametrize(("asked", "got"), [(0, 3), (1, 4), (9, 4)])
def test_page_of_tax_codes_has_three_more_than_asked_for(company: Company, asked: int, got: int) -> None:
    found = answer_query(company, f"SELECT * FROM TaxCode MAXRESULTS {asked}")  # noqa: S608 - no SQL
    assert len(found["TaxCode"]) == got
