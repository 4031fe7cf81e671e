"""The answer of pre-flight."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

BLOCK, WARN, UNKNOWN_DATA = "block", "warn", "unknown"
PASS, PASS_WITH_WARNINGS, FAIL, UNKNOWN = "PASS", "PASS_WITH_WARNINGS", "FAIL", "UNKNOWN"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One reason: `code` of the rule, plain sentence, field to fix, and what the buyer's AP would call it.

    `severity` is "block", "warn" or "unknown" (what the buyer would say cannot be known). `line` is the number of the
    document's line or None. `reason` is a code of Peppol's invoice response such as REF, ITM, QTY, PRI, FIN, DEL, PAY.
    """

    code: str
    severity: str
    message: str
    field: str = ""
    line: int | None = None
    reason: str = ""
    given: str = ""
    expected: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A verdict with every finding, and the content it holds for; a changed document has no verdict."""

    findings: tuple[Finding, ...] = ()
    sha256: str = ""

    @property
    def verdict(self) -> str:
        """FAIL before UNKNOWN before PASS_WITH_WARNINGS before PASS: what is not known is never a pass."""
        severities = {finding.severity for finding in self.findings}
        for severity, verdict in ((BLOCK, FAIL), (UNKNOWN_DATA, UNKNOWN), (WARN, PASS_WITH_WARNINGS)):
            if severity in severities:
                return verdict
        return PASS


def to_json(report: Report) -> dict[str, Any]:
    """The report as plain values: verdict, the hash it holds for, and its findings with every attribute."""
    return {
        "verdict": report.verdict,
        "sha256": report.sha256,
        "findings": [asdict(finding) for finding in report.findings],
    }
