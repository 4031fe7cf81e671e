"""The fault script: what shall go wrong, where, and how often."""

from dataclasses import asdict, dataclass
from typing import Any

from quickbooks_simulator.faults import Fault

ANSWERS = ("401", "403", "429", "500", "502", "503")
BEFORE_COMMIT = ("drop_before_commit", "hang_before_commit")
AFTER_COMMIT = ("drop_after_commit", "hang_after_commit")
PLAIN_KINDS = (*ANSWERS, "page", *BEFORE_COMMIT, *AFTER_COMMIT, "delay", "omit_item")
SPELLINGS = ("capital", "lower", "xml")
CODE_PREFIX = "fault_code:"
_KEYS = {"match", "kind", "times", "skip", "seconds", "status", "detail", "spelling", "after_commit"}


class ScriptRefused(ValueError):
    """An entry of the script that makes no sense."""


@dataclass
class ScriptedFault:
    """One entry. `times` counts down to 0; None means for ever. `bid` aims at one item of a batch.

    `spelling` is one of SPELLINGS, or None for the usual one of that fault. With `after_commit` the call is carried
    out before the fault is answered.
    """

    id: int
    kind: str
    path: str = ""
    method: str = ""
    bid: str | None = None
    times: int | None = 1
    skip: int = 0
    seconds: float = 0.0
    status: int | None = None
    detail: str = "Scripted by the simulator's fault script."
    spelling: str | None = None
    after_commit: bool = False

    @property
    def code(self) -> str | None:
        """The fault code to answer with, or None for kinds that are no fault answer."""
        return self.kind.removeprefix(CODE_PREFIX) if self.kind.startswith(CODE_PREFIX) else None

    def as_fault(self) -> Fault:
        return Fault(self.code or "10000", self.detail, status=self.status)

    def meets(self, path: str, method: str) -> bool:
        """Whether it aims at this whole call."""
        return self.bid is None and self.method in ("", method) and self.path in path

    def aims_at(self, bid: str) -> bool:
        """Whether it aims at this item of a batch; the bId * is every item."""
        return self.bid is not None and self.bid in ("*", bid)


class FaultScript:
    """The entries in the order they were added; the first that matches and is due strikes."""

    def __init__(self) -> None:
        self._entries: list[ScriptedFault] = []
        self._last_id = 0

    def add(self, wanted: Any) -> None:
        """Add one entry or a list of them, all or none. Raises ScriptRefused."""
        entries = [self._read(each) for each in (wanted if isinstance(wanted, list) else [wanted])]
        for entry in entries:
            self._last_id += 1
            entry.id = self._last_id
            self._entries.append(entry)

    def clear(self) -> None:
        self._entries.clear()

    def as_json(self) -> list[dict[str, Any]]:
        """The entries that may still strike."""
        return [asdict(entry) for entry in self._entries if entry.times != 0]

    def take(self, path: str, method: str) -> ScriptedFault | None:
        """The fault that strikes this call, counted down; an entry with `skip` lets that many calls pass first."""
        return _first_due([entry for entry in self._entries if entry.meets(path, method)])

    def take_item_fault(self, bid: str) -> ScriptedFault | None:
        """The fault code that strikes this batch item."""
        return _first_due([entry for entry in self._entries if entry.aims_at(bid) and entry.code])

    def take_omission(self, bid: str) -> ScriptedFault | None:
        """The entry that takes this item's answer out of the batch answer, though the item was carried out."""
        return _first_due([entry for entry in self._entries if entry.aims_at(bid) and not entry.code])

    def _read(self, wanted: Any) -> ScriptedFault:
        if not isinstance(wanted, dict) or set(wanted) - _KEYS:
            raise ScriptRefused(f"An entry is an object with {', '.join(sorted(_KEYS))}.")
        match = wanted.get("match", {})
        if not isinstance(match, dict) or set(match) - {"path", "method", "bid"}:
            raise ScriptRefused("match may hold path, method and bid.")
        kind = str(wanted.get("kind", ""))
        bid = str(match["bid"]) if "bid" in match else None
        _check_kind(kind, bid)
        for name in ("times", "skip", "seconds", "status"):
            value = wanted.get(name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0):
                raise ScriptRefused(f"{name} must be a number, not {value!r}.")
        _check_answer(kind, wanted)
        options = {name: wanted[name] for name in _KEYS - {"match", "kind"} if name in wanted}
        return ScriptedFault(0, kind, str(match.get("path", "")), str(match.get("method", "")).upper(), bid, **options)


def _first_due(entries: list[ScriptedFault]) -> ScriptedFault | None:
    for entry in entries:
        if entry.times == 0:
            continue
        if entry.skip > 0:
            entry.skip -= 1
            continue
        if entry.times is not None:
            entry.times -= 1
        return entry
    return None


def _check_kind(kind: str, bid: str | None) -> None:
    is_code = kind.startswith(CODE_PREFIX) and kind.removeprefix(CODE_PREFIX).isdigit()
    if not is_code and kind not in PLAIN_KINDS:
        raise ScriptRefused(f"kind must be {', '.join(PLAIN_KINDS)} or {CODE_PREFIX}NUMBER, not {kind!r}.")
    if bid is not None and not is_code and kind != "omit_item":
        raise ScriptRefused("An entry for a batch item is omit_item or a fault code.")
    if bid is None and kind == "omit_item":
        raise ScriptRefused("omit_item needs match.bid.")


def _check_answer(kind: str, wanted: dict[str, Any]) -> None:
    """`spelling` and `after_commit` belong to kinds that are an answer."""
    if wanted.get("spelling") not in (None, *SPELLINGS):
        raise ScriptRefused(f"spelling must be one of {', '.join(SPELLINGS)}.")
    if not isinstance(wanted.get("after_commit", False), bool):
        raise ScriptRefused("after_commit must be true or false.")
    is_answer = kind in (*ANSWERS, "page") or kind.startswith(CODE_PREFIX)
    if not is_answer and (wanted.get("spelling") or wanted.get("after_commit")):
        raise ScriptRefused(f"spelling and after_commit do not go with {kind}.")
