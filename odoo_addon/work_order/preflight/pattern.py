"""Regular expressions that people type into a buyer's profile: checked before they are kept, harmless when used.

Python's engine tries one way after another to match a text, and a few characters can ask for more ways than a lifetime
has seconds. So the ways of a pattern are counted beforehand, as if every one were tried: a bound that no text exceeds.
"""

from __future__ import annotations

import importlib
import re
import sys
from typing import Any

#: Longest pattern that is kept, and longest text that is compared with one; a longer text does not match.
MAX_PATTERN = 200
MAX_TEXT = 64
#: Most ways a pattern may offer to match one text.
MAX_WAYS = 300_000

# Python's own parser of patterns; it moved in 3.11.
_parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
_ONE = {"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT", "CATEGORY"}
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT"}


def problem_of(pattern: str) -> str:
    """Why this pattern cannot be used, as a sentence; empty if it can."""
    if len(pattern) > MAX_PATTERN:
        return f"A pattern has at most {MAX_PATTERN} characters; this one has {len(pattern)}."
    try:
        parsed = _parser.parse(pattern)
        ways = _ways_of_all(parsed)
    except (re.error, OverflowError, RecursionError) as error:
        return f"This is no regular expression: {error}."
    except ValueError as error:
        return str(error)
    if ways > MAX_WAYS:
        return "This pattern repeats too much: some texts would take too long to compare. Limit its repetitions."
    return ""


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text is as the pattern says; everything matches an empty pattern.

    :raises ValueError: if the pattern is one that :func:`problem_of` refuses
    """
    if not pattern:
        return True
    problem = problem_of(pattern)
    if problem:
        raise ValueError(problem)
    return len(text) <= MAX_TEXT and re.fullmatch(pattern, text) is not None


def _ways_of_all(items: Any) -> int:
    ways = 1
    for operator, argument in items:
        ways = min(ways * _ways(str(operator), argument), MAX_WAYS + 1)
    return ways


def _ways(operator: str, argument: Any) -> int:
    if operator in _ONE:
        return 1
    if operator == "SUBPATTERN":
        return _ways_of_all(argument[-1])
    if operator == "BRANCH":
        return sum(_ways_of_all(branch) for branch in argument[1])
    if operator in _REPEATS:
        return _ways_of_repeat(*argument)
    raise ValueError(
        "A pattern may have letters, digits, character classes, groups, alternatives and repetitions; nothing that "
        "looks around or refers back."
    )


def _ways_of_repeat(least: int, most: int, items: Any) -> int:
    """Every number of rounds, each round in every way; a text gives no more rounds than it has characters."""
    inner = _ways_of_all(items)
    least, most = min(int(least), MAX_TEXT), min(int(most), MAX_TEXT)
    ways = 0
    for rounds in range(least, most + 1):
        ways += min(inner, MAX_WAYS + 1) ** min(rounds, 20) if inner > 1 else 1
        if ways > MAX_WAYS:
            return MAX_WAYS + 1
    return ways
