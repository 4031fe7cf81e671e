"""JSON with exact numbers: decimals come in as Decimal and go out as plain JSON numbers."""

import json
from decimal import Decimal
from typing import Any, NoReturn


def read_json(raw: bytes) -> Any:
    """Parse UTF-8 JSON; raises UnicodeDecodeError or ValueError."""
    return json.loads(raw.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse_constant)


def read_plain_json(raw: bytes) -> Any:
    """As `read_json`, with ordinary floats, for bodies that hold durations rather than money."""
    return json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)


def write_json(value: Any) -> bytes:
    """The value as compact UTF-8 JSON."""
    return json.dumps(value, default=_plain_number, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _plain_number(value: object) -> float:
    # A float prints back every decimal of up to 15 digits, far more than an amount has.
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} does not belong in an answer")
