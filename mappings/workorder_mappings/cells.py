"""Cells: what a spreadsheet made of them, and how texts are kept from being run as formulas.

A text that begins with = + - @ tab or CR could be run by the program that opens the file. It is written with an
apostrophe before it, as spreadsheets themselves do it, and read without. So that every text comes back as it was, one
that begins with an apostrophe gets a second one.
"""

from __future__ import annotations

LIVE = ("=", "+", "-", "@", "\t", "\r")
_GUARDED = (*LIVE, "'")


class NumberCell(str):
    """A number of an XLSX file, as its shortest decimal text; padded with zeros if its format pads it."""

    __slots__ = ()


class DayCell(str):
    """A date of an XLSX file in ISO form; with the time of day where it has one."""

    __slots__ = ()


class FormulaCell(str):
    """A formula of an XLSX file. It is never computed."""

    __slots__ = ()


def harmless(text: str) -> str:
    """The text as it is written to a file."""
    return f"'{text}" if text.startswith(_GUARDED) else text


def as_meant(text: str) -> str:
    """The text that a cell of a file stands for."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_GUARDED) else text
