from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

CONNECTOR_GROUP = "work_order_transmission.group_connector"


class WorkOrderDestination(models.Model):
    """An accounting system (or another receiver) that gets a copy of every work-order invoice."""

    _name = "work.order.destination"
    _description = "Invoice Destination"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    code = fields.Char(required=True, copy=False, help="How the bridge calls this destination, for example: qbo")
    kind = fields.Selection([("quickbooks", "QuickBooks Online")], required=True, default="quickbooks")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    state = fields.Selection(
        [("draft", "Not active"), ("active", "Active"), ("paused", "Paused")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    pause_reason = fields.Char(readonly=True, copy=False)
    realm = fields.Char(
        string="QuickBooks Company ID", copy=False, help="The realm: shown in QuickBooks under Account and settings."
    )
    activated_database = fields.Char(
        readonly=True, copy=False, help="Invoices are handed out in this database only, never in a copy of it."
    )
    all_invoices = fields.Boolean(
        string="Send All Invoices",
        help="Also send customer invoices that do not come from a work order. A credit note goes where its invoice "
        "went.",
    )
    create_missing_customers = fields.Boolean(
        default=True,
        help="A customer without a row in the customer table is looked up by name in QuickBooks, and created there if "
        "it does not exist. Switch off to have such invoices wait for a row instead.",
    )
    create_missing_items = fields.Boolean(
        help="A product without a row in the item table becomes a service or a non-inventory item in QuickBooks, "
        "before the first invoice that needs it. Switched off, such invoices wait for a row.",
    )
    income_account = fields.Char(
        help="Where items that are made post what they earn: the id, the number or the name of an income account in "
        "QuickBooks.",
    )
    untaxed_tax_code = fields.Char(
        string="Tax Code for Untaxed Lines",
        help="Outside the US only: the id of the QuickBooks tax code that lines without a tax in Odoo get. Without it, "
        "invoices with taxed and untaxed lines are refused.",
    )
    payment_journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash', 'credit'))]",
        ondelete="restrict",
        help="Payments received in QuickBooks are registered in this journal.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Gets an activity when an invoice could not be delivered.",
    )
    payments_read_until = fields.Datetime(readonly=True, copy=False, help="Payments up to here are in Odoo already.")
    tables_changed_at = fields.Datetime(readonly=True, copy=False, help="When a person last edited a mapping table.")
    transmission_ids = fields.One2many("work.order.transmission", "destination_id")
    transmission_count = fields.Integer(compute="_compute_transmission_counts", string="Invoices")
    trouble_count = fields.Integer(compute="_compute_transmission_counts", string="Need Attention")
    customer_map_count = fields.Integer(compute="_compute_map_counts", string="Customers")
    item_map_count = fields.Integer(compute="_compute_map_counts", string="Items")
    tax_map_count = fields.Integer(compute="_compute_map_counts", string="Tax Codes")
    term_map_count = fields.Integer(compute="_compute_map_counts", string="Terms")
    class_map_count = fields.Integer(compute="_compute_map_counts", string="Classes")
    location_map_count = fields.Integer(compute="_compute_map_counts", string="Locations")

    _code_unique = models.Constraint("UNIQUE(code)", "Another destination has this code already.")

    @api.constrains("company_id", "code", "kind", "realm")
    def _check_target(self):
        """An active QuickBooks destination names its company."""
        for destination in self:
            if destination.state == "active" and destination.kind == "quickbooks" and not destination.realm:
                raise ValidationError(self.env._("QuickBooks Company ID is missing on %s.", destination.name))

    @api.constrains("create_missing_items", "income_account")
    def _check_income_account(self):
        """Without an account nobody could say where a new item's income goes."""
        for destination in self:
            if destination.create_missing_items and not (destination.income_account or "").strip():
                raise ValidationError(
                    self.env._("Income Account is missing on %s; new items need one.", destination.name)
                )

    def write(self, vals):
        """Keys and external ids belong to one company there; turning a used destination would mix two ledgers."""
        fixed = {"company_id", "kind", "realm"} & vals.keys()
        changed = self.filtered(
            lambda destination: any(
                destination[name] and self._fields[name].convert_to_write(destination[name], destination) != vals[name]
                for name in fixed
            )
        )
        if changed and self.env["work.order.transmission"].sudo().search_count(
            [("destination_id", "in", changed.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "%s has invoices already, so its company, kind and QuickBooks Company ID cannot change. "
                    "Pause it and create another destination.",
                    ", ".join(changed.mapped("name")),
                )
            )
        return super().write(vals)

    def _compute_transmission_counts(self):
        groups = self.env["work.order.transmission"]._read_group(
            [("destination_id", "in", self.ids)], ["destination_id", "state"], ["__count"]
        )
        trouble = self.env["work.order.transmission"]._trouble_states()
        for destination in self:
            counts = {state: count for owner, state, count in groups if owner == destination}
            destination.transmission_count = sum(counts.values())
            destination.trouble_count = sum(counts.get(state, 0) for state in trouble)

    def _compute_map_counts(self):
        for table in ("customer", "item", "tax", "term", "class", "location"):
            groups = self.env[f"quickbooks.{table}.map"]._read_group(
                [("destination_id", "in", self.ids)], ["destination_id"], ["__count"]
            )
            counts = {destination.id: count for destination, count in groups}
            for destination in self:
                destination[f"{table}_map_count"] = counts.get(destination.id, 0)

    def action_activate(self):
        """Start queueing invoices, and let the bridge of this database fetch them."""
        for destination in self:
            if destination.kind == "quickbooks" and not destination.realm:
                raise UserError(self.env._("Fill in QuickBooks Company ID on %s first.", destination.name))
        self.write({"state": "active", "pause_reason": False, "activated_database": self._database_identity()})
        for realm in {destination.realm for destination in self if destination.realm}:
            self.env["work.order.call.lane"].sudo()._ensure(realm)

    def action_pause(self):
        """Keep queueing invoices, but hand out none."""
        self._pause(self.env._("Paused by %s.", self.env.user.name))

    def action_resume(self):
        for destination in self:
            if destination.state != "paused":
                raise UserError(self.env._("%s is not paused.", destination.name))
            destination._check_database()
        self.write({"state": "active", "pause_reason": False})

    def action_open_transmissions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("work_order_transmission.action_work_order_transmission")
        context = {"search_default_attention": 1} if self.env.context.get("attention") else {}
        return dict(action, domain=[("destination_id", "=", self.id)], context=context)

    def action_open_table(self):
        """One of the mapping tables; the button's context names it."""
        self.ensure_one()
        table = self.env.context.get("table")
        action = self.env["ir.actions.act_window"]._for_xml_id(f"work_order_transmission.action_quickbooks_{table}_map")
        return dict(
            action,
            domain=[("destination_id", "=", self.id)],
            context={"default_destination_id": self.id},
        )

    def _stamp_tables(self):
        """Remember that a mapping table changed now, to the microsecond; the ORM's own clock knows seconds only."""
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE work_order_destination SET tables_changed_at = clock_timestamp() AT TIME ZONE 'UTC' "
                "WHERE id = ANY(%s) RETURNING id",
                self.ids,
            )
        )
        self.invalidate_recordset(["tables_changed_at"], flush=False)

    def _wait_for_table_edits(self):
        """Make this transaction collide with any that edits a mapping table meanwhile; Odoo repeats the later one.

        Else a row could be blocked for want of a mapping row that nobody would ever wake it for again.
        """
        self.flush_recordset()
        self.env.execute_query(
            SQL("UPDATE work_order_destination SET state = state WHERE id = ANY(%s) RETURNING id", self.ids)
        )

    def _pause(self, reason):
        self.write({"state": "paused", "pause_reason": reason})

    @api.model
    def _database_identity(self):
        """What tells this database from a copy: uuid (new in a copy Odoo makes) and name (new in any other copy)."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"{uuid} {self.env.cr.dbname}"

    def _check_database(self):
        """
        :raises UserError: if this destination was not activated in this very database
        """
        self.ensure_one()
        if not self.activated_database:
            raise UserError(
                self.env._("%s is not activated in this database. Press Activate on the destination.", self.name)
            )
        if self.activated_database != self._database_identity():
            raise UserError(
                self.env._(
                    "%s was activated in another database; this looks like a copy, and a copy must not bill anyone. "
                    "Only if this database is now the real one: press Activate on the destination.",
                    self.name,
                )
            )

    @api.model
    def _open_for_bridge(self, code, active=False):
        """The destination the bridge asks for, with the rights the bridge itself does not have.

        :param bool active: also refuse unless the destination may hand out invoices here and now
        :raises AccessError: if the caller is not a member of the connector group
        :raises UserError: with one sentence, if there is no such destination, or it may not be used
        """
        self._check_connector()
        destination = self.sudo().search([("code", "=", code), ("company_id", "in", self.env.user.company_ids.ids)])
        if not destination:
            raise UserError(self.env._("There is no destination with the code “%s” in your companies.", code))
        if active:
            destination._check_active()
        return destination.with_company(destination.company_id)

    @api.model
    def _check_connector(self):
        if not (self.env.su or self.env.user.has_group(CONNECTOR_GROUP)):
            raise AccessError(
                self.env._("Only the bridge's user may do this: add the user to the group “Workorder Bridge”.")
            )

    def _check_active(self):
        self.ensure_one()
        if self.state == "draft":
            raise UserError(self.env._("%s is not active. Press Activate on the destination.", self.name))
        if self.state == "paused":
            raise UserError(
                self.env._("%(name)s is paused: %(reason)s", name=self.name, reason=self.pause_reason or "")
            )
        self._check_database()
