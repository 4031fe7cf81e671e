"""Goods receipts and approved service entries."""

from typing import Self

from pydantic import model_validator

from buyer_simulator.records.values import Code, Day, Named, Number, Record


class Receipt(Record):
    """What arrived, or was confirmed as done, on one PO line, in the PO line's unit; a return is negative.

    A line bought by amount is received by `amount`.
    """

    purchase_order: Named
    line: Named
    quantity: Number | None = None
    amount: Number | None = None
    reference: Code = ""
    received_on: Day | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.quantity is None) == (self.amount is None):
            raise ValueError("either quantity or amount")
        return self
