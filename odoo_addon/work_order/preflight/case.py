"""What pre-flight judges: a document of ours, what its buyer demands, what their POs authorise, what was billed before.

Money and quantities are `Decimal`, money in the currency of what holds it, days are `date`. ``None`` means "not known",
which is never the same as zero. Numbers and codes are compared by :func:`key`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)
ONE = Decimal(1)


def key(text: str | None) -> str:
    """What two spellings of one number or code have in common: case and blanks around it do not count."""
    return (text or "").strip().upper()


# --- our document


@dataclass(frozen=True, kw_only=True)
class Tax:
    """One tax on a line; `rate` in percent, None if it is not a percentage."""

    name: str
    rate: Decimal | None = None
    amount: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class Line:
    """One billed line. `subtotal` is before tax and after `discount_percent`; `price_basis` units cost `unit_price`,
    which is before tax, too.

    `authority` says what approved it: "task" (closed), "change" (an approved change order), "order" (the sales order
    itself), "approval" (a person), "open" (a task that is not closed yet), "pending" (a change nobody approved) or ""
    (nothing). `charge` is "" for goods and services, else "freight", "retention", "deposit" or "other". Quantities,
    prices and amounts of a credit are positive, as it is printed. `cost_shares` are percentages. Only goods and
    services are compared with PO lines (P11, P13, P16-P22); charges have rules of their own and count against limits.
    """

    number: int
    description: str = ""
    charge: str = ""
    authority: str = "task"
    work_order: str = ""
    task: str = ""
    our_code: str = ""
    item_code: str = ""
    buyer_po: str = ""
    po_line: str = ""
    quantity: Decimal = ONE
    unit: str = ""
    unit_price: Decimal = ZERO
    price_basis: Decimal = ONE
    discount_percent: Decimal = ZERO
    subtotal: Decimal = ZERO
    taxes: tuple[Tax, ...] = ()
    tax_amount: Decimal = ZERO
    cost_center: str = ""
    cost_shares: tuple[Decimal, ...] = ()
    service_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class WorkOrder:
    """One ticket on the document; `not_to_exceed` is None where it has no cap.

    `closed`: it accepts no more time or cost, at the latest once this document is posted.
    """

    number: str
    buyer_po: str = ""
    site: str = ""
    completed_on: date | None = None
    closed: bool = True
    signed: bool = False
    verification_pending: bool = False
    not_to_exceed: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Payment terms. `code` is the buyer's name for them where a table says it, else ours."""

    code: str
    net_days: int | None = None
    discount_percent: Decimal = ZERO
    discount_days: int | None = None
    discount_date: date | None = None
    discount_amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes with the document; `kind` such as "sign_off", "photo", "timesheet", "invoice_pdf", "other"."""

    kind: str
    name: str = ""
    mimetype: str = ""
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class Totals:
    """`retention` and `prepaid` are positive where they reduce what is due.

    `due` = `total` - `prepaid` - `retention`; what a retention line took off the total already is not repeated here.
    """

    untaxed: Decimal
    tax: Decimal = ZERO
    total: Decimal
    retention: Decimal = ZERO
    prepaid: Decimal = ZERO
    due: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """An invoice or credit, or what a ticket would be billed as.

    `stage` is "ticket" (nothing numbered or dated yet), "invoice" or "bytes" (exactly what is sent). `our_numbers` are
    our own sales order and invoice numbers, which a buyer must never read as theirs. `original` is the number of the
    invoice a credit corrects. `sha256` names the content the verdict holds for.
    """

    kind: str = "invoice"
    stage: str = "invoice"
    number: str = ""
    issue_date: date | None = None
    due_date: date | None = None
    currency: str = ""
    buyer_po: str = ""
    contract: str = ""
    cost_center: str = ""
    our_numbers: tuple[str, ...] = ()
    remit_to: str = ""
    ship_to: str = ""
    buyer_reference: str = ""
    terms: Terms | None = None
    service_start: date | None = None
    service_end: date | None = None
    work_orders: tuple[WorkOrder, ...] = ()
    lines: tuple[Line, ...] = ()
    totals: Totals = field(default_factory=lambda: Totals(untaxed=ZERO, total=ZERO))
    attachments: tuple[Attachment, ...] = ()
    original: str = ""
    sha256: str = ""


# --- what the buyer demands


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What one buyer demands. Every attribute is a field of that name on Odoo's buyer.profile; defaults are strict.

    Patterns are regular expressions that must match whole. Tolerances: percent and absolute, the stricter one holds
    unless `tolerance_either`; zero percent with no absolute amount means exact. A limit of 0 or None means none, but a
    tolerance of 0 is exact and no decimals mean no decimals.

    Prices are compared after discount and in both directions (P19); quantities, line amounts and header amounts
    upwards, with all that was billed before (P20-P23). `line_tolerance` widens what a PO line is worth, whatever the
    price tolerance; `quantity_tolerance` serves what was ordered and what was received. `freight_on`: freight that
    names a PO line stands on that line, freight that names none in the header. `attachment_max_bytes` is for all files
    together.
    """

    name: str = ""
    # route (P01, P04)
    channel: str = ""
    channel_address: str = ""
    invoice_format: str = ""
    dialect: str = ""
    route_tested_on: date | None = None
    route_test_required: bool = False
    remit_to_required: bool = False
    ship_to_required: bool = False
    buyer_reference_required: bool = False
    # numbers and duplicates (P02, P03, P05-P07)
    number_pattern: str = ""
    number_max_length: int = 0
    rejected_number_reusable: bool = False
    duplicate_window_days: int = 30
    one_invoice_per_work_order: bool = False
    # references (P08-P17)
    po_required: bool = False
    po_pattern: str = ""
    po_line_required: bool = False
    po_line_by_item: bool = False
    one_po_per_invoice: bool = True
    item_code_required: bool = False
    contract_required: bool = False
    cost_center_required: bool = False
    work_order_required: bool = False
    # quantity, price, amount (P18-P27)
    receipts_required: bool = False
    price_tolerance_percent: Decimal = ZERO
    price_tolerance_amount: Decimal | None = None
    tolerance_either: bool = False
    quantity_tolerance_percent: Decimal = ZERO
    line_tolerance_percent: Decimal = ZERO
    line_tolerance_amount: Decimal | None = None
    header_tolerance_percent: Decimal = ZERO
    header_tolerance_amount: Decimal | None = None
    not_to_exceed_includes_tax: bool = False
    zero_lines_allowed: bool = False
    quantity_decimals: int = 6
    price_decimals: int = 6
    # charges (P28-P31)
    tax_rule: str = "any"  # any, exempt, required, barred
    tax_rate_tolerance: Decimal = ZERO
    freight_rule: str = "not_allowed"  # any, not_allowed, po (as the PO says)
    freight_on: str = "either"  # either, line, header
    other_charges_allowed: bool = False
    retention_shown: str = "any"  # any, line, total, barred
    # terms and dates (P32-P35)
    terms_must_match: bool = True
    backdating_days: int = 0
    submission_days: int = 0
    # evidence (P37, P38)
    attachments_required: tuple[str, ...] = ()
    attachment_types: tuple[str, ...] = ()
    attachment_max_count: int = 0
    attachment_max_bytes: int = 0
    sign_off_required: bool = False
    # how long what we know of their POs is believed, in days; 0: for ever
    stale_after_days: int = 0


# --- what their POs authorise


@dataclass(frozen=True, kw_only=True)
class PoLine:
    """One line of a buyer's PO. `quantity` None: only `amount_limit` holds; `received` None: nobody told us.

    A line is worth its `amount_limit`, else quantity times price. Where only the amount holds, `received` is an amount.
    """

    number: str
    item_code: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    price_basis: Decimal = ONE
    amount_limit: Decimal | None = None
    cost_center: str = ""
    is_open: bool = True
    received: Decimal | None = None
    tax_rate: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class PurchaseOrder:
    """A buyer's PO as we know it since `read_on`. `lines` by :func:`key` of their number.

    `state` is "open", "closed" or "cancelled"; `kind` "standard" or "blanket". `tax_rule` and `freight_rule` are ""
    where the PO says nothing; terms it does not state are not compared. No `limit`: its lines limit it, and without
    those it is unknown. `valid_from` and `valid_to` count as valid, and hold for the document's date as for the days
    of service. A PO without `lines` is one whose lines nobody entered.
    """

    number: str
    state: str = "open"
    kind: str = "standard"
    revision: str = ""
    currency: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    limit: Decimal | None = None
    contract: str = ""
    terms_code: str = ""
    terms_net_days: int | None = None
    terms_discount_percent: Decimal | None = None
    terms_discount_days: int | None = None
    tax_rule: str = ""  # "", exempt, charged, barred
    freight_rule: str = ""  # "", allowed, not_allowed
    freight_limit: Decimal | None = None
    read_on: date | None = None
    lines: Mapping[str, PoLine] = field(default_factory=dict)


# --- what was billed before


@dataclass(frozen=True, kw_only=True)
class Billed:
    """What documents that are accepted or under way carry already; quantity in the PO line's unit."""

    quantity: Decimal = ZERO
    amount: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class Original:
    """An invoice a credit may correct, with what is left to credit: by `line_key`, and untaxed in all."""

    number: str
    buyer_po: str = ""
    by_line: Mapping[tuple[str, str], Billed] = field(default_factory=dict)
    amount: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class History:
    """What this buyer got before - never the document that is judged, nor what was rejected or cancelled, except in
    `numbers`. Everything is looked up by key, so a long history costs a document nothing.

    `numbers`: each of `number_keys(number)` → "live" or "rejected". `by_line`: `line_key(po, line)` → billed. `by_po`:
    PO key → untaxed amount of all lines but retention. `freight_by_po`: the same of freight alone. `by_work_order`: key
    of the work order → numbers of its invoices. `billed_of_work_order`: the same key → amount without retention, with
    tax where the buyer's cap counts it. Credits are taken off only once the buyer accepted them. `similar`:
    `fingerprint(…)` → number and day of each. `originals`: `normal_number(number)` → what is left of that invoice to
    credit.
    """

    numbers: Mapping[str, str] = field(default_factory=dict)
    by_line: Mapping[tuple[str, str], Billed] = field(default_factory=dict)
    by_po: Mapping[str, Decimal] = field(default_factory=dict)
    freight_by_po: Mapping[str, Decimal] = field(default_factory=dict)
    by_work_order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    billed_of_work_order: Mapping[str, Decimal] = field(default_factory=dict)
    similar: Mapping[tuple[str, ...], tuple[tuple[str, date], ...]] = field(default_factory=dict)
    originals: Mapping[str, Original] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Case:
    """All that a verdict depends on.

    `purchase_orders` by :func:`key` of their number; None means that nobody keeps a register for this buyer, so what
    their POs say cannot be known. `register_complete`: it claims to hold every PO of this buyer, so that one it does
    not hold is wrong rather than unknown. `factors`: (from unit, to unit) → how many `to` are one `from`, both by
    :func:`key`; a factor serves in both directions. `content`: the exact bytes to be sent, at stage "bytes".
    `judged_sha256`: what an earlier verdict was bound to.
    """

    document: Document
    today: date
    profile: Profile | None = None
    purchase_orders: Mapping[str, PurchaseOrder] | None = None
    register_complete: bool = True
    history: History = field(default_factory=History)
    factors: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    content: bytes | None = None
    judged_sha256: str = ""
