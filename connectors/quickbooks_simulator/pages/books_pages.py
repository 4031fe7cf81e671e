"""Pages of the books as a whole: taking money to the bank, closing a period."""

from starlette.requests import Request
from starlette.responses import Response

from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations import banking, bookkeeping
from quickbooks_simulator.pages import views
from quickbooks_simulator.pages.refusals import sentence
from quickbooks_simulator.pages.screen import MOST_ROWS, Form, Screen, go_to


class BooksPages:
    """Deposit received payments; close the books up to a day."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.routes = [
            screen.shown("/app/deposits", lambda _request: self._deposits()),
            screen.posted("/app/deposits", self._deposit),
            screen.posted("/app/deposit/delete", self._delete_deposit),
            screen.shown("/app/books", lambda _request: self._books()),
            screen.posted("/app/books", self._close),
        ]

    def _deposits(self, form: Form | None = None, problem: str = "") -> Response:
        screen, company = self._screen, self._screen.company
        made = screen.newest("Deposit")
        return screen.page(
            "deposits.html",
            "Deposits",
            400 if problem else 200,
            waiting=banking.undeposited(company)[:MOST_ROWS],
            accounts=[(each["Id"], each["Name"]) for each in banking.bank_accounts(company)],
            deposits=[views.deposit_row(company, each) for each in made[:MOST_ROWS]],
            today=screen.today.isoformat(),
            typed=form or {},
            problem=problem,
        )

    def _deposit(self, _request: Request, form: Form) -> Response:
        company = self._screen.company
        chosen = [name.removeprefix("take_") for name in form if name.startswith("take_")]
        try:
            banking.deposit(company, chosen, form.get("account_id", ""), form.get("date") or None)
        except Fault as fault:
            return self._deposits(form, sentence(fault, company))
        return go_to("/app/deposits")

    def _delete_deposit(self, request: Request, _form: Form) -> Response:
        company = self._screen.company
        try:
            bookkeeping.delete(company, "Deposit", request.query_params.get("txnId", ""))
        except Fault as fault:
            return self._deposits(None, sentence(fault, company))
        return go_to("/app/deposits")

    def _books(self, problem: str = "") -> Response:
        preferences = self._screen.company.store.find("Preferences", "1") or {}
        closed = preferences.get("AccountingInfoPrefs", {}).get("BookCloseDate")
        return self._screen.page("books.html", "Books", 400 if problem else 200, closed=closed, problem=problem)

    def _close(self, _request: Request, form: Form) -> Response:
        company = self._screen.company
        until = None if form.get("open") == "yes" else form.get("until") or None
        if until is None and form.get("open") != "yes":
            return self._books("Enter the last day of the period to close.")
        try:
            bookkeeping.close_books(company, until)
        except Fault as fault:
            return self._books(sentence(fault, company))
        return go_to("/app/books")
