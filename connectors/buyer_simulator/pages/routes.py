"""The pages: invoices, one invoice with what a clerk may do, purchase orders with their balances."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from buyer_simulator.office.department import NotAllowed
from buyer_simulator.office.entry import Entry
from buyer_simulator.pages.templates import render
from buyer_simulator.pages.views import TONES, order_view, orders_of
from buyer_simulator.records.reason import SPOKEN
from buyer_simulator.web.invoice_routes import Deed
from buyer_simulator.web.reading import read_bytes
from buyer_simulator.web.service import Service

STYLE = Path(__file__).parent / "style.css"
MOST_ROWS = 200
"""The newest ones; a page with thousands of rows helps nobody."""


class PageRoutes:
    """Pages for people; they show the books as they are at that moment."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.routes = [
            Route("/", self._home),
            Route("/invoices", self._invoices),
            Route("/invoices/{id}", self._invoice, methods=["GET"]),
            Route("/invoices/{id}", self._decide, methods=["POST"]),
            Route("/orders", self._orders),
            Route("/style.css", self._style),
        ]

    async def _home(self, _request: Request) -> Response:
        return RedirectResponse("/invoices", 303)

    async def _invoices(self, _request: Request) -> Response:
        entries = list(self._service.department.entries.values())
        rows = [(entry, TONES[entry.state], orders_of(entry)) for entry in reversed(entries[-MOST_ROWS:])]
        matched = sum(1 for entry in entries if entry.matched)
        return self._page("invoices.html", "Invoices", rows=rows, count=len(entries), matched=matched)

    async def _invoice(self, request: Request) -> Response:
        return self._show(request.path_params["id"])

    async def _decide(self, request: Request) -> Response:
        """Do what a button says, then show the invoice; what is refused is said on the page."""
        fields = parse_qs((await read_bytes(request)).decode("utf-8", "replace"))
        entry = self._service.department.entries.get(request.path_params["id"])
        if entry is None:
            return self._show(request.path_params["id"])
        try:
            deed = Deed.model_validate({name: values[0] for name, values in fields.items()})
        except ValidationError:
            return self._show(entry.id, "That is not something a clerk can do.", 400)
        try:
            self._service.department.decide(entry, deed.action, deed.by, deed.note, deed.code)
        except NotAllowed as refused:
            return self._show(entry.id, str(refused), 409)
        return RedirectResponse(f"/invoices/{entry.id}", 303)

    async def _orders(self, _request: Request) -> Response:
        books = self._service.department.books
        orders = [order_view(order, books) for order in list(books.orders.values())[:MOST_ROWS]]
        return self._page("orders.html", "Purchase orders", orders=orders, count=len(books.orders))

    async def _style(self, _request: Request) -> Response:
        return FileResponse(STYLE, media_type="text/css")

    def _show(self, invoice_id: str, refused: str = "", status: int = 200) -> Response:
        entry = self._service.department.entries.get(invoice_id)
        if entry is None:
            message = "There is no such invoice. The books may have been reset."
            return self._page("message.html", "Invoice not found", 404, message=message)
        return self._page(
            "invoice.html", f"Invoice {entry.invoice.number}", status, **self._facts(entry), refused=refused
        )

    def _facts(self, entry: Entry) -> dict[str, Any]:
        return {
            "entry": entry,
            "invoice": entry.invoice,
            "tone": TONES[entry.state],
            "orders": orders_of(entry),
            "allowed": entry.allowed(),
            "codes": SPOKEN,
            "against": {number: [each for each in entry.reasons if each.line == number] for number in _lines(entry)},
        }

    def _page(self, name: str, title: str, code: int = 200, **values: Any) -> Response:
        buyer = self._service.department.books.policy.buyer
        return HTMLResponse(render(name, title=title, buyer=buyer, **values), code, {"Cache-Control": "no-store"})


def _lines(entry: Entry) -> list[int]:
    return [line.number for line in entry.invoice.lines]
