"""Buyers' purchase orders as rows: one per line, what holds for the whole PO repeated on each."""

from odoo.tools import float_compare, groupby
from odoo.tools.translate import LazyTranslate

from ..models.buyer_purchase_order import po_key
from ..plain_number import plain
from .column import Choice, Day, Known, Number, Ref, Text
from .lookup import BUYER, COST_CENTER, CURRENCY, PRODUCT, TERMS, UNIT
from .table import Table

_lt = LazyTranslate(__name__)
HEADER = [
    Ref("buyer", "partner_id", BUYER, required=True),
    Text("number", required=True),
    Choice("kind"),
    Choice("state"),
    Text("revision"),
    Ref("currency", "currency_id", CURRENCY),
    Day("valid_from"),
    Day("valid_to"),
    Number("limit", "amount_limit", zero_is_empty=True),
    Number("hours_limit", zero_is_empty=True),
    Text("contract"),
    Ref("terms", "payment_term_id", TERMS),
    Text("terms_code"),
    Choice("tax_rule"),
    Choice("freight_rule"),
    Number("freight_limit", zero_is_empty=True),
    Text("note"),
]
LINE = [
    Text("line", "number"),
    Choice("line_state", "state"),
    Text("item_code", "buyer_item_code"),
    Ref("product", "product_id", PRODUCT),
    Text("description", "name"),
    Number("quantity", zero_is_empty=True),
    Ref("unit", "product_uom_id", UNIT),
    Text("buyer_unit"),
    Number("unit_price", zero_is_empty=True),
    Number("price_basis", positive=True),
    Number("line_limit", "amount_limit", zero_is_empty=True),
    Ref("cost_center", "cost_center_id", COST_CENTER, owner="buyer"),
    Known("received", "received_quantity", "received_known"),
    Known("tax_rate", "tax_rate", "tax_rate_known"),
]


DRAWN = {"quantity": "released_quantity", "line_limit": "released_amount"}
PO = "buyer.purchase.order"


class PurchaseOrders(Table):
    """A table whose records have several rows; an entry is one row, its `record` the line, its `order` the PO."""

    grouped = 2  # rows that agree in so much of their key are one record

    def __init__(self):
        super().__init__("purchase_orders", PO, HEADER + LINE, ("buyer", "number", "line"), "buyer")
        self.header = {column.name: column for column in HEADER}
        self.lines = {column.name: column for column in LINE}

    def key_part(self, name, value):
        return po_key(value) or False if name in ("number", "line") else value or False

    def model_of(self, env, column):
        return env["buyer.purchase.order.line"] if column.name in self.lines else env[PO]

    # --- reading

    def complete(self, _env, _company, values):
        problems = []
        start, end = values.get("valid_from"), values.get("valid_to")
        if start and end and start > end:
            problems.append(("valid_to", _lt("a day not before valid_from")))
        if not values.get("line") and any(self._is_given(name, values) for name in self.lines if name != "line"):
            problems.append(("line", _lt("the number of the line, as the buyer writes it")))
        return problems

    def _is_given(self, name, values):
        return name not in ("line_state", "price_basis") and values.get(name) not in (None, False, 0)

    def _repeated(self, chunk, entries):
        return super()._repeated(chunk, entries) + self._torn(chunk, entries)

    def _torn(self, chunk, entries):
        """Rows of one PO stand together and agree in what holds for the whole PO."""
        problems, seen = [], {}
        previous = None
        for entry in entries:
            group = entry.key[:2]
            first = seen.setdefault(group, entry)
            if first is not entry and previous != group:
                problems.append(self.torn(chunk, entry.row, first.row))
            for name, column in self.header.items():
                if (
                    name in entry.values
                    and name not in self.key
                    and not column.same(first.values[name], entry.values[name])
                ):
                    expected = _lt("the same as in row %s, as both belong to one PO", first.row)
                    problems.append(chunk.problem(entry.row, name, "", expected))
            previous = group
        return problems

    def torn(self, chunk, row, first, source=""):
        """The problem of a row away from the others of its PO."""
        where = f"{source}, {first}" if source and source != chunk.source else first
        return chunk.problem(row, "number", "", _lt("the rows of one PO one after another; it began in row %s", where))

    # --- comparing

    def compare(self, env, company, entries):
        orders = self._orders(env, company, entries)
        lines = {(line.purchase_order_id, line.number_key): line for line in env[PO].union(*orders.values()).line_ids}
        began = set()
        for entry in entries:
            entry.order = orders.get(entry.key[:2], env[PO])
            entry.heads, entry.warnings = entry.key[:2] not in began, []
            began.add(entry.key[:2])
            entry.record = lines.get((entry.order, entry.key[2])) if entry.key[2] else entry.order
            entry.head = (
                self._differences(entry.order, self.header, entry.values) if entry.order and entry.heads else {}
            )
            entry.body = (
                self._differences(entry.record, self.lines, entry.values) if entry.key[2] and entry.record else {}
            )
            entry.changes = {**entry.head, **entry.body}
        self._warn(env, entries)

    def _orders(self, env, company, entries):
        keys = {entry.key[:2] for entry in entries}
        found = env[PO].search(
            [
                *self.domain(company),
                ("partner_id", "in", list({buyer for buyer, _number in keys})),
                ("number_key", "in", list({number for _buyer, number in keys})),
            ]
        )
        return {(po.partner_id.id, po.number_key): po for po in found}

    def _differences(self, record, columns, values):
        """Also of the number: another spelling of the same is a change."""
        changes = {}
        for name, column in columns.items():
            if name in values and name != "buyer":
                old, new = column.of(record), values[name]
                if not column.same(old, new):
                    changes[name] = (old, new)
        return changes

    def _warn(self, env, entries):
        """Say where less is authorised than was drawn already; balances are read only if something is lowered."""
        lowered = [entry for entry in entries if entry.body.keys() & DRAWN.keys()]
        for entry in lowered:
            for name in entry.body.keys() & DRAWN.keys():
                new, drawn = entry.body[name][1], entry.record[DRAWN[name]]
                if new and float_compare(new, drawn, precision_digits=2) < 0:
                    entry.warnings.append(
                        env._(
                            "PO %(po)s, line %(line)s: %(column)s becomes %(new)s, but work orders draw %(drawn)s on "
                            "it already.",
                            po=entry.order.number,
                            line=entry.record.number,
                            column=name,
                            new=plain(new),
                            drawn=plain(drawn),
                        )
                    )
        for entry in entries:
            new = entry.head.get("limit", (0, 0))[1]
            if new and float_compare(new, entry.order.released_amount, precision_digits=2) < 0:
                entry.warnings.append(
                    env._(
                        "PO %(po)s: limit becomes %(new)s, but work orders draw %(drawn)s on it already.",
                        po=entry.order.number,
                        new=plain(new),
                        drawn=plain(entry.order.released_amount),
                    )
                )

    # --- applying

    def units(self, entries):
        """What is written together: the rows of a PO."""
        return [list(rows) for _key, rows in groupby(entries, lambda entry: entry.key[:2])]

    def change(self, _env, entries):
        """Write what is new of a PO in one step, and tell in its history what now exceeds it."""
        for rows in self.units(entries):
            order, vals = rows[0].order, self._vals(self.header, rows[0].values, rows[0].head)
            commands = []
            for entry in rows:
                if entry.body:
                    commands.append((1, entry.record.id, self._vals(self.lines, entry.values, entry.body)))
                elif entry.key[2] and not entry.record:
                    commands.append((0, 0, self._line_vals(entry)))
            if commands:
                vals["line_ids"] = commands
            if order and vals:
                order.write(vals)
                self._tell(rows)

    def _tell(self, rows):
        warnings = [warning for entry in rows for warning in entry.warnings]
        added = [entry.values["line"] for entry in rows if entry.key[2] and not entry.record]
        if added:
            warnings.insert(0, rows[0].order.env._("Lines added: %s", ", ".join(added)))
        if warnings:
            rows[0].order.message_post(body="\n".join(warnings), subtype_xmlid="mail.mt_note")

    def add(self, env, company, entries):
        """Create the POs that are not there."""
        vals_list = []
        for rows in self.units([entry for entry in entries if not entry.order]):
            vals = self._vals(self.header, rows[0].values, self._given(self.header, rows[0]))
            lines = [(0, 0, self._line_vals(entry)) for entry in rows if entry.key[2]]
            vals_list.append({**vals, "company_id": company.id, "line_ids": lines})
        return env[PO].create(vals_list) if vals_list else env[PO]

    def _line_vals(self, entry):
        return self._vals(self.lines, entry.values, self._given(self.lines, entry))

    def _given(self, columns, entry):
        return [name for name in columns if entry.values.get(name) not in (None, False)]

    def _vals(self, columns, values, names):
        vals = {}
        for name in names:
            vals.update(columns[name].vals(values[name]))
        return vals

    def surplus(self, env, company, scope_ids, missing):
        """Open POs of these buyers, and open lines of theirs, that the files do not have; closing them is removing."""
        orders = env[PO].search(
            [*self.domain(company), ("partner_id", "in", scope_ids), ("state", "=", "open")], order="id"
        )
        key_of = {po: (po.partner_id.id, po.number_key) for po in orders}
        absent = missing(list(key_of.values()), grouped=True)
        for po, key in key_of.items():
            if key in absent:
                yield po, po.number
        lines = orders.filtered(lambda po: key_of[po] not in absent).line_ids.filtered(
            lambda line: line.state == "open"
        )
        key_of = {
            line: (line.purchase_order_id.partner_id.id, line.purchase_order_id.number_key, line.number_key)
            for line in lines
        }
        absent = missing(list(key_of.values()))
        for line, key in key_of.items():
            if key in absent:
                yield line, line.display_name

    def remove(self, records):
        """Close; what was ordered and drawn stays known."""
        records.write({"state": "closed"})

    # --- exporting

    def rows(self, env, company, found):
        heads = self._written(env, company, [(self.header, found)])[0]
        lines = found.line_ids.sorted(lambda line: (line.purchase_order_id.id, line.sequence, line.id))
        written = self._written(env, company, [(self.lines, lines)])[0]
        of_order = {}
        for line, row in zip(lines, written, strict=True):
            of_order.setdefault(line.purchase_order_id, []).append(row)
        empty = [[None] * len(self.lines)]
        return [head + row for po, head in zip(found, heads, strict=True) for row in of_order.get(po, empty)]


PURCHASE_ORDERS = PurchaseOrders()
