"""Duplicates, charges, terms, dates, credits."""

from typing import Any

import pytest
from buyer_simulator.matching.numbers import same_number

from .conftest import Desk

FREIGHT_LINE = {"kind": "freight", "po_line": "", "item_code": "", "quantity": 1, "unit_price": 30, "amount": 30}
FREIGHT = [{"kind": "freight", "amount": 30}]


@pytest.mark.parametrize(
    ("one", "other"),
    [("INV-007", "inv 7"), ("INV/2026/00012", "INV-2026-12"), ("0001", "1"), ("a_1", "A1"), ("4500-123", "4500123")],
)
def test_numbers_that_differ_in_case_punctuation_or_zeros_are_the_same(one: str, other: str) -> None:
    assert same_number(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("INV-7", "INV-70"), ("A1", "B1"), ("10", "1"), ("INV-2026-12", "INV-2025-12"), ("A/01/11", "A/11/01")],
)
def test_other_numbers_are_others(one: str, other: str) -> None:
    assert not same_number(one, other)


def test_a_number_is_taken_once_from_each_supplier(desk: Desk) -> None:
    assert desk.reasons("INV-007") == []
    assert desk.reasons("inv 7") == [("OTH", None)]
    assert desk.reasons("inv 7", supplier="OTHER") == []


def test_a_rejected_number_is_used_up_unless_the_policy_allows_it(desk: Desk) -> None:
    assert desk.reasons("INV-1", currency="EUR") == [("REF", None)]
    assert desk.reasons("INV-1") == [("OTH", None)]
    desk.policy(rejected_number_reusable=True)
    assert desk.reasons("INV-1") == []
    assert desk.reasons("INV-1") == [("OTH", None)]


def test_one_invoice_for_each_work_order_where_the_policy_says_so(desk: Desk) -> None:
    desk.policy(one_invoice_per_work_order=True)
    job = {"work_orders": [{"number": "WO-1"}], "lines": [{"quantity": 1, "amount": 100}]}
    assert desk.reasons("A", **{**job, "currency": "EUR"}) == [("REF", None)]
    assert desk.reasons("B", **job) == []
    assert desk.reasons("C", **job) == [("OTH", None)]


@pytest.mark.parametrize(
    ("order", "line", "fits"),
    [
        ({"tax": "exempt"}, {"tax_rates": ["7.5"], "tax_amount": "30.00"}, False),
        ({"tax": "barred"}, {"tax_rates": ["7.5"], "tax_amount": "30.00"}, False),
        ({"tax": ""}, {"tax_rates": ["7.5"], "tax_amount": "30.00"}, True),
        ({"tax": "charged"}, {}, False),
        ({"tax": "charged", "tax_rate": "7.5"}, {"tax_rates": ["7.5"], "tax_amount": "30.00"}, True),
        ({"tax": "charged", "tax_rate": "7.5"}, {"tax_rates": ["5", "2.6"], "tax_amount": "30.40"}, True),
        ({"tax": "charged", "tax_rate": "7.5"}, {"tax_rates": ["7.61"], "tax_amount": "30.44"}, False),
    ],
)
def test_tax_follows_the_order(desk: Desk, order: dict[str, Any], line: dict[str, Any], fits: bool) -> None:
    desk.policy(tax_rate_tolerance="0.1")
    desk.order(**order)
    assert desk.reasons(lines=[line]) == ([] if fits else [("FIN", 1)])


def test_freight_needs_the_orders_leave(desk: Desk) -> None:
    assert desk.reasons("A", charges=FREIGHT) == [("FIN", None)]
    assert desk.reasons("B", lines=[{}, FREIGHT_LINE]) == [("FIN", 2)]
    desk.order(freight="allowed")
    assert desk.reasons("C", charges=FREIGHT) == []


def test_freight_is_capped_over_all_invoices(desk: Desk) -> None:
    desk.order(freight="allowed", freight_limit=50)
    one = {"lines": [{"quantity": 1, "amount": 100}], "charges": FREIGHT}
    assert desk.reasons("A", **one) == []
    assert desk.reasons("B", **one) == [("FIN", None)]
    assert desk.reasons("C", **{**one, "charges": [{"kind": "freight", "amount": 20}]}) == []


def test_freight_stands_where_the_policy_wants_it(desk: Desk) -> None:
    desk.policy(freight="any", freight_on="header")
    assert desk.reasons("A", lines=[{}, FREIGHT_LINE]) == [("FIN", 2)]
    desk.policy(freight="any", freight_on="line")
    assert desk.reasons("B", charges=FREIGHT) == [("FIN", None)]


def test_other_charges_need_leave_and_a_text(desk: Desk) -> None:
    fuel = [{"kind": "other", "amount": 5, "description": "Fuel"}]
    assert desk.reasons("A", charges=fuel) == [("FIN", None)]
    desk.policy(other_charges_allowed=True)
    assert desk.reasons("B", charges=fuel) == []
    assert desk.reasons("C", charges=[{"kind": "other", "amount": 5}]) == [("FIN", None)]


def test_retention_is_shown_the_way_it_is_booked(desk: Desk) -> None:
    desk.policy(retention="total")
    assert desk.reasons("A", retention=40, due=360) == []
    desk.policy(retention="line")
    assert desk.reasons("B", retention=40, due=360) == [("FIN", None)]


@pytest.mark.parametrize(
    ("terms", "fits"),
    [
        ({"code": "2/10 net 30"}, True),
        ({"code": "2/10 Net 30", "net_days": 30, "discount_percent": 2, "discount_days": 10}, True),
        ({"code": "Net 45", "net_days": 45}, True),
        ({"code": "Net 15", "net_days": 15}, False),
        ({"code": "1/10 Net 30", "net_days": 30, "discount_percent": 1, "discount_days": 10}, False),
        ({"code": "2/7 Net 30", "net_days": 30, "discount_percent": 2, "discount_days": 7}, False),
        ({"code": "2/10 Net 30", "discount_date": "2026-03-25"}, True),
        ({"code": "2/10 Net 30", "discount_date": "2026-03-24"}, False),
        ({"code": "Whenever"}, False),
    ],
)
def test_terms_may_be_better_for_the_buyer_never_worse(desk: Desk, terms: dict[str, Any], fits: bool) -> None:
    assert desk.reasons(terms=terms) == ([] if fits else [("PAY", None)])


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"issue_date": "2026-03-20"}, []),
        ({"issue_date": "2026-03-21"}, ["OTH"]),
        ({"issue_date": "2026-03-10"}, []),
        ({"issue_date": "2026-03-09"}, ["OTH"]),
        ({"due_date": "2026-04-14"}, []),
        ({"due_date": "2026-04-13"}, ["PAY"]),
        ({"due_date": "2026-03-14"}, ["PAY", "PAY"]),
        ({"lines": [{"service_date": "2026-01-01"}]}, []),
        ({"lines": [{"service_date": "2025-12-31"}]}, ["DEL"]),
        ({"service_start": "2026-02-01", "service_end": "2027-01-01"}, ["DEL"]),
        ({"service_start": "2026-02-02", "service_end": "2026-02-01"}, ["DEL"]),
    ],
)
def test_dates_at_their_edges(desk: Desk, changes: dict[str, Any], codes: list[str]) -> None:
    desk.policy(backdating_days=10)
    assert [code for code, _ in desk.reasons(**changes)] == codes


def test_an_order_is_valid_on_the_invoice_date(desk: Desk) -> None:
    desk.order(valid_to="2026-03-15")
    assert desk.reasons("A") == []
    desk.order(valid_to="2026-03-14")
    assert desk.reasons("B") == [("REF", None)]
    desk.order(valid_to="2026-03-14", limit=5000)
    assert desk.reasons("C") == [("FIN", None)]


def test_dates_that_cut_the_invoices_own_terms_are_questioned(desk: Desk) -> None:
    desk.policy(terms_must_match=False)
    own = {"code": "X", "net_days": 20, "discount_percent": 1, "discount_days": 5}
    assert desk.reasons("A", terms={**own, "discount_date": "2026-03-20"}, due_date="2026-04-04") == []
    assert desk.reasons("B", terms={**own, "discount_date": "2026-03-19"}, due_date="2026-04-03") == [("PAY", None)] * 2
    assert desk.reasons("C", terms={"code": "X", "discount_percent": 1}) == [("PAY", None)]


def test_an_invoice_without_terms_is_questioned_where_the_order_has_them(desk: Desk) -> None:
    assert desk.reasons("A", terms=None) == [("PAY", None)]
    desk.order(terms=None)
    assert desk.reasons("B", terms=None) == []


def test_a_credit_takes_back_what_is_left_of_its_original(desk: Desk) -> None:
    assert desk.reasons("INV-1") == []
    half = {"kind": "credit", "original": "inv 1", "lines": [{"quantity": 2, "amount": 200}]}
    assert desk.reasons("C-1", **half) == []
    assert desk.reasons("C-2", **half) == []
    assert desk.reasons("C-3", **half) == [("REF", None), ("REF", 1)]


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, [("REF", None)]),
        ({"original": "INV-9"}, [("REF", None)]),
        ({"original": "INV-1", "purchase_order": ""}, [("REF", None), ("REF", 1)]),
        ({"original": "INV-1", "lines": [{"po_line": "20", "item_code": "FLT", "unit": "EA"}]}, [("REF", 1)]),
        ({"original": "INV-1", "lines": [{"quantity": "4.01", "amount": "401.00"}]}, [("REF", None), ("REF", 1)]),
    ],
)
def test_a_credit_for_something_else_is_refused(desk: Desk, changes: dict[str, Any], reasons: Any) -> None:
    assert desk.reasons("INV-1") == []
    assert desk.reasons("C-1", kind="credit", **changes) == reasons


def test_files_must_be_of_a_kind_number_and_size_that_is_taken(desk: Desk) -> None:
    desk.policy(
        attachments_required=["sign_off"],
        attachment_types=["application/pdf"],
        attachment_max_count=1,
        attachment_max_bytes=100,
    )
    files = [
        {"kind": "photo", "name": "a.exe", "mimetype": "application/x-dosexec", "size": 60},
        {"kind": "photo", "name": "b.pdf", "mimetype": "application/pdf", "size": 60},
    ]
    assert desk.reasons("A", attachments=files) == [("OTH", None)] * 4
    assert desk.reasons("B", attachments=[{**files[1], "kind": "sign_off"}]) == []


def test_a_sign_off_is_wanted_for_each_job(desk: Desk) -> None:
    desk.policy(sign_off_required=True)
    jobs = [{"number": "WO-1", "signed_by": "R. Okafor"}, {"number": "WO-2"}]
    assert desk.reasons("A", work_orders=jobs) == [("DEL", None)]
    assert desk.reasons("B", work_orders=jobs[:1]) == []
