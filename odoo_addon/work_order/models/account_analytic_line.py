"""Time on work orders is an analytic line, and so is the cost of their parts and vendor bills."""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..plain_number import plain
from .work_order_flow import Reason

#: What makes a time entry; a change of these is a change of cost, which only open work orders take.
TIME_FIELDS = {"date", "name", "unit_amount", "user_id", "work_order_id", "work_order_start", "work_order_task_id"}
#: Kinds of lines that time and parts of work orders make.
ENTRY_CATEGORIES = ("work_order_part", "work_order_time")
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
        index="btree_not_null",
        ondelete="restrict",
        domain="[('work_order_id', '=', work_order_id), ('state', '!=', 'cancelled')]",
    )
    work_order_start = fields.Datetime(string="Started", help="When the work of this time entry began.")
    work_order_part_id = fields.Many2one(
        "work.order.part", string="Part", index="btree_not_null", ondelete="cascade", readonly=True
    )
    work_order_late = fields.Boolean(
        string="After Close", readonly=True, help="Arrived when the work order was invoiced, closed or cancelled."
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
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        return (*super()._get_view_cache_key(view_id, view_type, **options), self._is_technician_only())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if self._is_technician_only():
            for node in arch.xpath(" | ".join(f"//field[@name='{name}']" for name in COST_FIELDS)):
                node.getparent().remove(node)
        return arch, view

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
        lines.filtered("work_order_late")._tell_late_cost()
        return lines

    @api.model
    def _with_work_orders(self, vals_list):
        """Values with what the work orders say: of time and parts by what was chosen, of all else by the account."""
        # What a context would fill in afterwards is filled in now, so that it is judged like all else.
        names = ("work_order_id", "move_line_id", self._work_order_column())
        defaults = {name: self.env.context.get(f"default_{name}", False) for name in names}
        vals_list = [{**defaults, **vals, "work_order_late": False} for vals in vals_list]
        posted = [vals for vals in vals_list if vals["work_order_id"] and not vals.get("move_line_id")]
        orders = self.env["work.order"].browse({vals["work_order_id"] for vals in posted})
        if orders:
            orders.check_access("read")
            orders._open_analytic_accounts()
        hour = self.env.ref("uom.product_uom_hour") if posted else None
        for vals in vals_list:
            if vals["work_order_id"] and not vals.get("move_line_id"):
                self._take_work_order(vals, hour)
            else:
                vals.update(self._work_order_by_account(vals))
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

    @api.model
    def _work_order_by_account(self, vals):
        """Which work order a line that names none belongs to: that of its journal item or of its account."""
        accounts = self.env["account.analytic.account"]
        own = accounts.browse(vals.get(self._work_order_column()) or [])
        if vals.get("move_line_id"):
            charged = accounts.browse([vals[name] for name in self._get_plan_fnames() if vals.get(name)])
            return self.env["account.move.line"].browse(vals["move_line_id"])._work_order_of(charged, own)
        return {"work_order_id": own._work_order().id, "work_order_part_id": False}

    @api.model
    def _work_order_column(self):
        """The column of the plan that accounts of work orders are in."""
        return self.env.ref("work_order.analytic_plan_work_orders").sudo()._column_name()

    def _times(self):
        return self.filtered(lambda line: line.category == "work_order_time" and line.work_order_id)

    def _entries(self):
        """Lines posted to a work order by hand; those of parts and journal items are judged where they come from."""
        return self.filtered(lambda line: line.work_order_id and not line.work_order_part_id and not line.move_line_id)

    def write(self, vals):
        accounts = vals.keys() & set(self._get_plan_fnames())
        if not accounts and not vals.keys() & (TIME_FIELDS | {"amount"}):
            self._check_derived_fields(vals)
            return super().write(vals)
        self._check_derived_fields(vals)
        entries = self.sudo()._entries()
        if not vals.keys() & TIME_FIELDS:  # amount and account of time follow from what was gated before
            entries -= entries._times()
        entries.work_order_id._check_accepts_cost()
        before = {line: line.work_order_id._analytic_account() for line in entries}
        result = super().write(vals)
        if "work_order_id" in vals:
            self._take_chosen_work_order(before)
        elif accounts:
            self._follow_account()
        self._check_written(entries, vals)
        return result

    def _take_chosen_work_order(self, before):
        """Post what is time to the work order that was just chosen, or take it off the one it was on.

        :param before: accounts of the work orders that entries were on
        """
        self.work_order_id._open_analytic_accounts()
        for line in self.sudo().filtered(lambda line: not line.work_order_part_id and not line.move_line_id):
            column = before[line].plan_id._column_name() if before.get(line) else None
            values = {column: False} if column and line[column] == before[line] else {}
            if line.work_order_id:
                values |= {**self._work_order_values(line.work_order_id), "category": "work_order_time"}
            elif line._keeps_without_work_order():
                values |= {"category": "other", "work_order_task_id": False}
            else:
                raise UserError(
                    self.env._("Time stays with a work order; delete the entry if it was posted by mistake.")
                )
            line._store_derived(values)

    def _store_derived(self, values):
        """Write what follows from what was gated before."""
        return super().write(values)  # pylint: disable=super-method-mismatch

    def _follow_account(self):
        """A line whose account was changed belongs to the work order of its new account."""
        for line in self.sudo().filtered(lambda line: line.category not in ENTRY_CATEGORIES):
            values = {name: line[name].id for name in self._get_plan_fnames()}
            values = self._work_order_by_account({**values, "move_line_id": line.move_line_id.id})
            if values["work_order_id"] != line.work_order_id.id:
                line._store_derived(values)

    def _check_written(self, entries, vals):
        entries = self.browse((entries | self.sudo()._entries()).ids)
        if not vals.keys() & TIME_FIELDS:
            entries -= entries.sudo()._times().sudo(self.env.su)
        times = entries._times()
        times._check_poster()
        if vals.keys() & {"unit_amount", "user_id", "work_order_id", "date"}:
            times._take_labor_cost()
        entries.work_order_id._check_cost(entries.filtered("work_order_id"))

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

    def _is_time(self):
        """Whether a line that names no work order yet is time, so that one may be chosen."""
        self.ensure_one()
        return self.category == "work_order_time"

    def _keeps_without_work_order(self):
        """Whether time is still something when it is taken off its work order."""
        self.ensure_one()
        return False

    def _check_derived_fields(self, vals):
        """Amount, account and kind of an entry follow from its work order, hours and part; nobody types them.

        :raises UserError: if somebody does
        """
        if self.env.su:
            return
        lines = self.sudo()
        derived = {"amount", "category", "company_id", "move_line_id", "work_order_part_id", *self._get_plan_fnames()}
        typed = (vals.keys() & derived) | (vals.keys() & {"work_order_late"})
        kept = lines.filtered(lambda line: line.work_order_id and line.category in ENTRY_CATEGORIES)
        if "move_line_id" in vals and lines.work_order_id:
            raise UserError(self.env._("The journal item behind a cost of a work order cannot be changed."))
        if (typed and kept) or "work_order_late" in vals:
            names = ", ".join(sorted(self._fields[name].get_description(self.env)["string"] for name in typed))
            raise UserError(
                self.env._(
                    "%s of time and parts of a work order follow from what was posted; change that instead.", names
                )
            )
        if kept.work_order_part_id and vals.keys() & (TIME_FIELDS | {"product_uom_id", "product_id"}):
            raise UserError(self.env._("This is the cost of a part; change the part on its work order instead."))
        if vals.keys() & {"work_order_id", "work_order_task_id"} and lines.filtered(lambda line: not line._is_time()):
            raise UserError(
                self.env._(
                    "Only time can be posted to a work order here; other cost belongs to the work order's account."
                )
            )

    def _tell_late_cost(self):
        """Say on the work order that a vendor's bill came after it was settled; no amount, as its crew reads it."""
        for ticket, lines in self.sudo().grouped("work_order_id").items():
            bills = [bill._get_html_link(title=bill.ref or bill.partner_id.name) for bill in lines.move_line_id.move_id]
            ticket.message_post(
                body=self.env._(
                    "Cost arrived when this work order was “%(state)s” already. Vendor bill: %(bills)s",
                    state=ticket._state_label(ticket.state),
                    bills=Markup(", ").join(bills),
                )
            )

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
        if not self:  # Odoo asks for this on every line it writes
            return super().unlink()
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
                "%(order)s: %(hours)s hours do not fit in one day; post each day by itself.",
                order=self.work_order_id.name,
                hours=plain(self.unit_amount),
            )
            reasons.append(Reason("unit_amount", text))
        return reasons
