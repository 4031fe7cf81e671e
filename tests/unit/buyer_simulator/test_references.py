"""What an invoice refers to."""

from typing import Any

import pytest

from .conftest import Desk


def test_an_invoice_that_repeats_the_order_matches(desk: Desk) -> None:
    entry = desk.send()
    assert (entry.state, entry.matched, entry.reasons) == ("in_process", True, ())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"purchase_order": ""}, ("REF", None)),
        ({"purchase_order": "S00042"}, ("REF", None)),
        ({"currency": "EUR"}, ("REF", None)),
        ({"contract": "K-9"}, ("REF", None)),
        ({"lines": [{"po_line": "11"}]}, ("REF", 1)),
        ({"lines": [{"po_line": ""}]}, ("REF", 1)),
        ({"lines": [{"item_code": "HVAC-LAB"}]}, ("ITM", 1)),
        ({"lines": [{"cost_center": "CC2"}]}, ("REF", 1)),
        ({"lines": [{"allocations": [{"cost_center": "CC1", "amount": 399}]}]}, ("REF", 1)),
    ],
)
def test_a_wrong_reference_is_named_with_its_line(desk: Desk, changes: dict[str, Any], reason: tuple[str, int]) -> None:
    desk.order(contract="K-1")
    assert desk.reasons(**changes) == [reason]


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_an_order_that_is_not_open_pays_nothing(desk: Desk, state: str) -> None:
    desk.order(state=state)
    assert desk.reasons() == [("REF", None)]


def test_a_closed_line_pays_nothing(desk: Desk) -> None:
    desk.order(lines={"10": {"is_open": False}})
    assert desk.reasons() == [("REF", 1)]


def test_numbers_and_codes_are_found_whatever_their_case(desk: Desk) -> None:
    assert desk.reasons(purchase_order=" po-1 ", lines=[{"item_code": "lab", "unit": "hur"}]) == []


def test_a_line_without_number_is_found_by_item_and_unit_where_the_policy_says_so(desk: Desk) -> None:
    desk.policy(po_line="resolvable")
    assert desk.reasons("A", lines=[{"po_line": ""}]) == []
    assert desk.reasons("B", lines=[{"po_line": "", "item_code": "OTHER"}]) == [("REF", 1)]


def test_two_lines_of_the_same_item_cannot_be_told_apart(desk: Desk) -> None:
    desk.policy(po_line="resolvable")
    desk.order(lines={"20": {"item_code": "LAB", "unit": "HUR"}})
    assert desk.reasons(lines=[{"po_line": ""}]) == [("REF", 1)]


def test_several_orders_on_one_invoice_need_permission(desk: Desk) -> None:
    desk.order(number="PO-2")
    both = [{}, {"purchase_order": "PO-2"}]
    assert desk.reasons("A", lines=both) == [("REF", None)]
    desk.policy(one_po_per_invoice=False)
    assert desk.reasons("B", lines=both) == []


def test_what_the_policy_demands_is_asked_for_all_at_once(desk: Desk) -> None:
    desk.policy(
        required=["remit_to", "buyer_reference"],
        contract_required=True,
        work_order_required=True,
        cost_center_required=True,
        item_code_required=True,
        attachments_required=["sign_off"],
        sign_off_required=True,
        number_pattern="[0-9]+",
        number_max_length=3,
        po_pattern="45[0-9]{8}",
    )
    codes = sorted(code for code, _ in desk.reasons(lines=[{"item_code": ""}]))
    assert codes == ["DEL", "ITM", "OTH", "OTH", "OTH", "REF", "REF", "REF", "REF", "REF", "REF"]


def test_a_cost_center_must_be_one_of_theirs(desk: Desk) -> None:
    desk.policy(cost_centers=["CC1"])
    desk.order(lines={"10": {"cost_center": ""}})
    assert desk.reasons("A", cost_center="cc1") == []
    assert desk.reasons("B", cost_center="CC9") == [("REF", 1)]


def test_a_job_must_be_known_completed_and_verified(desk: Desk) -> None:
    desk.policy(work_order_known=True)
    assert desk.reasons("A", work_orders=[{"number": "WO-1"}]) == [("REF", None)]
    desk.job("WO-1", completed=False, verification_pending=True)
    assert desk.reasons("B", work_orders=[{"number": "WO-1"}]) == [("DEL", None), ("DEL", None)]
    desk.job("WO-1", completed_on="2026-03-16")
    assert desk.reasons("C", work_orders=[{"number": "WO-1"}]) == [("OTH", None)]
    desk.job("WO-1", completed_on="2026-03-15")
    assert desk.reasons("D", work_orders=[{"number": "WO-1"}]) == []
