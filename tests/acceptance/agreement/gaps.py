"""What we may not have been told, though the buyer knows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from workorder_preflight import Case
from workorder_preflight.case import PoLine, Profile, PurchaseOrder

from .world import TODAY

Gap = Callable[[Case], Case]


def no_profile(case: Case) -> Case:
    return replace(case, profile=None)


def no_register(case: Case) -> Case:
    return replace(case, purchase_orders=None)


def not_registered(case: Case) -> Case:
    """The register may lack POs, and lacks this one."""
    return replace(case, purchase_orders={}, register_complete=False)


def old_news(case: Case) -> Case:
    return _orders(_ageing(case), lambda order: replace(order, read_on=TODAY - timedelta(days=31)))


def never_read(case: Case) -> Case:
    return _orders(_ageing(case), lambda order: replace(order, read_on=None))


def no_lines(case: Case) -> Case:
    return _orders(case, lambda order: replace(order, lines={}))


def no_currency(case: Case) -> Case:
    return _orders(case, lambda order: replace(order, currency=""))


def no_receipts(case: Case) -> Case:
    demanding = replace(case, profile=replace(_profile(case), receipts_required=True))
    return _lines(demanding, lambda line: replace(line, received=None))


def no_prices(case: Case) -> Case:
    """Neither price nor value of any line."""
    return _lines(case, lambda line: replace(line, unit_price=None, amount_limit=None))


def no_units(case: Case) -> Case:
    """Nor is any line bought by amount, which has no unit to compare."""
    return _lines(case, lambda line: replace(line, unit="", quantity=line.quantity or line.amount_limit))


GAPS: tuple[Gap, ...] = (
    no_profile,
    no_register,
    not_registered,
    old_news,
    never_read,
    no_lines,
    no_currency,
    no_receipts,
    no_prices,
    no_units,
)


def _profile(case: Case) -> Profile:
    return case.profile or Profile()


def _ageing(case: Case) -> Case:
    return replace(case, profile=replace(_profile(case), stale_after_days=30))


def _orders(case: Case, change: Callable[[PurchaseOrder], PurchaseOrder]) -> Case:
    orders = {number: change(order) for number, order in (case.purchase_orders or {}).items()}
    return replace(case, purchase_orders=orders)


def _lines(case: Case, change: Callable[[PoLine], PoLine]) -> Case:
    return _orders(case, lambda order: replace(order, lines={key: change(line) for key, line in order.lines.items()}))
