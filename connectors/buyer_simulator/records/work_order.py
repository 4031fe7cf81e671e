"""What the buyer's own facility desk knows about a job."""

from buyer_simulator.records.values import Day, Named, NotNegative, Record


class WorkOrder(Record):
    """A job the buyer called for.

    `not_to_exceed` (NTE) caps all that is billed for it. A job that is not `completed`, or whose verification by the
    customer is pending, is not payable yet. Source: ServiceChannel, CorrigoPro (D).
    """

    number: Named
    not_to_exceed: NotNegative | None = None
    completed: bool = True
    completed_on: Day | None = None
    verification_pending: bool = False
