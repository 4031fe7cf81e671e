"""When two invoice numbers are the same number."""

import re
import unicodedata

_GROUPS = re.compile(r"[^\W\d_]+|\d+")


def spellings(number: str) -> frozenset[str]:
    """Numbers that have one of these in common are the same: case, punctuation and leading zeros do not count.

    Zeros lead a group of digits: INV-007 is inv 7. Punctuation may be left out, but moves no digit from group to group:
    INV/2026/01/11 and INV/2026/11/01 are two. Source: buyers' duplicate checks (D), their extent (M).
    """
    groups = _GROUPS.findall(unicodedata.normalize("NFKC", number).casefold())
    return frozenset(("/".join(_bare(group) for group in groups), _bare("".join(groups))))


def same_number(one: str, other: str) -> bool:
    """Whether a clerk takes the two for one."""
    return not spellings(one).isdisjoint(spellings(other))


def _bare(group: str) -> str:
    return group.lstrip("0") or group[-1:]
