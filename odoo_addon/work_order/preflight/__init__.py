"""Pre-flight: will this buyer's accounts payable match the document in one pass?

A pure function of (document, buyer profile, PO register, history). Standard library only: Odoo uses it from inside the
addon, the bridge and the command line import the same files as package `workorder_preflight`.
"""

from __future__ import annotations

from .case import Case, Document, History, Profile
from .check import check, is_stale
from .numbers import (
    factor_between,
    fingerprint,
    fingerprints,
    line_key,
    normal_number,
    number_keys,
    po_of,
    work_order_of,
)
from .parse import CaseInvalid, Problem, parse_case
from .report import FAIL, PASS, PASS_WITH_WARNINGS, UNKNOWN, Finding, Report, to_json
from .rule import Remark, Rule
from .table import RULES
from .technical import FormatChecker, register_checker
from .write import case_to_json

__all__ = [
    "FAIL",
    "PASS",
    "PASS_WITH_WARNINGS",
    "RULES",
    "UNKNOWN",
    "Case",
    "CaseInvalid",
    "Document",
    "Finding",
    "FormatChecker",
    "History",
    "Problem",
    "Profile",
    "Remark",
    "Report",
    "Rule",
    "case_to_json",
    "check",
    "factor_between",
    "fingerprint",
    "fingerprints",
    "is_stale",
    "line_key",
    "normal_number",
    "number_keys",
    "parse_case",
    "po_of",
    "register_checker",
    "to_json",
    "work_order_of",
]
