"""Pages of credit memos: the list, and one credit memo with where it went."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations import bookkeeping
from quickbooks_simulator.pages import views
from quickbooks_simulator.pages.history import history_of
from quickbooks_simulator.pages.refusals import sentence
from quickbooks_simulator.pages.screen import MOST_ROWS, Form, Screen, go_to


class CreditPages:
    """Look at credit memos and delete them."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.routes = [
            screen.shown("/app/creditmemos", lambda _request: self._list()),
            screen.shown("/app/creditmemo", lambda request: self._show(request.query_params.get("txnId", ""))),
            screen.posted("/app/creditmemo/delete", self._delete),
        ]

    def _list(self) -> Response:
        every = self._screen.newest("CreditMemo")
        left = sum((_home_credit(each) for each in every), ZERO)
        return self._screen.page("credits.html", "Credit memos", rows=every[:MOST_ROWS], count=len(every), left=left)

    def _show(self, credit_id: str, problem: str = "") -> Response:
        screen = self._screen
        credit = screen.company.store.find("CreditMemo", credit_id)
        if credit is None:
            return screen.gone("Credit memo")
        return screen.page(
            "credit.html",
            f"Credit memo {credit.get('DocNumber') or '#' + credit_id}",
            400 if problem else 200,
            credit=credit,
            lines=views.invoice_lines(credit),
            sums=views.sums(credit),
            applied=applied_to(screen.company, credit),
            history=history_of(screen.company, "CreditMemo", credit),
            problem=problem,
        )

    def _delete(self, request: Request, form: Form) -> Response:
        company, credit_id = self._screen.company, request.query_params.get("txnId", "")
        try:
            bookkeeping.delete(company, "CreditMemo", credit_id, form.get("sync_token") or None)
        except Fault as fault:
            return self._show(credit_id, sentence(fault, company))
        return go_to("/app/creditmemos")


def applied_to(company: Company, credit: Record) -> list[dict[str, Any]]:
    """The invoices this credit was put on by payments, each with the part of it."""
    answer = []
    for link in credit["LinkedTxn"]:
        payment = company.store.find("Payment", link["TxnId"]) if link["TxnType"] == "Payment" else None
        for part in views.payment_row(company, payment)["applied"] if payment else []:
            answer.append({**part, "payment": payment})
    return answer


def _home_credit(credit: Record) -> Any:
    """What is left of it in the company's own currency."""
    return credit["HomeBalance"] if "HomeBalance" in credit else credit["RemainingCredit"]
