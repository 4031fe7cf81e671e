"""Pages of payments: the list, one payment, receiving one."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.money import ZERO, read_amount
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations import bookkeeping
from quickbooks_simulator.operations.banking import bank_accounts
from quickbooks_simulator.operations.bookkeeping import Receipt
from quickbooks_simulator.pages import views
from quickbooks_simulator.pages.figures import write_money
from quickbooks_simulator.pages.history import history_of
from quickbooks_simulator.pages.refusals import sentence
from quickbooks_simulator.pages.screen import MOST_ROWS, Form, Screen, amount_in, go_to, parts_in


class PaymentPages:
    """Look at payments, receive one for any number of invoices, void and delete them."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.routes = [
            screen.shown("/app/payments", self._list),
            screen.shown("/app/payment", lambda request: self._show(request.query_params.get("txnId", ""))),
            screen.posted("/app/payment/apply", self._apply),
            screen.posted("/app/payment/void", self._void),
            screen.posted("/app/payment/delete", self._delete),
            screen.shown("/app/receive", lambda request: self._form(request.query_params.get("customer", ""))),
            screen.posted("/app/receive", self._receive),
        ]

    def _list(self, _request: Request) -> Response:
        payments = self._screen.newest("Payment")
        rows = [views.payment_row(self._screen.company, payment) for payment in payments[:MOST_ROWS]]
        return self._screen.page("payments.html", "Payments", rows=rows, count=len(payments))

    def _show(self, payment_id: str, problem: str = "", form: Form | None = None) -> Response:
        screen = self._screen
        payment = screen.company.store.find("Payment", payment_id)
        if payment is None:
            return screen.gone("Payment")
        return screen.page(
            "payment.html",
            f"Payment {payment.get('PaymentRefNum') or '#' + payment_id}",
            400 if problem else 200,
            row=views.payment_row(screen.company, payment),
            account=views.name_of(screen.company, "Account", payment.get("DepositToAccountRef")),
            method=views.name_of(screen.company, "PaymentMethod", payment.get("PaymentMethodRef")),
            history=history_of(screen.company, "Payment", payment),
            invoices=views.open_invoices(screen.company, payment["CustomerRef"]["value"], screen.today)[:MOST_ROWS],
            typed=form or {},
            problem=problem,
        )

    def _form(self, customer_id: str, form: Form | None = None, problem: str = "") -> Response:
        """First the customer is chosen, then what the money is for."""
        screen, company = self._screen, self._screen.company
        customer = company.store.find("Customer", customer_id)
        return screen.page(
            "receive.html",
            "Receive payment",
            400 if problem else 200,
            customer=customer,
            customers=views.active_names(company, "Customer", customer_id),
            invoices=views.open_invoices(company, customer_id, screen.today)[:MOST_ROWS],
            methods=views.active_names(company, "PaymentMethod"),
            accounts=[(each["Id"], each["Name"]) for each in bank_accounts(company)],
            today=screen.today.isoformat(),
            typed=form or {},
            problem=problem,
        )

    def _receive(self, request: Request, form: Form) -> Response:
        company, customer_id = self._screen.company, request.query_params.get("customer", "")
        receipt = Receipt(
            customer_id,
            parts_in(form, "pay_"),
            amount_in(form, "amount"),
            form.get("date") or None,
            form.get("reference") or None,
            form.get("method_id") or None,
            form.get("account_id") or None,
        )
        try:
            _check(company, receipt.parts, receipt.amount)
            payment = bookkeeping.receive(company, receipt)
        except Fault as fault:
            return self._form(customer_id, form, sentence(fault, company))
        return go_to(f"/app/payment?txnId={payment['Id']}")

    def _apply(self, request: Request, form: Form) -> Response:
        company, payment_id = self._screen.company, request.query_params.get("txnId", "")
        parts = parts_in(form, "pay_")
        try:
            left = bookkeeping.find(company, "Payment", payment_id)["UnappliedAmt"]
            _check(company, parts, left)
            bookkeeping.apply_credit(company, payment_id, parts)
        except Fault as fault:
            return self._show(payment_id, sentence(fault, company), form)
        return go_to(f"/app/payment?txnId={payment_id}")

    def _void(self, request: Request, _form: Form) -> Response:
        company, payment_id = self._screen.company, request.query_params.get("txnId", "")
        try:
            bookkeeping.void(company, "Payment", payment_id)
        except Fault as fault:
            return self._show(payment_id, sentence(fault, company))
        return go_to(f"/app/payment?txnId={payment_id}")

    def _delete(self, request: Request, _form: Form) -> Response:
        company, payment_id = self._screen.company, request.query_params.get("txnId", "")
        try:
            bookkeeping.delete(company, "Payment", payment_id)
        except Fault as fault:
            return self._show(payment_id, sentence(fault, company))
        return go_to("/app/payments")


def _check(company: Company, parts: Mapping[str, str], available: Any) -> None:
    """Refuse in the accountant's words what the company would refuse in its own.

    `available` is what there is to put on invoices; None is as much as is put on them.
    """
    if available is None and not parts:
        raise Fault("2020", "Enter the amount received, or what is paid on at least one invoice.")
    put = ZERO
    for invoice_id, typed in parts.items():
        invoice = bookkeeping.find(company, "Invoice", invoice_id)
        number = invoice.get("DocNumber") or f"#{invoice_id}"
        part, currency = read_amount(typed, f"What is paid on invoice {number}"), invoice["CurrencyRef"]["value"]
        if part > invoice["Balance"]:
            left, wanted = write_money(invoice["Balance"], currency), write_money(part, currency)
            raise Fault("6000", f"Invoice {number} has {left} open. {wanted} cannot be paid on it.")
        put += part
    if available is not None and put > read_amount(available, "The amount received"):
        raise Fault("6000", f"{put:,.2f} is put on invoices, but there is less. Correct one of the two.")
