"""The proof to the cent."""

from decimal import Decimal

import pytest
from workorder_bridge.document import InvoiceDocument
from workorder_bridge.errors import ReceiptMismatch
from workorder_bridge.examples import example_content
from workorder_bridge.receipt import Receipt, verify

DOCUMENT = InvoiceDocument.model_validate(example_content())


def receipt(**changes: object) -> Receipt:
    values = {
        "external_id": "145",
        "number": "INV/2026/00001",
        "version": "0",
        "currency": "USD",
        "total": Decimal("193.50"),
        "tax": Decimal("13.50"),
    }
    return Receipt(**{**values, **changes})


def test_equal_receipt_passes():
    verify(DOCUMENT, receipt(total=Decimal("193.5")))


def test_one_cent_is_named_with_both_amounts_and_the_difference():
    with pytest.raises(ReceiptMismatch) as caught:
        verify(DOCUMENT, receipt(total=Decimal("193.51")))
    assert caught.value.message == ("The total is 193.50 in Odoo but 193.51 at the destination: a difference of 0.01.")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": "1045"}, "The invoice number is INV/2026/00001 in Odoo but 1045 at the destination."),
        ({"number": ""}, "but empty at the destination"),
        ({"currency": "CAD"}, "The currency is USD in Odoo but CAD"),
        (
            {"tax": Decimal("13.49")},
            "The total tax is 13.50 in Odoo but 13.49 at the destination: a difference of -0.01.",
        ),
    ],
)
def test_each_difference_is_told(change, said):
    with pytest.raises(ReceiptMismatch) as caught:
        verify(DOCUMENT, receipt(**change))
    assert said in caught.value.message


def test_all_differences_are_told_at_once():
    with pytest.raises(ReceiptMismatch) as caught:
        verify(DOCUMENT, receipt(number="x", currency="EUR", total=Decimal(0), tax=Decimal(0)))
    assert len(caught.value.differences) == 4
