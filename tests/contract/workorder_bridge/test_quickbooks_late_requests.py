"""A request that comes after its sender was given up: what was refused meanwhile, and goes out anew, is asked about.

QuickBooks neither remembers request ids here nor minds a number twice, so only asking first is left.
"""

import uuid

import pytest
from workorder_bridge.document import parse_document
from workorder_bridge.examples import example_line
from workorder_bridge.ports import Parcel
from workorder_bridge.receipt import Receipt, verify
from workorder_bridge.settlement import outcome_of_receipt


@pytest.fixture
def late(batches, quickbooks, simulator, send):
    """Two invoices a late request brought, and the answers nobody heard."""
    simulator.control("settings", {"request_id_seconds": 0, "check_duplicate_numbers": False})
    batch = batches(*batches.numbered(2), realm=quickbooks.realm)
    return batch, send(quickbooks.open(), batch)


def handed_out_anew(batch, **changes):
    """The same rows in a new batch, as Odoo names what went before."""
    rows = [row.model_copy(update={"earlier_keys": (row.key,), **changes}) for row in batch.rows]
    return batch.model_copy(update={"lease": str(uuid.uuid4()), "rows": tuple(rows)})


def new_revision(batch):
    rows = handed_out_anew(batch, revision=2)
    keyed = [row.model_copy(update={"key": uuid.uuid4().hex}) for row in rows.rows]
    return rows.model_copy(update={"rows": tuple(keyed)})


def for_three_hours():
    """What changes in the example when its labor took three hours."""
    return {
        "lines": [example_line(quantity="3", unit_price="90.00", subtotal="270.00", tax_amount="20.25")],
        "taxes": [{"id": 5, "name": "7.5%", "base": "270.00", "amount": "20.25"}],
        "totals": {"untaxed": "270.00", "tax": "20.25", "total": "290.25"},
    }


@pytest.mark.parametrize("anew", [handed_out_anew, new_revision])
def test_what_came_late_is_adopted(late, anew, quickbooks, simulator, send):
    batch, first = late
    again = send(quickbooks.open(), anew(batch))
    assert [answer.external_id for answer in again] == [answer.external_id for answer in first]
    assert len(simulator.invoices()) == 2


def test_what_came_late_and_says_something_else_differs(late, batches, quickbooks, simulator, send):
    batch, (earlier, _other) = late
    corrected = batches(*batches.numbered(1, **for_three_hours()), realm=quickbooks.realm)
    (row,) = (row.model_copy(update={"earlier_keys": (batch.rows[0].key,), "revision": 2}) for row in corrected.rows)
    (answer,) = send(quickbooks.open(), corrected.model_copy(update={"rows": (row,)}))
    assert answer.external_id == earlier.external_id
    assert outcome_of_receipt(Parcel(row, parse_document(row.document, row.sha256)), answer).state == "disputed"
    assert len(simulator.invoices()) == 2


def test_what_came_late_and_was_voided_is_no_hindrance(late, quickbooks, simulator, send):
    batch, first = late
    for receipt in first:
        simulator.control("accountant/void", {"kind": "Invoice", "id": receipt.external_id})
    again = send(quickbooks.open(), new_revision(batch))
    assert {answer.external_id for answer in again}.isdisjoint(answer.external_id for answer in first)
    for row, answer in zip(batch.rows, again, strict=True):
        assert isinstance(answer, Receipt)
        verify(parse_document(row.document, row.sha256), answer)


def test_rows_nobody_had_before_cost_no_question(batches, quickbooks, simulator, send):
    first = batches(*batches.numbered(2), realm=quickbooks.realm)
    send(quickbooks.open(), first)
    simulator.control("statistics", method="DELETE")
    send(quickbooks.open(), batches(batches.numbered(3)[2], realm=quickbooks.realm))
    assert simulator.statistics["queries"] == 0
