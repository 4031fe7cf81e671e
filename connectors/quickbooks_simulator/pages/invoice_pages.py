"""Pages of invoices: the list, one invoice, changing it."""

from starlette.requests import Request
from starlette.responses import Response

from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations import bookkeeping
from quickbooks_simulator.operations.bookkeeping import InvoiceEdit
from quickbooks_simulator.operations.receiving import find_invoice, receive_payment
from quickbooks_simulator.pages import views
from quickbooks_simulator.pages.history import history_of
from quickbooks_simulator.pages.refusals import sentence
from quickbooks_simulator.pages.screen import MOST_ROWS, Form, Screen, amount_in, go_to, parts_in

EDITED = ("memo", "message", "due", "customer_id")


class InvoicePages:
    """Look at invoices, pay, change, void and delete them."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.routes = [
            screen.shown("/app/invoices", self._list),
            screen.shown("/app/invoice", lambda request: self._show(request.query_params.get("txnId", ""))),
            screen.posted("/app/invoice", self._receive),
            screen.shown("/app/invoice/edit", lambda request: self._form(request.query_params.get("txnId", ""))),
            screen.posted("/app/invoice/edit", self._edit),
            screen.posted("/app/invoice/send", self._send),
            screen.posted("/app/invoice/void", self._void),
            screen.posted("/app/invoice/delete", self._delete),
        ]

    def _list(self, request: Request) -> Response:
        """All invoices, or those whose number, customer or P.O. holds the words looked for."""
        words = request.query_params.get("find", "").strip()
        every = self._screen.newest("Invoice")
        found = [each for each in every if words.lower() in views.searched(each)] if words else every
        rows = [views.invoice_row(invoice, self._screen.today) for invoice in found[:MOST_ROWS]]
        open_balance = sum((views.home_balance(invoice) for invoice in found), ZERO)
        return self._screen.page(
            "invoices.html", "Invoices", rows=rows, count=len(found), open_balance=open_balance, words=words
        )

    def _show(self, invoice_id: str, problem: str = "") -> Response:
        screen = self._screen
        invoice = screen.company.store.find("Invoice", invoice_id)
        if invoice is None:
            return screen.gone("Invoice")
        return screen.page(
            "invoice.html",
            _title(invoice),
            400 if problem else 200,
            invoice=invoice,
            status=views.status_of(invoice, screen.today),
            fields=views.custom_fields(invoice),
            lines=views.invoice_lines(invoice),
            sums=views.sums(invoice),
            payments=views.payments_of(screen.company, invoice),
            history=history_of(screen.company, "Invoice", invoice),
            today=screen.today.isoformat(),
            problem=problem,
        )

    def _receive(self, request: Request, form: Form) -> Response:
        """Record a payment of this invoice; what is refused is said on the page."""
        company, invoice_id = self._screen.company, request.query_params.get("txnId", "")
        try:
            invoice = find_invoice(company, invoice_id, None)
            receive_payment(
                company, invoice, amount_in(form, "amount"), form.get("date") or None, form.get("reference") or None
            )
        except Fault as fault:
            return self._show(invoice_id, sentence(fault, company))
        return go_to(f"/app/invoice?txnId={invoice['Id']}")

    def _form(self, invoice_id: str, form: Form | None = None, problem: str = "") -> Response:
        """The form to change an invoice; after a refusal with what was typed still in it."""
        screen = self._screen
        invoice = screen.company.store.find("Invoice", invoice_id)
        if invoice is None:
            return screen.gone("Invoice")
        return screen.page(
            "invoice_edit.html",
            f"Edit {_title(invoice)}",
            400 if problem else 200,
            invoice=invoice,
            lines=views.invoice_lines(invoice),
            customers=views.active_names(screen.company, "Customer", invoice["CustomerRef"]["value"]),
            typed=form or {},
            problem=problem,
        )

    def _edit(self, request: Request, form: Form) -> Response:
        company, invoice_id = self._screen.company, request.query_params.get("txnId", "")
        texts = {name: form[name].replace("\r\n", "\n") for name in EDITED if name in form}
        edit = InvoiceEdit(amounts=parts_in(form, "amount_"), **texts)
        try:
            bookkeeping.edit_invoice(company, invoice_id, edit, form.get("sync_token") or None)
        except Fault as fault:
            # After somebody else's change the form starts over from what is stored now.
            return self._form(invoice_id, None if fault.code == "5010" else form, sentence(fault, company))
        return go_to(f"/app/invoice?txnId={invoice_id}")

    def _send(self, request: Request, form: Form) -> Response:
        company, invoice_id = self._screen.company, request.query_params.get("txnId", "")
        try:
            bookkeeping.send(company, "Invoice", invoice_id, form.get("address", "").strip() or None)
        except Fault as fault:
            return self._show(invoice_id, sentence(fault, company))
        return go_to(f"/app/invoice?txnId={invoice_id}")

    def _void(self, request: Request, form: Form) -> Response:
        company, invoice_id = self._screen.company, request.query_params.get("txnId", "")
        try:
            bookkeeping.void(company, "Invoice", invoice_id, form.get("sync_token") or None)
        except Fault as fault:
            return self._show(invoice_id, sentence(fault, company))
        return go_to(f"/app/invoice?txnId={invoice_id}")

    def _delete(self, request: Request, form: Form) -> Response:
        company, invoice_id = self._screen.company, request.query_params.get("txnId", "")
        try:
            bookkeeping.delete(company, "Invoice", invoice_id, form.get("sync_token") or None)
        except Fault as fault:
            return self._show(invoice_id, sentence(fault, company))
        return go_to("/app/invoices")


def _title(invoice: Record) -> str:
    return f"Invoice {invoice.get('DocNumber') or '#' + invoice['Id']}"
