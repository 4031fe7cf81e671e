"""What is wrong with a file: always where, what stood there and what was expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from workorder_mappings.limits import PROBLEMS_LISTED

SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Problem:
    """One error. `row` is the row a spreadsheet shows (1 is the header, 0 the file as a whole)."""

    file: str
    row: int
    column: str
    value: str
    expected: str

    @property
    def sentence(self) -> str:
        """File, row, column, value, expectation - on one line."""
        where = [self.file, f"row {self.row}" if self.row else "", f"column {self.column}" if self.column else ""]
        found = f"found {shown(self.value)}; " if self.value else ""
        return f"{', '.join(filter(None, where))}: {found}expected {self.expected}"

    def as_message(self) -> dict[str, object]:
        """For `--json`."""
        return {**asdict(self), "message": self.sentence}


class FileRefused(Exception):
    """The rest of a file cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


@dataclass
class Problems:
    """Everything found so far, in the order of the files; beyond ten thousand they are counted, not kept."""

    listed: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, problem: Problem) -> None:
        """Take note of one."""
        self.count += 1
        if len(self.listed) < PROBLEMS_LISTED:
            self.listed.append(problem)

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self.listed, key=lambda problem: (problem.file, problem.row)))

    def __bool__(self) -> bool:
        return self.count > 0


def shown(value: str) -> str:
    """A value as a message quotes it: on one line and not longer than a line."""
    text = value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 1] + "…"
    return repr(text)
