"""Credit notes in QuickBooks: one credit memo each, set against its invoice once, whatever gets lost on the way."""

from decimal import Decimal

import pytest
from workorder_bridge.document import parse_document
from workorder_bridge.errors import DestinationClosed, MappingIncomplete, OutcomeUnknown
from workorder_bridge.examples import (
    example_credit,
    example_destination,
    example_document,
    example_line,
    example_tables,
)
from workorder_bridge.receipt import Receipt, verify

ONE_HOUR = {
    "lines": [example_line(quantity="1", subtotal="90.00", tax_amount="6.75")],
    "taxes": [{"id": 5, "name": "7.5%", "base": "90.00", "amount": "6.75"}],
    "totals": {"untaxed": "90.00", "tax": "6.75", "total": "96.75"},
}


class Books:
    """A company with one booked invoice, and what its accountant sees."""

    def __init__(self, quickbooks, batches, deliver):
        self.quickbooks, self.simulator = quickbooks, quickbooks.simulator
        self.batches, self.send = batches, deliver
        first = batches(example_document(), realm=quickbooks.realm)
        self.invoice_row = first.rows[0]
        self.receipt = deliver(quickbooks.open(), first).answers[self.invoice_row.id]

    def batch(self, *documents, **changes):
        return self.batches.about(
            self.receipt, self.invoice_row, *documents, kind="credit", realm=self.quickbooks.realm, **changes
        )

    def deliver(self, batch):
        """What became of the batch's only row: its answer, and what was remarked."""
        delivery = self.send(self.quickbooks.open(), batch)
        row_id = batch.rows[0].id
        return delivery.answers[row_id], delivery.remarks.get(row_id, "")

    @property
    def memo(self):
        (memo,) = self.simulator.all("CreditMemo")
        return memo

    @property
    def balance(self):
        (invoice,) = (each for each in self.simulator.invoices() if each["Id"] == self.receipt.external_id)
        return Decimal(str(invoice["Balance"]))

    def assert_applied_once(self):
        """One credit memo with nothing left, one payment of zero, nothing open on the invoice."""
        assert Decimal(str(self.memo["RemainingCredit"])) == 0
        (payment,) = self.simulator.all("Payment")
        assert Decimal(str(payment["TotalAmt"])) == 0
        assert self.balance == 0


@pytest.fixture
def books(quickbooks, batches, deliver):
    return Books(quickbooks, batches, deliver)


def test_credit_note_becomes_a_credit_memo_applied_to_its_invoice(books):
    batch = books.batch(example_credit(reason="Wrong price"))
    answer, remark = books.deliver(batch)
    document = parse_document(batch.rows[0].document, batch.rows[0].sha256)
    verify(document, answer)
    assert "193.50 applied to invoice INV/2026/00001" in remark
    assert "/creditmemo?txnId=" in answer.url
    books.assert_applied_once()
    memo = books.memo
    assert memo["DocNumber"] == "RINV/2026/00001"
    assert f"[wb:{batch.rows[0].key}]" in memo["PrivateNote"]
    assert "Credits INV/2026/00001" in memo["PrivateNote"]
    assert memo["CustomerMemo"]["value"].startswith("Credit for invoice INV/2026/00001: Wrong price")
    assert "deduct" not in memo["CustomerMemo"]["value"]
    line = memo["Line"][1]["SalesItemLineDetail"]
    assert (line["ItemRef"]["value"], line["TaxCodeRef"]["value"]) == ("2", "TAX")


def test_partial_credit_takes_only_its_part_off_the_invoice(books):
    answer, remark = books.deliver(books.batch(example_credit(**ONE_HOUR)))
    assert answer.total == Decimal("96.75")
    assert "96.75 applied" in remark
    assert books.balance == Decimal("96.75")


def test_invoice_already_paid_leaves_the_credit_open_and_says_so(books):
    books.quickbooks.pay(books.receipt, "193.50")
    answer, remark = books.deliver(books.batch(example_credit()))
    assert isinstance(answer, Receipt)
    assert "already paid" in remark
    assert Decimal(str(books.memo["RemainingCredit"])) == Decimal("193.50")


def test_partly_paid_invoice_takes_what_it_has_open(books):
    books.quickbooks.pay(books.receipt, "100.00")
    _, remark = books.deliver(books.batch(example_credit()))
    assert "93.50 applied" in remark
    assert "100.00 was more than the invoice had open" in remark
    assert (books.balance, Decimal(str(books.memo["RemainingCredit"]))) == (0, Decimal("100.00"))


@pytest.mark.parametrize(("operation", "said"), [("void", "was voided"), ("delete", "was deleted")])
def test_invoice_gone_in_quickbooks_leaves_the_credit_open_and_says_so(operation, said, books):
    body = {"Id": books.receipt.external_id, "SyncToken": "0"}
    books.simulator.call("POST", f"invoice?operation={operation}", json=body)
    answer, remark = books.deliver(books.batch(example_credit()))
    assert isinstance(answer, Receipt)
    assert said in remark


def test_applying_a_credit_is_no_payment_for_odoo(books):
    books.deliver(books.batch(example_credit()))
    news = books.quickbooks.open().news_since(example_destination(realm=books.quickbooks.realm), None)
    assert (list(news.payments), list(news.notices)) == ([], [])


def test_gaps_of_a_credit_are_told_before_anything_is_written(books):
    answer, _ = books.deliver(books.batch(example_credit(), tables=example_tables(items={})))
    assert isinstance(answer, MappingIncomplete)
    assert "credit note RINV/2026/00001" in answer.gaps[0].message
    assert books.simulator.all("CreditMemo") == []


FAULTS = ("drop_after_commit", "drop_before_commit")


@pytest.mark.parametrize("forgetful", [False, True], ids=["replays", "forgets"])
@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("step", [0, 1], ids=["memo", "payment"])
def test_lost_answer_at_either_step_ends_with_one_memo_applied_once(step, kind, forgetful, books):
    if forgetful:
        books.simulator.control("settings", {"request_id_seconds": 0, "check_duplicate_numbers": False})
    books.simulator.fault(kind, "batch", skip=step)
    answer, remark = books.deliver(books.batch(example_credit()))
    assert isinstance(answer, Receipt)
    assert "193.50 applied" in remark
    books.assert_applied_once()


@pytest.mark.parametrize("forgetful", [False, True], ids=["replays", "forgets"])
@pytest.mark.parametrize("step", [0, 1], ids=["memo", "payment"])
def test_second_worker_after_a_crash_at_either_step_finishes_it_once(step, forgetful, books):
    """The first worker's every later call fails, as if it had been killed; the claim goes out again."""
    if forgetful:
        books.simulator.control("settings", {"request_id_seconds": 0, "check_duplicate_numbers": False})
    batch = books.batch(example_credit())
    books.simulator.fault("drop_after_commit", "batch", skip=step)
    books.simulator.fault("403", "query", times=None, skip=2 * step)
    first, _ = books.deliver(batch)
    assert isinstance(first, DestinationClosed)
    assert first.maybe_sent
    books.simulator.control("faults", method="DELETE")
    answer, remark = books.deliver(batch.model_copy(update={"attempt": 2}))
    assert isinstance(answer, Receipt)
    assert "193.50 applied" in remark
    books.assert_applied_once()


def test_batch_sent_twice_applies_once(books):
    batch = books.batch(example_credit())
    first, said = books.deliver(batch)
    second, said_again = books.deliver(batch.model_copy(update={"attempt": 2}))
    assert (second.external_id, said_again) == (first.external_id, said)
    books.assert_applied_once()


def test_credit_a_person_used_elsewhere_is_left_alone(books):
    batch = books.batch(example_credit())
    books.simulator.fault("403", "query", times=None)
    books.deliver(batch)
    books.simulator.control("faults", method="DELETE")
    line = {"DetailType": "SalesItemLineDetail", "Amount": 50, "SalesItemLineDetail": {"ItemRef": {"value": "2"}}}
    body = {"DocNumber": "BYHAND-1", "CustomerRef": {"value": "1"}, "Line": [line]}
    other = books.simulator.call("POST", "invoice", json=body)["Invoice"]
    lines = [
        {"Amount": 50, "LinkedTxn": [{"TxnId": books.memo["Id"], "TxnType": "CreditMemo"}]},
        {"Amount": 50, "LinkedTxn": [{"TxnId": other["Id"], "TxnType": "Invoice"}]},
    ]
    books.simulator.call("POST", "payment", json={"CustomerRef": {"value": "1"}, "TotalAmt": 0, "Line": lines})
    answer, remark = books.deliver(batch.model_copy(update={"attempt": 2}))
    assert isinstance(answer, Receipt)
    assert "Somebody has used this credit" in remark
    assert books.balance == Decimal("193.50")


def test_refused_application_leaves_the_memo_and_says_why(books):
    books.simulator.fault("fault_code:6000", match={"bid": "1"}, skip=1, detail="Nothing can be linked today.")
    answer, remark = books.deliver(books.batch(example_credit()))
    assert isinstance(answer, Receipt)
    assert "Nothing can be linked today" in remark
    assert "stays open for the customer" in remark


@pytest.mark.parametrize("code", ["600", "10000"])
def test_application_nobody_can_tell_about_keeps_the_claim(code, books):
    books.simulator.fault(f"fault_code:{code}", match={"bid": "1"}, skip=1, times=None)
    answer, _ = books.deliver(books.batch(example_credit()))
    assert isinstance(answer, OutcomeUnknown)
    assert answer.maybe_sent
