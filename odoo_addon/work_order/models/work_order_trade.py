"""Trades: what a task needs and what people and subcontractors can do."""

from odoo import fields, models

from .work_order_flow import Reason


class WorkOrderTrade(models.Model):
    """A skill or trade. Who has it is kept here, so that a dispatcher needs no right to change users."""

    _name = "work.order.trade"
    _description = "Trade"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    user_ids = fields.Many2many(
        "res.users",
        "res_users_work_order_trade_rel",
        "trade_id",
        "user_id",
        string="Technicians",
        domain=[("share", "=", False)],
        help="Who has this skill or licence.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "res_partner_work_order_trade_rel",
        "trade_id",
        "partner_id",
        string="Subcontractors",
        help="Which subcontractors do this work.",
    )

    _name_unique = models.Constraint("UNIQUE(name)", "A trade with this name exists already.")


class ResUsers(models.Model):
    _inherit = "res.users"

    work_order_trade_ids = fields.Many2many(
        "work.order.trade", "res_users_work_order_trade_rel", "user_id", "trade_id", string="Trades", copy=False
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    work_order_trade_ids = fields.Many2many(
        "work.order.trade",
        "res_partner_work_order_trade_rel",
        "partner_id",
        "trade_id",
        string="Trades",
        help="What this subcontractor does.",
    )


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _gate_dispatched(self):
        return super()._gate_dispatched() + self._reasons_against_trades()

    def _reasons_against_trades(self):
        """Every open task that needs a trade needs somebody who has it: its subcontractor, else a technician."""
        tasks = self.task_ids.filtered(lambda task: task.trade_id and task.state == "todo")
        if not tasks:
            return []
        skills = self.sudo().technician_ids.work_order_trade_ids
        return [task._reason_against_trade() for task in tasks if task.trade_id not in task._skills_of_doer(skills)]


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    trade_id = fields.Many2one(
        "work.order.trade",
        index="btree_not_null",
        ondelete="restrict",
        help="The skill or trade somebody needs for this task; dispatch refuses to send people who lack it.",
    )

    def _skills_of_doer(self, skills):
        """The trades of who will do it: the subcontractor's if there is one, else ``skills`` of our people."""
        doer = self.sudo().subcontractor_id
        return (doer | doer.commercial_partner_id).work_order_trade_ids if doer else skills

    def _reason_against_trade(self):
        trade, task = self.trade_id.name, self.name
        if self.subcontractor_id:
            text = self.env._(
                "Technicians: task “%(task)s” needs trade “%(trade)s”, which %(who)s is not known for.",
                task=task,
                trade=trade,
                who=self.sudo().subcontractor_id.display_name,
            )
        else:
            text = self.env._(
                "Technicians: task “%(task)s” needs trade “%(trade)s”, which none of those assigned has.",
                task=task,
                trade=trade,
            )
        return Reason("technician_ids", text)
