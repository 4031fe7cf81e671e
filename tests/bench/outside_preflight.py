"""Pre-flight needs no Odoo: documents per second, and what a line costs after a long history and on a long document."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from workorder_preflight import Case, Document, History, Profile, check, line_key, number_keys
from workorder_preflight.case import Billed, Line, PoLine, PurchaseOrder, Terms, Totals, WorkOrder

DOCUMENTS, CHUNK, LINES, PO_LINES, POS = 10_000, 500, 10, 200, 50
SHORT, LONG = 1_000, 1_000_000
TODAY = date(2026, 11, 25)
PROFILE = Profile(
    name="Bench",
    channel="peppol",
    channel_address="0088:1",
    invoice_format="ubl",
    po_required=True,
    po_line_required=True,
    item_code_required=True,
    price_tolerance_percent=Decimal(1),
    quantity_tolerance_percent=Decimal(5),
    line_tolerance_percent=Decimal(5),
    one_invoice_per_work_order=True,
)


def purchase_order(number: int) -> PurchaseOrder:
    """A PO of 200 lines, with a limit."""
    lines = [
        PoLine(
            number=str(each),
            item_code=f"ITEM-{each}",
            quantity=Decimal(1_000_000),
            unit="HUR",
            unit_price=Decimal(90),
            cost_center="CC-1",
        )
        for each in range(1, PO_LINES + 1)
    ]
    return PurchaseOrder(
        number=f"45{number:08d}",
        currency="USD",
        limit=Decimal(10) ** 12,
        terms_net_days=30,
        lines={line.number: line for line in lines},
    )


def document(number: int, lines: int) -> Document:
    """An invoice against one of the POs; every twentieth bills at a wrong price, so that reasons are written, too."""
    work_order = WorkOrder(number=f"WO{number:06d}", site=f"Building {number}", completed_on=TODAY)
    price = Decimal(90) if number % 20 else Decimal(95)
    made = [
        Line(
            number=each,
            work_order=work_order.number,
            item_code=f"ITEM-{(number + each) % PO_LINES + 1}",
            po_line=str((number + each) % PO_LINES + 1),
            quantity=Decimal(2),
            unit="HUR",
            unit_price=price,
            subtotal=2 * price,
            cost_center="CC-1",
            service_date=TODAY - timedelta(each % 30),
        )
        for each in range(1, lines + 1)
    ]
    return Document(
        number=f"INV/2026/{number:06d}",
        issue_date=TODAY,
        due_date=TODAY + timedelta(30),
        currency="USD",
        buyer_po=f"45{number % POS:08d}",
        our_numbers=(f"S{number:06d}",),
        terms=Terms(code="NET30", net_days=30),
        work_orders=(work_order,),
        lines=tuple(made),
        totals=Totals(untaxed=lines * 2 * price, total=lines * 2 * price),
    )


def history(entries: int) -> History:
    """That many things billed before: PO lines, numbers and look-alikes in equal parts."""
    third, once, day = entries // 3, Billed(quantity=Decimal(2), amount=Decimal(180)), (("INV/2025/1", TODAY),)
    return History(
        by_line={line_key(f"45{each % POS:08d}", str(each // POS + 1)): once for each in range(third)},
        numbers={key: "live" for each in range(third // 2) for key in number_keys(f"INV/2025/{each + 1:06d}")},
        similar={("invoice", f"45{each % POS:08d}", str(each), "", "180", "", ""): day for each in range(third)},
    )


def cases(documents: range, lines: int, before: History, register: dict[str, PurchaseOrder]) -> list[Case]:
    """Cases ready to be judged."""
    return [
        Case(document=document(each, lines), today=TODAY, profile=PROFILE, purchase_orders=register, history=before)
        for each in documents
    ]


def seconds(batch: Sequence[Case]) -> float:
    """How long judging them takes; every twentieth must fail, and no other."""
    gc.collect()
    began = time.perf_counter()
    verdicts = [check(case).verdict for case in batch]
    took = time.perf_counter() - began
    wrong = [
        case.document.number
        for case, verdict in zip(batch, verdicts, strict=True)
        if (verdict == "FAIL") == (int(case.document.number[-6:]) % 20 > 0)
    ]
    assert not wrong, wrong
    return took


def figure(name: str, **values: float) -> None:
    """Print one figure as a JSON line."""
    rounded = {each: round(value, 3) if isinstance(value, float) else value for each, value in values.items()}
    print(json.dumps({"figure": name, **rounded}), flush=True)


def rate(register: dict[str, PurchaseOrder]) -> None:
    """Documents per second, in chunks so that the cases themselves need no memory."""
    before = history(SHORT)
    chunks: Iterator[range] = (range(start, start + CHUNK) for start in range(1, DOCUMENTS + 1, CHUNK))
    took = sum(seconds(cases(chunk, LINES, before, register)) for chunk in chunks)
    figure(
        "pre-flight",
        documents=DOCUMENTS,
        lines_each=LINES,
        po_lines=PO_LINES,
        seconds=took,
        documents_per_second=round(DOCUMENTS / took),
        microseconds_per_line=1e6 * took / DOCUMENTS / LINES,
    )


def against_history(register: dict[str, PurchaseOrder]) -> None:
    """The same documents after a short and a long history, taking turns; the best of each counts."""
    batches = {entries: cases(range(1, CHUNK + 1), LINES, history(entries), register) for entries in (SHORT, LONG)}
    best = best_of(batches)
    per_line = {entries: 1e6 * took / CHUNK / LINES for entries, took in best.items()}
    figure(
        "pre-flight, cost per line by history",
        short=SHORT,
        long=LONG,
        microseconds_short=per_line[SHORT],
        microseconds_long=per_line[LONG],
        ratio=per_line[LONG] / per_line[SHORT],
    )


def against_lines(register: dict[str, PurchaseOrder]) -> None:
    """As many lines on short documents and on long ones."""
    before = history(SHORT)
    few, many, in_all = 10, 1_000, 5_000
    best = best_of({lines: cases(range(1, in_all // lines + 1), lines, before, register) for lines in (few, many)})
    per_line = {lines: 1e6 * took / in_all for lines, took in best.items()}
    figure(
        "pre-flight, cost per line by length of document",
        short=few,
        long=many,
        microseconds_short=per_line[few],
        microseconds_long=per_line[many],
        ratio=per_line[many] / per_line[few],
    )


def best_of(batches: dict[int, list[Case]], rounds: int = 5) -> dict[int, float]:
    """The shortest time of each batch; they take turns."""
    times: dict[int, list[float]] = {name: [] for name in batches}
    for _ in range(rounds):
        for name, batch in batches.items():
            times[name].append(seconds(batch))
    return {name: min(each) for name, each in times.items()}


def main() -> None:
    """Print every figure."""
    register = {order.number: order for order in map(purchase_order, range(POS))}
    rate(register)
    against_history(register)
    against_lines(register)


if __name__ == "__main__":
    main()
