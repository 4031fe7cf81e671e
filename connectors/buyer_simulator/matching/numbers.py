"""When two invoice numbers are the same number."""

import re

_DIGITS_WITH_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_PUNCTUATION = re.compile(r"[\W_]+")


def same_number(number: str) -> str:
    """What two spellings of one invoice number have in common: case, punctuation and leading zeros do not count.

    Zeros lead a group of digits: INV-007 is inv 7. Source: buyers' duplicate checks (D), their extent (M).
    """
    return _PUNCTUATION.sub("", _DIGITS_WITH_ZEROS.sub("", number)).casefold()
