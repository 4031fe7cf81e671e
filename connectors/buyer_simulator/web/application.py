"""Puts the HTTP side together."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response

from buyer_simulator.pages.routes import PageRoutes
from buyer_simulator.web.answers import one_error, refusal
from buyer_simulator.web.control_routes import ControlRoutes
from buyer_simulator.web.invoice_routes import InvoiceRoutes
from buyer_simulator.web.reading import Refused
from buyer_simulator.web.register_routes import RegisterRoutes
from buyer_simulator.web.service import Service


def build_application(service: Service) -> Starlette:
    """The whole service as one ASGI application."""
    return Starlette(
        routes=[
            *RegisterRoutes(service).routes,
            *InvoiceRoutes(service).routes,
            *ControlRoutes(service).routes,
            *PageRoutes(service).routes,
        ],
        # A page on another host must not reach the service through a name that points here.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        exception_handlers={Refused: _refused, HTTPException: _http, 500: _crash},
    )


async def _refused(_request: Request, problem: Exception) -> Response:
    return refusal(problem) if isinstance(problem, Refused) else one_error(500, "no failure of ours")


async def _http(_request: Request, problem: Exception) -> Response:
    """No such address, or not with this method."""
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    return one_error(status, str(getattr(problem, "detail", "")))


async def _crash(_request: Request, problem: Exception) -> Response:
    """The service's own failure; the server logs the trace."""
    return one_error(500, f"no failure of ours, but there was one: {type(problem).__name__}")
