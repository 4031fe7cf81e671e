"""How the destinations stand, and our access to Odoo, as `workorder status` shows them."""

from __future__ import annotations

from typing import Any

from workorder_bridge.message import Message


class Trouble(Message):
    """A row that waits for a person."""

    id: int
    invoice: str
    work_orders: list[str]
    state: str
    message: str
    hint: str
    gaps: list[dict[str, Any]]


class DestinationSummary(Message):
    """How one destination stands; `realm` is the company its invoices are meant for, "" if there is none.

    `reads_used` are this month's metered reads, `read_budget` how many the month may have, 0 for no budget.
    """

    code: str
    name: str
    kind: str
    realm: str = ""
    state: str
    pause_reason: str
    counts: dict[str, int]
    oldest_ready: str | None
    trouble: list[Trouble]
    reads_used: int = 0
    read_budget: int = 0


class Access(Message):
    """Until when Odoo lets us in: an ISO time with its offset, or None when it says nothing of an end."""

    ends: str | None
