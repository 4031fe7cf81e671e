"""The kinds of value a record is made of."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


class Record(BaseModel):
    """Frozen; an unknown property is an error, because a misspelt rule would silently not hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _iso_day(value: Any) -> Any:
    # Left to itself the library reads 20260301 as seconds since 1970.
    if value is None or type(value) is date:
        return value
    if not isinstance(value, str):
        raise ValueError("a day is written YYYY-MM-DD")
    return date.fromisoformat(value)


def _plain_number(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("true and false are no numbers")
    return value


# No controls: they would break the page and every file the number is copied to.
Code = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
Named = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
Text = Annotated[str, StringConstraints(max_length=2000)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Day = Annotated[date, BeforeValidator(_iso_day), Field(ge=date(1990, 1, 1), le=date(2199, 12, 31))]
Number = Annotated[Decimal, BeforeValidator(_plain_number), Field(max_digits=18, decimal_places=8)]
NotNegative = Annotated[Decimal, BeforeValidator(_plain_number), Field(ge=0, max_digits=18, decimal_places=8)]
Positive = Annotated[Decimal, BeforeValidator(_plain_number), Field(gt=0, max_digits=18, decimal_places=8)]
Days = Annotated[int, Field(ge=0, le=3660)]

ZERO = Decimal(0)
ONE = Decimal(1)


def key(text: str) -> str:
    """How numbers and codes are looked up: blanks around them and case do not count."""
    return text.strip().upper()
