"""Outstanding costs not yet captured: what was ordered or done for a work order and has not reached its job cost."""

from collections import namedtuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, float_repr

from ..plain_number import plain

#: ``rows``: SELECT with a column ``ticket``; ``sentence``: from one of its rows, as a dict, to a text.
Outstanding = namedtuple("Outstanding", ["rows", "sentence"])
#: Who may know what work costs.
COST_READERS = "work_order.group_dispatcher,work_order.group_billing,account.group_account_readonly"


class WorkOrder(models.Model):
    _inherit = "work.order"

    outstanding_costs = fields.Text(
        compute="_compute_outstanding_costs",
        compute_sudo=True,
        groups=COST_READERS,
        help="What was ordered or done for this work order and has not reached its cost yet.",
    )
    has_outstanding_costs = fields.Boolean(
        compute="_compute_outstanding_costs",
        search="_search_has_outstanding_costs",
        compute_sudo=True,
        groups=COST_READERS,
    )

    @api.model
    def _outstanding_sources(self):
        """One :class:`Outstanding` per place where costs wait; a concern adds its own after ``super()``."""
        return [self._outstanding_receipts(), self._outstanding_bills(), self._outstanding_parts()]

    @api.depends("purchase_order_ids")
    def _compute_outstanding_costs(self):
        sentences = {}
        if self.ids:
            for source in self._outstanding_sources():
                query = SQL("SELECT * FROM (%s) AS waiting WHERE ticket IN %s", source.rows, tuple(self.ids))
                self.env.cr.execute(query)
                for row in self.env.cr.dictfetchall():
                    sentences.setdefault(row["ticket"], []).append(source.sentence(row))
        for order in self:
            order.outstanding_costs = "\n".join(sentences.get(order._origin.id, [])) or False
            order.has_outstanding_costs = bool(order.outstanding_costs)

    @api.model
    def _search_has_outstanding_costs(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["has_outstanding_costs"], "read")  # Odoo asks of stored fields only
        waiting = Domain.OR(
            Domain("id", "in", SQL("(SELECT ticket FROM (%s) AS waiting)", source.rows))
            for source in self.sudo()._outstanding_sources()
        )
        return Domain.OR(waiting if each else ~waiting for each in value)

    @api.model
    def _purchase_lines(self, columns, condition):
        """SELECT of the confirmed purchase lines of work orders, one row per purchase order."""
        for model in ("purchase.order", "purchase.order.line"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT bought.work_order_id AS ticket, bought.name AS document, %s
              FROM purchase_order AS bought
              JOIN purchase_order_line AS line ON line.order_id = bought.id
             WHERE bought.work_order_id IS NOT NULL AND bought.state IN ('purchase', 'done')
               AND line.display_type IS NULL AND %s
             GROUP BY bought.id
            """,
            columns,
            condition,
        )

    @api.model
    def _outstanding_receipts(self):
        rows = self._purchase_lines(SQL("COUNT(*) AS number"), SQL("COALESCE(line.qty_received, 0) < line.product_qty"))
        return Outstanding(
            rows,
            lambda row: self.env._(
                "Purchase order %(document)s: lines not received: %(number)d.",
                document=row["document"],
                number=row["number"],
            ),
        )

    @api.model
    def _outstanding_bills(self):
        rows = self._purchase_lines(
            SQL(
                "bought.currency_id AS currency,"
                " SUM((line.product_qty - COALESCE(line.qty_invoiced, 0)) * line.price_subtotal / line.product_qty)"
                " AS amount"
            ),
            SQL("COALESCE(line.qty_invoiced, 0) < line.product_qty"),
        )

        def sentence(row):
            currency = self.env["res.currency"].browse(row["currency"])
            return self.env._(
                "Purchase order %(document)s: %(amount)s %(currency)s not billed.",
                document=row["document"],
                amount=float_repr(row["amount"], currency.decimal_places),
                currency=currency.name,
            )

        return Outstanding(rows, sentence)

    @api.model
    def _outstanding_parts(self):
        """Goods bought for a work order of which less was posted as used; both in the unit of the product."""
        for model in ("purchase.order", "purchase.order.line", "work.order.part"):
            self.env[model].flush_model()
        rows = SQL(
            """
            SELECT ordered.ticket, ordered.product, ordered.quantity, COALESCE(posted.quantity, 0) AS posted
              FROM (SELECT bought.work_order_id AS ticket, line.product_id AS product,
                           SUM(line.product_uom_qty) AS quantity
                      FROM purchase_order AS bought
                      JOIN purchase_order_line AS line ON line.order_id = bought.id
                      JOIN product_product AS product ON product.id = line.product_id
                      JOIN product_template AS template ON template.id = product.product_tmpl_id
                     WHERE bought.work_order_id IS NOT NULL AND bought.state IN ('purchase', 'done')
                       AND template.type = 'consu'
                     GROUP BY bought.work_order_id, line.product_id) AS ordered
              LEFT JOIN LATERAL (
                    SELECT SUM(part.quantity * used.factor / stocked.factor) AS quantity
                      FROM work_order_part AS part
                      JOIN uom_uom AS used ON used.id = part.product_uom_id
                      JOIN product_product AS product ON product.id = part.product_id
                      JOIN product_template AS template ON template.id = product.product_tmpl_id
                      JOIN uom_uom AS stocked ON stocked.id = template.uom_id
                     WHERE part.work_order_id = ordered.ticket AND part.product_id = ordered.product
                   ) AS posted ON TRUE
             WHERE ordered.quantity - COALESCE(posted.quantity, 0) > 0.000001
            """
        )

        def sentence(row):
            product = self.env["product.product"].browse(row["product"])
            return self.env._(
                "%(product)s: %(ordered)s %(unit)s ordered, %(posted)s posted.",
                product=product.display_name,
                ordered=plain(row["quantity"]),
                posted=plain(row["posted"]),
                unit=product.uom_id.name,
            )

        return Outstanding(rows, sentence)
