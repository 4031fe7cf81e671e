"""What the approval of a change order brings about, in one step: sales order, tasks, schedule and buyer's PO."""

from markupsafe import Markup
from odoo import models
from odoo.fields import Command

from ..plain_number import plain
from .work_order_flow import Reason


class WorkOrderChange(models.Model):
    _inherit = "work.order.change"

    def _reasons_against_content(self):
        """Why what this change order says cannot be brought about."""
        ticket = self.work_order_id
        reasons = self._reasons_by_ticket()
        if ticket.state == "draft":
            text = self.env._("%s is a draft that nobody was sent on; change it directly.", ticket.name)
            reasons.append(Reason("work_order_id", text))
        if not self.requested_by:
            reasons.append(Reason("requested_by", self.env._("Requested By is missing: who at the customer asked?")))
        if not self._changes_something():
            reasons.append(Reason("line_ids", self.env._("Lines: it changes nothing yet.")))
        if self.line_ids and ticket.billable:
            reasons += self._reasons_by_sale_order()
        if (self.po_revision or self.po_limit_delta) and not ticket.buyer_purchase_order_id:
            text = self.env._("PO Revision: the buyer's PO is not in the register.")
            reasons.append(Reason("po_revision", text))
        elif self.po_limit_delta and not ticket.buyer_purchase_order_id.amount_limit:
            text = self.env._("PO Limit +/-: buyer PO %s has no limit that could change.", ticket.buyer_po)
            reasons.append(Reason("po_limit_delta", text))
        elif ticket.buyer_purchase_order_id.amount_limit + self.po_limit_delta < 0:
            text = self.env._("PO Limit +/-: the limit of buyer PO %s would fall below zero.", ticket.buyer_po)
            reasons.append(Reason("po_limit_delta", text))
        twice = [
            task for task in self.line_ids.task_id if len(self.line_ids.filtered(lambda x, t=task: x.task_id == t)) > 1
        ]
        reasons += [Reason("line_ids", self.env._("“%s” is named by two lines.", task.name)) for task in twice]
        return reasons + [reason for line in self.line_ids for reason in line._reasons_against_line()]

    def _changes_something(self):
        return bool(self.line_ids or self._schedule() or self.po_revision or self.po_limit_delta)

    def _reasons_by_sale_order(self):
        order = self.work_order_id.sale_order_id
        if not order:
            text = self.env._("%s has no sales order that could carry the price.", self.work_order_id.name)
        elif order.state != "sale":
            text = self.env._("sales order %s is not confirmed.", order.name)
        elif order.locked:
            text = self.env._("sales order %s is locked; unlock it first.", order.name)
        else:
            return []
        return [Reason("work_order_id", text)]

    def _apply(self):
        """Bring the change about; the state is written by the caller."""
        self.ensure_one()
        ticket = self.work_order_id
        before = ticket.task_ids._committed_claims()
        ticket._bump_billing_revision()  # whoever bills or completes it now has to look again
        self.env.add_to_compute(self.line_ids._fields["amount"], self.line_ids)
        ticket._keep_version(reason=self.name)
        self._apply_to_po()
        for line in self.line_ids.sorted(lambda line: line._growth()):  # what gives back a PO's balance goes first
            {"add": line._apply_addition, "change": line._apply_change, "remove": line._apply_removal}[line.kind]()
        ticket.task_ids._check_growth(before)  # a price may have grown without any quantity
        if self._schedule():
            ticket.write(self._schedule())
        body = self.env._("Change order %(change)s approved: %(title)s", change=self.name, title=self.title)
        ticket.message_post(body=Markup("<br/>").join([body, *(line._told() for line in self.line_ids)]))

    def _schedule(self):
        """Values of the work order that this change moves."""
        pairs = [(name, self[f"new_{name}"]) for name in ("scheduled_start", "scheduled_end", "required_completion")]
        return {name: value for name, value in pairs if value}

    def _apply_to_po(self):
        po = self.work_order_id.buyer_purchase_order_id
        deltas = self.line_ids.filtered(lambda line: line.po_quantity_delta or line.po_amount_delta)
        (po | deltas.mapped(lambda line: line._po()))._lock_balances()
        values = self._po_values()
        if values:
            po.write(values)
        for line in deltas:
            line._apply_to_po_line()
        for changed in deltas.mapped(lambda line: line._po()) | (po if values else po.browse()):
            text = self.env._("Changed by %(change)s of %(ticket)s.", change=self.name, ticket=self.work_order_id.name)
            changed.message_post(body=text, subtype_xmlid="mail.mt_note")

    def _po_values(self):
        """What the buyer revised on the PO itself."""
        po = self.work_order_id.buyer_purchase_order_id
        values = {"revision": self.po_revision} if self.po_revision else {}
        if self.po_limit_delta:
            values["amount_limit"] = po.amount_limit + self.po_limit_delta
        return values


class WorkOrderChangeLine(models.Model):
    _inherit = "work.order.change.line"

    def _growth(self):
        """How much more is planned by this line than before; for the order in which lines are brought about."""
        if self.kind == "add":
            return self.quantity
        return (0.0 if self.kind == "remove" else self.quantity) - self.task_id.quantity

    def _apply_to_po_line(self):
        line = self._po_line()
        if line:
            line.write(
                {
                    "quantity": line.quantity + self.po_quantity_delta,
                    "amount_limit": line.amount_limit + self.po_amount_delta,
                }
            )
            return
        line.create(
            {
                "purchase_order_id": self._po().id,
                "number": self.buyer_po_line or self.task_id.buyer_po_line,
                "name": self.name,
                "buyer_item_code": self.buyer_item_code or self.task_id.buyer_item_code,
                "product_id": self.product_id.id,
                "product_uom_id": self.product_id.uom_id.id,
                "quantity": self.po_quantity_delta,
                "unit_price": self.price_unit,
                "amount_limit": self.po_amount_delta,
                "cost_center_id": self.cost_center_id.id,
            }
        )

    def _apply_addition(self):
        """A new task with a sales order line of its own; the line is born with its task, so no work order is issued."""
        ticket, task = self.work_order_id, self._task_values()
        if not ticket.billable:
            self._store_task(self.env["work.order.task"].create(task))
            return
        line = self.env["sale.order.line"].create(
            {
                "order_id": ticket.sale_order_id.id,
                "sequence": max([0, *ticket.sale_order_id.order_line.mapped("sequence")]) + 1,
                "product_id": self.product_id.id,
                "name": self.name,
                "product_uom_qty": self.quantity,
                "price_unit": self.price_unit,
                "discount": 0.0,
                "tax_ids": [Command.set(self.tax_ids.ids)],
                "work_site_id": ticket.site_id.id,
                "buyer_po_line": task["buyer_po_line"],
                "buyer_item_code": task["buyer_item_code"],
                "cost_center_id": task["cost_center_id"],
                "work_order_task_ids": [Command.create(task)],
            }
        )
        self._store_task(line.work_order_task_ids)

    def _task_values(self):
        ticket = self.work_order_id
        return {
            "work_order_id": ticket.id,
            "sequence": max([0, *ticket.task_ids.mapped("sequence")]) + 1,
            "name": self.name,
            "product_id": self.product_id.id,
            "quantity": self.quantity,
            "billing_type": self.billing_type,
            "buyer_po": ticket.buyer_po,
            "buyer_po_line": self.buyer_po_line or ticket.buyer_po_line,
            "buyer_item_code": self.buyer_item_code or ticket.buyer_item_code,
            "cost_center_id": (self.cost_center_id or ticket.cost_center_id).id,
        }

    def _apply_change(self):
        """The new quantity on task and order; the price with it, as Odoo would look it up anew for another quantity."""
        task, ordered = self.task_id, self.task_id.sale_line_id
        if ordered:
            ordered._write_authorised(
                {
                    "product_uom_qty": ordered.product_uom_qty + self.quantity - task.quantity,
                    "price_unit": self.price_unit,
                    "discount": ordered.discount,
                }
            )
        task.write({"quantity": self.quantity})

    def _apply_removal(self):
        task, ordered = self.task_id, self.task_id.sale_line_id
        if ordered:
            ordered._write_authorised(
                {
                    "product_uom_qty": max(ordered.product_uom_qty - task.quantity, 0.0),
                    "price_unit": ordered.price_unit,
                    "discount": ordered.discount,
                }
            )
        task.write({"state": "cancelled"})

    def _told(self):
        """One line for the work order's history; without prices, as technicians read it too."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        quantity = "" if self.kind == "remove" else f": {plain(self.quantity)} {self.product_id.uom_id.name or ''}"
        return f"{kinds[self.kind]} {self.name}{quantity}".strip()
