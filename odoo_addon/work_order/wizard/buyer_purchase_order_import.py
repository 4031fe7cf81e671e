"""Import of a buyer's PO: a spreadsheet or a UBL order becomes an entry of the register, or its next revision."""

import base64

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..mapping.lookup import BUYER, COST_CENTER, PRODUCT, TERMS, Unfit
from ..mapping.purchase_orders import PURCHASE_ORDERS
from ..mapping.spreadsheet import sheet_of
from ..mapping.table import Chunk
from ..mapping.ubl_order import COLUMNS, UblOrder, is_ubl
from ..mapping.units import UNECE
from ..plain_number import plain

SHOWN_LINES = 200


class BuyerPurchaseOrderImport(models.TransientModel):
    """Shows what a file says before anything is changed; with a single problem, nothing is."""

    _name = "buyer.purchase.order.import"
    _description = "Import of a Buyer's PO"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    file = fields.Binary(required=True, attachment=False)
    file_name = fields.Char()
    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        domain="[('is_company', '=', True), ('company_id', 'in', (company_id, False))]",
        help="Needed only where the file does not say whose PO it is.",
    )
    revision = fields.Char(help="The buyer's name of this revision, where the file does not tell it.")
    close_missing = fields.Boolean(
        string="Close Missing Lines", help="Close open lines of the PO that this file does not have any more."
    )
    is_readable = fields.Boolean(compute="_compute_reading")
    summary = fields.Html(compute="_compute_reading", sanitize=False)
    problems = fields.Html(compute="_compute_reading", sanitize=False)
    notes = fields.Html(compute="_compute_reading", sanitize=False)

    @api.depends("file", "file_name", "partner_id", "company_id", "close_missing", "revision")
    def _compute_reading(self):
        for wizard in self:
            entries, problems, notes = wizard._reading() if wizard.file else ([], [], [])
            wizard.is_readable = bool(entries) and not problems
            wizard.problems = wizard._problem_list(problems)
            wizard.notes = wizard._list(notes)
            wizard.summary = wizard._rows_shown(entries)

    def action_import(self):
        """Create or update the register's entry; raises with every problem if there is one."""
        self.ensure_one()
        entries, problems, notes = self._reading()
        if problems or not entries:
            raise UserError("\n".join(map(self._sentence, problems)) or self.env._("The file has no PO."))
        self._add_cost_centers(entries)
        table, env = PURCHASE_ORDERS, self.with_context(allowed_company_ids=self.company_id.ids).env
        told = {warning for entry in entries for warning in entry.warnings}  # by the table itself
        known = {entry.order for entry in entries if entry.order}
        table.change(env, [entry for entry in entries if entry.order])
        created = table.add(env, self.company_id, entries)
        orders = env["buyer.purchase.order"].union(*known) | created
        for order in orders:
            self._close_lines(order, entries)
            order.action_confirm_known()
            self._tell(order, [note for note in notes if note not in told])
        return self._open(orders)

    # --- reading

    def _reading(self):
        """The rows compared with the register, every problem, and what is worth knowing."""
        self.ensure_one()
        env = self.with_context(allowed_company_ids=self.company_id.ids).env
        source = self.file_name or env._("the file")
        try:
            header, rows, notes, headings = self._rows_of(base64.b64decode(self.file))
        except Unfit as unfit:
            return [], [Chunk(env, source, [], []).problem(0, "", "", unfit.expected)], []
        chunk = Chunk(env, source, header, rows, headings)
        new_centers = self._blank_unknown(chunk, notes)
        entries, problems = PURCHASE_ORDERS.understood(env, self.company_id, chunk)
        PURCHASE_ORDERS.compare(env, self.company_id, entries)
        PURCHASE_ORDERS.label(env, self.company_id, entries)
        for entry in entries:
            entry.new_center = new_centers.get(entry.row)
            notes += entry.warnings
        notes += self._missing_notes(entries)
        return entries, problems, notes

    def _rows_of(self, content):
        notes, headings = [], {}
        if is_ubl(content):
            order = UblOrder(content)
            header, rows = list(COLUMNS), order.rows()
            notes += [self.env._(note) for note in order.notes]
            buyer = self._buyer_of(order)
            for row in rows:
                row[1] = buyer
        else:
            header, rows, headings = sheet_of(self.file_name or "", content, PURCHASE_ORDERS.columns)
            if self.partner_id and "buyer" not in header:
                header, rows = ["buyer", *header], [[row[0], f"id:{self._chosen_buyer()}", *row[1:]] for row in rows]
        if self.revision and "revision" not in header:
            header, rows = [*header, "revision"], [[*row, self.revision] for row in rows]
        return header, rows, notes, headings

    def _chosen_buyer(self):
        return self.partner_id.commercial_partner_id.id

    def _buyer_of(self, order):
        """The chosen buyer, or who the order names; a stranger stays a name, which is then a problem."""
        if self.partner_id:
            return f"id:{self._chosen_buyer()}"
        names = order.buyer_names()
        found = BUYER.find(self.env, self.company_id, {(False, name) for name in names})
        known = [name for name in names if not isinstance(found[False, name], Unfit)]
        return (known or names[::-1] or [None])[0]

    # --- what the register does not know

    def _blank_unknown(self, chunk, notes):
        """Buyers write their own codes of things that may be new here: such a cell is left out and told.

        :return: cost centres to add, by row: (buyer, code)
        """
        places = {name: place for place, name in enumerate(chunk.columns, start=1)}
        self._blank_products(chunk, places, notes)
        self._blank_terms(chunk, places, notes)
        self._units(chunk, places, notes)
        return self._new_centers(chunk, places, notes)

    def _found(self, lookup, rows, place):
        names = {(False, str(row[place]).strip()) for row in rows if row[place]}
        return {name[1]: hit for name, hit in lookup.find(self.env, self.company_id, names).items()}

    def _blank_products(self, chunk, places, notes):
        place = places.get("product")
        found = self._found(PRODUCT, chunk.rows, place) if place else {}
        for row in chunk.rows if place else ():
            code = str(row[place] or "").strip()
            if code and isinstance(found[code], Unfit):
                text = self.env._("Row %(row)s: %(code)s is none of our products; the line has none.")
                notes.append(text % {"row": row[0], "code": code})
                row[place] = None

    def _blank_terms(self, chunk, places, notes):
        """Terms that are none of ours are the buyer's own words for them."""
        place = places.get("terms")
        found = self._found(TERMS, chunk.rows, place) if place else {}
        unknown = {text for text, hit in found.items() if isinstance(hit, Unfit)}
        if not unknown:
            return
        notes.append(
            self.env._("Terms “%s” are none of ours; they are kept as the buyer's.", ", ".join(sorted(unknown)))
        )
        if "terms_code" not in places:
            chunk.columns.append("terms_code")
            for row in chunk.rows:
                row.append(None)
        for row in chunk.rows:
            text = str(row[place] or "").strip()
            if text in unknown:
                row[place] = None
                row[chunk.columns.index("terms_code") + 1] = text

    def _units(self, chunk, places, notes):
        """Our unit for the buyer's, by their own row, the one for all, or UN/ECE Recommendation 20."""
        place = places.get("buyer_unit")
        if not place:
            return
        if "unit" not in places:
            chunk.columns.append("unit")
            for row in chunk.rows:
                row.append(None)
        unit_place = chunk.columns.index("unit") + 1
        texts = {str(row[place]).strip() for row in chunk.rows if row[place]}
        known = self._known_units(chunk, places, texts)
        for row in chunk.rows:
            text = str(row[place] or "").strip()
            if text and not row[unit_place]:
                row[unit_place] = known.get(text)
        for text in sorted(texts - known.keys()):
            notes.append(self.env._("Unit %s is in no table of units: add it there before work is matched.", text))

    def _known_units(self, chunk, places, texts):
        buyers = self.env["res.partner"].browse(self._buyer_ids(chunk, places))
        codes = self.env["buyer.unit.code"]
        table = codes._table_for(self.company_id, buyers, {text.upper() for text in texts})
        known = {}
        for text in texts:
            row = codes._look_up(table, self.company_id, buyers[:1], text)
            unit = row.uom_id if row else self.env.ref(UNECE.get(text.upper(), "work_order.no_unit"), False)
            if row or unit:
                # What a bigger unit contains is no unit of ours: the line then has the buyer's alone.
                known[text] = f"id:{unit.id}" if unit and (not row or row.factor == 1) else None
        return known

    def _buyer_ids(self, chunk, places):
        place = places.get("buyer")
        found = self._found(BUYER, chunk.rows, place) if place else {}
        return [hit for hit in found.values() if not isinstance(hit, Unfit)]

    def _new_centers(self, chunk, places, notes):
        place, buyer_place = places.get("cost_center"), places.get("buyer")
        if not place or not buyer_place:
            return {}
        buyers = self._found(BUYER, chunk.rows, buyer_place)
        wanted = {}
        for row in chunk.rows:
            buyer, code = buyers.get(str(row[buyer_place] or "").strip()), str(row[place] or "").strip()
            if code and buyer and not isinstance(buyer, Unfit):
                wanted[row[0]] = (buyer, code)
        found = COST_CENTER.find(self.env, self.company_id, set(wanted.values()))
        new = {number: name for number, name in wanted.items() if isinstance(found[name], Unfit)}
        for row in chunk.rows:
            if row[0] in new:
                row[place] = None
        for code in sorted({code for _buyer, code in new.values()}):
            notes.append(self.env._("Cost centre %s is new and will be added for this buyer.", code))
        return new

    def _add_cost_centers(self, entries):
        wanted = {entry.new_center for entry in entries if entry.new_center}
        made = {}
        for buyer, code in sorted(wanted):
            vals = {"code": code, "name": code, "partner_id": buyer, "company_id": self.company_id.id}
            made[buyer, code] = self.env["buyer.cost.center"].create(vals).id
        for entry in entries:
            if entry.new_center:
                entry.values["cost_center"] = made[entry.new_center]
                if entry.record and entry.key[2]:
                    entry.body["cost_center"] = (entry.record.cost_center_id.id, made[entry.new_center])

    # --- what the file does not have any more

    def _missing_lines(self, order, entries):
        kept = {entry.key[2] for entry in entries if entry.order == order}
        return order.line_ids.filtered(lambda line: line.state == "open" and line.number_key not in kept)

    def _missing_notes(self, entries):
        orders = self.env["buyer.purchase.order"].union(*(entry.order for entry in entries))
        notes = []
        for order in orders:
            gone = ", ".join(self._missing_lines(order, entries).mapped("number"))
            if gone and self.close_missing:
                notes.append(self.env._("PO %(po)s: lines %(lines)s will be closed.", po=order.number, lines=gone))
            elif gone:
                text = self.env._("PO %(po)s: lines %(lines)s are not in the file; they stay open.")
                notes.append(text % {"po": order.number, "lines": gone})
        return notes

    def _close_lines(self, order, entries):
        if self.close_missing and any(entry.order == order for entry in entries):
            self._missing_lines(order, entries).write({"state": "closed"})

    def _tell(self, order, notes):
        """In the PO's history: the file, and what was told before somebody agreed."""
        text = Markup("<p>%s</p>%s") % (self.env._("Imported from the buyer's file."), self._list(notes) or "")
        file = (self.file_name or "po", base64.b64decode(self.file))
        order.message_post(body=text, attachments=[file], subtype_xmlid="mail.mt_note")

    def _open(self, orders):
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.buyer_purchase_order_action")
        if len(orders) == 1:
            return {**action, "views": [(False, "form")], "res_id": orders.id, "target": "current"}
        return {**action, "domain": [("id", "in", orders.ids)], "context": {}}

    # --- showing

    def _sentence(self, problem):
        where = [self.env._("Row %s", problem["row"]) if problem["row"] else problem["file"], problem["column"]]
        found = self.env._("found “%s”; ", problem["value"]) if problem["value"] else ""
        return f"{', '.join(part for part in where if part)}: {found}" + self.env._("expected %s", problem["expected"])

    def _problem_list(self, problems):
        return self._list([self._sentence(problem) for problem in problems[:SHOWN_LINES]])

    def _list(self, texts):
        if not texts:
            return False
        return Markup("<ul class='mb-0 ps-3'>%s</ul>") % Markup().join(
            Markup("<li>%s</li>") % text for text in dict.fromkeys(texts)
        )

    def _rows_shown(self, entries):
        if not entries:
            return False
        kinds = {
            "added": (self.env._("New"), "text-bg-success"),
            "changed": (self.env._("Changed"), "text-bg-warning"),
            "unchanged": (self.env._("Same"), "text-bg-light"),
        }
        head = (
            "",
            self.env._("PO"),
            self.env._("Line"),
            self.env._("Buyer's Item"),
            self.env._("Description"),
            self.env._("Quantity"),
            self.env._("Price"),
            self.env._("What Changes"),
        )
        rows = [
            (
                Markup("<span class='badge %s'>%s</span>") % kinds[entry.kind][::-1],
                entry.values["number"],
                entry.values.get("line") or "",
                entry.values.get("item_code") or "",
                entry.values.get("description") or "",
                self._quantity(entry.values),
                self._price(entry.values),
                self._what_changes(entry),
            )
            for entry in entries[:SHOWN_LINES]
        ]
        cells = Markup().join(
            Markup("<tr>%s</tr>") % Markup().join(Markup("<td>%s</td>") % cell for cell in row) for row in rows
        )
        titles = Markup().join(Markup("<th>%s</th>") % title for title in head)
        return Markup(
            "<table class='table table-sm o_po_import'><thead><tr>%s</tr></thead><tbody>%s</tbody></table>"
        ) % (
            titles,
            cells,
        )

    def _quantity(self, values):
        if not values.get("quantity"):
            return ""
        unit = values.get("buyer_unit") or self.env["uom.uom"].browse(values.get("unit") or ()).name or ""
        return f"{plain(values['quantity'])} {unit}"

    def _price(self, values):
        price, basis = values.get("unit_price"), values.get("price_basis") or 1
        if not price:
            return ""
        price = plain(price, places=2)
        return price if basis == 1 else self.env._("%(price)s per %(basis)s", price=price, basis=plain(basis))

    def _what_changes(self, entry):
        if entry.kind == "added" and not entry.head:
            return ""
        texts = [
            f"{name}: {'' if old is None else old} → {'' if new is None else new}"
            for name, (old, new) in entry.shown.items()
        ]
        return Markup("<br/>").join(texts)
