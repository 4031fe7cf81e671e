"""Which work orders share an invoice: as the buyer wants it, and only where everything that holds for all agrees."""

from collections import Counter

from odoo import fields, models

from .buyer_purchase_order import po_key
from .work_order_flow import Reason


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _invoice_bundles(self):
        """Recordsets of work orders that share one invoice; two queries for any number, none without profiles."""
        return [tickets for parts in self._invoice_groups().values() for tickets in parts.values()]

    def _invoice_groups(self):
        """{what the buyer wants on one invoice: {what has to agree on one: work orders}}, in the order of numbers."""
        profile_of = self.env["buyer.profile"]._profiles_of(self)
        groups = {}
        for ticket in self.sudo().sorted("id"):
            key = ticket._grouping_key(profile_of.get(ticket.id))
            common = ticket._common_terms() if key[0] != "work_order" else ()
            parts = groups.setdefault(key, {})
            parts[common] = parts.get(common, self.browse()) | self.browse(ticket.id)
        return groups

    def _grouping_key(self, profile):
        if not profile or profile.one_invoice_per_work_order or profile.grouping == "work_order":
            return ("work_order", self.id)
        numbers = self._po_numbers()
        by = {
            "po": lambda: numbers,
            "site": lambda: self.site_id.id,
            "week": lambda: tuple(self._billing_day().isocalendar()[:2]),
            "month": lambda: (self._billing_day().year, self._billing_day().month),
        }[profile.grouping]()
        if not by:  # no PO, no site: nothing to be put together by
            return ("work_order", self.id)
        return (profile.grouping, profile.id, by, numbers if profile.one_po_per_invoice else ())

    def _po_numbers(self):
        """The buyer's POs of what is done here, as they compare."""
        tasks = self.task_ids.filtered(lambda task: task.state != "cancelled" and task.sale_line_id)
        return tuple(sorted({po_key(task.buyer_po) for task in tasks if task.buyer_po}))

    def _billing_day(self):
        return self.completed_on or fields.Date.context_today(self)

    def _common_terms(self):
        """Pairs of what an invoice has only once and what it would be here; compared, and told where it differs."""
        order = self.sale_order_id
        return (
            ("partner_invoice_id", order.partner_invoice_id),
            ("currency_id", order.currency_id),
            ("payment_term_id", self._invoice_terms()),
            ("fiscal_position_id", order.fiscal_position_id),
            ("tax_rule", order.tax_rule),
            ("freight_rule", order.freight_rule),
            ("journal_id", order.journal_id),
        )

    def _create_invoices(self, together=False):
        """One invoice for each bundle; those that could not be put together say why, in their own history."""
        if together:
            return super()._create_invoices(together=together)
        groups = self._invoice_groups()
        bundles = [tickets for parts in groups.values() for tickets in parts.values()]
        if all(len(bundle) == 1 for bundle in bundles):
            moves = super()._create_invoices()
        else:
            moves = self.env["account.move"]
            for wave in self._waves(bundles):
                moves |= self._invoice_wave(wave)
            self._refuse_refunds(moves)
        self._tell_apart(moves, groups)
        return moves

    def _waves(self, bundles):
        """Bundles that can be invoiced in one call: no sales order is in two bundles of a wave."""
        waves = []
        for bundle in bundles:
            orders = set(bundle.sale_order_id.ids)
            wave = next((wave for wave in waves if wave["orders"].isdisjoint(orders)), None)
            if not wave:
                wave = {"orders": set(), "bundles": []}
                waves.append(wave)
            wave["orders"] |= orders
            wave["bundles"].append(bundle)
        return [wave["bundles"] for wave in waves]

    def _invoice_wave(self, bundles):
        tickets = bundles[0].union(*bundles)
        place = {order.id: number for number, bundle in enumerate(bundles) for order in bundle.sale_order_id}
        scattered = [
            number for number, bundle in enumerate(bundles) if len(bundle.sale_order_id.partner_shipping_id) > 1
        ]
        orders = tickets.sale_order_id.with_context(
            work_order_ids=tickets.ids, work_order_bundles=place, work_order_scattered=scattered
        )
        return orders._create_invoices(grouped=False, final=True)

    def _tell_apart(self, moves, groups):
        """Say on invoices that the buyer would have had on one why they are several."""
        for parts in groups.values():
            if len(parts) == 1:
                continue
            tickets = self.browse().union(*parts.values())
            text = self.env._(
                "This buyer wants these work orders on one invoice, but they differ in %(fields)s: %(orders)s.",
                fields=", ".join(self._differing_labels(list(parts))),
                orders=", ".join(sorted(tickets.sudo().mapped("name"))),
            )
            for move in moves.filtered(lambda move, tickets=tickets: move._work_orders() & tickets.sudo()):
                move.message_post(body=text)

    def _differing_labels(self, commons):
        order = self.env["sale.order"]
        seen = Counter(name for pairs in zip(*commons, strict=True) for name in {pairs[0][0]} if len(set(pairs)) > 1)
        return [order._fields[name].get_description(self.env)["string"] for name in seen]

    def _kept_apart(self):
        """Sentences about work orders here that the buyer wants on one invoice and that cannot be."""
        return [
            self.env._(
                "%(orders)s: not on one invoice, as they differ in %(fields)s.",
                orders=", ".join(tickets.sudo().mapped("name")),
                fields=", ".join(self._differing_labels(list(parts))),
            )
            for parts in self._invoice_groups().values()
            if len(parts) > 1
            for tickets in [self.browse().union(*parts.values())]
        ]

    def action_create_invoices(self):
        apart = self._kept_apart() if len(self) > 1 else []
        action = super().action_create_invoices()
        if not apart:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Kept apart"),
                "message": " ".join(apart),
                "next": action,
            },
        }


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_invoice_grouping_keys(self):
        return (
            ["work_order_bundle"] if "work_order_bundles" in self.env.context else super()._get_invoice_grouping_keys()
        )

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        place = self.env.context.get("work_order_bundles", {}).get(self.id)
        if place is None:
            return values
        if place in self.env.context.get("work_order_scattered", ()):  # each line names its site; the header cannot
            values["partner_shipping_id"] = values["partner_id"]
        return {**values, "work_order_bundle": place}

    def _create_account_invoices(self, invoice_vals_list, final):
        for values in invoice_vals_list:
            if values.pop("work_order_bundle", None) is not None and values.get("invoice_origin"):
                values["invoice_origin"] = ", ".join(sorted(values["invoice_origin"].split(", ")))
                values["ref"] = ", ".join(sorted(filter(None, (values.get("ref") or "").split(", "))))
        return super()._create_account_invoices(invoice_vals_list, final)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _reasons_by_move(self):
        """Also: what is on one invoice agrees in what an invoice has only once, whoever put it together."""
        reasons = super()._reasons_by_move()
        tickets = self._work_orders()
        if self.move_type != "out_invoice" or len(tickets) < 2 or self.state == "posted":
            return reasons
        if len(tickets.sale_order_id) > 1:
            differing = self.env["work.order"]._differing_labels(
                list({ticket._common_terms(): ticket for ticket in tickets})
            )
            if differing:
                text = self.env._(
                    "%(orders)s cannot be on one invoice: they differ in %(fields)s.",
                    orders=", ".join(tickets.mapped("name")),
                    fields=", ".join(differing),
                )
                reasons.append(Reason("invoice_line_ids", text))
        profile_of = self.env["buyer.profile"]._profiles_of(tickets)
        if any(profile and profile.one_invoice_per_work_order for profile in profile_of.values()):
            text = self.env._(
                "this buyer wants an invoice per work order, not one for %s.", ", ".join(tickets.mapped("name"))
            )
            reasons.append(Reason("invoice_line_ids", text))
        return reasons
