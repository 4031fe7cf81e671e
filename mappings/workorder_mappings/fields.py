"""The kinds of column a table can have. Each says in its error what it expects; empty cells are None."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from workorder_mappings.cells import DayCell, FormulaCell, NumberCell, as_meant

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST_EXACT = 15  # digits a spreadsheet keeps of a number
_FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def expected(text: str) -> PydanticCustomError:
    """The error of a cell: what should have stood there."""
    return PydanticCustomError("cell", "{expected}", {"expected": text})


def _plain(cell: object) -> str | None:
    """The text of a cell without the blanks around it; None for an empty one. A formula is refused, never computed."""
    if not isinstance(cell, str):
        raise expected("text")
    if isinstance(cell, FormulaCell) or cell.startswith("="):
        raise expected("a value; this is a formula, which is never computed (write '= if it really begins so)")
    return as_meant(cell.strip(" \n")) or None


def _text(cell: object) -> str | None:
    return _plain(cell)


def _code(cell: object) -> str | None:
    text = _plain(cell)
    if isinstance(cell, DayCell):
        raise expected("a code; the spreadsheet made a date of it (format the column as Text and type it again)")
    if isinstance(cell, NumberCell) and not (text and text.isdigit() and len(text) <= _LONGEST_EXACT):
        raise expected("a code; the spreadsheet made a number of it (format the column as Text and type it again)")
    return text


def _number(cell: object) -> Decimal | None:
    text = _plain(cell)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        raise expected("a number such as 1250.00, without separators of thousands")
    return Decimal(text)


def _amount(cell: object) -> Decimal | None:
    number = _number(cell)
    if number is not None and number < 0:
        raise expected("a number that is not negative")
    return number


def _factor(cell: object) -> Decimal | None:
    number = _number(cell)
    if number is not None and number <= 0:
        raise expected("a number above zero")
    return number


def _whole(cell: object) -> int | None:
    text = _plain(cell)
    if text is None:
        return None
    if not text.isdigit() or not text.isascii() or len(text) > _LONGEST_EXACT:
        raise expected("a whole number such as 30")
    return int(text)


def _flag(cell: object) -> bool | None:
    text = _plain(cell)
    if text is None:
        return None
    if text.lower() not in _FLAGS:
        raise expected("yes or no")
    return _FLAGS[text.lower()]


def _day(cell: object) -> date | None:
    text = _plain(cell)
    if text is None:
        return None
    try:
        if not _DAY.fullmatch(text):
            raise expected("a day such as 2026-11-25")
        return date.fromisoformat(text)
    except ValueError as error:
        raise expected("a day such as 2026-11-25") from error


def _present(value: Any) -> Any:
    if value is None:
        raise expected("a value; this column cannot be empty")
    return value


def choice(*words: str) -> BeforeValidator:
    """One of these words, or nothing; upper and lower case do not matter."""

    def check(cell: object) -> str | None:
        text = _plain(cell)
        if text is not None and text.lower() not in words:
            raise expected(f"one of {', '.join(words)}")
        return text.lower() if text else None

    return BeforeValidator(check)


def words(*allowed: str) -> BeforeValidator:
    """Several of these words, separated by commas; kept in the order given here."""

    def check(cell: object) -> str | None:
        text = _plain(cell) or ""
        found = {word.strip().lower() for word in text.split(",") if word.strip()}
        if found - set(allowed):
            raise expected(f"one or more of {', '.join(allowed)}, separated by commas")
        return ", ".join(word for word in allowed if word in found) or None

    return BeforeValidator(check)


Text = Annotated[str | None, BeforeValidator(_text)]
Code = Annotated[str | None, BeforeValidator(_code)]
Number = Annotated[Decimal | None, BeforeValidator(_number)]
Amount = Annotated[Decimal | None, BeforeValidator(_amount)]
Factor = Annotated[Decimal | None, BeforeValidator(_factor)]
Whole = Annotated[int | None, BeforeValidator(_whole)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]
Day = Annotated[date | None, BeforeValidator(_day)]
# Natural keys are codes that must be there. (The outer validator of the two runs first, so presence is asked last.)
Key = Annotated[str, BeforeValidator(lambda cell: _present(_code(cell)))]
Name = Annotated[str, BeforeValidator(lambda cell: _present(_text(cell)))]
