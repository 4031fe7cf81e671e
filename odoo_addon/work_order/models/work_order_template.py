"""Templates: the tasks, checks, texts and proof of a common scope."""

from odoo import api, fields, models
from odoo.tools import is_html_empty

#: Texts a work order takes from its template where it has none of its own.
TEXT_FIELDS = ("scope", "exclusions", "safety_notes", "instructions")
#: Rules of the commercial record, where the sales order leaves them open.
RULE_FIELDS = ("tax_rule", "freight_rule")


class WorkOrderTemplate(models.Model):
    """A common scope, ready to become work orders."""

    _name = "work.order.template"
    _description = "Work Order Template"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="How it is called in the library.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Leave empty if every company may use it.")
    type_id = fields.Many2one(
        "work.order.type",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["work.order"]._default_type(),
    )
    title = fields.Char(help="Title of its work orders; the name of the template if empty.")
    scope = fields.Html(help="What is to be done.")
    exclusions = fields.Text(help="What is not part of the work.")
    safety_notes = fields.Text(help="What may harm the crew, and what to wear, lock and test before they begin.")
    instructions = fields.Html(string="Special Instructions")
    tax_rule = fields.Selection([("as_ordered", "As on the sales order"), ("exempt", "Exempt")])
    freight_rule = fields.Selection(
        [
            ("not_allowed", "Not allowed"),
            ("included", "Included in the price"),
            ("as_ordered", "As on the sales order"),
        ]
    )
    signature_required = fields.Boolean(help="Completion is refused without a drawn signature.")
    photos_required = fields.Integer(help="How many photos must be attached before completion.")
    readings_required = fields.Boolean(help="Completion is refused until every meter of the asset was read.")
    task_ids = fields.One2many("work.order.template.task", "template_id", string="Tasks", copy=True)
    check_ids = fields.One2many("work.order.template.check", "template_id", string="Checklist", copy=True)

    _name_unique = models.UniqueIndex("(name, COALESCE(company_id, 0))", "A template with this name exists already.")
    _photos_not_negative = models.Constraint(
        "CHECK(photos_required >= 0)", "The number of photos required cannot be negative."
    )

    def _ticket_values(self):
        """Values for ``work.order.create``; tasks and checks follow by themselves, from ``template_id``."""
        self.ensure_one()
        values = {"template_id": self.id, "type_id": self.type_id.id, "title": self.title or self.name}
        values |= {name: self[name] for name in TEXT_FIELDS if not is_html_empty(self[name])}
        values |= {name: self[name] for name in RULE_FIELDS if self[name]}
        return values

    def _apply_to(self, tickets):
        """Make these work orders follow this template: what is missing is added, what was done stays as it is."""
        self.ensure_one()
        followers = tickets.filtered(lambda ticket: ticket.template_id == self)
        (tickets - followers).write({"template_id": self.id})
        followers._take_template()

    def action_new_work_order(self):
        """An empty form with this template filled in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Work Order"),
            "res_model": "work.order",
            "view_mode": "form",
            "context": {"default_template_id": self.id},
        }


class WorkOrderTemplateTask(models.Model):
    _name = "work.order.template.task"
    _description = "Work Order Template Task"
    _order = "template_id, sequence, id"
    _check_company_auto = True

    template_id = fields.Many2one("work.order.template", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="template_id.company_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one("product.product", ondelete="restrict", check_company=True)
    name = fields.Char(required=True, compute="_compute_name", store=True, readonly=False, precompute=True)
    quantity = fields.Float(digits="Product Unit", default=1.0)
    billing_type = fields.Selection(selection="_selection_billing_type", required=True, default="fixed")
    included = fields.Boolean(
        string="Included in the Price",
        default=True,
        help="Paid for with another task: needs no line of the sales order and is never invoiced itself. Does not "
        "matter for the task with the product that was sold.",
    )

    _quantity_not_negative = models.Constraint("CHECK(quantity >= 0)", "The quantity of a task cannot be negative.")

    @api.model
    def _selection_billing_type(self):
        return self.env["work.order.task"]._fields["billing_type"]._description_selection(self.env)

    @api.depends("product_id")
    def _compute_name(self):
        for task in self:
            task.name = task.name or task.product_id.display_name

    def _line_values(self):
        self.ensure_one()
        return {
            "template_task_id": self.id,
            "sequence": self.sequence,
            "product_id": self.product_id.id,
            "name": self.name,
            "quantity": self.quantity,
            "billing_type": self.billing_type,
            "included": self.included,
        }


class WorkOrderTemplateCheck(models.Model):
    _name = "work.order.template.check"
    _description = "Work Order Template Check"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one("work.order.template", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="template_id.company_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Check", required=True)
    required = fields.Boolean(default=True, help="Completion is refused until this is checked.")

    def _line_values(self):
        self.ensure_one()
        return {
            "template_check_id": self.id,
            "sequence": self.sequence,
            "name": self.name,
            "required": self.required,
        }
