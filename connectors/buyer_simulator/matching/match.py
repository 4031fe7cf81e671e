"""The verdict on an invoice: every reason at once, none if it matches."""

from collections.abc import Callable, Iterator

from buyer_simulator.matching.amounts import check_line_amounts, check_not_to_exceed, check_order_amounts
from buyer_simulator.matching.arithmetic import check_lines_add_up, check_totals
from buyer_simulator.matching.charges import check_freight, check_other_charges, check_retention
from buyer_simulator.matching.claims import Examination
from buyer_simulator.matching.cost_centers import check_cost_centers
from buyer_simulator.matching.credits import check_credit
from buyer_simulator.matching.dates import check_completion, check_invoice_date, check_service_period, check_validity
from buyer_simulator.matching.evidence import check_attachments, check_job_state, check_sign_off
from buyer_simulator.matching.identity import (
    check_duplicate,
    check_number,
    check_one_per_work_order,
    check_parties,
)
from buyer_simulator.matching.prices import check_prices
from buyer_simulator.matching.quantities import check_figures, check_ordered, check_received, check_units
from buyer_simulator.matching.references import (
    check_contract,
    check_lines,
    check_missing_on_lines,
    check_orders,
    check_work_orders,
)
from buyer_simulator.matching.taxes import check_taxes
from buyer_simulator.matching.terms import check_due_date, check_own_dates, check_terms
from buyer_simulator.records.reason import Reason

Check = Callable[[Examination], Iterator[Reason]]
CHECKS: tuple[Check, ...] = (
    check_number,
    check_parties,
    check_duplicate,
    check_one_per_work_order,
    check_orders,
    check_missing_on_lines,
    check_lines,
    check_contract,
    check_work_orders,
    check_cost_centers,
    check_units,
    check_figures,
    check_prices,
    check_ordered,
    check_received,
    check_line_amounts,
    check_order_amounts,
    check_not_to_exceed,
    check_taxes,
    check_freight,
    check_other_charges,
    check_retention,
    check_terms,
    check_own_dates,
    check_due_date,
    check_invoice_date,
    check_completion,
    check_validity,
    check_service_period,
    check_credit,
    check_attachments,
    check_sign_off,
    check_job_state,
    check_lines_add_up,
    check_totals,
)


def match(case: Examination) -> tuple[Reason, ...]:
    """All reasons against paying, in the order of the checks; none means that it matches."""
    return tuple(reason for check in CHECKS for reason in check(case))
