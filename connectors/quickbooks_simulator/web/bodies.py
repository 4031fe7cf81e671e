"""Reads the bodies of API calls."""

from typing import Any

from quickbooks_simulator.faults import Fault
from quickbooks_simulator.jsontext import read_json


def decode(body: bytes) -> str:
    """Text in UTF-8; other bytes are fault 500 (P)."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Fault("500", "The body is not UTF-8.") from None


def read_body(body: bytes) -> Any:
    """JSON; a malformed body is fault 2010 (M for the code)."""
    decode(body)
    try:
        return read_json(body)
    except ValueError as problem:
        raise Fault("2010", f"The body is not JSON: {problem}") from None
