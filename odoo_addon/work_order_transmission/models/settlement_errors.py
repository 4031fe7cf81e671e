"""What is wrong with an answer before any of it is believed. Plain functions: no database, no records."""

import re
from decimal import Decimal, InvalidOperation

ARRIVED_STATES = ("received", "disputed")
RESULT_STATES = (*ARRIVED_STATES, "rejected", "blocked", "unknown", "retry", "release")
TEXTS = ("external_id", "external_number", "external_version", "external_url", "message", "hint", "reference")
AMOUNTS = ("external_total", "external_tax")
GAP_KEYS = ("table", "odoo_id", "odoo_name", "needed_by", "message")
RESULT_KEYS = {"id", "key", "state", "gaps", "retry_after", "buyer_reason", *TEXTS, *AMOUNTS}
#: Why a buyer rejects or disputes: the codes of Peppol's invoice response.
BUYER_REASONS = ("REF", "LEG", "REC", "QUA", "DEL", "PRI", "QTY", "ITM", "PAY", "UNR", "FIN", "PPD", "OTH")
ADDRESS = re.compile(r"(https?://|$)")  # people click on it
KEY = re.compile(r"[0-9a-f]{32}")


def settlement_errors(results, customers, pause, items=None):
    """Every defect of a settle call as a sentence, in the order of its arguments."""
    if not isinstance(results, list):
        return ["results must be a list."]
    errors = []
    seen = set()
    for place, result in enumerate(results, 1):
        where = f"results, entry {place}"
        if not isinstance(result, dict):
            errors.append(f"{where}: must be an object.")
            continue
        errors += [f"{where}: {problem}" for problem in result_errors(result)]
        if is_id(result.get("id")) and result["id"] in seen:
            errors.append(f"{where}: row {result['id']} appears twice.")
        seen.add(result["id"] if is_id(result.get("id")) else None)
    errors += made_errors("customers", "partner_id", customers)
    errors += made_errors("items", "product_id", items)
    if pause is not None and not (isinstance(pause, str) and pause.strip()):
        errors.append("pause must be a sentence or null.")
    return errors


def result_errors(result):
    problems = [f"unknown key “{key}”." for key in sorted(map(str, result.keys() - RESULT_KEYS))]
    if not is_id(result.get("id")):
        problems.append("id must be a positive whole number.")
    if not (isinstance(result.get("key"), str) and KEY.fullmatch(result["key"])):
        problems.append("key must be 32 hexadecimal characters.")
    state = result.get("state")
    if state not in RESULT_STATES:
        problems.append(f"state “{state}” is none of {', '.join(RESULT_STATES)}.")
    problems += [
        f"{name} must be text." for name in TEXTS if result.get(name) is not None and not isinstance(result[name], str)
    ]
    problems += [
        f"{name} must be an amount as text, like “193.50”."
        for name in AMOUNTS
        if result.get(name) is not None and not is_amount(result[name])
    ]
    if result.get("buyer_reason") is not None and result["buyer_reason"] not in BUYER_REASONS:
        problems.append(f"buyer_reason must be one of {', '.join(BUYER_REASONS)}.")
    if isinstance(result.get("external_url"), str) and not ADDRESS.match(result["external_url"]):
        problems.append("external_url must be empty or start with http:// or https://.")
    if state in ARRIVED_STATES and not result.get("external_id"):
        problems.append(f"external_id is missing; “{state}” means that the document exists there.")
    return problems + gap_errors(result.get("gaps")) + wait_errors(result.get("retry_after"))


def gap_errors(gaps):
    if gaps is None:
        return []
    if not isinstance(gaps, list) or not all(isinstance(gap, dict) for gap in gaps):
        return ["gaps must be a list of objects."]
    return [
        f"gap {place}: {key} is missing."
        for place, gap in enumerate(gaps, 1)
        for key in GAP_KEYS
        if not isinstance(gap.get(key), str | int) or gap[key] is False
    ]


def wait_errors(seconds):
    if seconds is None or (
        isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds <= 86400
    ):
        return []
    return ["retry_after must be seconds, from 0 to 86400."]


def made_errors(name, record, entries):
    """Defects of the mapping rows that come with an answer; ``record`` is the key that names the Odoo record."""
    if entries is None:
        return []
    if not isinstance(entries, list):
        return [f"{name} must be a list or null."]
    errors = []
    for place, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            errors.append(f"{name}, entry {place}: must be an object.")
            continue
        if not is_id(entry.get(record)):
            errors.append(f"{name}, entry {place}: {record} must be a positive whole number.")
        if not (isinstance(entry.get("external_id"), str) and entry["external_id"].strip()):
            errors.append(f"{name}, entry {place}: external_id must be text.")
        for key in ("external_name", "replaces"):
            if not isinstance(entry.get(key) or "", str):
                errors.append(f"{name}, entry {place}: {key} must be text.")
    return errors


def is_id(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def is_amount(value):
    """A finite decimal number written as text."""
    if not isinstance(value, str):
        return False
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False
