"""How much of a month's budget of metered QuickBooks reads is used up."""

from __future__ import annotations

from collections.abc import Iterator

from workorder_bridge.standing import DestinationSummary

WARN_AT_PERCENT = 80


def warnings_of_reads(summary: DestinationSummary) -> Iterator[tuple[str, str]]:
    """A sentence with its next step from 80 percent of the budget on; nothing below, or without a budget."""
    used, budget = summary.reads_used, summary.read_budget
    if budget and used * 100 >= budget * WARN_AT_PERCENT:
        yield (
            f"{summary.code} has used {used} of this month's {budget} QuickBooks reads. When they are used up, "
            "payments are not read until next month; invoices go on being sent.",
            "Raise Reads per Month on the destination in Odoo if the plan of your Intuit app allows more, or run "
            "`workorder sync` less often.",
        )
