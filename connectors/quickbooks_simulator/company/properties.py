"""The property names the parser knows, per kind. Any other name is fault 2010. Source: recorded fault detail (V)."""

from quickbooks_simulator.company.properties_of_lists import LISTS
from quickbooks_simulator.company.properties_of_reference import REFERENCE
from quickbooks_simulator.company.properties_of_sales import SALES
from quickbooks_simulator.company.properties_of_spending import SPENDING
from quickbooks_simulator.company.property_names import RECURRING, listed

PROPERTIES: dict[str, frozenset[str]] = {**REFERENCE, **LISTS, **SALES, **SPENDING}
# Whatever a transaction has; its template's rules look closer.
PROPERTIES["RecurringTransaction"] = RECURRING.union(*SALES.values(), *SPENDING.values())

LINE_PROPERTIES = listed(
    """
    Id LineNum Description Amount Received LinkedTxn DetailType PaymentLineDetail DiscountLineDetail
    TaxLineDetail SalesItemLineDetail DescriptionLineDetail SubTotalLineDetail SubtotalLineDetail
    GroupLineDetail CustomField ProjectRef CostAmount HomeCostAmount LineEx CustomExtensions
    """
)

SALES_DETAIL_PROPERTIES = listed(
    """
    ItemRef ClassRef UnitPrice RatePercent PriceLevelRef MarkupInfo Qty UOMRef ItemAccountRef InventorySiteRef
    TaxCodeRef TaxClassificationRef ServiceDate TaxInclusiveAmt DiscountRate DiscountAmt DeferredRevenue
    CustomExtensions
    """
)

DEPOSIT_LINE_PROPERTIES = listed(
    "Id LineNum Description Amount LinkedTxn DetailType DepositLineDetail CustomField ProjectRef DepositToAccountRef"
)
