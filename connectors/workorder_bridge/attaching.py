"""The loop of evidence: claim files, fetch each one's content, attach it, settle. One file in memory at a time.

An invoice never suffers from its files: whatever happens here, it stays as it is, and the file's own row says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from workorder_bridge.errors import BridgeError, DestinationClosed, DestinationError, Rejected, TryLater
from workorder_bridge.evidence import EvidenceFile, FileOutcome
from workorder_bridge.log import record
from workorder_bridge.ports import Destination, DestinationInfo, TicketSource
from workorder_bridge.settlement import MAX_ATTEMPTS, RETRY_AFTER_SECONDS

FILES_AT_ONCE = 10


@dataclass
class Evidence:
    """Attaches everything that waits at one destination. `attached` and `notices` grow as it goes."""

    source: TicketSource
    destination: Destination
    info: DestinationInfo
    lease_seconds: int
    stopping: Callable[[], bool]
    attached: int = 0
    notices: list[str] = field(default_factory=list)

    def attach_all(self) -> None:
        """Raises `SourceError`, or the `DestinationClosed` that holds for all files; those are then leased again."""
        while not self.stopping():
            files = self.source.claim_files(self.info.code, FILES_AT_ONCE, self.lease_seconds)
            outcomes = [self._attach(file) for file in files]
            if files:
                self.source.settle_files(self.info.code, outcomes)
            if not any(outcome.state != "retry" for outcome in outcomes):
                return

    def _attach(self, file: EvidenceFile) -> FileOutcome:
        content = self.source.file_content(self.info.code, file)
        if content is None:
            return self._refused(file, "The file was deleted or replaced in Odoo after the invoice was posted.")
        try:
            external_id = self.destination.attach(self.info, file, content)
        except DestinationClosed:
            raise
        except DestinationError as error:
            return self._failed(file, error)
        self.attached += 1
        record("attached", destination=self.info.code, row=file.id, number=file.invoice_number, external_id=external_id)
        return FileOutcome(file, "attached", external_id=external_id)

    def _failed(self, file: EvidenceFile, error: BridgeError) -> FileOutcome:
        """Definite refusals are told; the rest is tried again, asking first, within bounds."""
        if (isinstance(error, Rejected) and not error.maybe_sent) or file.attempt >= MAX_ATTEMPTS:
            return self._refused(file, error.message)
        asked = error.retry_after if isinstance(error, TryLater) else None
        rest = RETRY_AFTER_SECONDS if asked is None else max(0, round(asked))
        return FileOutcome(file, "retry", message=error.message, retry_after=rest)

    def _refused(self, file: EvidenceFile, why: str) -> FileOutcome:
        self.notices.append(f"{file.name} was not attached to {file.invoice_number}, which stays as it is: {why}")
        return FileOutcome(file, "refused", message=why)
