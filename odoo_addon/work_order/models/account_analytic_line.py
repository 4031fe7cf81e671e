"""Time on work orders is an analytic line, and so is the cost of their parts and vendor bills."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .work_order_flow import Reason

#: What makes a time entry; a change of these is a change of cost, which only open work orders take.
TIME_FIELDS = {"date", "name", "unit_amount", "user_id", "work_order_id", "work_order_start", "work_order_task_id"}
#: What a person who only works on tickets does not see of an analytic line.
COST_FIELDS = {"amount"}
#: Who sees amounts of analytic lines anyway.
COST_READERS = (
    "work_order.group_dispatcher",
    "work_order.group_billing",
    "account.group_account_readonly",
    "account.group_account_invoice",
)


class AccountAnalyticLine(models.Model):
    _name = "account.analytic.line"
    _inherit = ["account.analytic.line", "work.order.entry"]

    work_order_id = fields.Many2one(
        "work.order",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The work order this time or cost belongs to.",
    )
    work_order_task_id = fields.Many2one(
        "work.order.task",
        string="Work Order Task",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('work_order_id', '=', work_order_id), ('state', '!=', 'cancelled')]",
    )
    work_order_start = fields.Datetime(string="Started", help="When the work of this time entry began.")
    work_order_part_id = fields.Many2one(
        "work.order.part", string="Part", index="btree_not_null", ondelete="cascade", readonly=True
    )
    category = fields.Selection(
        selection_add=[("work_order_time", "Work Order Labor"), ("work_order_part", "Work Order Parts")],
        ondelete={"work_order_time": "set default", "work_order_part": "set default"},
    )

    @api.model
    def _has_field_access(self, field, operation):
        """Who is a technician and nothing more sees no amounts, whatever else lets them see analytic lines."""
        if field.name in COST_FIELDS and not self.env.su and self._is_technician_only():
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _is_technician_only(self):
        user = self.env.user
        return user.has_group("work_order.group_technician") and not any(user.has_group(name) for name in COST_READERS)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(self._with_work_orders(vals_list))
        times = lines._times()
        if times:
            times._check_poster()
            times._take_labor_cost()
        entries = lines._entries()
        entries.work_order_id._check_cost(entries)
        return lines

    @api.model
    def _with_work_orders(self, vals_list):
        """Values with what the chosen work orders say: account, company, customer, kind and unit."""
        chosen = self.env.context.get("default_work_order_id", False)
        vals_list = [{"work_order_id": chosen, **vals} for vals in vals_list]
        posted = [vals for vals in vals_list if vals["work_order_id"] and not vals.get("move_line_id")]
        orders = self.env["work.order"].browse({vals["work_order_id"] for vals in posted})
        if orders:
            orders.check_access("read")
            orders._open_analytic_accounts()
        hour = self.env.ref("uom.product_uom_hour") if posted else None
        for vals in posted:
            self._take_work_order(vals, hour)
        return vals_list

    @api.model
    def _take_work_order(self, vals, hour):
        order = self.env["work.order"].sudo().browse(vals["work_order_id"])
        vals.update(self._work_order_values(order))
        if vals.get("work_order_part_id") and self.env.su:  # a part posts its own cost; nobody else does
            vals["category"] = "work_order_part"
            return
        task = self.env["work.order.task"].sudo().browse(vals.get("work_order_task_id"))
        vals.pop("amount", None)  # follows from the hours
        vals.update(
            category="work_order_time",
            name=vals.get("name") or task.name or order.title,
            product_uom_id=hour.id,
            work_order_part_id=False,
        )

    @api.model
    def _work_order_values(self, order):
        account = order._analytic_account()
        return {
            account.plan_id._column_name(): account.id,
            "company_id": order.company_id.id,
            "partner_id": order.partner_id.id,
        }

    def _times(self):
        return self.filtered(lambda line: line.category == "work_order_time" and line.work_order_id)

    def _entries(self):
        """Lines posted to a work order by hand; those of parts and journal items are judged where they come from."""
        return self.filtered(lambda line: line.work_order_id and not line.work_order_part_id and not line.move_line_id)

    def write(self, vals):
        touched = vals.keys() & TIME_FIELDS
        entries = self.sudo()._entries() if touched else self.browse()
        entries.work_order_id._check_accepts_cost()
        if not self.env.su:
            self._check_derived_fields(vals)
        result = super().write(vals)
        entries = self.browse((entries | self.sudo()._entries()).ids) if touched else entries
        if entries:
            entries._follow_work_order(vals)
            entries.work_order_id._check_cost(entries)
        return result

    def _follow_work_order(self, vals):
        """Keep account and cost in step with what was just written."""
        if "work_order_id" in vals:
            self.work_order_id._open_analytic_accounts()
            for line in self.sudo().filtered("work_order_id"):
                line.write({**self._work_order_values(line.work_order_id), "category": "work_order_time"})
        self._times()._check_poster()
        if vals.keys() & {"unit_amount", "user_id", "work_order_id", "date"}:
            self._times()._take_labor_cost()

    def _take_labor_cost(self):
        for line in self.sudo():
            amount = line.currency_id.round(-line.unit_amount * line._labor_hourly_cost())
            if line.currency_id.compare_amounts(line.amount, amount):
                line.amount = amount

    def _labor_hourly_cost(self):
        """What an hour of this entry's person costs the company, in its currency."""
        self.ensure_one()
        company = self.company_id
        return self.user_id.with_company(company).work_order_hourly_cost or company.work_order_hourly_cost

    def _check_derived_fields(self, vals):
        """Amount, account and kind of an entry follow from its work order, hours and part; nobody types them."""
        derived = {"amount", "category", "company_id", "move_line_id", "work_order_part_id", *self._get_plan_fnames()}
        typed = vals.keys() & derived
        kept = self.sudo().filtered(lambda line: line.category in ("work_order_time", "work_order_part"))
        if typed and kept.filtered("work_order_id"):
            raise UserError(
                self.env._(
                    "%(fields)s of time and parts of a work order follow from what was posted; change that instead.",
                    fields=", ".join(sorted(self._fields[name].get_description(self.env)["string"] for name in typed)),
                )
            )
        if kept.work_order_part_id and vals.keys() & (TIME_FIELDS | {"product_uom_id", "product_id"}):
            raise UserError(self.env._("This is the cost of a part; change the part on its work order instead."))

    def _inverse_analytic_distribution(self):
        if self.sudo().filtered(lambda line: line.work_order_id and not line.move_line_id):
            raise UserError(self.env._("Time and parts of a work order stay on its account and are not split."))
        return super()._inverse_analytic_distribution()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fixed_cost(self):
        if not self.env.su and self.sudo().work_order_part_id:
            raise UserError(self.env._("This is the cost of a part; delete the part on its work order instead."))
        entries = self._entries()
        entries._times()._check_poster()
        entries.work_order_id._check_accepts_cost()

    def unlink(self):
        tickets = self.sudo()._entries().work_order_id
        if tickets:
            tickets._bump_billing_revision()
        return super().unlink()

    def _reasons_against_entry(self):
        reasons = super()._reasons_against_entry()
        if self.category != "work_order_time":
            return reasons
        if self.unit_amount <= 0:
            text = self.env._("%s: Hours must be more than zero.", self.work_order_id.name)
            reasons.append(Reason("unit_amount", text))
        if self.unit_amount > 24:
            text = self.env._(
                "%(order)s: %(hours)g hours do not fit in one day; post each day by itself.",
                order=self.work_order_id.name,
                hours=self.unit_amount,
            )
            reasons.append(Reason("unit_amount", text))
        return reasons
