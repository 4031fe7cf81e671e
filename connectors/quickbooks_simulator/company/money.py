"""Amounts: exact decimals, rounded half up to cents."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from quickbooks_simulator.faults import Fault

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


def round_cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def read_decimal(value: Any, element: str) -> Decimal:
    """A JSON number, or a number in a string as some clients send it (V), as Decimal; else fault 2030 (M)."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise Fault("2030", f"{element} must be a number, supplied value: {value}", element)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise Fault("2030", f"{element} must be a number, supplied value: {value}", element) from None
    if not number.is_finite() or abs(number) >= Decimal("100000000000"):
        raise Fault("2030", f"{element} is out of range, supplied value: {value}", element)
    return number


def read_amount(value: Any, element: str) -> Decimal:
    """As `read_decimal`, rounded to cents."""
    return round_cents(read_decimal(value, element))
