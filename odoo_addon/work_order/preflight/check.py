"""Runs every rule."""

from __future__ import annotations

from decimal import Context, localcontext

from .case import Case, Document
from .facts import Facts
from .report import Finding, Report
from .table import RULES

# Room for the product of any two figures; and no caller's own context changes a verdict.
_EXACT = Context(prec=60)


def check(case: Case) -> Report:
    """Every finding of every rule that can be judged at the document's stage, by code, line and field.

    Pure: the same case gives the same report, whatever the order of its lines. Raises nothing on a well-formed case,
    such as :func:`parse_case` makes.
    """
    with localcontext(_EXACT):
        facts = Facts(case)
        found = [finding for rule in RULES if rule.applies_to(facts) for finding in rule.findings(facts)]
    return Report(findings=tuple(sorted(found, key=_place)), sha256=case.document.sha256)


def _place(finding: Finding) -> tuple[str, int, str, str]:
    return (finding.code, -1 if finding.line is None else finding.line, finding.field, finding.message)


def is_stale(report: Report, document: Document) -> bool:
    """Whether the verdict was on other content than the document has now; one that names no content always is."""
    return not report.sha256 or report.sha256 != document.sha256
