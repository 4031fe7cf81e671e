"""One company's settings and lists during a run: from disk while they are young, else brought up to date.

Nothing is read in the steady state. What is kept may let an invoice through that QuickBooks then refuses, but never
refuses one: before that `renew` looks again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.company import CompanyFacts, facts_of, refuse_what_we_cannot_serve
from workorder_bridge.destinations.quickbooks.lists import Lists
from workorder_bridge.destinations.quickbooks.lists_file import ListsFile
from workorder_bridge.destinations.quickbooks.lists_reading import Reader, read_changes, read_whole
from workorder_bridge.errors import DestinationClosed
from workorder_bridge.retry import Retry

YOUNG = timedelta(hours=1)
"""How long the lists are used without asking. A change made meanwhile shows as a refusal, which then asks."""

JUST_NOW = timedelta(seconds=30)
"""What a run read so recently it need not read again before it refuses something."""

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class Books:
    """`open` it once per run. `facts` are the settings that shape an invoice."""

    client: CompanyClient
    retry: Retry
    clock: Callable[[], datetime]
    file: ListsFile | None
    lists: Lists = field(init=False)
    facts: CompanyFacts = field(init=False)
    _looked: datetime = NEVER

    @classmethod
    def open(
        cls, client: CompanyClient, retry: Retry, clock: Callable[[], datetime], file: ListsFile | None = None
    ) -> Books:
        """Raises `DestinationClosed` for a company this bridge cannot serve, else `DestinationError`."""
        books = cls(client, retry, clock, file)
        books._refresh(YOUNG)
        try:
            refuse_what_we_cannot_serve(books.facts)
        except DestinationClosed:
            if not books.renew():
                raise
            refuse_what_we_cannot_serve(books.facts)
        return books

    @property
    def is_young(self) -> bool:
        """Whether they may be used for another batch without asking."""
        return self._is_young(self.lists, YOUNG)

    def renew(self) -> bool:
        """Look again, unless this run did a moment ago; True if it read anything. Raises `DestinationError`.

        What another run read a moment ago does not count: a person may have put something right since.
        """
        if self.clock() - self._looked < JUST_NOW:
            return False
        self._refresh(timedelta(0))
        return True

    def keep(self) -> None:
        """Store what changed here: records we made ourselves, witnesses."""
        if self.file is not None:
            self.file.save(self.lists)

    def _refresh(self, age: timedelta) -> None:
        if self.file is None:
            self._use(self._read(getattr(self, "lists", None)))
            return
        kept = self.file.load()
        if kept is None or not self._is_young(kept, age):
            with self.file.held():
                kept = self.file.load()
                if kept is None or not self._is_young(kept, age):  # else another worker was faster
                    kept = self._read(kept)
                    self.file.save(kept)
        self._use(kept)

    def _use(self, lists: Lists) -> None:
        self.lists = lists
        self.facts = facts_of(lists.info, lists.preferences)

    def _is_young(self, lists: Lists, age: timedelta) -> bool:
        """A file from the future is of a clock that was wrong: read anew."""
        return 0 <= self.clock().timestamp() - lists.checked_at < age.total_seconds()

    def _read(self, known: Lists | None) -> Lists:
        reader, self._looked = Reader(self.client, self.retry), self.clock()
        return read_whole(reader, self._looked, {}) if known is None else read_changes(reader, known, self._looked)
