from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: References a task takes from its work order unless it has its own.
REFERENCE_FIELDS = ("buyer_po", "buyer_po_line", "buyer_item_code", "cost_center_id")
#: What the customer confirmed; fixed with the work.
SIGN_OFF_FIELDS = {"completed_on", "signature", "signed_by", "signed_on"}
#: Kept by the steps of a work order, never by anybody's hand.
OWN_FIELDS = {"billing_revision", "completed_on", "name", "version", "version_date"}


class WorkOrder(models.Model):
    _name = "work.order"
    _description = "Work Order"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _rec_names_search = ["name", "title", "buyer_po"]

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="New", index="trigram")
    title = fields.Char(required=True, help="What is to be done, in a few words.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("ready", "Ready"),
            ("dispatched", "Dispatched"),
            ("in_progress", "In Progress"),
            ("on_hold", "On Hold"),
            ("done", "Done"),
            ("invoiced", "Invoiced"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    type_id = fields.Many2one(
        "work.order.type", required=True, ondelete="restrict", default=lambda self: self._default_type()
    )
    billable = fields.Boolean(related="type_id.billable")
    sign_off_required = fields.Boolean(related="type_id.sign_off_required")
    color = fields.Integer(related="type_id.color")
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Urgent"), ("2", "Critical"), ("3", "Life safety")], default="0"
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    can_plan = fields.Boolean(compute="_compute_can_plan", help="Whether this user may change the scope.")

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, tracking=True, ondelete="restrict", check_company=True
    )
    site_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The address where the work is done.",
    )
    user_id = fields.Many2one(
        "res.users", string="Responsible", index=True, tracking=True, default=lambda self: self.env.user
    )
    technician_ids = fields.Many2many("res.users", string="Technicians", help="They see and work on this work order.")
    scheduled_start = fields.Datetime(index=True, copy=False)
    scheduled_end = fields.Datetime(copy=False)
    instructions = fields.Html(help="What the crew must know: access, safety, special instructions.")

    buyer_po = fields.Char(
        string="Buyer PO", index="btree_not_null", tracking=True, help="The purchase order number the buyer issued."
    )
    buyer_po_line = fields.Char(string="PO Line", help="Default for the tasks of this work order.")
    buyer_item_code = fields.Char(help="The buyer's own code of the work; default for the tasks of this work order.")
    cost_center_id = fields.Many2one(
        "buyer.cost.center", string="Cost Centre", index="btree_not_null", ondelete="restrict", check_company=True
    )

    sale_order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        check_company=True,
    )
    task_ids = fields.One2many("work.order.task", "work_order_id", string="Tasks", copy=True)
    purchase_order_ids = fields.One2many(
        "purchase.order", "work_order_id", groups="purchase.group_purchase_user,work_order.group_dispatcher"
    )
    purchase_order_count = fields.Integer(
        compute="_compute_purchase_order_count",
        compute_sudo=True,
        groups="purchase.group_purchase_user,work_order.group_dispatcher",
    )
    task_count = fields.Integer(compute="_compute_task_progress")
    task_done_count = fields.Integer(compute="_compute_task_progress")
    amount_scope = fields.Monetary(
        string="Amount",
        compute="_compute_amount_scope",
        groups="work_order.group_dispatcher,work_order.group_billing",
        help="Untaxed value of the tasks: what was done where it is done, else what is planned.",
    )

    signed_by = fields.Char(copy=False, help="Who at the customer approved the completed work.")
    signed_on = fields.Datetime(copy=False)
    signature = fields.Image(copy=False, max_width=1024, max_height=1024, attachment=True)
    completed_on = fields.Date(copy=False, readonly=True, index="btree_not_null")

    _name_unique = models.Constraint("UNIQUE(name, company_id)", "A work order with this number exists already.")

    @api.model
    def _default_type(self):
        return self.env["work.order.type"].search([], limit=1)

    @api.depends("sale_order_id.currency_id", "company_id.currency_id")
    def _compute_currency_id(self):
        for order in self:
            order.currency_id = order.sudo().sale_order_id.currency_id or order.company_id.currency_id

    @api.depends_context("uid")
    def _compute_can_plan(self):
        for order in self:
            order.can_plan = order._may_plan()

    @api.depends("purchase_order_ids")
    def _compute_purchase_order_count(self):
        for order in self:
            order.purchase_order_count = len(order.purchase_order_ids)

    @api.depends("task_ids.state")
    def _compute_task_progress(self):
        for order in self:
            tasks = order.task_ids.filtered(lambda task: task.state != "cancelled")
            order.task_count = len(tasks)
            order.task_done_count = len(tasks.filtered(lambda task: task.state == "done"))

    @api.depends("task_ids.amount")
    def _compute_amount_scope(self):
        for order in self:
            order.amount_scope = sum(order.task_ids.mapped("amount"))

    @api.constrains("sale_order_id")
    def _check_sale_order(self):
        self.task_ids._check_sale_line()

    @api.constrains("partner_id", "sale_order_id")
    def _check_customer_of_order(self):
        """Work is done for whom it was sold to, or for whom pays: the buyer's PO is looked up by the customer."""
        for order in self.filtered("partner_id"):
            sale, customer = order.sudo().sale_order_id, order.partner_id.commercial_partner_id
            if not sale or customer == sale.partner_id.commercial_partner_id:
                continue
            if customer != sale.partner_invoice_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(ticket)s: %(order)s was sold to %(buyer)s, not to %(customer)s.",
                        ticket=order.name,
                        order=sale.name,
                        buyer=sale.partner_id.display_name,
                        customer=customer.display_name,
                    )
                )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id and (not self.site_id or self.site_id.commercial_partner_id != self.partner_id):
            self.site_id = self.partner_id.address_get(["delivery"])["delivery"]

    @api.model_create_multi
    def create(self, vals_list):
        numbers = {}
        for vals in vals_list:
            if vals.setdefault("state", "draft") != "draft":  # set, as a context could bring another default
                raise UserError(self.env._("A new work order starts as a draft; it cannot be created further on."))
            company_id = vals.get("company_id") or self.env.company.id
            if company_id not in numbers:
                numbers[company_id] = self._number_sequence(company_id)
            vals["name"] = numbers[company_id].next_by_id()
        return super().create(vals_list)

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        """Whoever creates a work order of their own follows it already; Odoo would ask that of each one by itself."""
        follows = followers_existing_policy == "update" and not self.env.context.get("mail_create_nosubscribe")
        if follows and updated_values.get("user_id") == self.env.uid:
            return True
        return super()._message_auto_subscribe(updated_values, followers_existing_policy)

    @api.model
    def _number_sequence(self, company_id):
        """The sequence that numbers a company's work orders: its own, else the one for all."""
        sequences = (
            self.env["ir.sequence"]
            .sudo()
            .search([("code", "=", "work.order"), ("company_id", "in", (company_id, False))], order="company_id")
        )
        if not sequences:
            raise UserError(self.env._("There is no sequence with the code “work.order” to number work orders by."))
        return sequences[0]

    def write(self, vals):
        self._check_scope_is_open(vals)
        self._check_technician_fields(vals)
        self._check_own_fields(vals)
        if vals.keys() & self._scope_fields():
            self._keep_version(vals)
        if vals.get("signed_by") and not vals.get("signed_on"):
            vals = dict(vals, signed_on=fields.Datetime.now())
        facts = {name: value for name, value in vals.items() if name != "state"}
        references = facts.keys() & set(REFERENCE_FIELDS)
        before = {order: [order[name] for name in references] for order in self} if references else {}
        if facts:  # first, as gates judge the record as it will be
            super().write(facts)
        for order, values in before.items():
            order._pass_on_references(dict(zip(references, values, strict=True)))
        if vals.get("state"):
            self.filtered(lambda order: order.state != vals["state"])._advance(vals["state"])
        return True

    def _store_state(self, values):
        """Write a state that the gates have let through; nothing else calls it."""
        return super().write(values)  # pylint: disable=super-method-mismatch

    @api.model
    def _scope_fields(self):
        """Fields that say what is to be done and for whom: a change makes a new version, and none once it is done."""
        return {
            "buyer_item_code",
            "buyer_po",
            "buyer_po_line",
            "company_id",
            "cost_center_id",
            "instructions",
            "partner_id",
            "sale_order_id",
            "site_id",
            "title",
            "type_id",
        }

    def _may_plan(self):
        user = self.env.user
        return self.env.su or any(user.has_group(f"work_order.group_{name}") for name in ("dispatcher", "billing"))

    def _pass_on_references(self, before):
        """Tasks follow their work order's references until they have one of their own."""
        for name, value in before.items():
            followers = self.task_ids.filtered(
                lambda task: not task.bucket_of_id and (not task[name] or task[name] == value)  # noqa: B023
            )
            if followers and value != self[name]:
                followers.write({name: self._fields[name].convert_to_write(self[name], self)})

    def _check_scope_is_open(self, vals):
        """Refuse a change of scope or sign-off on a work order whose work is done."""
        touched = (self._scope_fields() | SIGN_OFF_FIELDS) & vals.keys()
        fixed = self.filtered(lambda order: order.state in ("done", "invoiced", "closed"))
        if touched and fixed:
            labels = ", ".join(sorted(self._fields[name].get_description(self.env)["string"] for name in touched))
            raise UserError(
                self.env._(
                    "%(numbers)s: the work is done, so %(fields)s cannot change. Reopen the work order first.",
                    numbers=", ".join(fixed.mapped("name")),
                    fields=labels,
                )
            )

    def _check_own_fields(self, vals):
        names = OWN_FIELDS & vals.keys()
        if self.env.su or not any(order[name] != vals[name] for order in self for name in names):
            return
        labels = ", ".join(sorted(self._fields[name].get_description(self.env)["string"] for name in names))
        raise UserError(self.env._("%s of a work order follows from its steps; nobody sets it.", labels))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        kept = self.filtered(lambda order: order.state not in ("draft", "cancelled"))
        if kept:
            raise UserError(
                self.env._(
                    "Only draft or cancelled work orders can be deleted. Cancel these first: %s",
                    ", ".join(kept.mapped("name")),
                )
            )

    def _action_open(self, name=None):
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.work_order_action")
        if len(self) == 1:
            action.update(res_id=self.id, views=[(False, "form")], view_mode="form")
        else:
            action["domain"] = [("id", "in", self.ids)]
        if name:
            action["name"] = name
        return action
