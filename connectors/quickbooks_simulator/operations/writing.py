"""One write of one record, with or without a request id."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from quickbooks_simulator.company.company import NOTHING_HIDDEN, Company
from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.preferences import writable_preferences
from quickbooks_simulator.company.store import Key, Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.jsontext import write_json
from quickbooks_simulator.operations.replay import Replay, once


@dataclass(frozen=True)
class Write:
    """What is to be written: `operation` is create, update, delete or void."""

    operation: str
    kind: Kind
    body: Record

    @property
    def fingerprint(self) -> str:
        text = f"{self.operation} {self.kind.name} ".encode() + write_json(self.body)
        return sha256(text).hexdigest()


def operation_of(kind: Kind, body: Record, operation: str | None, include: str | None) -> str:
    """Which write a call means: `operation` as sent, `include=void` voids (V), else an Id makes it an update (V)."""
    if operation == "void" or (operation == "update" and include == "void"):
        return "void"
    if operation in (None, "", "create", "update"):
        return "update" if kind.single or body.get("Id") not in (None, "") else "create"
    if operation != "delete":
        raise Fault("2170", f"Operation {operation} is not known.", "operation")
    return operation


def carry_out(
    company: Company, replay: Replay, write: Write, request_id: str | None, hidden: frozenset[Key] = NOTHING_HIDDEN
) -> Any:
    """The answer to the write; under a known request id the earlier answer, and nothing is written again."""
    return once(replay, request_id, write.fingerprint, lambda: _execute(company, write, hidden))


def _execute(company: Company, write: Write, hidden: frozenset[Key]) -> Record:
    if write.operation == "create":
        return company.create(write.kind, write.body, hidden)
    if write.operation == "update":
        body = writable_preferences(write.body) if write.kind.name == "Preferences" else write.body
        return company.update(write.kind, body, hidden)
    if write.operation == "void":
        return company.void(write.kind, write.body, hidden)
    return company.delete(write.kind, write.body, hidden)
