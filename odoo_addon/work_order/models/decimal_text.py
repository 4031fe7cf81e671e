"""Numbers as text, the way the document carries them: what Odoo rounded to, without float noise."""

from decimal import Decimal

from odoo.tools import float_repr


def amount_text(value, currency):
    """Money with exactly the decimals of its currency: ``90.00``."""
    text = float_repr(currency.round(value), currency.decimal_places)
    return text.lstrip("-") if not Decimal(text) else text  # rounding may leave "-0.00"


def number_text(value, digits, minimum=0):
    """A quantity, price or percentage: at most ``digits`` decimals, trailing zeros dropped down to ``minimum``."""
    whole, _dot, decimals = float_repr(value, digits).partition(".")
    decimals = decimals.rstrip("0").ljust(minimum, "0")
    text = f"{whole}.{decimals}" if decimals else whole
    return text.lstrip("-") if not Decimal(text) else text
