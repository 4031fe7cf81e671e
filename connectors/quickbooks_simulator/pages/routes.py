"""All pages a person can open."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from quickbooks_simulator.pages.books_pages import BooksPages
from quickbooks_simulator.pages.credit_pages import CreditPages
from quickbooks_simulator.pages.invoice_pages import InvoicePages
from quickbooks_simulator.pages.list_pages import ListPages
from quickbooks_simulator.pages.payment_pages import PaymentPages
from quickbooks_simulator.pages.screen import Screen
from quickbooks_simulator.pages.webhook_pages import WebhookPages
from quickbooks_simulator.web.simulator import Simulator

STYLE = Path(__file__).parent / "style.css"


class PageRoutes:
    """Pages for people; they show the books as they are at that moment."""

    def __init__(self, simulator: Simulator) -> None:
        screen = Screen(simulator)
        self.routes = [
            Route("/", _home),
            Route("/app", _home),
            Route("/app/style.css", _style),
            *InvoicePages(screen).routes,
            *CreditPages(screen).routes,
            *PaymentPages(screen).routes,
            *ListPages(screen, "Customer").routes,
            *ListPages(screen, "Item").routes,
            *BooksPages(screen).routes,
            *WebhookPages(screen).routes,
        ]


async def _home(_request: Request) -> Response:
    return RedirectResponse("/app/invoices", 303)


async def _style(_request: Request) -> Response:
    return FileResponse(STYLE, media_type="text/css")
