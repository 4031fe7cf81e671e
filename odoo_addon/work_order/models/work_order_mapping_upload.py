"""Mapping tables exchanged as files: rows are staged in chunks, examined, and applied as a whole or not at all.

The other end is the program `workorder mappings`; what is promised to it is written in docs/design.md.
"""

import json
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT
from psycopg2 import IntegrityError

from ..mapping.purchase_orders import PURCHASE_ORDERS
from ..mapping.table import Chunk, key_text
from ..mapping.tables import BUYERS, COST_CENTERS, ITEM_CODES, UNITS

KINDS = ("added", "changed", "removed", "unchanged")
MAX_PROBLEMS = 10_000


class NothingApplied(Exception):
    """Undoes what was written; the problems say why."""


class WorkOrderMappingUpload(models.Model):
    """Rows of mapping tables on their way into Odoo; only who opened it sees it, and it is gone within a day."""

    _name = "work.order.mapping.upload"
    _description = "Mapping Table Upload"
    company_id = fields.Many2one("res.company", required=True)
    result = fields.Text()

    # --- what the program calls

    @api.model
    def mapping_tables(self):
        """The tables there are, with their columns."""
        self._check_mapping_admin()
        return {name: list(table.columns) for name, table in self._mapping_tables().items()}

    @api.model
    def open_upload(self, company_name=False):
        """A new staging area for a company, the user's own if none is named."""
        self._check_mapping_admin()
        company = self._mapping_company(company_name)
        return {"id": self.create({"company_id": company.id}).id, "company": company.name}

    @api.model
    def stage(self, upload_id, sequence, table, source, count, content):
        """Keep rows: JSON of [columns, [[row number, value, …], …]]. A sequence that is there already stays."""
        upload = self._opened(upload_id)
        if table not in self._mapping_tables():
            raise UserError(self.env._("There is no mapping table %s.", table))
        chunks = self.env["work.order.mapping.chunk"].sudo()
        if not chunks.search_count([("upload_id", "=", upload.id), ("sequence", "=", sequence)], limit=1):
            vals = {"table_name": table, "source": source, "row_count": count, "content": content}
            chunks.create({**vals, "upload_id": upload.id, "sequence": sequence})
        return True

    @api.model
    def examine(self, upload_id, after=0, prune=False, details=True):
        """Look at the chunk after this one, without changing anything; after the last one, at all of them together."""
        upload = self._opened(upload_id)
        page = {"faults": [], "notes": [], "changes": [], "counts": defaultdict(lambda: dict.fromkeys(KINDS, 0))}
        chunk = upload._chunks(after)[:1]
        if chunk:
            upload._examine_chunk(chunk, page, details)
        else:
            page["faults"] += upload._faults_between_chunks(prune)
            upload._note_surplus(page, prune, details)
        page["next"] = chunk.sequence or None
        return page

    @api.model
    def apply(self, upload_id, prune=False):
        """Apply everything in this transaction, or nothing and tell every reason. Repeating it changes nothing."""
        upload = self._opened(upload_id)
        upload.company_id.sudo()._lock_mapping_tables()
        if upload.result:
            return json.loads(upload.result)
        page = {"faults": [], "notes": [], "counts": defaultdict(lambda: dict.fromkeys(KINDS, 0))}
        try:
            with self.env.cr.savepoint():
                upload._apply_all(page, prune)
                if page["faults"]:
                    raise NothingApplied
        except NothingApplied:
            return {**page, "notes": [], "counts": {}}
        upload.result = json.dumps(page)
        return page

    @api.model
    def applied_rows(self, upload_id):
        """How many rows an `apply` under way in another transaction has got through."""
        chunks = self._opened(upload_id)._chunks().filtered("done")
        return sum(chunks.mapped("row_count"))

    @api.model
    def discard(self, upload_id):
        """Forget it; it may be gone already."""
        self._check_mapping_admin()
        self.search([("id", "=", upload_id), ("create_uid", "=", self.env.uid)]).unlink()
        return True

    @api.model
    def export_page(self, table, after=0, limit=1000, company_name=False):
        """Some rows of a table, as they are read again, and where to go on."""
        self._check_mapping_admin()
        company = self._mapping_company(company_name)
        if table not in self._mapping_tables():
            raise UserError(self.env._("There is no mapping table %s.", table))
        env = self.with_context(allowed_company_ids=company.ids).env
        rows, following = self._mapping_tables()[table].page(env, company, after, min(limit, 5000))
        return {"rows": rows, "next": following}

    @api.autovacuum
    def _gc_mapping_uploads(self):
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.search([("create_date", "<", yesterday)], limit=GC_UNLINK_LIMIT).unlink()

    # --- for addons that have tables of their own

    @api.model
    def _mapping_tables(self):
        """Name → table, in the order in which files are applied."""
        return {table.name: table for table in (BUYERS, UNITS, COST_CENTERS, ITEM_CODES, PURCHASE_ORDERS)}

    # --- access

    @api.model
    def _check_mapping_admin(self):
        if not self.env.user.has_group("work_order.group_manager"):
            raise AccessError(
                self.env._("Only the group Work Orders: Administrator exchanges mapping tables as files.")
            )

    @api.model
    def _mapping_company(self, name):
        if not name:
            return self.env.company
        companies = self.env.user.company_ids.filtered(lambda company: company.name == name)
        if len(companies) != 1:
            mine = ", ".join(self.env.user.company_ids.mapped("name"))
            raise UserError(
                self.env._("There is no company %(name)s of yours; you have: %(mine)s.", name=name, mine=mine)
            )
        return companies

    @api.model
    def _opened(self, upload_id):
        self._check_mapping_admin()
        upload = self.search([("id", "=", upload_id), ("create_uid", "=", self.env.uid)])
        if not upload:
            raise UserError(self.env._("This upload is gone; start again."))
        if upload.company_id not in self.env.user.company_ids:
            raise AccessError(self.env._("%s is not a company of yours.", upload.company_id.name))
        return upload.with_context(allowed_company_ids=upload.company_id.ids)

    def _chunks(self, after=0):
        domain = [("upload_id", "=", self.id), ("sequence", ">", after)]
        return self.env["work.order.mapping.chunk"].sudo().search(domain, order="sequence")

    # --- looking

    def _entries(self, chunk, page):
        """The rows of a chunk that can be applied, compared with what Odoo has; the others become faults."""
        table = self._mapping_tables()[chunk.table_name]
        try:
            columns, rows = json.loads(chunk.content)
            rows = [[int(row[0]), *row[1:]] for row in rows]
        except (ValueError, TypeError, IndexError) as error:
            raise UserError(self.env._("The rows of %s did not arrive whole; start again.", chunk.source)) from error
        entries, faults = table.understood(self.env, self.company_id, Chunk(self.env, chunk.source, columns, rows))
        page["faults"] += faults
        table.compare(self.env, self.company_id, entries)
        return table, entries

    def _examine_chunk(self, chunk, page, details):
        table, entries = self._entries(chunk, page)
        self._remember_keys(chunk, table, entries)
        self._count(table, entries, page)
        changing = [entry for entry in entries if entry.kind != "unchanged"] if details else []
        table.label(self.env, self.company_id, changing)
        for entry in changing:
            page["changes"].append(
                {
                    "table": table.name,
                    "kind": entry.kind,
                    "file": chunk.source,
                    "row": entry.row,
                    "key": entry.label,
                    "fields": entry.shown,
                }
            )

    def _count(self, table, entries, page):
        for entry in entries:
            page["counts"][table.name][entry.kind] += 1
            page["notes"] += entry.warnings

    def _remember_keys(self, chunk, table, entries):
        """What the chunk is about, so that chunks can be compared with each other in the database."""
        self.env.cr.execute(SQL("DELETE FROM work_order_mapping_key WHERE chunk_id = %s", chunk.id))
        rows = []
        for entry in entries:
            group = key_text(entry.key[: table.grouped]) if table.grouped else None
            thing, start, end = table.span_of(entry) if table.span else (None, None, None)
            days = [day.isoformat() if day else None for day in (start, end)]
            rows.append([key_text(entry.key), group, table.scope_of(entry), entry.row, thing, *days])
        self.env.cr.execute(
            SQL(
                """INSERT INTO work_order_mapping_key (upload_id, chunk_id, table_name, key, group_key, scope,
                                                       row_number, thing, valid_from, valid_to)
                   SELECT %s, %s, %s, row ->> 0, row ->> 1, (row ->> 2)::int, (row ->> 3)::int, row ->> 4,
                          (row ->> 5)::date, (row ->> 6)::date
                     FROM jsonb_array_elements(%s::jsonb) row""",
                self.id,
                chunk.id,
                table.name,
                json.dumps(rows),
            )
        )

    def _faults_between_chunks(self, prune):
        """Rows that only together are wrong: the same twice, a PO torn apart, two codes for one thing on one day."""
        faults = []
        for name, row, source, first, first_source, kind in self.env.execute_query(self._pairs_query()):
            table, chunk = self._mapping_tables()[name], Chunk(self.env, source, [], [])
            tell = table.repetition if kind == "twice" else table.torn
            faults.append(tell(chunk, row, first, first_source))
        for table in self._mapping_tables().values():
            if table.span:
                faults += self._overlaps(table, prune)
        return faults[:MAX_PROBLEMS]

    def _pairs_query(self):
        return SQL(
            """WITH keys AS (
                    SELECT key.*, chunk.source FROM work_order_mapping_key key
                      JOIN work_order_mapping_chunk chunk ON chunk.id = key.chunk_id WHERE key.upload_id = %(id)s),
                 firsts AS (
                    SELECT table_name, row_number, source, key, chunk_id, group_key,
                           FIRST_VALUE(row_number) OVER same AS first, FIRST_VALUE(source) OVER same AS first_source,
                           FIRST_VALUE(chunk_id) OVER same AS first_chunk,
                           FIRST_VALUE(chunk_id) OVER together AS group_chunk,
                           FIRST_VALUE(row_number) OVER together AS group_row,
                           FIRST_VALUE(source) OVER together AS group_source
                      FROM keys
                    WINDOW same AS (PARTITION BY table_name, key ORDER BY chunk_id, row_number),
                           together AS (PARTITION BY table_name, group_key ORDER BY chunk_id, row_number))
               SELECT table_name, row_number, source, first, first_source, 'twice' FROM firsts
                WHERE chunk_id != first_chunk
            UNION ALL
               SELECT table_name, row_number, source, group_row, group_source, 'torn' FROM firsts
                WHERE group_key IS NOT NULL AND chunk_id != group_chunk AND chunk_id = first_chunk
             ORDER BY 3, 2 LIMIT 10000""",
            id=self.id,
        )

    def _overlaps(self, table, prune):
        """Rows whose days overlap those of another row, or of what Odoo keeps beside the files, for the same thing."""
        problems = []
        for row, source, other_row, other in self.env.execute_query(self._overlaps_query(table, prune)):
            if other_row:
                text = self.env._("days that do not overlap those of row %s, which is for the same", other_row)
            else:
                text = self.env._("days that do not overlap those of “%s”, which Odoo has for the same", other)
            problems.append(Chunk(self.env, source, [], []).problem(row, ", ".join(table.span), "", text))
        return problems

    def _overlaps_query(self, table, prune):
        """In the order of their days, a row begins after all before it have ended: sorted once, never row by row."""
        return SQL(
            """WITH spans AS (
                    SELECT key.thing, key.valid_from, key.valid_to, key.row_number, chunk.source, NULL AS code
                      FROM work_order_mapping_key key JOIN work_order_mapping_chunk chunk ON chunk.id = key.chunk_id
                     WHERE key.upload_id = %(upload)s AND key.table_name = %(table)s
                 UNION ALL %(kept)s),
                 each AS (
                    SELECT *, ROW_NUMBER() OVER (PARTITION BY thing, valid_from ORDER BY row_number) AS place
                      FROM spans),
                 ordered AS (
                    SELECT *, LAG(row_number) OVER days AS row_before, LAG(source) OVER days AS source_before,
                           LAG(code) OVER days AS code_before,
                           MAX(COALESCE(valid_to, 'infinity')) OVER (
                               days ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last_before
                      FROM each WHERE place = 1
                    WINDOW days AS (PARTITION BY thing ORDER BY valid_from NULLS FIRST))
               SELECT COALESCE(row_number, row_before), COALESCE(source, source_before),
                      CASE WHEN row_number IS NOT NULL THEN row_before END, COALESCE(code, code_before)
                 FROM ordered
                WHERE last_before >= COALESCE(valid_from, '-infinity') AND COALESCE(row_number, row_before) IS NOT NULL
             ORDER BY 2, 1 LIMIT 10000""",
            upload=self.id,
            table=table.name,
            kept=SQL("SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE FALSE") if prune else table.kept(self.company_id),
        )

    def _missing(self, table, keys, grouped=False):
        """Which of these keys no row of the upload has."""
        column = SQL.identifier("group_key" if grouped else "key")
        text_of = {key_text(key): key for key in keys}
        query = SQL(
            "SELECT DISTINCT %s FROM work_order_mapping_key WHERE upload_id = %s AND table_name = %s AND %s = ANY(%s)",
            column,
            self.id,
            table.name,
            column,
            list(text_of),
        )
        present = {text for (text,) in self.env.execute_query(query)}
        return {key for text, key in text_of.items() if text not in present}

    def _surplus(self):
        """Records within the scope of the files that no file has: (table, record, name)."""
        query = SQL("SELECT DISTINCT table_name, scope FROM work_order_mapping_key WHERE upload_id = %s", self.id)
        scopes = defaultdict(list)
        for name, scope in self.env.execute_query(query):
            scopes[name].append(scope)
        for name, table in self._mapping_tables().items():
            if name in scopes:
                missing = lambda keys, grouped=False, table=table: self._missing(table, keys, grouped)  # noqa: E731
                for record, label in table.surplus(self.env, self.company_id, scopes[name], missing):
                    yield table, record, label

    def _note_surplus(self, page, prune, details):
        for table, _record, label in self._surplus() if prune else ():
            page["counts"][table.name]["removed"] += 1
            if details:
                change = {"table": table.name, "kind": "removed", "file": "", "row": 0, "key": label, "fields": {}}
                page["changes"].append(change)

    # --- applying

    def _apply_all(self, page, prune):
        """What changes, then what goes, then what is new: so that a code can end on the day before another begins."""
        later = []
        for chunk in self._chunks():
            table, entries = self._entries(chunk, page)
            self._remember_keys(chunk, table, entries)
            self._count(table, entries, page)
            if any(entry.kind == "added" for entry in entries):
                later.append(chunk.sequence)
            if not page["faults"]:
                self._written(table, chunk, entries, page, lambda units: table.change(self.env, units))  # noqa: B023
            self._forget_records()
            self._tell_progress(chunk, chunk.sequence not in later)
        page["faults"] += self._faults_between_chunks(prune)
        if not page["faults"] and prune:
            self._remove_surplus(page)
        for chunk in self._chunks() if not page["faults"] else ():
            if chunk.sequence in later:
                quiet = {"faults": [], "notes": []}
                table, entries = self._entries(chunk, quiet)
                add = lambda units: table.add(self.env, self.company_id, units)  # noqa: B023, E731
                self._written(table, chunk, entries, page, add)
                self._forget_records()
                self._tell_progress(chunk, True)

    def _written(self, table, chunk, entries, page, write):
        """Write all at once; where that is refused, one by one, to tell every row at fault."""
        refusal = self._refusal(lambda: write(entries))
        if not refusal:
            return
        found = []
        table.label(self.env, self.company_id, entries)
        for unit in table.units(entries):
            reason = self._refusal(lambda: write(unit))  # noqa: B023
            if reason:
                found.append(Chunk(self.env, chunk.source, [], []).problem(unit[0].row, "", unit[0].label, reason))
        page["faults"] += found or [Chunk(self.env, chunk.source, [], []).problem(0, "", "", refusal)]

    def _refusal(self, write):
        try:
            with self.env.cr.savepoint():
                write()
                self.env.flush_all()
        except UserError as error:
            return str(error.args[0])
        except IntegrityError as error:
            return self.env["base"]._sql_error_to_message(error)
        return ""

    def _remove_surplus(self, page):
        for table, record, label in list(self._surplus()):
            reason = self._refusal(lambda: table.remove(record))  # noqa: B023
            page["counts"][table.name]["removed"] += 1
            if reason:
                page["faults"].append(
                    Chunk(self.env, self.env._("(removed)"), [], []).problem(0, table.name, label, reason)
                )

    def _forget_records(self):
        """What was read for one chunk is not kept for the next, or memory would grow with the file."""
        self.env.flush_all()
        self.env.invalidate_all()

    def _tell_progress(self, chunk, is_done):
        """Seen from outside at once: written by a connection of its own, to a row this transaction only reads."""
        if is_done:
            with self.env.registry.cursor() as cr:
                cr.execute(SQL("UPDATE work_order_mapping_chunk SET done = TRUE WHERE id = %s", chunk.id))
