"""What a pair, or an invoice left over in QuickBooks, means; a sentence for each thing a person has to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from workorder_bridge.ledgers import Booked, Posted
from workorder_bridge.reconcile.line import Line, State
from workorder_bridge.reconcile.match import Pair

TROUBLE = ("blocked", "rejected", "disputed", "unknown")
UNDER_WAY = ("ready", "sending")


def line_of_pair(pair: Pair) -> Line:
    """The line of an invoice of Odoo."""
    if not pair.ours:
        return _absent(pair)
    alive = [each for each in (*pair.ours, *pair.sharing) if not each.voided]
    booked = (*pair.ours, *pair.sharing)
    if len(alive) > 1:
        return Line("twice", pair.posted, booked, (_copies(alive),))
    if pair.ours[0].voided:
        return Line("voided", pair.posted, booked, tuple(_about_void(pair.posted, alive)))
    return _compared(pair.posted, booked)


def differences(posted: Posted, booked: Booked) -> tuple[str, ...]:
    """Everything in which the two disagree; empty when they agree to the cent."""
    return tuple(_differences(posted, booked))


def line_of_left_over(booked: Booked, known: Posted | None) -> Line:
    """The line of an invoice that is ours by its mark or number; `known` is what Odoo has for it, of any date or state.

    For one without our mark, `known` only has the same number.
    """
    if known is None:
        mark = "carries our mark" if booked.key else "stands under our numbers"
        return Line("only_there", None, (booked,), (f"It {mark}, but Odoo has no such {_noun(booked)}.",))
    if booked.key not in known.keys and booked.id != known.external_id:
        note = f"It stands under the number of Odoo's {_named(known)}, without our mark."
        return Line("only_there", None, (booked,), (note,))
    if not known.posted:
        return _of_unposted(booked, known)
    if known.external_id not in ("", booked.id):
        note = f"It carries the mark of {_named(known)}, which is in QuickBooks already (id {known.external_id})."
        return Line("agrees" if booked.voided else "twice", None, (booked,), (note,))
    return line_of_pair(Pair(known, (booked,)))


def line_of_stranger(booked: Booked) -> Line:
    """The line of an invoice that is none of our business."""
    return Line("stranger", None, (booked,))


def line_of_copies(booked: Sequence[Booked], why: str) -> Line:
    """The line of invoices that should be one."""
    return Line("twice", None, tuple(booked), (f"{why}: {_copies(booked)}",))


def _absent(pair: Pair) -> Line:
    posted, notes = pair.posted, tuple(_about_number(pair.sharing))
    state = _state_of_absent(posted)
    if notes and state in ("missing", "not_sent"):
        state = "waiting"
    return Line(state, posted, pair.sharing, (*_about_absent(posted, state), *notes))


def _state_of_absent(posted: Posted) -> State:
    if posted.external_id:
        return "deleted"
    if posted.transmission in TROUBLE:
        return "waiting"
    return "not_sent" if posted.transmission in UNDER_WAY else "missing"


def _about_absent(posted: Posted, state: State) -> Iterator[str]:
    if state == "deleted":
        yield f"QuickBooks has no {_noun(posted)} with the id {posted.external_id} any more."
    elif state == "missing" and posted.transmission:
        yield f"Odoo has it as {posted.transmission}, but without an id in QuickBooks."
    elif state == "missing":
        yield "It was never queued: open it in Odoo and choose Queue for accounting from its actions."
    if posted.transmission in TROUBLE:
        yield posted.message or f"It is {posted.transmission} in Odoo."


def _about_number(sharing: Iterable[Booked]) -> Iterator[str]:
    ids = ", ".join(each.id for each in sharing)
    if ids:
        yield f"QuickBooks has another one under this number, without our mark (id {ids})."


def _about_void(posted: Posted, alive: Sequence[Booked]) -> Iterator[str]:
    yield f"It was voided in QuickBooks; Odoo still has {posted.total} {posted.currency}, {posted.balance} open."
    if alive:
        yield f"Another one under its mark or number is valid there (id {alive[0].id})."


def _copies(booked: Sequence[Booked]) -> str:
    ids = ", ".join(each.id for each in booked)
    noun, undo = _noun(booked[0]), _undo(booked[0])
    return f"QuickBooks holds {len(booked)} valid {noun}s for it (ids {ids}); {undo} all but one."


def _compared(posted: Posted, booked: tuple[Booked, ...]) -> Line:
    found = differences(posted, booked[0])
    if found:
        return Line("differs", posted, booked, found)
    if posted.transmission in TROUBLE:
        told = f"Odoo says {posted.transmission}: {posted.message}".rstrip(": ")
        return Line("waiting", posted, booked, (f"{told} - they agree now; press Ask again in Odoo.",))
    if not posted.transmission:
        return Line("waiting", posted, booked, ("It is in QuickBooks, though Odoo withdrew it or never queued it.",))
    if posted.transmission in UNDER_WAY:
        return Line("agrees", posted, booked, ("It is under way; Odoo will be told with the next run.",))
    return Line("agrees", posted, booked)


def _of_unposted(booked: Booked, known: Posted) -> Line:
    if booked.voided:
        return Line("agrees", known, (booked,), ("Void on both sides.",))
    by_hand = f"If the next `workorder sync` does not {_undo(booked)} it in QuickBooks, do it by hand."
    note = f"Odoo's {_named(known)} is not posted (any more). {by_hand}"
    return Line("only_there", known, (booked,), (note,))


def _differences(posted: Posted, booked: Booked) -> Iterator[str]:
    if posted.external_id not in ("", booked.id):
        yield f"Odoo knows it there under the id {posted.external_id}, which is gone; id {booked.id} carries its mark."
    if posted.currency != booked.currency:
        yield f"Odoo has it in {posted.currency}, QuickBooks in {booked.currency}."
    if posted.number != booked.number:
        yield f"Its number in QuickBooks is {booked.number or 'empty'}."
    if posted.date != booked.date:
        yield f"It is dated {posted.date} in Odoo, {booked.date} in QuickBooks."
    for name, ours, theirs in (
        ("total", posted.total, booked.total),
        ("tax", posted.tax, booked.tax),
        ("open balance", posted.balance, booked.balance),
    ):
        if ours != theirs:
            yield f"The {name} is {ours} in Odoo, {theirs} in QuickBooks ({theirs - ours:+})."
    if posted.paid != booked.paid:
        yield from _about_payments(posted, booked)


def _about_payments(posted: Posted, booked: Booked) -> Iterator[str]:
    """Which payments only one side knows, as far as ids tell; a payment entered in Odoo by hand has none."""
    there = [each for each in booked.payments if each not in posted.payments]
    here = [each for each in posted.payments if each not in booked.payments]
    if there:
        yield f"QuickBooks' payment {', '.join(there)} is not in Odoo."
    if here:
        yield f"Payment {', '.join(here)}, registered in Odoo, does not pay it in QuickBooks any more."


def _noun(one: Posted | Booked) -> str:
    return "invoice" if one.kind == "invoice" else "credit memo"


def _undo(one: Booked) -> str:
    """QuickBooks voids invoices; credit memos it only deletes (M)."""
    return "void" if one.kind == "invoice" else "delete"


def _named(posted: Posted) -> str:
    return f"{posted.number or 'document without number'} of {posted.date}"
