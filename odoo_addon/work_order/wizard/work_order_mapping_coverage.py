"""Coverage of the buyers' tables: which open work orders will fail to map, and the rows to add."""

from odoo import api, fields, models

#: Tasks of work orders in these states will be billed, and are not yet.
OPEN_STATES = ("draft", "ready", "dispatched", "in_progress", "on_hold", "done")
#: The model a row of a table is kept in.
ROW_MODELS = {
    "item_codes": "buyer.item.code",
    "purchase_orders": "buyer.purchase.order",
    "cost_centers": "buyer.cost.center",
    "units": "buyer.unit.code",
}
EXAMPLES = 3


class WorkOrderMappingCoverage(models.TransientModel):
    """One row that is missing in a table, with the open work orders that need it; read anew whenever it is shown."""

    _name = "work.order.mapping.coverage"
    _description = "Mapping Coverage"
    _rec_name = "key"
    _order = "table, state, partner_id, key, id"

    table = fields.Selection(
        [
            ("item_codes", "Item codes"),
            ("purchase_orders", "Purchase orders"),
            ("cost_centers", "Cost centres"),
            ("units", "Units"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [("add", "Row is missing"), ("fill", "To be filled in"), ("choose", "To be chosen")],
        string="What to Do",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Buyer", required=True, readonly=True)
    key = fields.Char(string="For", required=True, readonly=True)
    message = fields.Text(readonly=True)
    defaults = fields.Json(readonly=True)
    ticket_ids = fields.Many2many("work.order", string="Work Orders", readonly=True)
    ticket_count = fields.Integer(string="Open Work Orders", readonly=True)
    examples = fields.Char(readonly=True)

    @api.model
    def report(self):
        """Every missing row as a dict, for scripts; the same rows as on the screen."""
        self.browse().check_access("read")
        rows = [self._reported(gap, tasks.work_order_id) for gap, tasks in self._gaps().values()]
        return sorted(rows, key=lambda row: (row["table"], row["state"], row["row"]))

    @api.model
    def _reported(self, gap, tickets):
        names = tickets.mapped("name")
        return {
            "table": gap.table,
            "state": gap.state,
            "company": gap.company.name,
            "buyer": gap.buyer.name,
            "key": gap.key,
            "row": f"{gap.buyer.name}: {gap.key}",
            "needed_by": self._needed_by(names),
            "tickets": names,
            "message": self.env._(
                "%(message)s Needed by %(tickets)s.", message=gap.message, tickets=self._needed_by(names)
            ),
        }

    @api.model
    def _needed_by(self, names):
        named = ", ".join(names[:EXAMPLES])
        return (
            named
            if len(names) <= EXAMPLES
            else self.env._("%(names)s and %(more)d more", names=named, more=len(names) - EXAMPLES)
        )

    @api.model
    def _gaps(self):
        """What is missing for the open work that this user may read."""
        tickets = self.env["work.order"].search(
            [
                ("company_id", "in", self.env.companies.ids),
                ("company_id.keeps_buyer_register", "=", True),
                ("state", "in", OPEN_STATES),
                ("type_id.billable", "=", True),
            ],
            order="id",
        )
        return self.env["buyer.mapping"]._gaps(tickets.task_ids)

    @api.model
    def _refresh(self):
        """Let this user's rows say what is missing now; a row that is still missing keeps its id."""
        self.browse().check_access("read")
        rows = self.sudo().search([("create_uid", "=", self.env.uid)])
        known = {(row.table, row.state, row.company_id, row.partner_id, row.key): row for row in rows}
        new, gaps = [], self._gaps()
        for key, (gap, tasks) in gaps.items():
            values = self._values_of(gap, tasks.work_order_id)
            if key in known:
                known[key].write(values)
            else:
                new.append({"table": gap.table, "state": gap.state, "key": gap.key, **values})
        rows.browse(row.id for key, row in known.items() if key not in gaps).unlink()
        self.sudo().create(new)

    @api.model
    def _values_of(self, gap, tickets):
        return {
            "company_id": gap.company.id,
            "partner_id": gap.buyer.id,
            "message": gap.message,
            "defaults": gap.defaults,
            "ticket_ids": [fields.Command.set(tickets.ids)],
            "ticket_count": len(tickets),
            "examples": self._needed_by(tickets.mapped("name")),
        }

    @api.model
    def web_search_read(self, *args, **kwargs):
        self._refresh()
        return super().web_search_read(*args, **kwargs)

    @api.model
    def web_read_group(self, *args, **kwargs):
        self._refresh()
        return super().web_read_group(*args, **kwargs)

    #: Odoo's own only read, and would be called with a cursor that cannot write.
    web_search_read._readonly = web_read_group._readonly = False

    def action_add_row(self):
        """The form of the missing row, with everything that is known of it."""
        self.ensure_one()
        defaults = dict(self.defaults or {})
        model = "buyer.purchase.order.line" if "purchase_order_id" in defaults else ROW_MODELS[self.table]
        fields_of = self.env[model]._fields
        return {
            "type": "ir.actions.act_window",
            "name": self.message,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in defaults.items() if name in fields_of},
        }

    def action_fill_in(self):
        return self.ticket_ids.action_fill_from_tables()

    def action_view_work_orders(self):
        self.ensure_one()
        return self.ticket_ids._action_open(self.key)
