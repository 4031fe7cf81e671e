"""What a rule of pre-flight is, and what it says about a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .facts import Facts
from .report import Finding

STAGES = ("ticket", "invoice", "bytes")


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One thing a rule has to say; severity and reason are the rule's own unless given here."""

    message: str
    field: str = ""
    line: int | None = None
    given: str = ""
    expected: str = ""
    severity: str = ""
    reason: str = ""


Judge = Callable[[Facts], Iterable[Remark]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One row of the table: what is asked, who can put it right, and how the buyer would name the trouble.

    A finding carries the first of `reasons` unless it says another; all of them are codes a buyer may answer with.
    `stage` is the first one at which the rule can be judged: a ticket has no number and no date yet, so rules about
    these are silent on it. `on_credits` tells whether a credit note is judged by it.
    """

    code: str
    title: str
    asks: str
    mended_by: str
    severity: str
    reasons: tuple[str, ...]
    stage: str
    judge: Judge
    on_credits: bool = True

    def applies_to(self, facts: Facts) -> bool:
        """Whether this rule can be judged on that document at its stage."""
        if facts.is_credit and not self.on_credits:
            return False
        return STAGES.index(self.stage) <= STAGES.index(facts.document.stage)

    def findings(self, facts: Facts) -> Iterable[Finding]:
        """Everything the rule has to say, as findings of its code."""
        for remark in self.judge(facts):
            yield Finding(
                code=self.code,
                severity=remark.severity or self.severity,
                message=remark.message,
                field=remark.field,
                line=remark.line,
                reason=remark.reason or self.reasons[0],
                given=remark.given,
                expected=remark.expected,
            )
