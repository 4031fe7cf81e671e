"""Answers a query from the company's books."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.company.store import Key, Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.query.comparison import TIMES, comparable, matches, value_of
from quickbooks_simulator.query.exchange import rates_asked_for, with_usual_names
from quickbooks_simulator.query.obstacles import check_stored_emails
from quickbooks_simulator.query.sentence import Condition, Sentence, parse_query

DEFAULT_PAGE = 100
LARGEST_PAGE = 1000
UNCOUNTED = 3
"""How many tax codes a page has beyond what was asked for. Source: a client's test against the real service (V)."""

_RANKS = (type(None), bool, Decimal, datetime, str)


def answer_query(company: Company, query: str, hidden: frozenset[Key] = frozenset()) -> Record:
    """The QueryResponse object; empty when nothing was found. Source: recorded answers (V)."""
    sentence = parse_query(query)
    kind = _check(sentence)
    records: Iterable[Record]
    if kind.name == "ExchangeRate":
        records = rates_asked_for(company, sentence)
    else:
        visible = (record for record in company.store.all(kind.name) if (kind.name, record["Id"]) not in hidden)
        records = company.present_all(kind.name, visible)
    found = [record for record in records if all(matches(record, each) for each in sentence.conditions)]
    if sentence.counts:
        return {"totalCount": len(found)}
    _sort(found, sentence)
    page = _page(found, sentence, kind)
    if not page:
        return {}
    check_stored_emails(company, page)
    shown = [kind.shown(_choose_columns(record, sentence.columns, kind)) for record in page]
    return {kind.label: shown, "startPosition": sentence.start, "maxResults": len(shown)}


def _check(sentence: Sentence) -> Kind:
    """Refuse what the books cannot answer, and let inactive names out unless they were asked for (V)."""
    kind = next((each for each in KINDS.values() if each.name.lower() == sentence.kind.lower()), None)
    if kind is None:
        raise Fault("4001", f"QueryValidationError: invalid context declaration: {sentence.kind}")
    if kind.name == "ExchangeRate":
        sentence.conditions = with_usual_names(sentence.conditions)
    for condition in sentence.conditions:
        _check_condition(kind, condition)
    for name in [*sentence.columns, *(name for name, _ in sentence.order)]:
        if name.split(".")[0] not in kind.properties:
            raise Fault("4001", f"QueryValidationError: Property {name} not found for Entity {kind.name}")
    if sentence.most is not None and sentence.most > LARGEST_PAGE:
        raise Fault("4001", f"QueryValidationError: value {sentence.most} is too large for MAXRESULTS, {LARGEST_PAGE}")
    if "Active" in kind.filterable and all(each.property != "Active" for each in sentence.conditions):
        sentence.conditions.append(Condition("Active", "=", ("true",)))
    return kind


def _check_condition(kind: Kind, condition: Condition) -> None:
    """Which properties can be compared, and Id by = and IN only. Source: reference and threads (P)."""
    if condition.property == "Id":
        if condition.comparison not in ("=", "IN"):
            raise Fault("4001", f"QueryValidationError: Id cannot be compared with {condition.comparison}")
    elif condition.property not in kind.filterable and condition.property not in TIMES:
        known = condition.property.split(".")[0] in kind.properties
        problem = "is not queryable" if known else f"not found for Entity {kind.name}"
        raise Fault("4001", f"QueryValidationError: Property {condition.property} {problem}")


def _sort(found: list[Record], sentence: Sentence) -> None:
    """Sort by the wanted properties, last one first so that earlier ones win; records without a value come first."""
    for name, descending in reversed(sentence.order):
        found.sort(key=lambda record, name=name: _sort_key(record, name), reverse=descending)  # type: ignore[misc]


def _sort_key(record: Record, name: str) -> tuple[int, Any]:
    """Values of one type among themselves: the ids of tax codes are numbers and the words TAX and NON (V)."""
    value = value_of(record, name)
    if value is None:
        return (0, "")
    if name == "Id" and str(value).isdecimal():
        return (1, int(value))
    known = comparable(value, name)
    return (_RANKS.index(type(known)), known)


def _page(found: list[Record], sentence: Sentence, kind: Kind) -> list[Record]:
    """One page: 100 records unless asked otherwise, at most 1000 (P)."""
    most = DEFAULT_PAGE if sentence.most is None else sentence.most
    most += 0 if kind.paged else UNCOUNTED
    return found[sentence.start - 1 : sentence.start - 1 + most]


def _choose_columns(record: Record, columns: list[str], kind: Kind) -> Record:
    """The wanted columns, whole objects even for a dotted name; such a record is marked sparse (M)."""
    if not columns:
        return record
    wanted = {"domain", "Id", *kind.always_chosen, *(name.split(".")[0] for name in columns)}
    return {**{name: value for name, value in record.items() if name in wanted}, "sparse": True}
