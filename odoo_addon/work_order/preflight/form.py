"""Does a number have the form the buyer demands?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from .pattern import matches, problem_of
from .report import UNKNOWN_DATA
from .rule import Remark


def against_form(text: str, pattern: str, field: str, source: str, subject: str) -> Iterator[Remark]:
    """Nothing if `text` is as the buyer's pattern says; unknown if that pattern cannot be used."""
    if problem := _problem_of(pattern):
        yield Remark(
            message=f"The buyer profile's pattern {pattern} cannot be used, correct it. {problem}",
            field=source,
            given=pattern,
            severity=UNKNOWN_DATA,
        )
    elif not matches(pattern, text):
        yield Remark(
            message=f"{subject} does not have the form this buyer demands ({pattern}).",
            field=field,
            given=text,
            expected=pattern,
        )


_problem_of = lru_cache(maxsize=1000)(problem_of)
