"""Numbers in sentences."""

from decimal import Decimal

#: More than any quantity here has; what is behind is left over from calculating.
DECIMALS = 6


def plain(value, places=0):
    """A number as people write it: every digit before the point, never an exponent, and at least `places` after it."""
    text = format(Decimal(repr(round(float(value), DECIMALS))), "f")
    whole, _point, rest = text.partition(".")
    rest = rest.rstrip("0").ljust(places, "0")
    return f"{whole}.{rest}" if rest else whole
