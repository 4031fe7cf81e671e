"""The pages: invoices, one invoice, payments, customers."""

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from quickbooks_simulator.clock import COMPANY_ZONE
from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations.receiving import find_invoice, receive_payment
from quickbooks_simulator.pages import views
from quickbooks_simulator.pages.templates import render
from quickbooks_simulator.web.forms import read_form
from quickbooks_simulator.web.simulator import Simulator

STYLE = Path(__file__).parent / "style.css"
MOST_ROWS = 200
"""The newest ones; a page with thousands of rows helps nobody."""


class PageRoutes:
    """Pages for people; they show the books as they are at that moment."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.routes = [
            Route("/", self._home),
            Route("/app/invoices", self._invoices),
            Route("/app/invoice", self._invoice, methods=["GET"]),
            Route("/app/invoice", self._receive, methods=["POST"]),
            Route("/app/payments", self._payments),
            Route("/app/customers", self._customers),
            Route("/app/style.css", self._style),
        ]

    async def _home(self, _request: Request) -> Response:
        return RedirectResponse("/app/invoices", 303)

    async def _invoices(self, _request: Request) -> Response:
        today = self._simulator.clock.now().astimezone(COMPANY_ZONE).date()
        invoices = self._newest("Invoice")
        rows = [views.invoice_row(invoice, today) for invoice in invoices[:MOST_ROWS]]
        open_balance = sum((views.home_balance(invoice) for invoice in invoices), ZERO)
        return self._page("invoices.html", "Invoices", rows=rows, count=len(invoices), open_balance=open_balance)

    async def _invoice(self, request: Request) -> Response:
        return self._show_invoice(request.query_params.get("txnId", ""))

    async def _receive(self, request: Request) -> Response:
        """Record a payment from the form, then show the invoice; what is refused is said on the page."""
        invoice_id = request.query_params.get("txnId", "")
        form = await read_form(request)
        company = self._simulator.company
        try:
            invoice = find_invoice(company, invoice_id, None)
            amount = form.get("amount", "").replace(",", "").replace("$", "").strip()
            receive_payment(company, invoice, amount or None, form.get("date") or None, form.get("reference") or None)
        except Fault as fault:
            return self._show_invoice(invoice_id, fault.detail, 400)
        return RedirectResponse(f"/app/invoice?txnId={invoice['Id']}", 303)

    async def _payments(self, _request: Request) -> Response:
        payments = self._newest("Payment")
        rows = [views.payment_row(self._simulator.company, payment) for payment in payments[:MOST_ROWS]]
        return self._page("payments.html", "Payments", rows=rows, count=len(payments))

    async def _customers(self, _request: Request) -> Response:
        company = self._simulator.company
        rows = sorted(company.present_all("Customer", company.store.all("Customer")), key=_display_name)
        return self._page("customers.html", "Customers", rows=rows)

    async def _style(self, _request: Request) -> Response:
        return FileResponse(STYLE, media_type="text/css")

    def _show_invoice(self, invoice_id: str, problem: str = "", status: int = 200) -> Response:
        invoice = self._simulator.company.store.find("Invoice", invoice_id)
        if invoice is None:
            message = "There is no such invoice. It may have been deleted."
            return self._page("message.html", "Invoice not found", 404, message=message)
        today = self._simulator.clock.now().astimezone(COMPANY_ZONE).date()
        return self._page(
            "invoice.html",
            f"Invoice {invoice.get('DocNumber') or '#' + invoice['Id']}",
            status,
            invoice=invoice,
            status=views.status_of(invoice, today),
            fields=views.custom_fields(invoice),
            lines=views.invoice_lines(invoice),
            sums=views.sums(invoice),
            payments=views.payments_of(self._simulator.company, invoice),
            today=today.isoformat(),
            problem=problem,
        )

    def _page(self, name: str, title: str, code: int = 200, **values: Any) -> Response:
        information = self._simulator.company.store.find("CompanyInfo", "1") or {}
        html = render(name, title=title, company=information.get("CompanyName", ""), **values)
        return HTMLResponse(html, code, {"Cache-Control": "no-store"})

    def _newest(self, kind: str) -> list[Record]:
        return sorted(self._simulator.company.store.all(kind), key=lambda record: int(record["Id"]), reverse=True)


def _display_name(customer: Record) -> str:
    return str(customer["DisplayName"]).lower()
