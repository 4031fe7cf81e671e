"""A mapping table: many rows read, compared with what Odoo has, and written, at a constant number of queries."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from odoo.tools.translate import LazyTranslate

from .lookup import Unfit

_lt = LazyTranslate(__name__)
PAGE = 2_000


def key_text(key):
    """A key as it is compared in the database."""
    return json.dumps([part.isoformat() if isinstance(part, date) else part for part in key])


class _Reader:
    """A column that remembers what it made of a cell: most cells of a table are like the one above."""

    def __init__(self, column, model):
        self.name, self._column, self._model, self._known = column.name, column, model, {}

    def value_of(self, raw):
        """As the column's; raises :class:`Unfit`."""
        if not isinstance(raw, str):
            return self._column.value_of(self._model, raw)
        if raw not in self._known:
            self._known[raw] = self._column.value_of(self._model, raw)
        return self._known[raw]


@dataclass
class Chunk:
    """Rows of one sheet as they came; each row begins with its number. `headings`: what the file calls its columns."""

    env: Any
    source: str
    columns: list
    rows: list
    headings: dict = field(default_factory=dict)

    def problem(self, row, column, value, expected):
        """A problem as it is told."""
        shown = {True: "yes", False: "no", None: ""}.get(value, value) if not isinstance(value, int | str) else value
        return {
            "file": self.source,
            "row": row,
            "column": ", ".join(self.headings.get(name, name) for name in column.split(", ")),
            "value": str("" if shown is False else shown)[:200],
            "expected": expected if isinstance(expected, str) else self.env._(expected),
        }


@dataclass
class Entry:
    """One row that can be applied. `record` is what it changes, empty if it adds; `changes`: column → (old, new)."""

    row: int
    values: dict
    key: tuple
    label: str
    record: Any = None
    changes: dict = field(default_factory=dict)
    shown: dict = field(default_factory=dict)  # the changes as people read them
    order: Any = None  # the PO a row is a line of
    heads: bool = True  # whether it is the first row of its record
    head: dict = field(default_factory=dict)
    body: dict = field(default_factory=dict)
    new_center: Any = None  # a cost centre that has to be added first: (buyer, code)
    warnings: list = field(default_factory=list)

    @property
    def kind(self):
        """What applying it does: adds, changes, or nothing."""
        if not self.record:
            return "added"
        return "changed" if self.changes else "unchanged"


class Table:
    """A table whose every row is one record.

    :param key: names of the columns that tell rows apart
    :param scope: the column (a :class:`Ref`) whose records a file is about; pruning stays within those
    """

    span = None  # the columns from and to, where two rows of one thing must not overlap
    grouped = 0  # how much of the key names a record of several rows

    def __init__(self, name, model, columns, key, scope=None, company_field="company_id"):
        self.name, self.model, self.key, self.scope = name, model, key, scope
        self.columns = {column.name: column for column in columns}
        self.company_field = company_field

    # --- reading

    def understood(self, env, company, chunk):
        """The rows that can be applied and every problem of the others."""
        columns = [self.columns.get(name) for name in chunk.columns]
        unknown = [name for name, column in zip(chunk.columns, columns, strict=True) if column is None]
        missing = [each.name for each in self.columns.values() if each.required and each.name not in chunk.columns]
        if unknown or missing:
            known = ", ".join(self.columns)
            return [], [
                *(
                    chunk.problem(
                        1, name, name, _lt("a column of %(table)s: %(columns)s", table=self.name, columns=known)
                    )
                    for name in unknown
                ),
                *(chunk.problem(1, name, "", _lt("a column %s", name)) for name in missing),
            ]
        problems, cells = [], []
        readers = [_Reader(column, self.model_of(env, column)) for column in columns]
        for number, *raw in chunk.rows:
            values, wrong = self._plain_values(readers, raw)
            problems += [chunk.problem(number, name, value, expected) for name, value, expected in wrong]
            cells.append((number, values, bool(wrong)))
        broken = self._resolve(env, company, chunk, columns, cells, problems)
        entries = []
        for number, values, wrong in cells:
            if wrong or number in broken:
                continue
            faults = self.complete(env, company, values)
            problems += [chunk.problem(number, name, values.get(name) or "", expected) for name, expected in faults]
            if not faults:
                entries.append(self._entry(number, values))
        problems += self._repeated(chunk, entries)
        return entries, sorted(problems, key=lambda problem: problem["row"])

    def model_of(self, env, _column):
        """The model that has the field of a column."""
        return env[self.model]

    def _plain_values(self, readers, raw):
        values, wrong = {}, []
        if len(raw) != len(readers):
            told = _lt("%(wanted)s cells; this row has %(found)s", wanted=len(readers), found=len(raw))
            return values, [("", "", told)]
        for reader, value in zip(readers, raw, strict=True):
            try:
                values[reader.name] = reader.value_of(value)
            except Unfit as unfit:
                wrong.append((reader.name, value, unfit.expected))
        return values, wrong

    def _resolve(self, env, company, chunk, columns, cells, problems):
        """Put ids in the place of names; the numbers of the rows where that was not possible."""
        broken, unknown = set(), set()
        names = {column.name for column in columns}
        for column in sorted((column for column in columns if column.lookup), key=lambda column: bool(column.owner)):
            wanted = {}
            for number, values, _wrong in cells:
                text = values.get(column.name)
                if column.owner in names and (column.owner not in values or (number, column.owner) in unknown):
                    continue  # whose it is has to be known first
                if text:
                    owner = values.get(column.owner) or False if column.owner else False
                    wanted[number] = [(owner, name) for name in column.texts(text)]
            found = column.lookup.find(env, company, {name for names in wanted.values() for name in names})
            for number, values, _wrong in cells:
                hits = [found[name] for name in wanted.get(number, ())]
                unfit = next((hit for hit in hits if isinstance(hit, Unfit)), None)
                if unfit:
                    problems.append(chunk.problem(number, column.name, values[column.name], unfit.expected))
                    broken.add(number)
                    unknown.add((number, column.name))
                elif hits:
                    values[column.name] = column.resolved(hits)
        return broken

    def complete(self, _env, _company, _values):
        """Fill in what follows from other columns; the problems of the row as (column, expectation)."""
        return []

    def _entry(self, number, values):
        key = tuple(self.key_part(name, values.get(name)) for name in self.key)
        return Entry(number, values, key, "")

    def key_part(self, _name, value):
        """A key column's value as keys are compared."""
        return value or False

    def _repeated(self, chunk, entries):
        first, problems = {}, []
        for entry in entries:
            if first.setdefault(entry.key, entry.row) != entry.row:
                problems.append(self.repetition(chunk, entry.row, first[entry.key]))
        return problems

    def repetition(self, chunk, row, first, source=""):
        """The problem of a row that is there already."""
        where = f"{source}, {first}" if source and source != chunk.source else first
        return chunk.problem(row, ", ".join(self.key), "", _lt("every row once; row %s is the same", where))

    # --- comparing

    def compare(self, env, company, entries):
        """Set each entry's record and changes; :meth:`label` says how people call both."""
        existing = self.existing(env, company, entries)
        for entry in entries:
            entry.record = existing.get(entry.key)
            if entry.record:
                entry.changes = self._changes(entry)

    def _changes(self, entry):
        changes = {}
        for name, value in entry.values.items():
            column = self.columns.get(name)
            if column and name not in self.key and not column.same(column.of(entry.record), value):
                changes[name] = (column.of(entry.record), value)
        if "active" in entry.record._fields and not entry.record.active:
            changes["active"] = (False, True)
        return changes

    def label(self, env, company, entries):
        """Set how each entry is called, and its changes as they are shown."""
        names = self._names(env, company, self._records_of(env, entries))
        for entry in entries:
            parts = [self._shown(name, entry.values.get(name), names) for name in self.key]
            entry.label = " · ".join(str(part) for part in parts if part not in (None, False))
            entry.shown = {
                name: [self._shown(name, old, names), self._shown(name, new, names)]
                for name, (old, new) in entry.changes.items()
            }

    def _records_of(self, env, entries):
        """Every record that has to be named, by column."""
        ids = defaultdict(set)
        for entry in entries:
            for name in {*self.key, *entry.changes}:
                column = self.columns.get(name)
                if column and column.lookup:
                    for value in (entry.values.get(name), *entry.changes.get(name, ())):
                        ids[name].update(value if isinstance(value, tuple) else [value] if value else ())
        return {name: env[self.columns[name].lookup.model].browse(sorted(numbers)) for name, numbers in ids.items()}

    def _names(self, env, company, records):
        return {name: self.columns[name].lookup.names(env, company, each) for name, each in records.items()}

    def _shown(self, name, value, names):
        column = self.columns.get(name)
        return column.shown(value, names.get(name)) if column else value

    def existing(self, env, company, entries):
        """What Odoo has, by key; one query."""
        if not entries:
            return {}
        domain = self.domain(company)
        for position, name in enumerate(self.key):
            if self.searched(name):
                domain.append((self.searched(name), "in", list({entry.key[position] for entry in entries})))
        found = env[self.model].with_context(active_test=False).search(domain, order="id")
        if "active" in found._fields:
            found = found.sorted("active")  # a row in use wins over an archived one of the same key
        return {self.key_of(record): record for record in found}

    def searched(self, name):
        """The field by which a key column is searched; None where the others narrow it enough."""
        column = self.columns[name]
        return column.field if type(column).__name__ in ("Ref", "Text") else None

    def key_of(self, record):
        """The key of a record."""
        return tuple(self.key_part(name, self.columns[name].of(record)) for name in self.key)

    def domain(self, company):
        """The records of this table."""
        return [(self.company_field, "=", company.id)]

    # --- applying

    def vals(self, entry, names):
        """What to write for these columns."""
        vals = {}
        for name in names:
            vals.update(self.columns[name].vals(entry.values[name]) if name in self.columns else {name: True})
        return vals

    def units(self, entries):
        """What is written together."""
        return [[entry] for entry in entries]

    def change(self, _env, entries):
        """Write what changes."""
        for entry in entries:
            if entry.kind == "changed":
                entry.record.write(self.vals(entry, entry.changes))

    def add(self, env, company, entries):
        """Create what is new."""
        return env[self.model].create([self.new_vals(company, entry) for entry in entries if entry.kind == "added"])

    def new_vals(self, company, entry):
        """What a new record is made of."""
        names = [name for name, value in entry.values.items() if name in self.columns and value is not None]
        return {**self.vals(entry, names), self.company_field: company.id}

    def remove(self, records):
        """Take out of use; what has an archive goes there."""
        if "active" in records._fields:
            records.write({"active": False})
        else:
            records.unlink()

    def surplus(self, env, company, scope_ids, missing):
        """Records within the scope of the files that the files do not have, each with how it is called.

        :param missing: tells which of some keys no file has
        """
        domain = self.domain(company)
        if self.scope:
            domain.append((self.columns[self.scope].field, "in", [number or False for number in scope_ids]))
        records = env[self.model].search(domain, order="id")
        for start in range(0, len(records), PAGE):
            key_of = {record: self.key_of(record) for record in records[start : start + PAGE]}
            absent = missing(list(key_of.values()))
            yield from ((record, record.display_name) for record, key in key_of.items() if key in absent)

    def scope_of(self, entry):
        """What the file is about, as an id; 0 for everything or nobody in particular."""
        return (entry.values.get(self.scope) or 0) if self.scope else 0

    # --- exporting

    def page(self, env, company, after, limit):
        """Some rows in the order of the columns, and the id to go on after."""
        found = env[self.model].search([*self.domain(company), ("id", ">", after)], order="id", limit=limit)
        rows = self.rows(env, company, found)
        return rows, found[-1:].id if len(found) == limit else None

    def rows(self, env, company, found):
        """The rows of these records."""
        return self._written(env, company, [(self.columns, found)])[0]

    def _written(self, env, company, parts):
        """For each (columns, records): a list of rows."""
        written = []
        for columns, records in parts:
            names = {
                name: column.lookup.names(env, company, column.records(records))
                for name, column in columns.items()
                if column.lookup
            }
            written.append(
                [
                    [column.shown(column.of(record), names.get(name)) for name, column in columns.items()]
                    for record in records
                ]
            )
        return written
