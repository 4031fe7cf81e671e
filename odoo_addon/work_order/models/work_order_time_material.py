"""Time and materials: what is billed follows what was posted.

Hours at the agreed price, and parts of the task's own product, are the task's own done quantity. Everything else -
hours at a premium, other parts - is billed by a *bucket*: a task of the same work order with a sales order line of its
own, ordered quantity zero, for one product at one price. So invoicing and its guard need to know nothing of time and
parts.
"""

from collections import namedtuple

import pytz
from odoo import api, fields, models
from odoo.exceptions import UserError

from .sale_order_line import BEGUN
from .work_order import REFERENCE_FIELDS as TEXTS
from .work_order_flow import Reason

#: What one bucket bills; ``price`` is None where the price list of the order says it when the first one is posted.
Charge = namedtuple("Charge", ["product", "uom", "rate", "price", "discount"])
#: What a bucket repeats of its task.
REFERENCE_FIELDS = (*TEXTS, "buyer_purchase_order_id", "buyer_po_line_id")
#: How a task is billed is agreed before the crew is sent.
BILLING_RULES = {"billing_type", "parts_markup"}


class WorkOrderType(models.Model):
    _inherit = "work.order.type"

    parts_pricing = fields.Selection(
        [("price_list", "Price list of the order"), ("cost_plus", "Cost plus a percentage")],
        string="Parts Billed At",
        required=True,
        default="price_list",
        help="What parts posted on tasks of time and materials are billed at.",
    )
    parts_markup = fields.Float(string="Cost Plus (%)", help="Added to the cost of parts.")


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    parts_markup = fields.Float(
        string="Cost Plus (%)",
        groups="work_order.group_dispatcher,work_order.group_billing",
        help="Parts posted here are billed at cost plus this percentage; as the type of the work order says if zero.",
    )
    bucket_of_id = fields.Many2one(
        "work.order.task",
        string="Posted On",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="restrict",
        help="The task of time and materials on which this was posted; quantity, references and state follow it.",
    )
    bucket_ids = fields.One2many("work.order.task", "bucket_of_id", string="Also Billed")
    rate_id = fields.Many2one(
        "work.order.rate",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="restrict",
        groups="work_order.group_dispatcher,work_order.group_billing",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in ("bucket_of_id", "rate_id"):  # set, as a context could bring a default
                if vals.setdefault(name, False):
                    raise UserError(self.env._("Tasks for posted time and parts come by posting them, not by hand."))
        tasks = super().create(vals_list)
        if tasks.filtered(lambda task: task._follows_posted() and task.done_quantity):
            self._refuse_done_quantity()
        return tasks

    def copy_data(self, default=None):
        """A copy of a work order starts without what was posted."""
        copies = super().copy_data(default)
        return [{} if task.bucket_of_id else copy for task, copy in zip(self, copies, strict=True)]

    def write(self, vals):
        for name in {"bucket_of_id", "rate_id"} & vals.keys():
            if any(task._will_change(name, vals[name]) for task in self.sudo()):
                raise UserError(self.env._("Tasks for posted time and parts come by posting them, not by hand."))
        self._check_billing_rules(vals)
        buckets = self.filtered(lambda task: task.sudo().bucket_of_id)
        buckets._check_bucket_fields(vals)
        tasks = self - buckets
        tasks._check_done_quantity(vals)
        result = super(WorkOrderTask, tasks).write(vals)
        shown = {name: value for name, value in vals.items() if name in ("note", "sequence")}
        if buckets and shown:
            super(WorkOrderTask, buckets).write(shown)
        if vals.keys() & {*BILLING_RULES, "sale_line_id", "product_id", "work_order_id"}:
            tasks._follow_posted()
        elif vals.keys() & {*REFERENCE_FIELDS, "state"}:
            tasks.filtered(lambda task: task._follows_posted())._pass_on_to_buckets()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        for task in self.sudo():
            if task.bucket_of_id or task.bucket_ids or task._has_entries():
                raise UserError(
                    self.env._("Time or parts are posted on “%s”; delete or move those first, or cancel it.", task.name)
                )

    def _follows_posted(self):
        return self.sudo().billing_type == "time_material"

    def _check_billing_rules(self, vals):
        """How a task is billed was agreed before dispatch."""
        names = BILLING_RULES & vals.keys()
        if not names:
            return
        for task in self:
            changed = any(task.sudo()._will_change(name, vals[name]) for name in names)
            if changed and (task.work_order_id.state in BEGUN or task.sudo()._has_entries()):
                raise UserError(
                    self.env._(
                        "How “%(task)s” is billed was agreed before the crew of %(order)s was sent, and cannot change "
                        "any more. Add a task for what is billed differently.",
                        task=task.name,
                        order=task.work_order_id.name,
                    )
                )

    def _check_bucket_fields(self, vals):
        """What was posted says what a bucket bills; state and day follow by themselves."""
        names = vals.keys() - {"note", "sequence", "service_date", "state"}
        for task in self.sudo():
            if any(task._will_change(name, vals[name]) for name in names):
                raise UserError(
                    self.env._(
                        "“%(task)s” bills what was posted on “%(parent)s” and follows it; change time and parts there.",
                        task=task.name,
                        parent=task.bucket_of_id.name,
                    )
                )

    def _will_change(self, name, value):
        field = self._fields[name]
        if field.type in ("one2many", "many2many"):
            return True
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)

    def _check_done_quantity(self, vals):
        if "done_quantity" not in vals:
            return
        for task in self.filtered(lambda task: task._follows_posted()):
            if task.product_uom_id.compare(vals["done_quantity"] or 0.0, task.done_quantity):
                task._refuse_done_quantity()

    def _refuse_done_quantity(self):
        raise UserError(
            self.env._(
                "%s: Done Qty of time and materials follows the time and parts posted on the task; post those instead.",
                self[:1].name or self.env._("This task"),
            )
        )

    def _by_report(self, vals):
        """On “done” the quantity of time and materials stays what was posted, and the day is the last one posted."""
        posted = self.filtered(lambda task: task._follows_posted())
        if vals.get("state") != "done" or not posted:
            return super()._by_report(vals)
        rest = self - posted
        pairs = super(WorkOrderTask, rest)._by_report(vals) if rest else []
        for tasks, values in super(WorkOrderTask, posted)._by_report({**vals, "done_quantity": 0.0}):
            values.pop("done_quantity")
            for task in tasks:
                day = vals.get("service_date") or task.sudo()._last_posted() or values["service_date"]
                pairs.append((task, {**values, "service_date": day}))
        return pairs

    def _reasons_against_done_quantity(self):
        if not self._follows_posted() or self.sudo().bucket_ids.filtered(lambda task: task.state != "cancelled"):
            return []
        if self.done_quantity:
            return []
        text = self.env._("Task “%s”: no time or parts are posted on it; post them or cancel the task.", self.name)
        return [Reason("task_ids", text)]

    def _has_entries(self):
        return bool(self.time_ids or self.part_ids)

    def _last_posted(self):
        return max([*self.time_ids.mapped("date"), *self.part_ids.mapped("date")], default=False)

    def _posted_amount(self):
        """Untaxed value of what was posted so far, this task's own and its buckets'."""
        amount = 0.0
        for task in self | self.bucket_ids:
            line = task.sale_line_id
            amount += task.currency_id.round(task.done_quantity * line.price_unit * (1 - line.discount / 100))
        return amount

    def _follow_posted(self):
        """Bring done quantities and buckets in step with the time and parts posted on these tasks."""
        tasks = self.sudo().filtered(lambda task: task._follows_posted() and not task.bucket_of_id)
        # tasks of other work orders on the same order lines share their cap
        (tasks.sale_line_id.work_order_task_ids.work_order_id - tasks.work_order_id)._take_rows()
        for task in tasks:
            own, days, charges = task._posted()
            buckets = task.bucket_ids
            for charge, (quantity, day) in charges.items():
                bucket = task._bucket_for(charge)
                buckets -= bucket
                bucket._store_posted({"done_quantity": quantity, "service_date": day})
            buckets._store_posted({"done_quantity": 0.0})
            values = {"done_quantity": task.product_uom_id.round(own)}
            if task.state == "done" and days:
                values["service_date"] = max(days)
            task._store_posted(values)
        tasks._pass_on_to_buckets()

    def _posted(self):
        """What is posted: own quantity, its days, and quantity and last day by :class:`Charge`."""
        own, days, charges = 0.0, [], {}
        for charge, quantity, day in [*self._posted_time(), *self._posted_parts()]:
            days.append(day)
            if charge is None:
                own += quantity
            elif self.sale_line_id:
                known, last = charges.get(charge, (0.0, day))
                charges[charge] = (known + quantity, max(last, day))
        return own, days, charges

    def _posted_time(self):
        """Triples of charge (None: this task's own price), quantity in its unit, and day."""
        if not self.time_ids or not self._is_labor():
            return
        hour = self.env.ref("uom.product_uom_hour")
        shifts = {}
        for entry in self.time_ids:
            for rate, day, hours in self._stretches_of(entry):
                if rate:
                    shifts[rate, day] = shifts.get((rate, day), 0.0) + hours
                else:
                    yield None, hour._compute_quantity(hours, self.product_uom_id, round=False), entry.date
        for (rate, day), hours in shifts.items():
            charge = Charge(rate.bill_product_id, hour, rate, *rate._price_for(self))
            yield charge, max(hours, rate.minimum_hours), day

    def _stretches_of(self, entry):
        """Triples of rate, day its shift began, and hours of one time entry."""
        rates, start = self.env["work.order.rate"], entry.work_order_start
        if not start:
            yield rates._on_day(self, entry.date), entry.date, entry.unit_amount
            return
        zone = self.work_order_id._time_zone()
        for rate, moment, hours in rates._for(self, start, entry.unit_amount):
            local = pytz.utc.localize(moment).astimezone(zone)
            yield rate, rate._shift_day(local) if rate else local.date(), hours

    def _posted_parts(self):
        """Triples as of :meth:`_posted_time`; parts of the task's own product are billed at its own price."""
        for part in self.part_ids:
            uom = part.product_id.uom_id
            if part.product_id == self.product_id:
                yield (
                    None,
                    part.product_uom_id._compute_quantity(part.quantity, self.product_uom_id, round=False),
                    part.date,
                )
                continue
            charge = Charge(part.product_id, uom, self.env["work.order.rate"], self._part_price(part), 0.0)
            yield charge, part.product_uom_id._compute_quantity(part.quantity, uom, round=False), part.date

    def _part_price(self, part):
        """Cost plus what was agreed on, per unit of the product in the order's currency; None by price list."""
        kind = self.work_order_id.type_id
        if not self.parts_markup and kind.parts_pricing != "cost_plus":
            return None
        cost = part.product_uom_id._compute_price(part.unit_cost, part.product_id.uom_id)
        price = cost * (1 + (self.parts_markup or kind.parts_markup) / 100)
        ticket = self.work_order_id
        return ticket.company_id.currency_id._convert(price, ticket.currency_id, ticket.company_id, part.date)

    def _bucket_for(self, charge):
        """The bucket that bills ``charge``, opened if there is none yet."""
        self.ensure_one()
        for bucket in self.bucket_ids:
            line = bucket.sale_line_id
            same = (bucket.product_id, bucket.rate_id, line.product_uom_id) == (charge.product, charge.rate, charge.uom)
            if same and (charge.price is None or not self.currency_id.compare_amounts(line.price_unit, charge.price)):
                return bucket
        line = self.env["sale.order.line"].sudo()._create_posted([self._bucket_line_values(charge)])
        bucket = self._create_posted([self._bucket_values(charge, line)])
        self.invalidate_recordset(["bucket_ids"])
        return bucket

    def _bucket_line_values(self, charge):
        line = self.sale_line_id
        values = {
            "order_id": line.order_id.id,
            "product_id": charge.product.id,
            "product_uom_id": charge.uom.id,
            "product_uom_qty": 0.0,
            "is_posted_work": True,
            "qty_delivered_method": "work_order",
            "sequence": line.sequence,
            "buyer_po_line": self.buyer_po_line,
            "buyer_item_code": self.buyer_item_code,
            "cost_center_id": self.cost_center_id.id,
        }
        if charge.price is None:
            return values
        return {**values, "price_unit": charge.price, "discount": charge.discount}

    def _bucket_values(self, charge, line):
        return {
            **self._references(),
            "work_order_id": self.work_order_id.id,
            "bucket_of_id": self.id,
            "rate_id": charge.rate.id,
            "billing_type": "time_material",
            "name": charge.product.name,
            "product_id": charge.product.id,
            "quantity": 0.0,
            "sale_line_id": line.id,
            "sequence": self.sequence,
        }

    def _references(self):
        self.ensure_one()
        return {name: self._fields[name].convert_to_write(self[name], self) for name in REFERENCE_FIELDS}

    def _pass_on_to_buckets(self):
        """Buckets are done, open or cancelled with their task, and repeat its references."""
        for task in self.sudo().filtered("bucket_ids"):
            values = task._references()
            used = task.bucket_ids.filtered("done_quantity")
            used._store_posted({**values, "state": task.state})
            (task.bucket_ids - used)._store_posted({**values, "state": "cancelled"})
