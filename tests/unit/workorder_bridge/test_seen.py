"""QuickBooks' objects as Odoo is told about them."""

from decimal import Decimal

from workorder_bridge.destinations.quickbooks.seen import seen_customer, seen_invoice, seen_payment
from workorder_bridge.news import Seen, SeenInvoice, SeenPayment

LINE = {
    "DetailType": "SalesItemLineDetail",
    "Amount": Decimal("180.00"),
    "SalesItemLineDetail": {
        "ItemRef": {"value": "2", "name": "HVAC labor"},
        "Qty": Decimal("2.0"),
        "TaxCodeRef": {"value": "TAX"},
    },
}
INVOICE = {
    "Id": "145",
    "SyncToken": "3",
    "DocNumber": "INV/1",
    "CustomerRef": {"value": "1", "name": "Mercy"},
    "TotalAmt": Decimal("193.5"),
    "TxnTaxDetail": {"TotalTax": Decimal("13.5")},
    "TxnDate": "2026-11-22",
    "DueDate": "2026-12-22",
    "CustomerMemo": {"value": "PO 4500"},
    "PrivateNote": "Odoo INV/1 [wb:abc]",
    "MetaData": {"LastUpdatedTime": "2026-11-23T02:00:00-08:00"},
    "Line": [LINE, {"DetailType": "SubTotalLineDetail", "Amount": Decimal("180.00")}],
}


def test_invoice_is_told_with_its_offset_free_moment_and_lines_people_can_compare():
    seen = seen_invoice("invoice", INVOICE, "USD")
    assert (seen.version, seen.status, seen.changed_at) == ("3", "present", "2026-11-23T10:00:00+00:00")
    assert (seen.currency, seen.total, seen.tax) == ("USD", Decimal("193.5"), Decimal("13.5"))
    assert seen.lines == ("2 × HVAC labor: 180.00 (TAX)",)
    assert seen.as_message()["total"] == "193.50"


def test_invoice_without_our_mark_is_told_without_lines():
    assert seen_invoice("invoice", {**INVOICE, "PrivateNote": "by hand"}, "USD").lines is None


def test_voided_and_deleted_are_told_apart_from_a_zero_invoice():
    voided = {**INVOICE, "TotalAmt": 0, "PrivateNote": "Voided - Odoo INV/1 [wb:abc]"}
    assert seen_invoice("invoice", voided, "USD").status == "voided"
    assert seen_invoice("invoice", {**INVOICE, "TotalAmt": 0}, "USD").status == "present"
    gone = seen_invoice("invoice", {"Id": "145", "status": "Deleted"}, "USD")
    assert (gone.status, gone.version, gone.as_message()["total"]) == ("deleted", "", "0.00")


def test_payment_is_told_with_its_parts_what_is_left_and_its_credits():
    links = [("Invoice", "145", "100.00"), ("Invoice", "146", "40.00"), ("CreditMemo", "9", "5.00")]
    payment = {
        "Id": "7",
        "SyncToken": "1",
        "TotalAmt": Decimal("150"),
        "UnappliedAmt": Decimal("15"),
        "TxnDate": "2026-11-30",
        "Line": [
            {"Amount": Decimal(paid), "LinkedTxn": [{"TxnType": kind, "TxnId": txn}]} for kind, txn, paid in links
        ],
    }
    told = seen_payment(payment, "USD").as_message()
    assert told["parts"] == [
        {"invoice_external_id": "145", "amount": "100.00"},
        {"invoice_external_id": "146", "amount": "40.00"},
    ]
    assert (told["total"], told["unapplied"], told["credits"]) == ("150.00", "15.00", ["CreditMemo"])


def test_payment_that_is_void_or_gone_pays_nothing():
    void = seen_payment({"Id": "7", "SyncToken": "2", "TotalAmt": 0, "PrivateNote": "Voided"}, "USD")
    assert (void.status, void.parts) == ("voided", ())
    assert seen_payment({"Id": "7", "status": "Deleted"}, "USD").status == "deleted"


def test_customer_that_is_absent_from_active_is_active():
    assert seen_customer({"Id": "1", "DisplayName": "Mercy"}).active
    assert not seen_customer({"Id": "1", "DisplayName": "Mercy (deleted)", "Active": False}).active


def test_much_news_goes_in_pieces_with_the_customers_in_each():
    invoices = tuple(SeenInvoice("invoice", str(n), "0", "present") for n in range(5))
    payments = tuple(SeenPayment(str(n), "0", "present") for n in range(3))
    customers = (seen_customer({"Id": "1"}),)
    pieces = list(Seen(invoices, payments, customers).pieces(2))
    assert [(len(piece.invoices), len(piece.payments)) for piece in pieces] == [(2, 2), (2, 1), (1, 0)]
    assert all(piece.customers == customers for piece in pieces)
    assert list(Seen().pieces(2)) == [Seen()]
