"""How the service behaves, and misbehaves: what nobody outside QuickBooks knows is drawn at random."""

from typing import Any

from hypothesis import strategies as st

PASSING = "An unexpected error occurred. Wait some minutes and try again."
"""What a 6000 says when it is no refusal (P)."""

_TIMES = st.integers(1, 3)


def _switches(**changes: Any) -> dict[str, Any]:
    """At least one defence against a second invoice must be QuickBooks' own: it remembers a request id whatever its
    body, or it refuses a number twice. Without both, a request that is late by more than its lease cannot be stopped.
    """
    if not changes["check_duplicate_numbers"]:
        changes |= {"request_id_seconds": None, "request_id_other_body": "replay"}
    return changes


SWITCHES = st.builds(
    _switches,
    check_duplicate_numbers=st.booleans(),
    request_id_seconds=st.sampled_from([None, 0, 60]),
    request_id_other_body=st.sampled_from(["replay", "fault_600", "fault_6000", "create"]),
    request_id_remembers_faults=st.booleans(),
    batch_answer_order=st.sampled_from(["as_sent", "reversed"]),
    refresh_token_rotation=st.sampled_from(["every_refresh", "daily", "never"]),
    throttle_body=st.sampled_from(["capital", "lower", "xml", "rotate"]),
    inactive_reference_fault=st.sampled_from(["2500", "610"]),
    closed_books_fault=st.sampled_from(["6210", "5010"]),
    access_token_seconds=st.sampled_from([3600, 180]),
)

_STORMS = st.builds(
    lambda times, spelling: {"kind": "429", "times": times, "spelling": spelling},
    st.integers(1, 12),
    st.sampled_from(["capital", "lower", "xml"]),
)
_FAILURES = st.builds(
    lambda kind, times, after: {
        "match": {"path": "/batch"},
        "kind": kind,
        "times": times,
        "after_commit": after,
        "detail": PASSING,
    },
    st.sampled_from(["500", "502", "503", "page", "fault_code:10000", "fault_code:6000"]),
    _TIMES,
    st.booleans(),
)
_CUTS = st.builds(
    lambda kind, path, times: {"match": {"path": path}, "kind": kind, "times": times},
    st.sampled_from(["drop_before_commit", "drop_after_commit"]),
    st.sampled_from(["", "/batch", "/query", "/cdc", "/tokens/bearer"]),
    _TIMES,
)
_ITEMS = st.builds(
    lambda kind, bid, times: {
        "match": {"bid": bid},
        "kind": kind,
        "times": times,
        "detail": PASSING,
    },
    st.sampled_from(["omit_item", "fault_code:600", "fault_code:6000", "fault_code:10000", "fault_code:3001"]),
    st.sampled_from(["*", "1", "2", "c43"]),
    _TIMES,
)
_REFUSALS = st.builds(
    lambda kind, times: {"kind": kind, "times": times},
    st.sampled_from(["401", "403"]),
    _TIMES,
)

DISTURBANCES = st.one_of(_STORMS, _FAILURES, _CUTS, _ITEMS, _REFUSALS)
"""Entries of the simulator's fault script."""
