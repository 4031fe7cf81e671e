"""How much of a company's call limits one lane carries, and when a lane is free for more. Plain functions: no database.

Moments are seconds by one clock, the database's. What was used is a list of (end, requests, batches): calls count from
the moment they were surely over, so that a window is never passed whenever within a call QuickBooks counted it.
"""

from dataclasses import dataclass

#: QuickBooks' limits of one company (fact sheet §2, P), and how many calls may be under way at once.
REQUESTS_PER_MINUTE, REQUESTS_PER_SECOND, BATCHES_PER_MINUTE, LANES = 500, 10, 120, 10
#: Where the items of a batch count as requests, a tenth of a minute's requests holds one batch and no second.
LANES_WHEN_ITEMS_COUNT = 2
#: A thousandth to spare: no two clocks run equally fast.
SECOND, MINUTE = 1.001, 60.06
#: Calls a lane is lent for at once, so that a run's first reads, a retry and an enquiry need no second question.
CALLS_AT_ONCE = 5
MOST_ITEMS = 30


@dataclass(frozen=True)
class Share:
    """What one of so many lanes may carry."""

    lanes: int
    requests: int
    per_second: int
    batches: int


def share_of_lane(items_count):
    """One lane's part of the limits; with fewer lanes where the items of a batch count as requests."""
    lanes = LANES_WHEN_ITEMS_COUNT if items_count else LANES
    return Share(lanes, REQUESTS_PER_MINUTE // lanes, REQUESTS_PER_SECOND // lanes, BATCHES_PER_MINUTE // lanes)


def requests_of_grant(batch_cost):
    """The requests a lane must have left to be lent for one batch and what may go with it."""
    return CALLS_AT_ONCE - 1 + batch_cost


def still_counting(used, moment):
    """What of the use falls within the minute before the moment."""
    return [entry for entry in used if entry[0] > moment - MINUTE]


def free_at(used, share, requests, batches):
    """The first moment at which so many requests, and batches among them, fit into every window of a lane."""
    used = sorted(used)
    moment = used[-1][0] + SECOND if used else 0.0
    for place, (end, _requests, _batches) in enumerate(used):
        later = [entry for entry in used[place:] if entry[0] > moment - MINUTE]
        if (
            sum(entry[1] for entry in later) + requests <= share.requests
            and sum(entry[2] for entry in later) + batches <= share.batches
        ):
            break
        moment = max(moment, end + MINUTE)
    return moment


def dealt(total, lanes):
    """A number of calls as equally over so many lanes as whole numbers allow."""
    return [total // lanes + (place < total % lanes) for place in range(lanes)]
