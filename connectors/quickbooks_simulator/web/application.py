"""Puts the HTTP side together."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from quickbooks_simulator.faults import Fault
from quickbooks_simulator.pages.routes import PageRoutes
from quickbooks_simulator.web.accountant_control import AccountantControl
from quickbooks_simulator.web.answers import Answers
from quickbooks_simulator.web.books_control import BooksControl
from quickbooks_simulator.web.company_routes import CompanyRoutes
from quickbooks_simulator.web.control import ControlRoutes
from quickbooks_simulator.web.gateway import Gateway
from quickbooks_simulator.web.oauth_routes import OAuthRoutes
from quickbooks_simulator.web.simulator import Simulator
from quickbooks_simulator.web.webhook_control import WebhookControl


def build_application(simulator: Simulator) -> ASGIApp:
    """The whole service as one ASGI application."""
    answers = Answers(simulator.settings, simulator.clock)

    async def answer_crash(_request: Request, problem: Exception) -> Response:
        """The service's own failure, as fault 10000 (P); the server logs the trace."""
        return answers.fault(Fault("10000", f"{type(problem).__name__}: {problem}"))

    application = Starlette(
        routes=[
            *CompanyRoutes(simulator, answers).routes,
            *OAuthRoutes(simulator).routes,
            *ControlRoutes(simulator).routes,
            *WebhookControl(simulator).routes,
            *AccountantControl(simulator).routes,
            *BooksControl(simulator).routes,
            *PageRoutes(simulator).routes,
        ],
        # A page on another host must not reach the service through a name that points here.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        exception_handlers={500: answer_crash},
    )
    return Gateway(application, simulator, answers)
