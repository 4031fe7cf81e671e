"""What the company knows of one kind of record."""

from collections.abc import Callable
from dataclasses import dataclass

from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.properties import PROPERTIES
from quickbooks_simulator.company.store import Changes, Record


def as_it_is(record: Record) -> Record:
    """The record itself."""
    return record


@dataclass(frozen=True)
class Kind:
    """One kind of record.

    `filterable` names what a query may compare, besides Id and the two times. `release` runs before a delete. A
    `mailable` kind can be sent by e-mail, a `printable` one read as PDF.
    `answered_as` is the name answers use when it is not the kind's own. `opened` makes what a client sends into what is
    stored, `shown` the other way round, for a kind that wraps its records. `always_chosen` is in an answer whatever
    columns a query names.
    """

    name: str
    prepare: Callable[[Draft], Record]
    filterable: frozenset[str]
    writable: bool = True
    void: Callable[[Draft, Record], Record] | None = None
    release: Callable[[Changes, Record], None] | None = None
    paged: bool = True
    captured: bool = True
    mailable: bool = False
    answered_as: str = ""
    printable: bool = False
    opened: Callable[[Record], Record] = as_it_is
    shown: Callable[[Record], Record] = as_it_is
    always_chosen: frozenset[str] = frozenset()

    @property
    def properties(self) -> frozenset[str]:
        return PROPERTIES[self.name]

    @property
    def label(self) -> str:
        """The name its records have in answers."""
        return self.answered_as or self.name

    @property
    def single(self) -> bool:
        """Whether the company has exactly one of it."""
        return self.name in ("CompanyInfo", "Preferences")
