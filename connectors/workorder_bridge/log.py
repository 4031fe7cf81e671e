"""Structured log lines, one per event, with a trace id per row up to the destination's own trace number.

Secrets cannot get in: `record` accepts the fields of `Fields` and nothing else - no headers, bodies, tokens or
passwords - and other libraries' loggers, which do print such things, are never attached.
"""

from __future__ import annotations

import json
import logging
from decimal import Decimal
from typing import IO, TypedDict, Unpack

_logger = logging.getLogger("workorder_bridge")


class Fields(TypedDict, total=False):
    """Everything a log line may say."""

    destination: str
    trace: str
    row: int
    number: str
    state: str
    attempt: int
    rows: int
    method: str
    path: str
    status: int
    tid: str
    seconds: float
    message: str
    external_id: str
    total: Decimal
    count: int


def record(event: str, **fields: Unpack[Fields]) -> None:
    """Write one line: the event, then its fields. Raises ValueError for a field that is not in `Fields`."""
    unknown = fields.keys() - Fields.__annotations__.keys()
    if unknown:
        raise ValueError(f"not a log field: {', '.join(sorted(unknown))}")
    _logger.info(event, extra={"fields": fields})


def trace_of(request_id: str | None, index: str) -> str:
    """The trace id of a row: enough of the stored request id to find it, and its index."""
    return f"{(request_id or '')[:8]}-{index}"


class JsonLines(logging.Formatter):
    """One JSON object a line: time, event, then the fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; Decimals as text."""
        head = {"time": self.formatTime(record), "event": record.getMessage()}
        return json.dumps({**head, **getattr(record, "fields", {})}, default=str, ensure_ascii=False)


def write_log_to(stream: IO[str]) -> None:
    """Send the bridge's own lines to a stream (the CLI's `--verbose`: standard error)."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    _logger.handlers[:] = [handler]
    _logger.setLevel(logging.INFO)
    _logger.propagate = False
