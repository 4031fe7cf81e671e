"""Document numbers: who gives them, and that none is used twice."""

from quickbooks_simulator.company.checks import check_length
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.faults import Fault

LONGEST_NUMBER = 21
FIRST_NUMBER = 1001
GENERATED = "AUTO_GENERATE"


def document_number(draft: Draft) -> str | None:
    """The number of the transaction, or None.

    With custom numbers an empty number stays empty; without them the company counts itself, and a number that was
    sent may be kept, replaced or even used twice (P, switch sent_number_when_automatic). The word AUTO_GENERATE has it
    count in either case (M).
    """
    sent = draft.body.get("DocNumber")
    if sent == GENERATED:
        return _own_number(draft)
    is_custom = draft.preference("SalesFormsPrefs", "CustomTxnNumbers")
    policy = "kept" if is_custom else draft.settings.sent_number_when_automatic
    if sent is not None and policy != "replaced":
        number = str(sent)
        check_length(number, "DocNumber", LONGEST_NUMBER)
        if policy != "duplicated":
            _check_unused(draft, number)
        return number
    return None if is_custom else _own_number(draft)


def _check_unused(draft: Draft, number: str) -> None:
    """Name the holder of a duplicate number. Source: thread (P); the check is a company preference.

    Refund receipts are not checked: a client's test gives each of its runs the same number (V).
    """
    if not draft.settings.check_duplicate_numbers or draft.kind == "RefundReceipt":
        return
    for kind, record_id in sorted(draft.changes.store.holders((draft.kind, number))):
        if record_id != draft.body.get("Id"):
            raise Fault(
                "6140",
                f"You must specify a different number. This number has already been used. "
                f"DocNumber={number} is assigned to TxnType={kind} with TxnId={record_id}",
            )


def _own_number(draft: Draft) -> str:
    """The number the transaction has already, else one past the highest."""
    if draft.previous is not None and draft.previous.get("DocNumber"):
        return str(draft.previous["DocNumber"])
    numbers = (record.get("DocNumber") or "" for record in draft.changes.store.all(draft.kind))
    highest = max((int(number) for number in numbers if number.isdecimal()), default=FIRST_NUMBER - 1)
    return str(highest + 1)
