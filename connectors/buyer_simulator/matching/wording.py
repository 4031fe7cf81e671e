"""Figures as a clerk writes them."""

from decimal import Decimal
from fractions import Fraction


def figure(value: Decimal) -> str:
    """A quantity or percentage without needless zeros: `2`, `1.5`, `1,000`."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(amount: Decimal, currency: str) -> str:
    """`1,234.50 USD`; more decimals only where there are any."""
    text = f"{amount:,f}" if -amount.normalize().as_tuple().exponent > 2 else f"{amount:,.2f}"  # type: ignore[operator]
    return f"{text} {currency}"


def plain(value: Fraction) -> Decimal:
    """A fraction as a figure people read, to six decimals."""
    return Decimal(figure(Decimal(round(value * 10**6)).scaleb(-6)).replace(",", ""))
