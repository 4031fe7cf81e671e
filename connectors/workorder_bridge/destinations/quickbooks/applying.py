"""A credit memo set against the invoice it credits: a payment of zero with a line for each (fact sheet §8, P).

The payment is written under a request id derived from the claim's, and carries the row's marker; so after a lost
answer it is asked about - the credit memo names the payments set against it - and repeated under the same keys. Where
it cannot be applied the credit stays open for the customer, and a remark says why: nothing of it is lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from workorder_bridge.destinations.quickbooks.batch import REQUEST_ID_LENGTH, create_batch
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.reading import Record, is_voided, linked_payments, read_by_id
from workorder_bridge.destinations.quickbooks.shipment import ROUNDS, SETTLING_SECONDS
from workorder_bridge.destinations.quickbooks.texts import marker_of
from workorder_bridge.destinations.quickbooks.wire import amount, reference
from workorder_bridge.errors import BridgeError, DestinationError, OutcomeUnknown, Rejected, TryLater
from workorder_bridge.ports import Original, Parcel
from workorder_bridge.receipt import Receipt
from workorder_bridge.retry import Retry

_OPEN = "The credit stays open for the customer in QuickBooks: apply it there to another invoice, or refund it."


@dataclass(frozen=True)
class Credit:
    """A credit memo that is in QuickBooks and agrees with its document, and the invoice it takes back."""

    parcel: Parcel
    receipt: Receipt
    original: Original

    @property
    def row_id(self) -> int:
        """The row both belong to."""
        return self.parcel.row.id


@dataclass
class Applying:
    """Applies the credits of one batch. Afterwards each row has a remark, or an error for one that is still open."""

    client: CompanyClient
    request_id: str
    retry: Retry
    remarks: dict[int, str] = field(default_factory=dict)
    errors: dict[int, BridgeError] = field(default_factory=dict)

    def apply(self, credits: Sequence[Credit]) -> None:
        """Set each credit against its invoice, at most once. Raises nothing: what is in doubt is in `errors`.

        An error leaves its row claimed, so that the same keys go out again.
        """
        pending = list(credits)
        for turn in range(ROUNDS):
            if turn:
                self.retry.sleep(SETTLING_SECONDS)
            try:
                pending = self._apply_once(pending)
            except DestinationError as error:
                self._leave(pending, error)
                return
            if not pending:
                return
        doubt = OutcomeUnknown("QuickBooks did not say whether the credit was applied to its invoice.")
        self._leave(pending, doubt)

    def _leave(self, pending: Sequence[Credit], error: DestinationError) -> None:
        """The credit memo is there, whatever became of its application."""
        error.maybe_sent = True
        still_open = error
        if isinstance(error, Rejected):
            still_open = OutcomeUnknown(error.message, hint=error.hint, reference=error.reference)
        self.errors.update({credit.row_id: still_open for credit in pending if credit.row_id not in self.remarks})

    def _apply_once(self, pending: Sequence[Credit]) -> list[Credit]:
        """Returns the credits nobody can tell about."""
        memos = read_by_id(self.client, "CreditMemo", (one.receipt.external_id for one in pending), self.retry)
        invoices = read_by_id(self.client, "Invoice", (one.original.external_id for one in pending), self.retry)
        used = [payment for memo in memos.values() for payment in linked_payments(memo)]
        payments = read_by_id(self.client, "Payment", used, self.retry)
        bodies: dict[str, dict[str, Any]] = {}
        for credit in pending:
            memo, invoice = memos.get(credit.receipt.external_id), invoices.get(credit.original.external_id)
            remark = _applied_before(credit, memo, payments) or _obstacle(credit, memo, invoice)
            if remark or memo is None or invoice is None:
                self.remarks[credit.row_id] = remark
            else:
                bodies[credit.parcel.row.index] = payment_body(credit, memo, invoice)
        return self._write([one for one in pending if one.parcel.row.index in bodies], bodies)

    def _write(self, pending: Sequence[Credit], bodies: dict[str, dict[str, Any]]) -> list[Credit]:
        try:
            answers = create_batch(self.client, "Payment", bodies, applying_request_id(self.request_id), self.retry)
        except OutcomeUnknown:
            return list(pending)
        doubtful = []
        for credit in pending:
            answer = answers[credit.parcel.row.index]
            if isinstance(answer, dict):
                self.remarks[credit.row_id] = _applied(credit, answer)
            elif isinstance(answer, OutcomeUnknown | TryLater):
                doubtful.append(credit)
            else:
                self.remarks[credit.row_id] = (
                    f"Not applied to invoice {credit.original.number}: {answer.message} {_OPEN}"
                )
        return doubtful


def applying_request_id(request_id: str) -> str:
    """The request id of the payments' batch: the same for the same claim, and no other claim's."""
    return hashlib.sha256(f"applying:{request_id}".encode()).hexdigest()[:REQUEST_ID_LENGTH]


def payment_body(credit: Credit, memo: Record, invoice: Record) -> dict[str, Any]:
    """The payment of zero: as much of the credit as is left, and as the invoice still has open."""
    applied = min(amount(memo.get("RemainingCredit")), amount(invoice.get("Balance")))
    document = credit.parcel.document
    return {
        "CustomerRef": {"value": reference(memo, "CustomerRef")},
        "TotalAmt": Decimal(0),
        "TxnDate": document.issue_date.isoformat(),
        "CurrencyRef": {"value": document.currency},
        "PrivateNote": f"Applies credit {document.number} to invoice {credit.original.number} "
        f"{marker_of(credit.parcel.row.key)}",
        "Line": [
            {"Amount": applied, "LinkedTxn": [{"TxnId": str(memo["Id"]), "TxnType": "CreditMemo"}]},
            {"Amount": applied, "LinkedTxn": [{"TxnId": str(invoice["Id"]), "TxnType": "Invoice"}]},
        ],
    }


def _applied_before(credit: Credit, memo: Record | None, payments: dict[str, Record]) -> str:
    """The remark for a credit that is set against something already, by us or by a person; else ""."""
    if memo is None or not (linked := linked_payments(memo)):
        return ""
    marker = marker_of(credit.parcel.row.key)
    for payment_id in linked:
        payment = payments.get(payment_id)
        if payment is not None and marker in str(payment.get("PrivateNote") or ""):
            return _applied(credit, payment)
    return (
        f"Somebody has used this credit in QuickBooks already (payment {', '.join(linked)}); nothing was changed there."
    )


def _applied(credit: Credit, payment: Record) -> str:
    used = sum(
        (
            amount(line.get("Amount"))
            for line in payment.get("Line") or []
            if any(link.get("TxnType") == "Invoice" for link in line.get("LinkedTxn") or [])
        ),
        Decimal(0),
    )
    done = f"{used:.2f} applied to invoice {credit.original.number} (payment {payment.get('Id')} in QuickBooks)."
    left = credit.receipt.total - used
    if left <= 0:
        return done
    return f"{done} {left:.2f} was more than the invoice had open. {_OPEN}"


def _obstacle(credit: Credit, memo: Record | None, invoice: Record | None) -> str:
    """Why this credit cannot be applied, as a remark; else ""."""
    number = credit.original.number
    if memo is None or is_voided(memo):
        return "The credit memo was removed in QuickBooks before it could be applied."
    if invoice is None:
        return f"Invoice {number} was deleted in QuickBooks. {_OPEN}"
    if is_voided(invoice):
        return f"Invoice {number} was voided in QuickBooks. {_OPEN}"
    if reference(invoice, "CustomerRef") != reference(memo, "CustomerRef"):
        return f"Invoice {number} belongs to another customer in QuickBooks. {_OPEN}"
    if amount(invoice.get("Balance")) <= 0:
        return f"Invoice {number} is already paid in QuickBooks. {_OPEN}"
    if amount(memo.get("RemainingCredit")) <= 0:
        return "Nothing of this credit is left in QuickBooks."
    return ""
