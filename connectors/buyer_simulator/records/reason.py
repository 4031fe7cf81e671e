"""Why an invoice is not matched."""

from typing import Literal

from buyer_simulator.records.values import Record

ReasonCode = Literal["REF", "LEG", "REC", "QUA", "DEL", "PRI", "QTY", "ITM", "PAY", "UNR", "FIN", "PPD", "OTH"]
"""Peppol's code list OPStatusReason (V), without NON, which says that nothing is wrong."""

SPOKEN: dict[ReasonCode, str] = {
    "REF": "references",
    "LEG": "legal",
    "REC": "receiver unknown",
    "QUA": "quality",
    "DEL": "delivery",
    "PRI": "prices",
    "QTY": "quantities",
    "ITM": "items",
    "PAY": "payment terms",
    "UNR": "not recognised",
    "FIN": "finance",
    "PPD": "partially paid",
    "OTH": "other",
}


class Reason(Record):
    """A code, the invoice's line if it is about one, and a sentence."""

    code: ReasonCode
    line: int | None = None
    message: str
