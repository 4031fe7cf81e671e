"""What is wrong with a report of changes before any of it is believed. Plain functions: no database, no records."""

from .settlement_errors import is_amount

STATUSES = ("present", "voided", "deleted")
KINDS = ("invoice", "credit")
INVOICE_TEXTS = (
    "external_id",
    "version",
    "changed_at",
    "number",
    "customer_id",
    "customer_name",
    "currency",
    "date",
    "due_date",
    "memo",
    "note",
)
PAYMENT_TEXTS = (
    "external_id",
    "version",
    "changed_at",
    "customer_id",
    "customer_name",
    "currency",
    "date",
    "reference",
)
CUSTOMER_TEXTS = ("external_id", "version", "changed_at", "name")


def seen_errors(seen):
    """Every defect as a sentence; none for null, which says nothing was looked at."""
    if seen is None:
        return []
    if not isinstance(seen, dict):
        return ["seen must be an object or null."]
    errors = []
    for name, check in (("invoices", _invoice), ("payments", _payment), ("customers", _customer)):
        entries = seen.get(name, [])
        if not isinstance(entries, list):
            errors.append(f"seen.{name} must be a list.")
            continue
        for place, entry in enumerate(entries, 1):
            where = f"seen.{name}, entry {place}"
            problems = check(entry) if isinstance(entry, dict) else ["must be an object."]
            errors += [f"{where}: {problem}" for problem in problems]
    return errors


def _invoice(entry):
    problems = [*_texts(entry, INVOICE_TEXTS), *_amounts(entry, ("total", "tax")), *_status(entry)]
    if entry.get("kind") not in KINDS:
        problems.append(f"kind must be one of {', '.join(KINDS)}.")
    lines = entry.get("lines")
    if lines is not None and not (isinstance(lines, list) and all(isinstance(line, str) for line in lines)):
        problems.append("lines must be a list of text or null.")
    return problems


def _payment(entry):
    problems = [*_texts(entry, PAYMENT_TEXTS), *_amounts(entry, ("total", "unapplied")), *_status(entry)]
    parts = entry.get("parts")
    if not isinstance(parts, list):
        return [*problems, "parts must be a list."]
    for place, part in enumerate(parts, 1):
        good = (
            isinstance(part, dict)
            and isinstance(part.get("invoice_external_id"), str)
            and is_amount(part.get("amount"))
        )
        if not good:
            problems.append(f"part {place} must hold invoice_external_id and an amount as text.")
    if not isinstance(entry.get("credits", []), list):
        problems.append("credits must be a list.")
    return problems


def _customer(entry):
    problems = _texts(entry, CUSTOMER_TEXTS)
    if not isinstance(entry.get("active"), bool):
        problems.append("active must be true or false.")
    return problems


def _texts(entry, names):
    problems = [f"{name} must be text." for name in names if not isinstance(entry.get(name), str)]
    if isinstance(entry.get("external_id"), str) and not entry["external_id"].strip():
        problems.append("external_id is missing.")
    return problems


def _amounts(entry, names):
    return [f"{name} must be an amount as text, like “193.50”." for name in names if not is_amount(entry.get(name))]


def _status(entry):
    return [] if entry.get("status") in STATUSES else [f"status must be one of {', '.join(STATUSES)}."]
