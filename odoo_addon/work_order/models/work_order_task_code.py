"""Standard task codes: one name for the same work everywhere, and through its product the income account."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class WorkOrderTaskCode(models.Model):
    """A standard task. Choosing it on a task fills in product, name, unit and trade."""

    _name = "work.order.task.code"
    _description = "Task Code"
    _order = "code, id"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True, help="What the task is called on the work order.")
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="restrict", check_company=True, index="btree_not_null"
    )
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        ondelete="restrict",
    )
    trade_id = fields.Many2one("work.order.trade", ondelete="restrict", help="Who is needed for it, by default.")
    income_account_id = fields.Many2one(
        "account.account",
        compute="_compute_income_account_id",
        compute_sudo=True,
        help="Where its revenue is posted: the account of the product or its category.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE(code, company_id)", "This task code exists already.")

    @api.depends("code", "name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.code} {record.name}" if record.code else record.name

    @api.depends("product_id")
    def _compute_uom_id(self):
        for code in self:
            if code.product_id and not (code.uom_id and code.uom_id._has_common_reference(code.product_id.uom_id)):
                code.uom_id = code.product_id.uom_id

    @api.depends("product_id.property_account_income_id", "product_id.categ_id", "company_id")
    def _compute_income_account_id(self):
        for code in self:
            product = code.product_id.with_company(code.company_id).product_tmpl_id
            code.income_account_id = product and product.get_product_accounts()["income"]

    @api.constrains("product_id", "company_id", "uom_id")
    def _check_product(self):
        for code in self:
            if not code.uom_id._has_common_reference(code.product_id.uom_id):
                raise ValidationError(
                    self.env._(
                        "Task code %(code)s: %(unit)s cannot be converted to %(other)s, the unit of %(product)s.",
                        code=code.code,
                        unit=code.uom_id.name,
                        other=code.product_id.uom_id.name,
                        product=code.product_id.display_name,
                    )
                )
            if code.company_id.sudo().chart_template and not code.income_account_id:
                raise ValidationError(
                    self.env._(
                        "Task code %(code)s: “%(product)s” has no income account. Set one on the product or its "
                        "category, so that the revenue has a place to go.",
                        code=code.code,
                        product=code.product_id.display_name,
                    )
                )

    def _task_values(self):
        """What a task takes from its code."""
        return {"product_id": self.product_id.id, "name": self.name, "trade_id": self.trade_id.id}


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    code_id = fields.Many2one(
        "work.order.task.code",
        string="Task Code",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The standard task: fills in product, name, unit and trade.",
    )

    @api.onchange("code_id")
    def _onchange_code_id(self):
        if self.code_id:
            self.update({name: value for name, value in self.code_id._task_values().items() if value})

    @api.depends("code_id.uom_id")
    def _compute_product_uom_id(self):
        result = super()._compute_product_uom_id()
        for task in self:
            if task.code_id and not task.sudo().sale_line_id:
                task.product_uom_id = task.code_id.uom_id
        return result

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("code_id"):
                standard = self.env["work.order.task.code"].browse(vals["code_id"])._task_values()
                vals.update({name: value for name, value in standard.items() if not vals.get(name)})
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("code_id"):
            standard = self.env["work.order.task.code"].browse(vals["code_id"])._task_values()
            vals = {name: standard[name] for name in ("product_id", "trade_id") if standard[name]} | vals
        return super().write(vals)

    @api.constrains("code_id", "product_id", "sale_line_id")
    def _check_code(self):
        for task in self.filtered("code_id"):
            product = task.code_id.product_id
            sold = task.sudo().sale_line_id.product_id or product
            if task.product_id != product or sold != product:
                raise ValidationError(
                    self.env._(
                        "Task “%(task)s”: code %(code)s stands for “%(product)s”, but the task is about “%(other)s”.",
                        task=task.name,
                        code=task.code_id.code,
                        product=product.display_name,
                        other=(sold if sold != product else task.product_id).display_name or self.env._("nothing"),
                    )
                )
