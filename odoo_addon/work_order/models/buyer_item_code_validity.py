"""A buyer has one code for one thing on one day."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date


class BuyerItemCode(models.Model):
    _inherit = "buyer.item.code"

    #: Of two people who add codes at once, one gets this; everybody else the sentence of `_check_overlap`.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(partner_id, partner_id, '[]') WITH &&, "
        "int4range(company_id, company_id, '[]') WITH &&, "
        "int4range(COALESCE(product_tmpl_id, 0), COALESCE(product_tmpl_id, 0), '[]') WITH &&, "
        "int4range(COALESCE(product_id, 0), COALESCE(product_id, 0), '[]') WITH &&, "
        "int4range(COALESCE(task_code_id, 0), COALESCE(task_code_id, 0), '[]') WITH &&, "
        "daterange(valid_from, valid_to, '[]') WITH &&) WHERE (active) DEFERRABLE INITIALLY DEFERRED",
        "This buyer has a code for that product or task code in that time already.",
    )

    @api.constrains(
        "partner_id", "company_id", "product_tmpl_id", "product_id", "task_code_id", "valid_from", "valid_to", "active"
    )
    def _check_overlap(self):
        """No two codes of one buyer for the same thing on the same day; the other one is named."""
        pairs = self._overlapping()
        if pairs:
            raise ValidationError("\n".join(one._overlap_text(other) for one, other in pairs))
        # asked now, as a refusal at the end of a transaction explains nothing
        self.env.cr.execute(
            "SET CONSTRAINTS buyer_item_code_no_overlap IMMEDIATE; SET CONSTRAINTS buyer_item_code_no_overlap DEFERRED"
        )

    def _overlapping(self):
        """Pairs of one of these codes and another that holds for the same thing at the same time; one query."""
        if not self.ids:
            return []
        self.flush_model()
        query = SQL(
            """SELECT one.id, other.id
                 FROM buyer_item_code one
                 JOIN buyer_item_code other
                   ON other.partner_id = one.partner_id AND other.company_id = one.company_id
                  AND other.product_tmpl_id IS NOT DISTINCT FROM one.product_tmpl_id
                  AND other.product_id IS NOT DISTINCT FROM one.product_id
                  AND other.task_code_id IS NOT DISTINCT FROM one.task_code_id
                  AND other.active AND other.id <> one.id
                  AND daterange(other.valid_from, other.valid_to, '[]') && daterange(one.valid_from, one.valid_to, '[]')
                WHERE one.id IN %s AND one.active
             ORDER BY one.id, other.id
                LIMIT 20""",
            tuple(self.ids),
        )
        rows = self.env.execute_query(query)
        return [(self.browse(one), self.browse(other)) for one, other in rows if one > other or other not in self.ids]

    def _overlap_text(self, other):
        return self.env._(
            "%(buyer)s: code “%(code)s” for %(thing)s overlaps code “%(other)s”, which is valid %(when)s. End one "
            "before the other begins.",
            buyer=self.partner_id.name,
            code=self.code,
            thing=self._thing().display_name,
            other=other.code,
            when=other._validity_text(),
        )

    def _validity_text(self):
        start, end = format_date(self.env, self.valid_from), format_date(self.env, self.valid_to)
        if start and end:
            return self.env._("from %(start)s to %(end)s", start=start, end=end)
        if start:
            return self.env._("from %s on", start)
        return self.env._("until %s", end) if end else self.env._("without end")
