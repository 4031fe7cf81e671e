"""The accountant, in the company's own screens. What the company refuses is simply not done."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations import bookkeeping
from quickbooks_simulator.operations.bookkeeping import InvoiceEdit, Receipt

from .company import Company, Record
from .expectation import Expectation, Money

CENT = Decimal("0.01")


class Accountant:
    """Looks at invoices before doing anything to them, and so knows whose they were."""

    def __init__(self, company: Company, expected: Expectation, is_known: Callable[[str], bool]) -> None:
        """`is_known` tells whether Odoo knows an invoice by this id."""
        self._company = company
        self._expected = expected
        self._is_known = is_known

    def invoices(self) -> list[Record]:
        """Every invoice in the books; whose each is, is noted before anybody alters it."""
        found = self._company.all("Invoice")
        for invoice in found:
            self._expected.learn_owner(invoice["Id"], invoice.get("PrivateNote") or "")
        return found

    def receive(self, picks: list[int], share: Decimal) -> None:
        """One payment over several open invoices of one customer: this share of what is open on each."""
        unpaid = [invoice for invoice in self.invoices() if invoice["Balance"] > 0]
        if not unpaid:
            return
        customer = unpaid[picks[0] % len(unpaid)]["CustomerRef"]["value"]
        his = [invoice for invoice in unpaid if invoice["CustomerRef"]["value"] == customer]
        chosen = {invoice["Id"]: invoice for invoice in (his[pick % len(his)] for pick in picks)}
        parts = {key: max(CENT, (one["Balance"] * share).quantize(CENT)) for key, one in chosen.items()}
        receipt = Receipt(customer, parts, reference=f"check {len(self._expected.payments) + 1}")
        done = self._try(lambda company: bookkeeping.receive(company, receipt))
        if done is not None:
            self._expected.payments[done["Id"]] = Money(parts)

    def undo_payment(self, pick: int, how: str) -> None:
        """Void or delete a payment."""
        payments = self._company.all("Payment")
        if not payments:
            return
        payment_id = payments[pick % len(payments)]["Id"]
        action = bookkeeping.void if how == "void" else bookkeeping.delete
        if self._try(lambda company: action(company, "Payment", payment_id)) is not None:
            self._expected.payments[payment_id].touched = True

    def undo_invoice(self, pick: int, how: str) -> None:
        """Void or delete an invoice."""
        action = bookkeeping.void if how == "voided" else bookkeeping.delete
        self._alter(pick, how, lambda company, invoice: action(company, "Invoice", invoice["Id"]))

    def change_amount(self, pick: int, more: Decimal) -> None:
        """Another amount on the first line."""

        def change(company: Any, invoice: Record) -> Record:
            line = next(line for line in invoice["Line"] if line["DetailType"] == "SalesItemLineDetail")
            edit = InvoiceEdit(amounts={line["Id"]: line["Amount"] + more})
            return bookkeeping.edit_invoice(company, invoice["Id"], edit)

        self._alter(pick, "amount", change)

    def write_note(self, pick: int, *, over: bool) -> None:
        """Add to the private note, or overwrite it and our mark with it."""

        def write(company: Any, invoice: Record) -> Record:
            earlier = "" if over else invoice.get("PrivateNote") or ""
            return bookkeeping.edit_invoice(company, invoice["Id"], InvoiceEdit(memo=f"{earlier} checked".strip()))

        self._alter(pick, "note" if over else "remark", write)

    def enter_by_hand(self, number: str) -> None:
        """An invoice of the accountant's own, under a number Odoo uses too."""
        line = {"DetailType": "SalesItemLineDetail", "Amount": 5, "SalesItemLineDetail": {"ItemRef": {"value": "2"}}}
        body = {"DocNumber": number, "CustomerRef": {"value": "3"}, "Line": [line]}
        made = self._try(lambda company: company.create(KINDS["Invoice"], body))
        if made is not None:
            self._expected.strangers[made["Id"]] = number

    def remove_strangers(self) -> None:
        """What was entered by hand under our numbers makes room."""
        for invoice_id in sorted(self._expected.strangers):
            self._try(lambda company, one=invoice_id: bookkeeping.delete(company, "Invoice", one))  # type: ignore[misc]

    def set_customer(self, *, active: bool) -> None:
        self._try(lambda company: bookkeeping.set_active(company, "Customer", "1", active))

    def close_books(self, until: str | None) -> None:
        self._try(lambda company: bookkeeping.close_books(company, until))

    def _alter(self, pick: int, how: str, action: Callable[[Any, Record], Record]) -> None:
        invoices = self.invoices()
        if not invoices:
            return
        invoice = invoices[pick % len(invoices)]
        if self._try(lambda company: action(company, invoice)) is not None:
            self._expected.touch(invoice["Id"], how, known=self._is_known(invoice["Id"]))

    def _try(self, action: Callable[[Any], Record]) -> Record | None:
        with suppress(Fault):
            return self._company.do(lambda: action(self._company.simulator.company))
        return None
