"""The rules as a table for people, written into their page.

python -m workorder_preflight.page docs/preflight.md
"""

from __future__ import annotations

import sys
from pathlib import Path

from .table import RULES

BEGIN, END = "<!-- the table is written by workorder_preflight.page -->", "<!-- end of the table -->"
_SEVERITIES = {"block": "refused", "warn": "warning"}
_STAGES = {"ticket": "ticket", "invoice": "invoice", "bytes": "bytes to send"}


def rules_table() -> str:
    """Markdown: each rule in a row."""
    rows = ["| rule | | asks | who can put it right | if not | buyer's code | from |", "|---|---|---|---|---|---|---|"]
    for rule in RULES:
        cells = (
            rule.code,
            rule.title,
            rule.asks,
            rule.mended_by,
            _SEVERITIES[rule.severity],
            ", ".join(rule.reasons),
            _STAGES[rule.stage],
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def with_table(page: str) -> str:
    """The page with the present table between its two marks; ValueError if it lacks them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has no place for the table")
    return f"{before}{BEGIN}\n\n{rules_table()}\n\n{END}{after}"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(with_table(target.read_text(encoding="utf-8")), encoding="utf-8")
