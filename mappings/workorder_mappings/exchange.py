"""Check, diff, apply and export: files on one side, a `MappingStore` on the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from workorder_mappings.chunks import in_chunks
from workorder_mappings.files.opening import open_source
from workorder_mappings.files.sheet import Sheet, Source
from workorder_mappings.files.writing import WRITERS
from workorder_mappings.ports import Applied, Change, Chunk, Counts, Fault, MappingStore, Page, Upload
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
    """One upload of some files. Made by `exchange`, which empties the staging area afterwards.

    While the next rows are read, Odoo looks at the ones before; there is never more than one chunk on its way.
    """

    def __init__(
        self, store: MappingStore | None, upload: Upload | None, progress: Progress, show: Show | None, worker: Executor
    ) -> None:
        self._store = store
        self._upload = upload
        self._progress = progress
        self._show = show
        self._worker = worker
        self._under_way: Future[Page] | None = None
        self._sequence = 0
        self.findings = Findings()

    def read(self, paths: Sequence[Path]) -> None:
        """Read the files; stage every row that is right and have it looked at. Everything else becomes a problem."""
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
        self._take()

    def examine(self, *, prune: bool) -> None:
        """Have all staged rows looked at together: rows that are there twice, and with `prune` what would go."""
        store, upload = self._needed()
        self._account(store.examine(upload, self._sequence, prune=prune, details=self._show is not None))

    def apply(self, *, prune: bool, watch: MappingStore | None = None) -> Applied:
        """Apply all of it or nothing. `watch` is a second connection, asked how far the first one has got."""
        store, upload = self._needed()
        total = self.findings.rows
        applying = self._worker.submit(store.apply, upload, prune=prune)
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
                    self._send(chunk)
                    self._progress("checked", before + done, None)
            finally:
                self.findings.read.append((sheet, done))

    def _send(self, chunk: Chunk) -> None:
        if self._store and self._upload:
            self._take()
            self._sequence += 1
            self._under_way = self._worker.submit(self._look, self._store, self._upload, self._sequence, chunk)

    def _look(self, store: MappingStore, upload: Upload, sequence: int, chunk: Chunk) -> Page:
        store.stage(upload, sequence, chunk)
        return store.examine(upload, sequence - 1, prune=False, details=self._show is not None)

    def _take(self) -> None:
        if self._under_way:
            page, self._under_way = self._under_way.result(), None
            self._account(page)

    def _account(self, page: Page) -> None:
        self.findings.fault(page.faults)
        self.findings.notes += page.notes
        self.findings.count(page.counts)
        for change in page.changes if self._show else ():
            self._show(change)  # type: ignore[misc]  # there are changes only if it is there

    def _needed(self) -> tuple[MappingStore, Upload]:
        if self._store is None or self._upload is None:
            raise ValueError("without a store, files can be read only")
        return self._store, self._upload


@contextmanager
def exchange(
    store: MappingStore | None,
    company: str | None = None,
    progress: Progress = say_nothing,
    show: Show | None = None,
) -> Iterator[Exchange]:
    """An exchange with this store; without one, files are read and checked by themselves."""
    upload = store.open(company) if store else None
    with ThreadPoolExecutor(1) as worker:
        yield Exchange(store, upload, progress, show, worker)
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
