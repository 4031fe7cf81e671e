"""A purchase order in the buyer's books."""

from collections import Counter
from decimal import Decimal
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from buyer_simulator.records.values import (
    ONE,
    ZERO,
    Code,
    Currency,
    Day,
    Days,
    Named,
    NotNegative,
    Positive,
    Record,
    key,
)


class OrderLine(Record):
    """One line. Without `quantity` only its `amount_limit` holds, as for services bought by amount.

    `unit_price` is for `price_basis` units. `tax_rate` in percent.
    """

    number: Named
    item_code: Code = ""
    description: Code = ""
    quantity: NotNegative | None = None
    unit: Code = ""
    unit_price: NotNegative | None = None
    price_basis: Positive = ONE
    amount_limit: NotNegative | None = None
    cost_center: Code = ""
    tax_rate: NotNegative | None = None
    is_open: bool = True

    def value(self) -> Decimal | None:
        """What may be billed on the line before tax; None if nothing says."""
        if self.amount_limit is not None:
            return self.amount_limit
        if self.quantity is None or self.unit_price is None:
            return None
        return self.quantity * self.unit_price / self.price_basis


class OrderTerms(Record):
    """What was agreed about payment; what is None was not written down."""

    code: Code = ""
    net_days: Days | None = None
    discount_percent: NotNegative | None = None
    discount_days: Days | None = None


class PurchaseOrder(Record):
    """A PO with its lines.

    A `limit` makes it a blanket order: no more than that is billed before tax, in all, and only within its validity.
    `tax`: exempt (none may be charged), charged (the supplier charges `tax_rate`, or the line's), barred (the buyer
    pays it to the authority itself), "" where the PO does not say. `freight` likewise; `freight_limit` holds for all
    invoices together.
    """

    number: Named
    state: Literal["open", "closed", "cancelled"] = "open"
    currency: Currency = "USD"
    valid_from: Day | None = None
    valid_to: Day | None = None
    limit: NotNegative | None = None
    contract: Code = ""
    terms: OrderTerms | None = None
    tax: Literal["", "exempt", "charged", "barred"] = ""
    tax_rate: NotNegative | None = None
    freight: Literal["", "allowed", "not_allowed"] = ""
    freight_limit: NotNegative | None = None
    lines: tuple[OrderLine, ...] = Field(default=(), max_length=5000)

    @model_validator(mode="after")
    def _lines_once(self) -> Self:
        twice = [number for number, count in Counter(key(line.number) for line in self.lines).items() if count > 1]
        if twice:
            raise ValueError(f"each line number once in lines; repeated: {', '.join(sorted(twice))}")
        if self.tax in ("exempt", "barred") and (self.tax_rate or any(line.tax_rate for line in self.lines)):
            raise ValueError(f"no tax rate on an order that is {self.tax}")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to on or after valid_from")
        return self

    @cached_property
    def by_number(self) -> dict[str, OrderLine]:
        """The lines by :func:`key` of their number."""
        return {key(line.number): line for line in self.lines}

    def line(self, number: str) -> OrderLine | None:
        """The line of this number, if there is one."""
        return self.by_number.get(key(number))

    def value(self) -> Decimal | None:
        """What may be billed in all before tax: the limit, else what its lines add up to; None if nothing says."""
        if self.limit is not None:
            return self.limit
        values = [line.value() for line in self.lines]
        known = [value for value in values if value is not None]
        return sum(known, ZERO) if known and len(known) == len(values) else None
