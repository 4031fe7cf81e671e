"""A whole tie-out over two sets of books in memory: what was planted is found, and nothing else."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workorder_bridge.ledgers import Booked, Period, Posted, PostedPage
from workorder_bridge.reconcile.duplicates import duplicates
from workorder_bridge.reconcile.line import Tally
from workorder_bridge.reconcile.run import Reconciliation, slices

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
DAYS = st.integers(0, 29).map(lambda days: NOVEMBER.first + timedelta(days=days))
CENTS = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)


@dataclass
class Books:
    """Both sides; counts the questions."""

    posted: list[Posted] = field(default_factory=list)
    booked: list[Booked] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    largest: int = 0
    kind: str = "invoice"

    def posted_invoices(self, _code, _kind, period, after, limit):
        self.asked["posted"] += 1
        found = sorted((each for each in self.posted if each.posted and each.date in period), key=lambda each: each.id)
        start = int(after or 0)
        page = tuple(found[start : start + limit])
        return PostedPage(invoices=page, next=str(start + limit) if len(page) == limit else None)

    def find_invoices(self, _code, _kind, keys, numbers):
        self.asked["find invoices"] += 1
        return tuple(each for each in self.posted if each.number in numbers or set(each.keys) & set(keys))

    def count(self, period):
        self.asked["count"] += 1
        return sum(each.date in period for each in self.booked)

    def between(self, period):
        found = [each for each in self.booked if each.date in period]
        self.largest = max(self.largest, len(found))
        yield from found

    def find(self, ids, numbers):
        self.asked["find"] += 1
        return [each for each in self.booked if each.id in ids or each.number in numbers]

    def lines(self, period=NOVEMBER, **options):
        return list(Reconciliation(self, self, "qbo", period, **options).lines())


def pair(place, day, total):
    """An invoice that agrees on both sides."""
    number, key, id_ = f"INV/2026/{place:05}", f"{place:032x}", str(1000 + place)
    odoo = Posted.model_validate(
        {
            "id": place,
            "kind": "invoice",
            "number": number,
            "date": day.isoformat(),
            "customer": "Mercy",
            "currency": "USD",
            "total": f"{total:.2f}",
            "tax": "0.00",
            "balance": f"{total:.2f}",
            "posted": True,
            "work_orders": [f"WO{place}"],
            "purchase_orders": [],
            "keys": [key],
            "transmission": "received",
            "external_id": id_,
            "message": "",
            "payments": [],
        }
    )
    there = Booked(id_, "invoice", number, day, "Mercy", "USD", total, Decimal(0), total, key, False, (), "")
    return odoo, there


def _changed(odoo, **changes):
    return odoo.model_copy(update=changes)


def _other_month(day):
    return date(2026, 12, 31) if day.day % 2 else date(2026, 10, 1)


def _nothing(there):
    return replace(there, total=Decimal(0), balance=Decimal(0), voided=True)


#: State → what becomes of a pair that agreed: Odoo's side, and what QuickBooks has.
PLANTS = {
    "agrees": lambda odoo, there: (odoo, [there]),
    "differs by a cent": lambda odoo, there: (odoo, [replace(there, total=there.total + Decimal("0.01"))]),
    "differs by its balance": lambda odoo, there: (odoo, [replace(there, balance=Decimal(0), payments=("9",))]),
    "differs by its number": lambda odoo, there: (odoo, [replace(there, number=f"9{there.id}")]),
    "differs, moved away": lambda odoo, there: (odoo, [replace(there, date=_other_month(there.date))]),
    "differs, moved within": lambda odoo, there: (odoo, [replace(there, date=date(2026, 11, 31 - there.date.day))]),
    "differs, moved here": lambda odoo, there: (_changed(odoo, date=_other_month(odoo.date)), [there]),
    "agrees without mark": lambda odoo, there: (odoo, [replace(there, key="")]),
    "deleted": lambda odoo, _there: (odoo, []),
    "missing": lambda odoo, _there: (_changed(odoo, external_id="", transmission="", keys=()), []),
    "not_sent": lambda odoo, _there: (_changed(odoo, external_id="", transmission="ready"), []),
    "waiting": lambda odoo, _there: (_changed(odoo, external_id="", transmission="rejected"), []),
    "voided": lambda odoo, there: (odoo, [_nothing(there)]),
    "twice by mark": lambda odoo, there: (odoo, [there, replace(there, id=f"7{there.id}", number=f"8{there.id}")]),
    "twice by number": lambda odoo, there: (odoo, [there, replace(there, id=f"7{there.id}", key="")]),
    "only_there": lambda odoo, there: (_changed(odoo, posted=False), [there]),
}


def state_of(plant):
    return plant.replace(",", "").split()[0]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(PLANTS)), DAYS, CENTS), max_size=25),
    st.integers(0, 3),
    st.sampled_from([1, 3, 1000]),
    st.sampled_from([1, 2, 500]),
)
def test_planted_differences_are_all_found_and_nothing_else(plants, strangers, slice_size, page_size):
    books, expected = Books(), {}
    for place, (plant, day, total) in enumerate(plants, 1):
        odoo, there = pair(place, day, total)
        changed, left = PLANTS[plant](odoo, there)
        books.posted.append(changed)
        books.booked += left
        expected[odoo.number] = state_of(plant)
        if plant == "differs, moved within" and left == [there]:
            expected[odoo.number] = "agrees"
    for place in range(strangers):
        _, there = pair(90_000 + place, NOVEMBER.last, Decimal(5))
        books.booked.append(replace(there, key="", number=f"B-{place}"))
    lines = books.lines(slice_size=slice_size, page_size=page_size)
    ours = [line for line in lines if line.state != "stranger"]
    assert sorted(line.number for line in ours) == sorted(expected)
    assert {line.number: line.state for line in ours} == expected
    assert len(lines) - len(ours) == strangers
    tally = Tally(NOVEMBER)
    for line in lines:
        tally.add(line)
    assert tally.clean == (set(expected.values()) <= {"agrees"})
    there = [each for each in books.booked if each.date in NOVEMBER and not each.number.startswith("B-")]
    here = [each for each in books.posted if each.posted and each.date in NOVEMBER]
    sums = tally.sums.get("USD")
    assert (sums.quickbooks.total if sums else 0) == sum(each.total for each in there)
    assert (sums.odoo.total if sums else 0) == sum(each.total for each in here)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["once", "mark", "number", "voided copy", "strangers"]), max_size=12))
def test_duplicate_scan_finds_each_planted_copy_and_nothing_else(plants):
    books, expected = Books(), set()
    for place, plant in enumerate(plants, 1):
        _, there = pair(place, NOVEMBER.first + timedelta(days=place), Decimal(10))
        copy = replace(there, id=f"7{there.id}", date=NOVEMBER.last)
        books.booked.append(there if plant != "strangers" else replace(there, key="", number=f"B-{place}"))
        if plant == "mark":
            books.booked.append(replace(copy, number=f"8{there.id}"))
        elif plant == "number":
            books.booked.append(replace(copy, key=""))
        elif plant == "voided copy":
            books.booked.append(_nothing(copy))
        elif plant == "strangers":
            books.booked.append(replace(copy, key="", number=f"B-{place}"))
        if plant in ("mark", "number"):
            expected.add(frozenset((there.id, copy.id)))
    found = list(duplicates(books, NOVEMBER))
    assert {frozenset(each.id for each in line.booked) for line in found} == expected
    assert all(line.state == "twice" for line in found)


def test_copies_that_share_mark_and_number_are_told_once():
    _, there = pair(1, NOVEMBER.first, Decimal(10))
    books = Books(booked=[there, replace(there, id="7")])
    assert len(list(duplicates(books, NOVEMBER))) == 1


def test_invoice_typed_in_under_our_numbers_is_told_and_others_are_not():
    odoo, there = pair(1, NOVEMBER.first, Decimal(10))
    typed = replace(there, id="55", number="INV/2026/00099", key="")
    books = Books([odoo], [there, typed, replace(typed, id="56", number="1007")])
    assert [(line.number, line.state) for line in books.lines()] == [
        ("INV/2026/00001", "agrees"),
        ("INV/2026/00099", "only_there"),
        ("1007", "stranger"),
    ]


def test_slices_hold_at_most_so_many_invoices_and_every_day_once():
    books = Books(booked=[pair(n, NOVEMBER.first + timedelta(days=n % 30), Decimal(1))[1] for n in range(120)])
    parts = list(slices(books, NOVEMBER, 10))
    assert all(books.count(part) <= 10 or part.days == 1 for part in parts)
    days = [part.first + timedelta(days=n) for part in parts for n in range(part.days)]
    assert days == [NOVEMBER.first + timedelta(days=n) for n in range(30)]


@pytest.mark.parametrize("invoices", [30, 3000])
def test_memory_holds_a_slice_and_questions_stay_few_when_all_agrees(invoices):
    books = Books()
    for place in range(invoices):
        odoo, there = pair(place, NOVEMBER.first + timedelta(days=place % 30), Decimal(1))
        books.posted.append(odoo)
        books.booked.append(there)
    assert {line.state for line in books.lines(slice_size=500)} == {"agrees"}
    assert books.largest <= 500
    assert books.asked["find"] == books.asked["find invoices"] == 0
    assert books.asked["count"] <= 1 + 2 * invoices // 100


def test_slice_that_is_too_much_in_odoo_alone_is_divided_too():
    books = Books()
    for place in range(90):
        odoo, _ = pair(place, NOVEMBER.first + timedelta(days=place % 30), Decimal(1))
        books.posted.append(_changed(odoo, external_id="", transmission="ready"))
    lines = books.lines(slice_size=20, page_size=5)
    assert sorted(line.posted.id for line in lines) == list(range(90))
    assert {line.state for line in lines} == {"not_sent"}


def test_reading_is_told_as_it_goes():
    books = Books()
    for place in range(10):
        odoo, there = pair(place, NOVEMBER.first, Decimal(1))
        books.posted.append(odoo)
        books.booked.append(there)
    told = []
    books.lines(page_size=5, observe=lambda odoo, quickbooks: told.append((odoo, quickbooks)))
    assert told[-1] == (10, 10)
    assert told == sorted(told)
