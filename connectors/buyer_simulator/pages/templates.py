"""Renders the HTML templates; everything put into one is escaped."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from buyer_simulator.matching.wording import figure, money

FOLDER = Path(__file__).parent / "templates"


def render(name: str, **values: Any) -> str:
    """The page as HTML text."""
    return _environment().get_template(name).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True)
    environment.filters.update(money=_money, figure=_figure, day=_day, words=_words)
    return environment


def _money(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else money(amount, currency)


def _figure(value: Decimal | None) -> str:
    return "" if value is None else figure(value)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _words(name: str) -> str:
    return name.replace("_", " ")
