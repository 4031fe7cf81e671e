"""Pages of the name lists: customers and items."""

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations import bookkeeping
from quickbooks_simulator.operations.merging import merge_customers
from quickbooks_simulator.pages import views
from quickbooks_simulator.pages.history import history_of
from quickbooks_simulator.pages.refusals import sentence
from quickbooks_simulator.pages.screen import MOST_ROWS, Form, Screen, go_to


class ListPages:
    """Look at a list, rename its records, make them inactive; merge customers."""

    def __init__(self, screen: Screen, kind: str) -> None:
        self._screen = screen
        self._kind = kind
        self._address = f"/app/{kind.lower()}"
        self.routes = [
            screen.shown(f"{self._address}s", self._list),
            screen.shown(self._address, lambda request: self._show(_id(request))),
            screen.posted(f"{self._address}/rename", partial(self._act, self._rename)),
            screen.posted(f"{self._address}/active", partial(self._act, self._set_active)),
        ]
        if kind == "Customer":
            self.routes.append(screen.posted(f"{self._address}/merge", self._merge))

    def _list(self, _request: Request) -> Response:
        company = self._screen.company
        rows = sorted(company.present_all(self._kind, company.store.all(self._kind)), key=views.sort_name)
        return self._screen.page(
            f"{self._kind.lower()}s.html", f"{self._kind}s", rows=rows[:MOST_ROWS], count=len(rows)
        )

    def _show(self, record_id: str, problem: str = "", typed: str = "") -> Response:
        screen = self._screen
        stored = screen.company.store.find(self._kind, record_id)
        if stored is None:
            return screen.gone(self._kind)
        record = screen.company.present(self._kind, stored)
        name = record.get("DisplayName") or record["Name"]
        return screen.page(
            f"{self._kind.lower()}.html",
            str(name),
            400 if problem else 200,
            record=record,
            name=typed or name,
            others=[each for each in views.active_names(screen.company, self._kind) if each[0] != record_id],
            invoices=views.open_invoices(screen.company, record_id, screen.today) if self._kind == "Customer" else [],
            history=history_of(screen.company, self._kind, record),
            problem=problem,
        )

    def _act(self, action: Callable[[str, Form], Record], request: Request, form: Form) -> Response:
        record_id = _id(request)
        try:
            action(record_id, form)
        except Fault as fault:
            return self._show(record_id, sentence(fault, self._screen.company), form.get("name", ""))
        return go_to(f"{self._address}?id={record_id}")

    def _rename(self, record_id: str, form: Form) -> Record:
        if not form.get("name", "").strip():
            raise Fault("2020", "Enter a name.")
        return bookkeeping.rename(self._screen.company, self._kind, record_id, form["name"])

    def _set_active(self, record_id: str, form: Form) -> Record:
        return bookkeeping.set_active(self._screen.company, self._kind, record_id, form.get("active") == "yes")

    def _merge(self, request: Request, form: Form) -> Response:
        """The customer of the page goes into the one chosen, whose page is shown."""
        company, loser_id = self._screen.company, _id(request)
        try:
            if not form.get("into"):
                raise Fault("2020", "Choose the customer to merge with.")
            survivor = merge_customers(company, loser_id, form["into"])
        except Fault as fault:
            return self._show(loser_id, sentence(fault, company))
        return go_to(f"{self._address}?id={survivor['Id']}")


def _id(request: Request) -> str:
    return request.query_params.get("id", "")
