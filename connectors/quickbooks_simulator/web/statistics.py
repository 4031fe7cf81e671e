"""Counts what was asked of the company, so that a test can prove how few calls a client made."""

from collections import Counter
from typing import Any

COUNTED = ("reads", "writes", "batches", "batch_items", "queries", "change_captures", "tokens", "other", "throttled",
           "faults_injected")  # fmt: skip


class Statistics:
    """Counters since the start or the last clearing."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._totals: Counter[str] = Counter()
        self._endpoints: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._throttled_by: Counter[str] = Counter()

    def count(self, name: str, times: int = 1) -> None:
        self._totals[name] += times

    def count_request(self, method: str, path: str) -> None:
        """Count one request that reached the company or the token endpoint, whatever became of it."""
        endpoint = endpoint_of(path)
        self._endpoints[f"{method} {endpoint}"] += 1
        self._totals[_class_of(method, endpoint)] += 1

    def count_throttled(self, limit: str) -> None:
        """Count a call refused by the limit of this name."""
        self._totals["throttled"] += 1
        self._throttled_by[limit] += 1

    def count_status(self, status: int) -> None:
        self._statuses[str(status)] += 1

    def as_json(self, replays: int) -> dict[str, Any]:
        return {
            **{name: self._totals[name] for name in COUNTED},
            "replays": replays,
            "throttled_by": dict(sorted(self._throttled_by.items())),
            "endpoints": dict(sorted(self._endpoints.items())),
            "statuses": dict(sorted(self._statuses.items())),
        }


def endpoint_of(path: str) -> str:
    """The short name of a path: `invoice`, `batch`, `oauth2/v1/tokens/bearer`."""
    parts = path.strip("/").split("/")
    if parts[:2] == ["v3", "company"] and len(parts) > 3:
        return parts[3]
    return "/".join(parts)


def _class_of(method: str, endpoint: str) -> str:
    named = {"batch": "batches", "query": "queries", "cdc": "change_captures"}
    if endpoint in named:
        return named[endpoint]
    if endpoint.endswith("tokens/bearer"):
        return "tokens"
    if "/" in endpoint:
        return "other"
    return "reads" if method == "GET" else "writes"
