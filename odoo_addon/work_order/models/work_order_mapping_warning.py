"""Where what was typed on a work order says something else than the buyer's tables; the form warns."""

from odoo import api, fields, models

from .buyer_purchase_order import PRICE_GROUPS, po_key
from .work_order_flow import FINISHED


class WorkOrder(models.Model):
    _inherit = "work.order"

    mapping_warning = fields.Text(
        compute="_compute_mapping_warning",
        groups=PRICE_GROUPS,
        help="Where what was typed says something else than the buyer's tables.",
    )
    can_fill_from_tables = fields.Boolean(
        compute="_compute_mapping_warning",
        groups=PRICE_GROUPS,
        help="Whether the buyer's tables know references that tasks lack.",
    )

    @api.depends(
        "partner_id",
        "state",
        "task_ids.buyer_item_code",
        "task_ids.buyer_po_line_id",
        "task_ids.cost_center_id",
        "task_ids.product_id",
    )
    def _compute_mapping_warning(self):
        for order in self:
            tasks = order.task_ids._mapped()
            order.mapping_warning = "\n".join(tasks._contradictions()) or False
            order.can_fill_from_tables = order.state not in FINISHED and bool(tasks._fillable())


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    def _fillable(self):
        """Those of these tasks that the tables know more of."""
        answers = self.env["buyer.mapping"]._answers([task._question() for task in self])
        return self.browse(task.id for task, answer in zip(self, answers, strict=True) if answer)

    def _contradictions(self):
        """Sentences where these tasks say something else than the buyer's tables."""
        found = self.env["buyer.mapping"]._found([task._question() for task in self])
        return [text for task, each in zip(self, found, strict=True) for text in task._contradictions_to(each)]

    def _contradictions_to(self, found):
        self.ensure_one()
        task, texts = self.sudo(), []
        buyer = task.work_order_id.partner_id.commercial_partner_id.name
        typed, line = po_key(task.buyer_item_code), task.buyer_po_line_id
        if typed and found.row and typed != po_key(found.row.code):
            text = self.env._(
                "Task “%(task)s”: Item Code is %(typed)s, but the table of %(buyer)s says %(code)s.",
                task=task.name,
                typed=task.buyer_item_code,
                buyer=buyer,
                code=found.row.code,
            )
            texts.append(text)
        if typed and line.buyer_item_code and typed != po_key(line.buyer_item_code):
            text = self.env._(
                "Task “%(task)s”: Item Code is %(typed)s, but line %(line)s of PO %(po)s says %(code)s.",
                task=task.name,
                typed=task.buyer_item_code,
                line=line.number,
                po=line.purchase_order_id.number,
                code=line.buyer_item_code,
            )
            texts.append(text)
        return texts + task._contradictions_of_center(line)

    def _contradictions_of_center(self, line):
        center, day = self.cost_center_id, self.service_date or self.work_order_id._day_of_work()
        if center and not center._is_valid_on(day):
            text = self.env._(
                "Task “%(task)s”: cost centre %(center)s is not valid on %(day)s.",
                task=self.name,
                center=center.code,
                day=fields.Date.to_string(day),
            )
            return [text]
        if center and line.cost_center_id and line.cost_center_id != center:
            text = self.env._(
                "Task “%(task)s”: cost centre is %(center)s, but line %(line)s of PO %(po)s says %(other)s.",
                task=self.name,
                center=center.code,
                line=line.number,
                po=line.purchase_order_id.number,
                other=line.cost_center_id.code,
            )
            return [text]
        return []
