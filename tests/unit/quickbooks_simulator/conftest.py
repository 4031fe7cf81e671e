"""A sample company in memory, and short ways to write in its books."""

from collections.abc import Callable
from typing import Any

import pytest
from quickbooks_simulator.clock import SystemClock
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.seeds import sample
from quickbooks_simulator.settings import Settings

Record = dict[str, Any]


class Books:
    """Writes in a company as a client would, kind by name."""

    def __init__(self, company: Company) -> None:
        self.company = company

    def create(self, kind: str, **body: Any) -> Record:
        return self.company.create(KINDS[kind], body)

    def read(self, kind: str, record: Record) -> Record:
        return self.company.read(KINDS[kind], record["Id"])

    def change(self, kind: str, record: Record, **values: Any) -> Record:
        """A sparse update of the record as it is now."""
        return self.company.update(KINDS[kind], {**self._token(kind, record), "sparse": True, **values})

    def delete(self, kind: str, record: Record) -> Record:
        return self.company.delete(KINDS[kind], self._token(kind, record))

    def void(self, kind: str, record: Record) -> Record:
        return self.company.void(KINDS[kind], self._token(kind, record))

    def prefer(self, section: str, **values: Any) -> None:
        self.company.update(KINDS["Preferences"], {section: values})

    def _token(self, kind: str, record: Record) -> Record:
        return {"Id": record["Id"], "SyncToken": self.read(kind, record)["SyncToken"]}


@pytest.fixture
def books() -> Books:
    company = Company("1", Settings(), SystemClock())
    sample.plant(company)
    return Books(company)


def code_of(action: Callable[[], object]) -> str:
    """The code the company refuses the action with."""
    with pytest.raises(Fault) as refused:
        action()
    return refused.value.code


def form(amount: Any = 100, customer: str = "1", **changes: Any) -> Record:
    """The body of a sales form with one line."""
    detail = {"ItemRef": {"value": "1"}}
    line = {"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": detail}
    return {"CustomerRef": {"value": customer}, "Line": [line], **changes}


def settled(total: Any, *parts: tuple[str, Record, Any], customer: str = "1") -> Record:
    """The body of a payment, with (kind, record, amount) of what it is set against."""
    lines = [
        {"Amount": amount, "LinkedTxn": [{"TxnId": record["Id"], "TxnType": kind}]} for kind, record, amount in parts
    ]
    return {"CustomerRef": {"value": customer}, "TotalAmt": total, "Line": lines}
