"""Quantities, prices and amounts, at, below and above the edge of what is allowed."""

from typing import Any

import pytest

from .conftest import Desk

FILTERS = {"po_line": "20", "item_code": "FLT", "unit": "EA", "unit_price": "2.50"}


def labor(quantity: Any, price: Any = 100, **more: Any) -> dict[str, Any]:
    return {"quantity": quantity, "unit_price": price, "amount": f"{float(quantity) * float(price):.2f}", **more}


def test_the_ordered_quantity_holds_over_all_invoices_and_lines(desk: Desk) -> None:
    assert desk.reasons("A", lines=[labor(4), labor(3)]) == []
    assert desk.reasons("B", lines=[labor(2), labor(2), labor(1)])[:3] == [("QTY", 1), ("QTY", 2), ("QTY", 3)]
    assert desk.reasons("C", lines=[labor(2), labor(1)]) == []
    assert ("QTY", 1) in desk.reasons("D", lines=[labor("0.01")])


@pytest.mark.parametrize(("quantity", "over"), [("11", False), ("11.01", True)])
def test_quantity_tolerance_is_met_at_its_edge(desk: Desk, quantity: str, over: bool) -> None:
    desk.policy(quantity={"percent": 10}, line_amount={"percent": 50}, header_amount={"percent": 50})
    assert desk.reasons(lines=[labor(quantity)]) == ([("QTY", 1)] if over else [])


@pytest.mark.parametrize(
    ("tolerance", "rule", "price", "fits"),
    [
        ({}, "strictest", "100.01", False),
        ({"percent": 2}, "strictest", "102", True),
        ({"percent": 2}, "strictest", "102.01", False),
        ({"percent": 2}, "strictest", "98", True),
        ({"percent": 2}, "strictest", "97.99", False),
        ({"percent": 2, "amount": "1.50"}, "strictest", "101.50", True),
        ({"percent": 2, "amount": "1.50"}, "strictest", "101.51", False),
        ({"percent": 2, "amount": "1.50"}, "either", "102", True),
        ({"percent": 2, "amount": "1.50"}, "either", "102.01", False),
        ({"amount": "1.50"}, "strictest", "101.50", True),
    ],
)
def test_price_tolerance_is_met_at_its_edge(
    desk: Desk, tolerance: dict[str, Any], rule: str, price: str, fits: bool
) -> None:
    loose = {"percent": 50}
    desk.policy(price=tolerance, tolerances=rule, line_amount=loose, header_amount=loose)
    assert desk.reasons(lines=[labor(1, price)]) == ([] if fits else [("PRI", 1)])


def test_a_lower_price_passes_where_only_higher_ones_are_questioned(desk: Desk) -> None:
    desk.policy(price_direction="over")
    assert desk.reasons(lines=[labor(1, 80)]) == []


def test_a_discount_counts_into_the_price(desk: Desk) -> None:
    assert desk.reasons("A", lines=[labor(1, 125, discount_percent=20, amount="100.00")]) == []
    assert ("PRI", 1) in desk.reasons("B", lines=[labor(1, 100, discount_percent=20, amount="80.00")])


def test_price_basis_and_units_are_converted_before_comparing(desk: Desk) -> None:
    desk.policy(conversions=[{"unit": "BX", "into": "EA", "factor": 12}])
    assert desk.reasons("A", lines=[{**FILTERS, "quantity": 4, "amount": "10.00"}]) == []
    assert desk.reasons("B", lines=[{**FILTERS, "quantity": 1, "unit": "bx", "unit_price": 30, "amount": 30}]) == []
    per_hundred = {**FILTERS, "quantity": 8, "unit_price": 250, "price_basis": 100, "amount": 20}
    assert desk.reasons("C", lines=[per_hundred]) == []
    assert ("QTY", 1) in desk.reasons("D", lines=[{**FILTERS, "quantity": 1, "amount": "2.50"}])


def test_the_table_of_units_holds_backwards_without_losing_a_third(desk: Desk) -> None:
    desk.policy(conversions=[{"unit": "DAY", "into": "HUR", "factor": 3}])
    desk.order(lines={"10": {"quantity": 1, "unit": "DAY", "unit_price": 300}})
    assert desk.reasons("A", lines=[labor(1), labor(1), labor(1)]) == []


def test_a_unit_nobody_knows_is_refused(desk: Desk) -> None:
    assert desk.reasons(lines=[{"unit": "KGM"}]) == [("QTY", 1)]


def test_three_way_match_pays_only_what_was_confirmed(desk: Desk) -> None:
    desk.policy(matching="3-way")
    assert desk.reasons("A") == [("DEL", 1)]
    desk.received("10", 3)
    assert desk.reasons("B") == [("DEL", 1)]
    desk.received("10", 1)
    assert desk.reasons("C") == []
    assert desk.reasons("D", lines=[labor(1)]) == [("DEL", 1)]


def test_a_line_bought_by_amount_is_received_and_billed_by_amount(desk: Desk) -> None:
    desk.order(lines={"10": {"quantity": None, "unit_price": None, "amount_limit": 500}})
    assert desk.reasons("A") == []
    assert desk.reasons("B", lines=[labor(1, "100.01")]) == [("FIN", 1)]
    assert desk.reasons("C", lines=[labor(1, "100.00")]) == []


@pytest.mark.parametrize(("quantity", "over"), [("5.00", False), ("5.01", True)])
def test_a_blanket_limit_holds_over_all_invoices(desk: Desk, quantity: str, over: bool) -> None:
    desk.order(limit=900)
    assert desk.reasons("A") == []
    assert desk.reasons("B", lines=[labor(quantity)]) == ([("FIN", None)] if over else [])


def test_header_tolerance_is_the_stricter_of_percent_and_amount(desk: Desk) -> None:
    desk.policy(header_amount={"percent": 10, "amount": 50})
    desk.order(limit=400)
    assert desk.reasons("A", lines=[labor("4.51")]) == [("FIN", None)]
    assert desk.reasons("B", lines=[labor("4.40")]) == []


def test_a_job_is_billed_up_to_its_cap(desk: Desk) -> None:
    desk.job("WO-1", not_to_exceed=500)
    assert desk.reasons("A", work_orders=[{"number": "WO-1"}]) == []
    assert desk.reasons("B", lines=[labor("1.01", work_order="wo-1")]) == [("FIN", None)]
    assert desk.reasons("C", lines=[labor("1.00", work_order="wo-1")]) == []


def test_the_cap_includes_tax_where_the_policy_counts_it(desk: Desk) -> None:
    desk.job("WO-1", not_to_exceed=400)
    desk.order(tax="charged", tax_rate="7.5")
    taxed = {"lines": [{"tax_rates": ["7.5"], "tax_amount": "30.00"}], "work_orders": [{"number": "WO-1"}]}
    desk.policy(not_to_exceed_includes_tax=True)
    assert desk.reasons("A", **taxed) == [("FIN", None)]
    desk.policy()
    assert desk.reasons("B", **taxed) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"quantity": 0, "amount": 0}, ("QTY", 1)),
        ({"quantity": 1, "unit_price": 100, "discount_percent": 100, "amount": 0}, ("FIN", 1)),
        ({"quantity": "1.125", "amount": "112.50"}, ("QTY", 1)),
    ],
)
def test_empty_lines_and_too_many_decimals_are_refused(desk: Desk, line: dict[str, Any], reason: Any) -> None:
    desk.policy(quantity_decimals=2, price={"percent": 100})
    assert desk.reasons(lines=[line]) == [reason]


@pytest.mark.parametrize(("amount", "fits"), [("33.34", True), ("33.33", True), ("33.35", False)])
def test_a_line_may_be_off_by_rounding_only(desk: Desk, amount: str, fits: bool) -> None:
    line = {"quantity": "0.33333", "amount": amount}
    assert desk.reasons(lines=[line]) == ([] if fits else [("FIN", 1)])


@pytest.mark.parametrize(
    "wrong", [{"untaxed": "401.00", "total": "401.00"}, {"tax": 1, "total": 401}, {"total": "400.02"}, {"due": "300"}]
)
def test_totals_that_do_not_add_up_are_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    assert desk.reasons(**wrong) == [("FIN", None)]
