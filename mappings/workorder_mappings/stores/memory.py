"""A store in memory, for tests and trials: item codes, units and cost centres of some buyers and products.

It promises what `MappingStore` promises; the contract suite holds it to that beside Odoo.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from workorder_bridge.errors import SourceError

from workorder_mappings.ports import Applied, Change, Chunk, Counts, CoverageRow, ExportPage, Fault, Kind, Page, Upload
from workorder_mappings.tables import TABLES

Row = dict[str, Any]
Key = tuple[Any, ...]
#: The columns that name something the store must know, and what it is called there.
NAMES = {"buyer": "buyers", "product": "products", "unit": "units"}
KEPT = ("units", "cost_centers", "item_codes")


@dataclass
class _Staged:
    chunks: dict[int, Chunk] = field(default_factory=dict)
    answer: Applied | None = None


@dataclass
class MemoryStore:
    """`buyers`, `products` and `units` map every name to the one it is exported by."""

    buyers: dict[str, str] = field(default_factory=dict)
    products: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[Key, Row]] = field(default_factory=lambda: {table: {} for table in KEPT})
    _uploads: dict[int, _Staged] = field(default_factory=dict)

    def tables(self) -> dict[str, list[str]]:
        """See `MappingStore.tables`."""
        return {table: list(TABLES[table].model_fields) for table in KEPT}

    def open(self, company: str | None = None) -> Upload:
        """See `MappingStore.open`; there is one company."""
        number = len(self._uploads) + 1
        self._uploads[number] = _Staged()
        return Upload(id=number, company=company or "Memory")

    def stage(self, upload: Upload, sequence: int, chunk: Chunk) -> None:
        """See `MappingStore.stage`."""
        self._staged(upload).chunks.setdefault(sequence, chunk)

    def examine(self, upload: Upload, after: int, *, prune: bool, details: bool) -> Page:
        """See `MappingStore.examine`."""
        staged = self._staged(upload)
        following = min((number for number in staged.chunks if number > after), default=None)
        if following is None:
            faults = list(self._repeated(staged))
            removed = list(self._surplus(staged)) if prune else []
            return _page(faults, removed, details, None)
        faults, changes = self._examined(staged.chunks[following])
        return _page(faults, changes, details, following)

    def apply(self, upload: Upload, *, prune: bool) -> Applied:
        """See `MappingStore.apply`."""
        staged = self._staged(upload)
        if staged.answer:
            return staged.answer
        faults, changes = list(self._repeated(staged)), []
        for chunk in staged.chunks.values():
            found, made = self._examined(chunk)
            faults += found
            changes += made
        if faults:
            return Applied(faults=faults, notes=[], counts={})
        changes += list(self._surplus(staged)) if prune else []
        for change, row in changes:
            self._write(change, row)
        staged.answer = Applied(faults=[], notes=[], counts=_counted(changes))
        return staged.answer

    def applied_rows(self, upload: Upload) -> int:
        """See `MappingStore.applied_rows`; it is done or it has not begun."""
        staged = self._staged(upload)
        return sum(len(chunk.rows) for chunk in staged.chunks.values()) if staged.answer else 0

    def discard(self, upload: Upload) -> None:
        """See `MappingStore.discard`."""
        self._uploads.pop(upload.id, None)

    def export(self, table: str, after: int, limit: int, company: str | None = None) -> ExportPage:  # noqa: ARG002
        """See `MappingStore.export`."""
        if table not in self.rows:
            raise SourceError(f"There is no mapping table {table}.")
        rows = list(self.rows[table].values())[after : after + limit]
        columns = self.tables()[table]
        following = after + limit if len(self.rows[table]) > after + limit else None
        return ExportPage(rows=[[row.get(column) for column in columns] for row in rows], next=following)

    def coverage(self) -> list[CoverageRow]:
        """See `MappingStore.coverage`; there is no work here that could need a row."""
        return []

    def _staged(self, upload: Upload) -> _Staged:
        if upload.id not in self._uploads:
            raise SourceError("This upload is gone; start again.")
        return self._uploads[upload.id]

    def _examined(self, chunk: Chunk) -> tuple[list[Fault], list[tuple[Change, Row]]]:
        faults: list[Fault] = []
        changes = []
        for number, *values in chunk.rows:
            row = dict(zip(chunk.columns, values, strict=True))
            wrong = [
                self._fault(chunk, number, name, value) for name, value in row.items() if not self._fits(name, value)
            ]
            faults += wrong
            if not wrong:
                changes.append(self._change(chunk, number, self._named(row)))
        return faults, changes

    def _known(self, name: str) -> dict[str, str]:
        names: dict[str, str] = getattr(self, NAMES[name])
        return names

    def _fits(self, name: str, value: Any) -> bool:
        return name not in NAMES or value is None or value in self._known(name)

    def _fault(self, chunk: Chunk, number: int, name: str, value: Any) -> Fault:
        return Fault(file=chunk.file, row=number, column=name, value=str(value), expected=f"one of our {NAMES[name]}")

    def _named(self, row: Row) -> Row:
        return {
            name: self._known(name)[value] if name in NAMES and value is not None else value
            for name, value in row.items()
        }

    def _change(self, chunk: Chunk, number: int, row: Row) -> tuple[Change, Row]:
        key = _key(chunk.table, row)
        known = self.rows[chunk.table].get(key)
        fields = {name: [known.get(name), value] for name, value in row.items() if known and known.get(name) != value}
        kind: Kind = "added" if known is None else "changed"  # without fields it is neither
        change = Change(table=chunk.table, kind=kind, file=chunk.file, row=number, key=_label(key), fields=fields)
        return change, row

    def _repeated(self, staged: _Staged) -> Iterator[Fault]:
        seen: dict[tuple[str, Key], int] = {}
        for chunk in staged.chunks.values():
            for number, *values in chunk.rows:
                row = dict(zip(chunk.columns, values, strict=True))
                if not all(self._fits(name, value) for name, value in row.items()):
                    continue
                key = (chunk.table, _key(chunk.table, self._named(row)))
                if key in seen:
                    columns = ", ".join(TABLES[chunk.table].key)
                    expected = f"every row once; row {seen[key]} is the same"
                    yield Fault(file=chunk.file, row=number, column=columns, value="", expected=expected)
                seen.setdefault(key, number)

    def _surplus(self, staged: _Staged) -> Iterator[tuple[Change, Row]]:
        keys: dict[str, set[Key]] = {}
        for chunk in staged.chunks.values():
            for _number, *values in chunk.rows:
                row = self._named(dict(zip(chunk.columns, values, strict=True)))
                keys.setdefault(chunk.table, set()).add(_key(chunk.table, row))
        for table, kept in keys.items():
            buyers = {key[0] for key in kept}
            for key, row in list(self.rows[table].items()):
                if key not in kept and key[0] in buyers:
                    yield Change(table=table, kind="removed", file="", row=0, key=_label(key)), row

    def _write(self, change: Change, row: Row) -> None:
        table, key = self.rows[change.table], _key(change.table, row)
        if change.kind == "removed":
            del table[key]
        else:
            table[key] = {**table.get(key, {}), **row}


def _key(table: str, row: Row) -> Key:
    return tuple(row.get(name) for name in TABLES[table].key)


def _label(key: Key) -> str:
    return " · ".join(str(part) for part in key if part is not None)


def _is_change(change: Change) -> bool:
    return change.kind != "changed" or bool(change.fields)


def _counted(changes: Sequence[tuple[Change, Row]]) -> dict[str, Counts]:
    counts: dict[str, Counts] = {}
    for change, _row in changes:
        one = Counts(**{change.kind if _is_change(change) else "unchanged": 1})
        counts[change.table] = counts.get(change.table, Counts()).plus(one)
    return counts


def _page(faults: list[Fault], changes: Sequence[tuple[Change, Row]], details: bool, following: int | None) -> Page:
    shown = [change for change, _row in changes if _is_change(change)] if details else []
    return Page(faults=faults, notes=[], changes=shown, counts=_counted(changes), next=following)
