"""Remembers the answer given under each request id."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from quickbooks_simulator.clock import Clock
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.settings import Settings

LONGEST_REQUEST_ID = 50


@dataclass(frozen=True)
class Remembered:
    """What was asked and answered. Exactly one of `answer` and `fault` is set."""

    fingerprint: str
    answer: Any
    fault: Fault | None
    at: datetime


class Replay:
    """Same request id, same answer, no second object. Source: announcement (P); life time and other bodies unknown."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._answers: dict[str, Remembered] = {}
        self.replayed = 0

    def recall(self, request_id: str, fingerprint: str) -> Remembered | None:
        """The remembered answer, or None when the write must be carried out."""
        check_request_id(request_id)
        remembered = self._answers.get(request_id)
        if remembered is None or self._is_forgotten(remembered):
            return None
        if remembered.fingerprint != fingerprint and not self._replays_other_body(request_id):
            return None
        self.replayed += 1
        return remembered

    def remember(self, request_id: str, fingerprint: str, answer: Any, fault: Fault | None = None) -> None:
        """Keep an answer; a fault only when the switch says so, because a refused write left nothing behind (M)."""
        if fault is not None and not self._settings.request_id_remembers_faults:
            return
        self._answers[request_id] = Remembered(fingerprint, answer, fault, self._clock.now())

    def _is_forgotten(self, remembered: Remembered) -> bool:
        lifetime = self._settings.request_id_seconds
        return lifetime is not None and self._clock.now() - remembered.at >= timedelta(seconds=lifetime)

    def _replays_other_body(self, request_id: str) -> bool:
        policy = self._settings.request_id_other_body
        if policy == "fault_600":
            raise Fault("600", f"Request id {request_id} was used for another request.")
        if policy == "fault_6000":
            raise Fault("6000", "An unexpected error occurred. Wait some minutes and try again.")
        return policy == "replay"


def once(replay: Replay, request_id: str | None, fingerprint: str, act: Callable[[], Any]) -> Any:
    """What `act` answers; under a known request id the earlier answer, and `act` is left undone."""
    if not request_id:
        return act()
    remembered = replay.recall(request_id, fingerprint)
    if remembered is not None:
        if remembered.fault is not None:
            raise remembered.fault
        return remembered.answer
    try:
        answer = act()
    except Fault as fault:
        replay.remember(request_id, fingerprint, None, fault)
        raise
    replay.remember(request_id, fingerprint, answer)
    return answer


def check_request_id(request_id: str) -> None:
    """At most 50 characters, in a batch together with the item's bId. Source: SDK thread (P)."""
    if len(request_id) > LONGEST_REQUEST_ID:
        raise Fault("6000", f"The request id is {len(request_id)} characters long, {LONGEST_REQUEST_ID} are allowed.")
