"""Everything one running simulator consists of."""

from dataclasses import dataclass, field

from starlette.responses import Response

from buyer_simulator.office.calendar import Calendar
from buyer_simulator.office.department import Department
from buyer_simulator.seeds import SEEDS


@dataclass(frozen=True)
class Answered:
    """The answer an idempotency key got, and for which body."""

    body: bytes
    response: Response


@dataclass
class Service:
    """The department, its calendar and the answers that repeated requests get again."""

    seed: str = "empty"
    calendar: Calendar = field(default_factory=Calendar)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self, seed: str | None = None) -> None:
        """Start over with the books of a seed, by default the one of the start."""
        self.calendar.fixed = None
        self.department = Department(self.calendar.today)
        self.answered: dict[str, Answered] = {}
        SEEDS[seed or self.seed](self.department)
