"""When an invoice falls due."""

from calendar import monthrange
from datetime import date, timedelta

from quickbooks_simulator.company.checks import read_date, reference_value, resolve
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.store import Record

DEFAULT_DAYS = 30


def due_date(draft: Draft, customer: Record, day: date) -> date:
    """The date sent, else by the term, else 30 days. Source: types and recorded answer (V)."""
    sent = draft.body.get("DueDate")
    if sent is not None:
        return read_date(sent, "DueDate")
    reference = draft.body.get("SalesTermRef")
    if draft.previous is None:
        reference = reference or customer.get("SalesTermRef") or default_term(draft)
    term_id = reference_value(reference, "SalesTermRef")
    term = draft.changes.find("Term", term_id) if term_id else None
    if term is None:
        return day + timedelta(days=DEFAULT_DAYS)
    if term["Type"] == "DATE_DRIVEN":
        return _day_of_month(day, int(term["DayOfMonthDue"]), int(term.get("DueNextMonthDays", 0)))
    return day + timedelta(days=int(term.get("DueDays", 0)))


def default_term(draft: Draft) -> Record | None:
    """A reference to the company's default term, while the switch lets it apply."""
    if not draft.settings.default_terms_apply:
        return None
    return resolve(draft, draft.preference("SalesFormsPrefs", "DefaultTerms"), "Term", "DefaultTerms")


def _day_of_month(day: date, due_day: int, next_month_days: int) -> date:
    """The due day of this month; of the next one when it is fewer than `next_month_days` away (M)."""
    this_month = day.replace(day=min(due_day, monthrange(day.year, day.month)[1]))
    if (this_month - day).days > next_month_days:
        return this_month
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(due_day, monthrange(year, month)[1]))
