"""What buyers' tables say of work: item code, PO line and cost centre, looked up for any number of tasks at once."""

from collections import namedtuple

from odoo import api, models

from .buyer_purchase_order import po_key

#: The work that is asked about, with what was typed already. `center_by_site` gives way to a PO line's cost centre.
Asked = namedtuple(
    "Asked",
    "company buyer site day product task_code po po_line item_code cost_center center_by_site",
    defaults=(None, None, None, None, None),
)
#: What the tables have: the row of the item codes, the lines of the PO that fit, the cost centre of the place.
Found = namedtuple("Found", "row lines center")


class BuyerMapping(models.AbstractModel):
    """The tables of item codes, purchase orders and cost centres, read together."""

    _name = "buyer.mapping"
    _description = "Buyer Tables"

    @api.model
    def _answers(self, asked):
        """For each piece of work the values of references that it lacks and the tables know."""
        lacking = [each for each in asked if not (each.item_code and each.po_line and each.cost_center)]
        found = dict(zip(map(id, lacking), self._found(lacking), strict=True))
        return [self._answer(each, found[id(each)]) if id(each) in found else {} for each in asked]

    @api.model
    def _answer(self, asked, found):
        line = found.lines if len(found.lines) == 1 else found.lines.browse()
        answer = {}
        if not asked.item_code:
            paper = line.buyer_item_code if asked.po_line else False  # what their PO says of the line that was chosen
            answer["buyer_item_code"] = paper or found.row.code or line.buyer_item_code
        if not asked.po_line:
            answer["buyer_po_line"] = line.number
        if not asked.cost_center:
            center = line.cost_center_id
            if not center or not center._is_valid_on(asked.day):
                center = asked.center_by_site or found.center
            answer["cost_center_id"] = center.id if center != asked.center_by_site else False
        return {name: value for name, value in answer.items() if value}

    @api.model
    def _found(self, asked):
        """What the tables have for each; at most a query or two per table, none where nothing could be found."""
        known = [each for each in asked if each.buyer and each.company.keeps_buyer_register]
        codes, lines, centers = self._codes_of(known), self._lines_of(known), self._centers_of(known)
        return [self._find(each, codes, lines, centers) for each in asked]

    @api.model
    def _find(self, asked, codes, lines, centers):
        item_codes, cost_centers = self.env["buyer.item.code"].sudo(), self.env["buyer.cost.center"].sudo()
        row = item_codes._look_up(codes, asked.company, asked.buyer, asked.product, asked.task_code, asked.day)
        of_po = lines.get((asked.company.id, asked.buyer.id, po_key(asked.po)))
        fitting = self._fitting(asked, of_po, row) if of_po else self.env["buyer.purchase.order.line"].sudo()
        center = cost_centers._look_up(centers, asked.company, asked.buyer, asked.site, asked.day)
        return Found(row, fitting, center)

    @api.model
    def _fitting(self, asked, lines, row):
        """The line that was named; else the open lines with this item code, or else for this product."""
        if asked.po_line:
            return lines.filtered(lambda line: line.number_key == po_key(asked.po_line))
        lines = lines.filtered(lambda line: line.state == "open" and line.purchase_order_id.state == "open")
        code = po_key(asked.item_code or row.code)
        same_code = lines.filtered(lambda line: code and po_key(line.buyer_item_code) == code)
        return same_code or lines.filtered(
            lambda line: (
                line.product_id and line.product_id == asked.product and not (code and po_key(line.buyer_item_code))
            )
        )

    @api.model
    def _codes_of(self, asked):
        asked = [each for each in asked if each.product or each.task_code]
        if not asked:
            return {}
        products, task_codes = self._all(asked, "product"), self._all(asked, "task_code")
        return self.env["buyer.item.code"]._table_for(*self._whose(asked), products, task_codes)

    @api.model
    def _lines_of(self, asked):
        """Lines in the register by (company id, buyer id, key of their PO's number)."""
        keys = {po_key(each.po) for each in asked} - {""}
        if not keys:
            return {}
        companies, buyers = self._whose(asked)
        domain = [
            ("company_id", "in", companies.ids),
            ("purchase_order_id.partner_id", "in", buyers.ids),
            ("purchase_order_id.number_key", "in", sorted(keys)),
        ]
        names = [
            "buyer_item_code",
            "cost_center_id",
            "number",
            "number_key",
            "product_id",
            "purchase_order_id",
            "state",
        ]
        found = self.env["buyer.purchase.order.line"].sudo().search_fetch(domain, names)
        return found.grouped(
            lambda line: (line.company_id.id, line.purchase_order_id.partner_id.id, line.purchase_order_id.number_key)
        )

    @api.model
    def _centers_of(self, asked):
        asked = [each for each in asked if not each.cost_center]
        return self.env["buyer.cost.center"]._table_for(*self._whose(asked)) if asked else {}

    @api.model
    def _whose(self, asked):
        return self._all(asked, "company"), self._all(asked, "buyer")

    @api.model
    def _all(self, asked, name):
        records = [getattr(each, name) for each in asked]
        return records[0].browse({record.id for record in records} - {False})
