"""Reads multipart bodies, also those of clients that end lines with a bare line feed."""

import base64
import re
from binascii import Error as Base64Error
from dataclasses import dataclass

from quickbooks_simulator.faults import Fault

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True)
class Part:
    """One part of a form: its field name, the file name if it has one, its type, and its content decoded."""

    name: str
    file_name: str | None
    content_type: str | None
    content: bytes


def read_parts(body: bytes, content_type: str) -> list[Part]:
    """The parts in their order; fault 2010 for a body that is no multipart form (M for the code).

    Lines may end with CR LF, as the standard has it, or with LF alone, as python-quickbooks sends them (V).
    """
    boundary = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/") or boundary is None:
        raise Fault("2010", "An upload is a multipart/form-data body with a boundary.")
    pieces = (b"\n" + body).split(b"\n--" + boundary[1].encode())[1:]
    parts: list[Part] = []
    for piece in pieces:
        if piece.startswith(b"--"):
            return parts
        parts.append(_read_part(piece.removesuffix(b"\r")))
    raise Fault("2010", "The multipart body has no end: its last boundary is missing.")


def _read_part(piece: bytes) -> Part:
    head, content = _split_head(piece.lstrip(b" \t").removeprefix(b"\r").removeprefix(b"\n"))
    headers = _read_headers(head)
    parameters = dict(_PARAMETER.findall(headers.get("content-disposition", "")))
    if "name" not in parameters:
        raise Fault("2010", "A part of the multipart body has no name.")
    if headers.get("content-transfer-encoding", "").lower() == "base64":
        content = _decode(content)
    return Part(parameters["name"], parameters.get("filename"), headers.get("content-type"), content)


def _split_head(piece: bytes) -> tuple[bytes, bytes]:
    """Headers and content, parted by the first empty line of either spelling."""
    found = re.search(rb"\r?\n\r?\n", piece)
    if found is None:
        raise Fault("2010", "A part of the multipart body has no empty line after its headers.")
    return piece[: found.start()], piece[found.end() :]


def _read_headers(head: bytes) -> dict[str, str]:
    lines = head.decode("utf-8", "replace").splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _decode(content: bytes) -> bytes:
    try:
        return base64.b64decode(content, validate=False)
    except Base64Error:
        raise Fault("2010", "A part of the multipart body is not the base64 text it says it is.") from None
