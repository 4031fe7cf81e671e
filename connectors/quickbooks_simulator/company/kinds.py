"""The kinds of record the company keeps, and what may be done with each."""

from collections.abc import Callable
from dataclasses import dataclass

from quickbooks_simulator.company.customer import prepare_customer
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.invoice import prepare_invoice
from quickbooks_simulator.company.lists import prepare_item, prepare_named, prepare_term
from quickbooks_simulator.company.payment import prepare_payment, release_invoices, release_payments
from quickbooks_simulator.company.preferences import prepare_company_info, prepare_preferences
from quickbooks_simulator.company.properties import PROPERTIES
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.company.voiding import void_invoice, void_payment
from quickbooks_simulator.faults import Fault


@dataclass(frozen=True)
class Kind:
    """One kind of record.

    `filterable` names what a query may compare, besides Id and the two times. `release` runs before a delete.
    """

    name: str
    prepare: Callable[[Draft], Record]
    filterable: frozenset[str]
    writable: bool = True
    void: Callable[[Draft, Record], Record] | None = None
    release: Callable[[Changes, Record], None] | None = None
    paged: bool = True
    captured: bool = True

    @property
    def properties(self) -> frozenset[str]:
        return PROPERTIES[self.name]

    @property
    def single(self) -> bool:
        """Whether the company has exactly one of it."""
        return self.name in ("CompanyInfo", "Preferences")


def _filterable(names: str) -> frozenset[str]:
    return frozenset(names.split())


_NAMED = "Name Active"
_KINDS = (
    Kind("CompanyInfo", prepare_company_info, _filterable("CompanyName")),
    Kind("Preferences", prepare_preferences, _filterable("")),
    Kind(
        "Customer",
        prepare_customer,
        _filterable(
            "DisplayName GivenName MiddleName FamilyName CompanyName FullyQualifiedName Active Balance "
            "PrintOnCheckName PrimaryEmailAddr"
        ),
    ),
    Kind("Item", prepare_item, _filterable(f"{_NAMED} FullyQualifiedName Sku Type UnitPrice Taxable")),
    Kind("Term", prepare_term, _filterable(f"{_NAMED} Type DueDays")),
    # The page size is ignored for tax codes, and neither list takes part in change data capture (V, P).
    Kind("TaxCode", prepare_named, _filterable(f"{_NAMED} Description"), writable=False, paged=False, captured=False),
    Kind("TaxRate", prepare_named, _filterable(f"{_NAMED} Description"), writable=False, captured=False),
    Kind("Class", prepare_named, _filterable(f"{_NAMED} FullyQualifiedName")),
    Kind("Department", prepare_named, _filterable(f"{_NAMED} FullyQualifiedName")),
    Kind(
        "Account",
        prepare_named,
        _filterable(f"{_NAMED} FullyQualifiedName AccountType AccountSubType Classification AcctNum SubAccount"),
    ),
    Kind("PaymentMethod", prepare_named, _filterable(f"{_NAMED} Type")),
    Kind(
        "Invoice",
        prepare_invoice,
        _filterable("DocNumber TxnDate DueDate Balance CustomerRef SalesTermRef ProjectRef TotalAmt"),
        void=void_invoice,
        release=release_payments,
    ),
    Kind(
        "Payment",
        prepare_payment,
        _filterable("TxnDate CustomerRef PaymentRefNum TotalAmt UnappliedAmt"),
        void=void_payment,
        release=release_invoices,
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}
"""By name. Filterable of an invoice is what the reference marks (P), and TotalAmt (M); the rest is from memory (M)."""


def find_kind(name: str) -> Kind:
    """The kind of this name in any case, as in a path or a query; else fault 500 (V)."""
    for kind in _KINDS:
        if kind.name.lower() == name.lower():
            return kind
    raise Fault("500", f"Operation {name} is not supported.")
