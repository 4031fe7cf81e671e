"""Renders the HTML templates; everything put into one is escaped."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from quickbooks_simulator.pages.figures import write_date, write_money, write_number
from quickbooks_simulator.pages.views import full_name

FOLDER = Path(__file__).parent / "templates"


def render(name: str, /, **values: Any) -> str:
    """The page as HTML text."""
    return _environment().get_template(name).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True)
    environment.filters.update(money=write_money, day=write_date, number=write_number, full_name=full_name)
    return environment
