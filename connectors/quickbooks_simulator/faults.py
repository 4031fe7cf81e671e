"""The fault catalogue: every code the company answers with, its HTTP status, type and headline."""

from dataclasses import dataclass

VALIDATION = "ValidationFault"


@dataclass(frozen=True)
class FaultKind:
    """One entry of the catalogue."""

    message: str
    status: int = 400
    type: str = VALIDATION


CATALOGUE: dict[str, FaultKind] = {
    "100": FaultKind("General authentication error", 401, "AUTHENTICATION"),
    "110": FaultKind("Access denied", 403, "AUTHENTICATION"),
    "120": FaultKind("Authorization failure", 403, "AUTHENTICATION"),
    "140": FaultKind("Company locked", 400, "SERVICE"),
    "150": FaultKind("Company under maintenance", 503, "SERVICE"),
    "500": FaultKind("Unsupported Operation"),
    "600": FaultKind("Duplicate Request"),
    "610": FaultKind("Object Not Found"),
    "620": FaultKind("Transaction Cannot Be Linked"),
    "800": FaultKind("Object is used by others"),
    "1040": FaultKind("Batch Too Large"),
    "2010": FaultKind("Request has invalid or unsupported property"),
    "2020": FaultKind("Required parameter is missing"),
    "2030": FaultKind("Invalid ID or value"),
    "2050": FaultKind("String length is out of range"),
    "2170": FaultKind("Invalid enumeration"),
    "2210": FaultKind("Email address is not valid"),
    "2500": FaultKind("Invalid Reference Id"),
    "3001": FaultKind("ThrottleExceeded", 429, "SERVICE"),
    "3100": FaultKind("ApplicationAuthorizationFailed", 403, "AUTHENTICATION"),
    "3201": FaultKind("User not authorised", 403, "AUTHENTICATION"),
    "3200": FaultKind("AuthenticationFailed", 401, "AUTHENTICATION"),
    "4000": FaultKind("Error parsing query"),
    "4001": FaultKind("Invalid query"),
    "4002": FaultKind("Query processing error"),
    "5000": FaultKind("Deprecated field"),
    "5010": FaultKind("Stale Object Error"),
    "5020": FaultKind("Feature not supported"),
    "6000": FaultKind("A business validation error has occurred while processing your request"),
    "6070": FaultKind("Amount calculation incorrect in the request"),
    "6090": FaultKind("Discount line is incomplete"),
    "6100": FaultKind("Invalid tax code for a US company"),
    "6140": FaultKind("Duplicate Document Number Error"),
    "6190": FaultKind("Invalid Company Status"),
    "6210": FaultKind("Account Period Closed"),
    "6240": FaultKind("Duplicate Name Exists Error"),
    "6250": FaultKind("Invalid customer"),
    "6430": FaultKind("Invalid account type"),
    "6540": FaultKind("Deposited transaction cannot be changed"),
    "6560": FaultKind("Customer reference is missing"),
    "10000": FaultKind("An application error has occurred while processing your request", 500, "SystemFault"),
}
"""Codes and HTTP status from the fault tables and recorded answers (V, P); the wording is the simulator's own."""

UNLISTED = FaultKind("Scripted fault")


class Fault(Exception):
    """A refusal of the company, in the terms of the API."""

    def __init__(self, code: str, detail: str, element: str = "", status: int | None = None) -> None:
        kind = CATALOGUE.get(code, UNLISTED)
        super().__init__(f"{code} {kind.message}: {detail}")
        self.code = code
        self.message = kind.message
        self.detail = detail
        self.element = element
        self.type = kind.type
        self.status = kind.status if status is None else status
