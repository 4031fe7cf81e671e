"""Money, dates and numbers as a US reader writes them."""

from datetime import date
from decimal import Decimal


def write_money(amount: Decimal | None, currency: str = "USD") -> str:
    """`$1,234.50`; another currency is named: `CAD 1,234.50`. None is an empty text."""
    if amount is None:
        return ""
    sign = "-" if amount < 0 else ""
    unit = "$" if currency == "USD" else f"{currency} "
    return f"{sign}{unit}{abs(amount):,.2f}"


def write_date(day: str | None) -> str:
    """`11/22/2026` for an ISO date; None is an empty text."""
    return date.fromisoformat(day).strftime("%m/%d/%Y") if day else ""


def write_number(value: Decimal | int | None) -> str:
    """A quantity without needless zeros: `2`, `1.5`. None is an empty text."""
    return "" if value is None else f"{Decimal(value).normalize():,f}"
