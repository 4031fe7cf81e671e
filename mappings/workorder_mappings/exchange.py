"""Check, diff, apply and export: files on one side, a `MappingStore` on the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from workorder_mappings.chunks import in_chunks
from workorder_mappings.files.opening import open_source
from workorder_mappings.files.sheet import Sheet, Source
from workorder_mappings.files.writing import WRITERS
from workorder_mappings.ports import Applied, Change, Chunk, Counts, Fault, MappingStore, Upload
from workorder_mappings.problems import FileRefused, Problem, Problems
from workorder_mappings.reading import read_header, read_rows
from workorder_mappings.tables import TABLES, columns_of_tables

Progress = Callable[[str, int, int | None], None]  # what is done, how many rows so far, of how many
Show = Callable[[Change], None]
ROWS_PER_PAGE = 1_000
SECONDS_BETWEEN_LOOKS = 0.5


def say_nothing(_what: str, _done: int, _total: int | None) -> None:
    """No progress is shown."""


@dataclass
class Findings:
    """What came out so far. `read`: each sheet, how it was read and how many rows it has."""

    problems: Problems = field(default_factory=Problems)
    notes: list[str] = field(default_factory=list)
    counts: dict[str, Counts] = field(default_factory=dict)
    read: list[tuple[Sheet, int]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return sum(count for _sheet, count in self.read)

    @property
    def changes(self) -> int:
        """How many rows would change something."""
        return sum(each.added + each.changed + each.removed for each in self.counts.values())

    def count(self, counts: dict[str, Counts]) -> None:
        """Add up."""
        for table, more in counts.items():
            self.counts[table] = self.counts.get(table, Counts()).plus(more)

    def fault(self, faults: Iterable[Fault]) -> None:
        """What the database found."""
        for fault in faults:
            self.problems.add(Problem(**fault.model_dump()))


class Exchange:
    """One upload of some files. Use as a context manager through `exchange`: the staging area is emptied afterwards."""

    def __init__(self, store: MappingStore | None, upload: Upload | None, progress: Progress) -> None:
        self._store = store
        self._upload = upload
        self._progress = progress
        self._sequence = 0
        self.findings = Findings()

    def read(self, paths: Sequence[Path]) -> None:
        """Read the files and stage every row that is right; everything else is noted as a problem."""
        tables = self._store.tables() if self._store else columns_of_tables()
        for source, sheet in sorted(self._sheets(paths), key=lambda each: list(TABLES).index(each[1].table)):
            if sheet.table not in tables:
                expected = "a table this Odoo has; QuickBooks tables need the addon work_order_transmission"
                self.findings.problems.add(Problem(sheet.label, 0, "", sheet.table, expected))
                continue
            try:
                self._read_sheet(source, sheet)
            except FileRefused as refused:
                self.findings.problems.add(refused.problem)

    def examine(self, *, prune: bool, show: Show | None = None) -> None:
        """Have the staged rows looked at; every fault is noted, every change shown."""
        store, upload = self._needed()
        after: int | None = 0
        while after is not None:
            page = store.examine(upload, after, prune=prune, details=show is not None)
            self.findings.fault(page.faults)
            self.findings.notes += page.notes
            self.findings.count(page.counts)
            for change in page.changes if show else ():
                show(change)  # type: ignore[misc]  # there are pages with changes only if it is there
            after = page.next
            counted = sum(each.added + each.changed + each.unchanged for each in self.findings.counts.values())
            self._progress("compared", min(counted, self.findings.rows), self.findings.rows)

    def apply(self, *, prune: bool, watch: MappingStore | None = None) -> Applied:
        """Apply all of it or nothing. `watch` is a second connection, asked how far the first one has got."""
        store, upload = self._needed()
        total = self.findings.rows
        with ThreadPoolExecutor(1) as pool:
            applying = pool.submit(store.apply, upload, prune=prune)
            while not wait([applying], SECONDS_BETWEEN_LOOKS).done:
                if watch:
                    self._progress("applied", watch.applied_rows(upload), total)
            applied = applying.result()
        self._progress("applied", total, total)
        return applied

    def _sheets(self, paths: Sequence[Path]) -> Iterator[tuple[Source, Sheet]]:
        for path in paths:
            try:
                source = open_source(path, columns_of_tables())
            except FileRefused as refused:
                self.findings.problems.add(refused.problem)
                continue
            yield from ((source, sheet) for sheet in source.sheets)

    def _read_sheet(self, source: Source, sheet: Sheet) -> None:
        note, done, before = self.findings.problems.add, 0, self.findings.rows
        with source.rows(sheet) as rows:
            header = read_header(sheet, rows, note)
            if header is None:
                return
            try:
                for chunk in in_chunks(sheet, header, read_rows(sheet, header, rows, note)):
                    done += len(chunk.rows)
                    self._stage(chunk)
                    self._progress("read", before + done, None)
            finally:
                self.findings.read.append((sheet, done))

    def _stage(self, chunk: Chunk) -> None:
        if self._store and self._upload:
            self._sequence += 1
            self._store.stage(self._upload, self._sequence, chunk)

    def _needed(self) -> tuple[MappingStore, Upload]:
        if self._store is None or self._upload is None:
            raise ValueError("without a store, files can be read only")
        return self._store, self._upload


@contextmanager
def exchange(
    store: MappingStore | None, company: str | None = None, progress: Progress = say_nothing
) -> Iterator[Exchange]:
    """An exchange with this store; without one, files are read and checked by themselves."""
    upload = store.open(company) if store else None
    yield Exchange(store, upload, progress)
    if store and upload:  # after trouble, Odoo itself throws it away within a day
        store.discard(upload)


def export_tables(
    store: MappingStore, folder: Path, *, kind: str, company: str | None = None, progress: Progress = say_nothing
) -> dict[Path, int]:
    """Write every table to a file of its own; path → rows. What is written can be applied and changes nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for table, columns in store.tables().items():
        if table in TABLES:
            path = folder / f"{table}.{kind}"
            written[path] = _export(store, table, columns, path, kind, company, progress)
    return written


def _export(
    store: MappingStore, table: str, columns: list[str], path: Path, kind: str, company: str | None, progress: Progress
) -> int:
    text = TABLES[table].text_columns()
    done, after = 0, 0
    with WRITERS[kind](path, columns, [column in text for column in columns]) as write:
        while True:
            page = store.export(table, after, ROWS_PER_PAGE, company)
            write(page.rows)
            done += len(page.rows)
            progress(f"{table} written", done, None)
            if page.next is None:
                return done
            after = page.next
