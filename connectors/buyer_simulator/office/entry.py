"""An invoice in the department's hands."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from buyer_simulator.matching.books import Known
from buyer_simulator.records.invoice import Invoice
from buyer_simulator.records.reason import Reason

State = Literal["received", "in_process", "accepted", "disputed", "rejected", "paid"]
Action = Literal["process", "accept", "reject", "dispute", "pay"]

FROM: dict[Action, tuple[State, ...]] = {
    "process": ("received",),
    "accept": ("in_process", "disputed"),
    "reject": ("received", "in_process", "disputed", "accepted"),
    "dispute": ("in_process", "accepted"),
    "pay": ("accepted",),
}
"""In which states a clerk may do what. A rejected invoice stays rejected: the supplier sends another (M)."""


@dataclass(frozen=True)
class Step:
    """One entry of the history."""

    day: date
    state: State
    by: str
    note: str = ""


@dataclass
class Entry:
    """An invoice with its state and the reasons against it. `matched` is None until it was compared."""

    id: str
    invoice: Invoice
    known: Known
    state: State = "received"
    matched: bool | None = None
    reasons: tuple[Reason, ...] = ()
    history: list[Step] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Whether it weighs on the balances: an invoice once it matched, a credit only once it is accepted."""
        if self.invoice.kind == "credit":
            return self.state in ("accepted", "paid")
        return self.state in ("in_process", "accepted", "disputed", "paid")

    def allowed(self) -> list[Action]:
        """What a clerk may do now."""
        return [action for action, states in FROM.items() if self.state in states]
