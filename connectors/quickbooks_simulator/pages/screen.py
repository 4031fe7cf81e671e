"""What all pages share: the frame around them, the way their forms come in, and how a refusal is shown."""

from collections.abc import Callable, Mapping
from datetime import date
from secrets import compare_digest, token_urlsafe
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from quickbooks_simulator.clock import COMPANY_ZONE
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.pages.templates import render
from quickbooks_simulator.web.forms import read_form
from quickbooks_simulator.web.simulator import Simulator

MOST_ROWS = 200
"""The newest ones; a page with thousands of rows helps nobody."""
SAFETY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; img-src data:; frame-ancestors 'none'; form-action 'self'",
}

Form = Mapping[str, str]
Show = Callable[[Request], Response]
Post = Callable[[Request, Form], Response]


class Screen:
    """The company as pages show it at that moment."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        # A form counts only when it carries this back: a page of another site cannot read it.
        self._form_token = token_urlsafe(24)

    @property
    def company(self) -> Company:
        return self.simulator.company

    @property
    def today(self) -> date:
        """The company's day."""
        return self.simulator.clock.now().astimezone(COMPANY_ZONE).date()

    def page(self, template: str, title: str, code: int = 200, /, **values: Any) -> Response:
        information = self.company.store.find("CompanyInfo", "1") or {}
        values = {"title": title, "company": information.get("CompanyName", ""), **values}
        return HTMLResponse(render(template, form_token=self._form_token, **values), code, SAFETY)

    def gone(self, what: str) -> Response:
        """The page for a record that is not there."""
        return self.page("message.html", f"{what} not found", 404, message=_GONE.format(what.lower()))

    def newest(self, kind: str) -> list[Record]:
        """All records of a kind, the newest first."""
        return sorted(self.company.store.all(kind), key=lambda record: int(record["Id"]), reverse=True)

    def shown(self, path: str, show: Show) -> Route:
        """A page to look at."""

        async def answer(request: Request) -> Response:
            return show(request)

        return Route(path, answer, methods=["GET"])

    def posted(self, path: str, post: Post) -> Route:
        """A form to send; one that does not come from a page of this simulator changes nothing."""

        async def answer(request: Request) -> Response:
            form = await read_form(request)
            if not compare_digest(form.get("form_token", "").encode(), self._form_token.encode()):
                return self.page("message.html", "Nothing was changed", 403, message=_FOREIGN)
            return post(request, form)

        return Route(path, answer, methods=["POST"])


_GONE = "There is no such {}. It may have been deleted."
_FOREIGN = (
    "This form was opened before the simulator was started again, or it does not come from one of its pages. "
    "Open the page again and repeat your change."
)


def go_to(address: str) -> Response:
    """Show another page after a form was taken, so that reloading sends nothing twice."""
    return RedirectResponse(address, 303)


def amount_in(form: Form, name: str) -> str | None:
    """An amount as a person types it, without sign of currency and commas; None when left empty."""
    return form.get(name, "").replace(",", "").replace("$", "").strip() or None


def parts_in(form: Form, prefix: str) -> dict[str, str]:
    """The fields that begin with the prefix and are filled in, by the id behind it."""
    named = {name.removeprefix(prefix): amount_in(form, name) for name in form if name.startswith(prefix)}
    return {key: value for key, value in named.items() if value}
