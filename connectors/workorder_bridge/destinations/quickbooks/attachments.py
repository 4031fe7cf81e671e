"""A file attached to an invoice through /upload (fact sheet §1, §8).

Whether an upload honours a request id is unknown, and python-quickbooks sends none (§5, V). So the file carries its
row's mark in the attachment's note, and before anything is repeated QuickBooks is asked for the invoice's attachments.
A failure comes inside an answer of 200 (§13.49, V).
"""

from __future__ import annotations

import mimetypes
from pathlib import PurePath

from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.texts import marker_of
from workorder_bridge.destinations.quickbooks.wire import quoted, to_json
from workorder_bridge.errors import DestinationError, OutcomeUnknown, Rejected, TryLater
from workorder_bridge.evidence import EvidenceFile
from workorder_bridge.retry import Retry

ROUNDS = 3
"""How often one run sends the same file before it leaves it to the next."""

SETTLING_SECONDS = 2.0
UNTYPED = "application/octet-stream"


def attach(client: CompanyClient, file: EvidenceFile, content: bytes, retry: Retry) -> str:
    """Attach the file once; the id of its attachment. Raises `DestinationError`, `Rejected` when it is not there."""
    doubt: DestinationError | None = None
    for turn in range(ROUNDS):
        if turn:
            retry.sleep(SETTLING_SECONDS)
        if (turn or file.attempt > 1) and (known := find_attachment(client, file, retry)):
            return known
        try:
            return _upload(client, file, content)
        except (OutcomeUnknown, TryLater) as error:
            if not error.maybe_sent:
                raise  # told to wait: the file goes out again later, under the same keys
            doubt = error
    raise doubt or OutcomeUnknown("QuickBooks did not say whether the file was attached.")


def find_attachment(client: CompanyClient, file: EvidenceFile, retry: Retry) -> str:
    """The id of the attachment that carries this file's mark, "" if there is none. Raises `DestinationError`."""
    select = (
        "SELECT * FROM Attachable WHERE AttachableRef.EntityRef.Type = 'Invoice' "  # noqa: S608  # escaped in wire.py
        f"AND AttachableRef.EntityRef.value = {quoted(file.invoice_external_id)} MAXRESULTS 1000"
    )
    try:
        found = retry.call(lambda: client.ask(select)).get("Attachable") or []
    except Rejected as error:
        raise OutcomeUnknown(error.message, hint=error.hint, reference=error.reference) from error
    ours = (str(one["Id"]) for one in found if marker_of(file.key) in str(one.get("Note") or ""))
    return next(ours, "")


def file_name(file: EvidenceFile) -> str:
    """The name with an ending that fits its type, since QuickBooks goes by endings (M); a signature has none."""
    name = " ".join(file.name.split()) or "file"
    return name if PurePath(name).suffix else f"{name}{mimetypes.guess_extension(file.mimetype) or ''}"


def _upload(client: CompanyClient, file: EvidenceFile, content: bytes) -> str:
    metadata = {
        "FileName": file_name(file),
        "ContentType": file.mimetype or UNTYPED,
        "Note": f"Work order evidence for {file.invoice_number} {marker_of(file.key)}",
        "AttachableRef": [
            {"EntityRef": {"type": "Invoice", "value": file.invoice_external_id}, "IncludeOnSend": file.on_send}
        ],
    }
    parts = [
        ("file_metadata_01", ("metadata.json", to_json(metadata), "application/json")),
        ("file_content_01", (file_name(file), content, file.mimetype or UNTYPED)),
    ]
    answer = client.upload_parts(parts, request_id=file.key)
    if not answer.get("Id"):
        raise OutcomeUnknown("QuickBooks gave an answer nobody can read.", reference=client.trace_number)
    return str(answer["Id"])
