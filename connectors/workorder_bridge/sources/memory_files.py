"""The files of a source in memory: leased, read one at a time, settled."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workorder_bridge.errors import SourceError
from workorder_bridge.evidence import EvidenceFile, FileOutcome


@dataclass
class StoredFile:
    """A file as Odoo would keep it; `content` None once somebody deleted it."""

    file: EvidenceFile
    content: bytes | None
    state: str = "waiting"
    leased_until: datetime | None = None
    outcome: FileOutcome | None = None


@dataclass
class Files:
    """Everything there is to attach. `clock` tells the time that leases run by."""

    clock: Callable[[], datetime]
    stored: dict[int, StoredFile] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, invoice_external_id: str, number: str, name: str, mimetype: str, content: bytes) -> StoredFile:
        """A file of an invoice that arrived."""
        file = EvidenceFile(
            id=next(self._ids),
            key=uuid.uuid4().hex,
            name=name,
            mimetype=mimetype,
            size=len(content),
            attempt=0,
            invoice_external_id=invoice_external_id,
            invoice_number=number,
            on_send=False,
        )
        self.stored[file.id] = StoredFile(file, content)
        return self.stored[file.id]

    def claim(self, limit: int, lease_seconds: int) -> tuple[EvidenceFile, ...]:
        """Waiting files, and those whose lease ran out."""
        now = self.clock()
        free = [one for one in self.stored.values() if one.state == "waiting" or _ran_out(one, now)]
        for one in free[:limit]:
            one.state, one.leased_until = "sending", now + timedelta(seconds=lease_seconds)
            one.file = one.file.model_copy(update={"attempt": one.file.attempt + 1})
        return tuple(one.file for one in free[:limit])

    def content(self, file: EvidenceFile) -> bytes | None:
        """One leased file's content."""
        one = self.stored.get(file.id)
        if one is None or one.file.key != file.key or one.state != "sending":
            raise SourceError("There is no file with this id and key on its way.")
        return one.content

    def settle(self, outcomes: Sequence[FileOutcome]) -> None:
        """Believe what fits; the same answer twice changes nothing."""
        for outcome in outcomes:
            one = self.stored[outcome.file.id]
            if one.state == "attached" or (one.state != "sending" and outcome.state != "attached"):
                continue
            one.outcome = outcome
            if outcome.state == "retry":
                one.leased_until = self.clock() + timedelta(seconds=outcome.retry_after or 0)
            else:
                one.state = outcome.state


def _ran_out(one: StoredFile, now: datetime) -> bool:
    return one.state == "sending" and one.leased_until is not None and one.leased_until <= now
