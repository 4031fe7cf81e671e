"""P37-P38: what has to go along, and what has to be signed."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from .facts import Facts
from .rule import Remark


def p37(facts: Facts) -> Iterator[Remark]:
    """Every kind of file the buyer demands, of types, number and size (all together) the buyer takes.

    A type is a MIME type, perhaps with a star (image/*), or the ending of a file name.
    """
    profile, files = facts.profile, facts.document.attachments
    present = {each.kind for each in files}
    for kind in sorted(set(profile.attachments_required) - present):
        message = f"This buyer demands a file of kind {kind}, and none goes along."
        yield Remark(message=message, field="attachments", expected=kind)
    types = {each.strip().lower().removeprefix(".") for each in profile.attachment_types} - {""}
    for each in files:
        ending = each.name.rpartition(".")[2].lower()
        mimetype = each.mimetype.strip().lower()
        if types and ending not in types and not any(fnmatchcase(mimetype, wanted) for wanted in types):
            listed = ", ".join(sorted(types))
            yield Remark(
                message=f"The file {each.name or each.kind} is of a type this buyer does not take ({listed}).",
                field="attachments",
                given=each.mimetype or ending,
                expected=listed,
            )
        if not each.name.isprintable() or "/" in each.name or "\\" in each.name:
            message = f"The file name {each.name!r} has characters that file systems refuse."
            yield Remark(message=message, field="attachments", given=each.name)
    if 0 < profile.attachment_max_count < len(files):
        yield Remark(
            message=f"{len(files)} files go along; this buyer takes {profile.attachment_max_count}.",
            field="attachments",
            given=str(len(files)),
            expected=str(profile.attachment_max_count),
        )
    size = sum(each.size for each in files)
    if 0 < profile.attachment_max_bytes < size:
        yield Remark(
            message=f"The files have {size} bytes in all; this buyer takes {profile.attachment_max_bytes}.",
            field="attachments",
            given=str(size),
            expected=str(profile.attachment_max_bytes),
        )


def p38(facts: Facts) -> Iterator[Remark]:
    """Signed off where the buyer demands it; nobody is still verifying the work.

    A document without work orders is signed off by a file of kind sign_off that goes along.
    """
    document = facts.document
    files = {each.kind for each in document.attachments}
    if facts.profile.sign_off_required and not document.work_orders and "sign_off" not in files:
        message = "This buyer demands a sign-off, and neither a signed work order nor a signed file goes along."
        yield Remark(message=message, field="attachments", expected="sign_off")
    for order in document.work_orders:
        if facts.profile.sign_off_required and not order.signed:
            message = f"Work order {order.number} is not signed off, which this buyer demands."
            yield Remark(message=message, field="signed", given=order.number)
        if order.verification_pending:
            message = f"The customer has not finished verifying work order {order.number}."
            yield Remark(message=message, field="verification_pending", given=order.number)
