"""Uploads: several files in one call, each with an answer of its own."""

from dataclasses import dataclass
from typing import Any

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.jsontext import read_json
from quickbooks_simulator.operations.batch import fault_body
from quickbooks_simulator.operations.multipart import Part

CONTENT, METADATA = "file_content_", "file_metadata_"
TYPES = frozenset(
    {"ai", "bmp", "csv", "doc", "docx", "eps", "gif", "heic", "jpeg", "jpg", "ods", "pdf", "png", "rtf", "tif", "tiff"}
    | {"txt", "xls", "xlsx", "xml"}
)
"""The endings the reference names, from memory (M)."""


@dataclass(frozen=True)
class Upload:
    """One file and what was said of it. Either may be missing."""

    content: Part | None
    metadata: Part | None


def pair_parts(parts: list[Part]) -> list[Upload]:
    """Files with their descriptions: file_content_01 belongs to file_metadata_01. Source: reference (P)."""
    numbers: dict[str, None] = {}
    found: dict[str, Part] = {}
    for part in parts:
        prefix = next((each for each in (CONTENT, METADATA) if part.name.startswith(each)), None)
        if prefix is None:
            raise Fault("2010", f"A part is called {CONTENT}NUMBER or {METADATA}NUMBER, not {part.name}.")
        numbers[part.name.removeprefix(prefix)] = None
        found[part.name] = part
    if not numbers:
        raise Fault("2020", f"Required param missing, need to supply {CONTENT}01", CONTENT)
    return [Upload(found.get(CONTENT + number), found.get(METADATA + number)) for number in numbers]


def store_uploads(company: Company, uploads: list[Upload]) -> list[Record]:
    """One entry per file: the Attachable, or a Fault inside the 200 while the others are stored (V)."""
    answers = []
    for upload in uploads:
        try:
            answers.append({"Attachable": _store(company, upload)})
        except Fault as fault:
            answers.append({"Fault": fault_body(fault)})
    return answers


def _store(company: Company, upload: Upload) -> Record:
    if upload.content is None:
        raise Fault("2020", f"Required param missing, need to supply {CONTENT} for each {METADATA}", CONTENT)
    said = _read_metadata(upload.metadata)
    name = said.get("FileName") or upload.content.file_name
    content_type = upload.content.content_type or said.get("ContentType")
    _check_file(company, name, len(upload.content.content))
    # What was not said of the file, the company fills in (P).
    body = {**said, "FileName": name, "ContentType": content_type, "Size": len(upload.content.content)}
    kind = KINDS["Attachable"]
    made = company.create(kind, body) if body.get("Id") in (None, "") else company.update(kind, body)
    company.files.keep(made["Id"], upload.content.content)
    return company.read(kind, made["Id"])


def _read_metadata(part: Part | None) -> dict[str, Any]:
    if part is None:
        return {}
    try:
        said = read_json(part.content)
    except ValueError as problem:
        raise Fault("2010", f"{part.name} is not JSON: {problem}", part.name) from None
    if not isinstance(said, dict):
        raise Fault("2010", f"{part.name} must be one JSON object", part.name)
    return said


def _check_file(company: Company, name: Any, size: int) -> None:
    """A name, and at most 100 MB (P). A client's own tests upload an empty file (V), so it passes unless switched off.

    Whether only some endings of names pass is unknown (switch check_upload_types). The codes are from memory (M).
    """
    if not isinstance(name, str) or not name:
        raise Fault("2020", "Required param missing, need to supply FileName", "FileName")
    if size == 0 and company.settings.refuse_empty_uploads:
        raise Fault("6000", f"The file {name} is empty.", "FileName")
    if size > company.settings.largest_upload_bytes:
        largest = company.settings.largest_upload_bytes
        raise Fault("6000", f"The file {name} has {size} bytes, at most {largest} are allowed.", "FileName")
    if company.settings.check_upload_types and name.rpartition(".")[2].lower() not in TYPES:
        raise Fault("6000", f"Files of this type cannot be attached: {name}.", "FileName")
