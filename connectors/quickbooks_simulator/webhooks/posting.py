"""One post to one app: its body, its attempts, what became of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from quickbooks_simulator.clock import write_answer_time
from quickbooks_simulator.jsontext import read_json
from quickbooks_simulator.settings import Settings
from quickbooks_simulator.webhooks.event import Event
from quickbooks_simulator.webhooks.sending import Answer

RETRY_AFTER = (timedelta(minutes=20), timedelta(minutes=30), timedelta(minutes=50))
"""How long after each failed attempt the next one follows; after the last of them it is dropped (P)."""

WAITING, DELIVERED, DROPPED, LOST = "waiting", "delivered", "dropped", "lost"


@dataclass(frozen=True)
class Attempt:
    """One try, and how it was answered."""

    at: datetime
    answer: Answer


@dataclass
class Posting:
    """`due` is when the next attempt follows while it is waiting. The body stays the same in all attempts."""

    id: int
    app: str
    format: str
    events: list[Event]
    body: bytes
    made: datetime
    due: datetime
    state: str = WAITING
    reason: str = ""
    attempts: list[Attempt] = field(default_factory=list)

    def take(self, answer: Answer, now: datetime, settings: Settings) -> None:
        """Note an answer: delivered, to be tried again, or dropped. Source: documentation (P)."""
        self.attempts.append(Attempt(now, answer))
        if answer.accepted:
            self.state = DELIVERED
        elif not _is_tried_again(answer, settings):
            self.drop("the answer is not one that is tried again")
        elif len(self.attempts) > len(RETRY_AFTER):
            self.drop(f"{len(self.attempts)} attempts failed")
        else:
            self.due = now + RETRY_AFTER[len(self.attempts) - 1]

    def drop(self, reason: str) -> None:
        self.state, self.reason = DROPPED, reason

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "app": self.app,
            "format": self.format,
            "state": self.state,
            "reason": self.reason,
            "due": write_answer_time(self.due) if self.state == WAITING else None,
            "attempts": [{"at": write_answer_time(each.at), "answer": each.answer.words} for each in self.attempts],
            "body": read_json(self.body),
        }


def _is_tried_again(answer: Answer, settings: Settings) -> bool:
    """No answer in time, 408 and 5xx are (P); other refusals only when the switch says so."""
    return answer.status is None or answer.status == 408 or answer.status >= 500 or settings.webhook_retry_any_refusal
