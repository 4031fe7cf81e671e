"""Files that prove the work, on their way to the invoices they belong to (contract: docs/design.md)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import Field

from workorder_bridge.errors import SourceError
from workorder_bridge.message import Message

FileState = Literal["attached", "refused", "retry"]


class EvidenceFile(Message):
    """A file to attach; its `key` was stored by Odoo before anybody could send it, its content is fetched by itself.

    `size` is in bytes. `attempt` > 1 means an earlier worker may have sent it already: ask first. `on_send` says
    whether it goes along when the invoice is e-mailed from there.
    """

    id: int
    key: str
    name: str
    mimetype: str
    size: int
    attempt: int
    invoice_external_id: str
    invoice_number: str
    on_send: bool


class ClaimedFiles(Message):
    """What one claim of files returned."""

    files: tuple[EvidenceFile, ...] = Field(strict=False)


class FileContent(Message):
    """A file's content as Odoo hands it out: base64, or None when it is gone."""

    content: str | None

    def decoded(self) -> bytes | None:
        """The bytes; raises `SourceError` for what is no base64."""
        try:
            return None if self.content is None else base64.b64decode(self.content, validate=True)
        except binascii.Error as error:
            raise SourceError("Odoo handed out a file that cannot be read.", hint="Run it again.") from error


@dataclass(frozen=True)
class FileOutcome:
    """What Odoo is told about one file. `external_id` is the attachment's there, `retry_after` in seconds."""

    file: EvidenceFile
    state: FileState
    external_id: str = ""
    message: str = ""
    retry_after: int | None = None

    def as_settlement(self) -> dict[str, Any]:
        """The shape `settle_files` expects in `results`."""
        result: dict[str, Any] = {
            "id": self.file.id,
            "key": self.file.key,
            "state": self.state,
            "external_id": self.external_id,
            "message": self.message,
        }
        return result if self.retry_after is None else {**result, "retry_after": self.retry_after}


class EvidenceSource(Protocol):
    """Where files come from; part of `TicketSource`, and raises what that raises."""

    def claim_files(self, code: str, limit: int, lease_seconds: int) -> tuple[EvidenceFile, ...]:
        """Lease up to `limit` files of invoices that arrived; keys are stored before this returns."""
        ...

    def file_content(self, code: str, file: EvidenceFile) -> bytes | None:
        """The content of one leased file; None when it is gone, or another one by now."""
        ...

    def settle_files(self, code: str, outcomes: Sequence[FileOutcome]) -> None:
        """Report files. Safe to repeat."""
        ...
