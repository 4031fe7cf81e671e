"""Rows that the buyers' tables lack for open work: each is something a buyer's accounts payable would trip over."""

from collections import namedtuple

from odoo import api, models

from .buyer_purchase_order import po_key

#: One row that is missing, or a choice nobody made: in which table, for whom, what it is about.
#: `state`: "add" (the row is missing), "fill" (it is there, the tasks do not have it yet), "choose" (several fit).
#: `defaults`: what the new row starts with.
Gap = namedtuple("Gap", "table state company buyer key message defaults")


class BuyerMapping(models.AbstractModel):
    _inherit = "buyer.mapping"

    @api.model
    def _gaps(self, tasks):
        """What is missing for these tasks: {(table, state, company, buyer, key): (gap, tasks)}."""
        tasks = tasks.sudo()._mapped()
        asked = [task._question() for task in tasks]
        found, profile_of = self._found(asked), self.env["buyer.profile"]._profiles_of(tasks.work_order_id)
        buyers = tasks.work_order_id.partner_id.commercial_partner_id
        registered = self._buyers_in_register(tasks.company_id, buyers)
        units = self.env["buyer.unit.code"]._table_for(tasks.company_id, buyers)
        gaps = {}
        for task, question, answer in zip(tasks, asked, found, strict=True):
            look = _Look(
                task, question, answer, self._answer(question, answer), profile_of[task.work_order_id.id], units
            )
            missing = [
                self._gap_of_item_code(look),
                self._gap_of_po(look, (task.company_id.id, look.asked.buyer.id) in registered),
                self._gap_of_po_line(look),
                self._gap_of_cost_center(look),
                self._gap_of_unit(look),
            ]
            for gap in filter(None, missing):
                key = (gap.table, gap.state, gap.company, gap.buyer, gap.key)
                gaps[key] = (gap, gaps[key][1] | task if key in gaps else task)
        return gaps

    @api.model
    def _buyers_in_register(self, companies, buyers):
        """For whom POs are kept: there, a PO that is not in the register is one that is missing."""
        domain = [("company_id", "in", companies.ids), ("partner_id", "in", buyers.ids)]
        groups = self.env["buyer.purchase.order"].sudo()._read_group(domain, ["company_id", "partner_id"])
        return {(company.id, buyer.id) for company, buyer in groups}

    @api.model
    def _gap_of_item_code(self, look):
        task, buyer = look.task, look.asked.buyer
        if not look.profile.item_code_required or task.buyer_item_code:
            return None
        product, code = task.product_id.product_tmpl_id, task.code_id
        thing = (product or code).display_name or task.name
        if "buyer_item_code" in look.answer:
            text = self.env._("%(buyer)s has an item code for %(thing)s; fill it in.", buyer=buyer.name, thing=thing)
            return look.gap("item_codes", "fill", thing, text)
        if not product and not code:
            text = self.env._(
                "“%(task)s” has neither product nor task code: type %(buyer)s's item code on it.",
                task=task.name,
                buyer=buyer.name,
            )
            return look.gap("item_codes", "choose", thing, text)
        text = self.env._("%(buyer)s has no item code for %(thing)s.", buyer=buyer.name, thing=thing)
        defaults = {"product_tmpl_id": product.id} if product else {"task_code_id": code.id}
        return look.gap("item_codes", "add", thing, text, defaults)

    @api.model
    def _gap_of_po(self, look, buyer_is_registered):
        task, demands = look.task, look.profile
        demanded = demands.register_complete or demands.po_line_required or demands.receipts_required
        wanted = buyer_is_registered or demanded
        if not wanted or not task.buyer_po or task.buyer_purchase_order_id:
            return None
        text = self.env._(
            "PO %(po)s of %(buyer)s is not in the register.", po=task.buyer_po, buyer=look.asked.buyer.name
        )
        return look.gap("purchase_orders", "add", task.buyer_po, text, {"number": task.buyer_po})

    @api.model
    def _gap_of_po_line(self, look):
        task = look.task
        po = task.buyer_purchase_order_id
        if po.state != "open" or not po.line_ids or task.buyer_po_line_id:
            return None
        defaults = {
            "purchase_order_id": po.id,
            "product_id": task.product_id.id,
            "product_uom_id": task.product_uom_id.id,
            "buyer_item_code": task.buyer_item_code or look.answer.get("buyer_item_code") or False,
            "name": task.product_id.name or task.name,
        }
        if task.buyer_po_line:
            text = self.env._("PO %(po)s has no line %(line)s.", po=po.number, line=task.buyer_po_line)
            key = self.env._("%(po)s, line %(line)s", po=po.number, line=task.buyer_po_line)
            return look.gap("purchase_orders", "add", key, text, {**defaults, "number": task.buyer_po_line})
        what = defaults["buyer_item_code"] or task.product_id.display_name or task.name
        key = self.env._("%(po)s, %(what)s", po=po.number, what=what)
        if "buyer_po_line" in look.answer:
            line = look.answer["buyer_po_line"]
            text = self.env._(
                "Line %(line)s of PO %(po)s is for %(what)s; fill it in.", line=line, po=po.number, what=what
            )
            return look.gap("purchase_orders", "fill", key, text)
        if len(look.found.lines) > 1:
            lines = ", ".join(look.found.lines.mapped("number"))
            text = self.env._(
                "Lines %(lines)s of PO %(po)s are for %(what)s: choose one on the task.",
                lines=lines,
                po=po.number,
                what=what,
            )
            return look.gap("purchase_orders", "choose", key, text)
        text = self.env._("PO %(po)s has no open line for %(what)s.", po=po.number, what=what)
        return look.gap("purchase_orders", "add", key, text, defaults)

    @api.model
    def _gap_of_cost_center(self, look):
        if not look.profile.cost_center_required or look.task.cost_center_id:
            return None
        site, buyer = look.asked.site, look.asked.buyer
        place = site.display_name or buyer.name
        if "cost_center_id" in look.answer:
            text = self.env._(
                "%(buyer)s has a cost centre for work at %(place)s; fill it in.", buyer=buyer.name, place=place
            )
            return look.gap("cost_centers", "fill", place, text)
        text = self.env._("%(buyer)s has no cost centre for work at %(place)s.", buyer=buyer.name, place=place)
        own = site and site.commercial_partner_id == buyer
        return look.gap("cost_centers", "add", place, text, {"site_ids": site.ids if own else []})

    @api.model
    def _gap_of_unit(self, look):
        """The unit of the PO line must be one that our quantity can be told in."""
        ours, line, row = look.task.product_uom_id, look.task.buyer_po_line_id, look.found.row
        if not line or not ours:
            return None
        unit = (
            self.env["buyer.unit.code"].sudo()._look_up(look.units, line.company_id, look.asked.buyer, line.buyer_unit)
        )
        theirs = line.product_uom_id or unit.uom_id
        written = line.buyer_unit or theirs.name
        if not written or (theirs and theirs._has_common_reference(ours)):
            return None
        if row.po_unit and po_key(row.po_unit) in (po_key(line.buyer_unit), po_key(theirs.name)):
            return None
        text = self.env._(
            "%(buyer)s orders in %(unit)s, which nobody said how many %(ours)s it is.",
            buyer=look.asked.buyer.name,
            unit=written,
            ours=ours.name,
        )
        return look.gap("units", "add", written, text, {"code": written, "uom_id": ours.id})


class _Look(namedtuple("_Look", "task asked found answer profile units")):
    """A task beside what its buyer demands and what the tables have for it."""

    __slots__ = ()

    def gap(self, table, state, key, message, defaults=None):
        defaults = {"company_id": self.asked.company.id, "partner_id": self.asked.buyer.id, **(defaults or {})}
        return Gap(table, state, self.asked.company, self.asked.buyer, key, message, defaults)
