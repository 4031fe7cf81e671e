import logging
import os
import random
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from .test_retention import RetentionCase

_logger = logging.getLogger(__name__)

#: Two, none and three decimals.
CURRENCIES = ("USD", "JPY", "KWD")
ROUNDING = ("round_per_line", "round_globally")
ORDERS = 4


@tagged("post_install", "-at_install")
class TestMoney(RetentionCase):
    """Whatever is billed adds up to the last digit of its currency; MONEY_SEED repeats a run that did not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seed = int(os.environ.get("MONEY_SEED") or random.randrange(10**9))  # noqa: S311
        cls.random = random.Random(cls.seed)  # noqa: S311
        _logger.info("money tests: MONEY_SEED=%s", cls.seed)
        cls.env["decimal.precision"].search([("name", "=", "Product Price")]).digits = 4
        taxes = cls.env["account.tax"]
        cls.rates = [
            taxes.create({"name": f"T{rate}", "amount": rate, "type_tax_use": "sale"}) for rate in (7.5, 19, 3.333)
        ]
        cls.rates.append(
            taxes.create(
                {"name": "Incl", "amount": 8.1, "type_tax_use": "sale", "price_include_override": "tax_included"}
            )
        )
        # Retention is never taxed, so that it can be told apart from the rest.
        cls.early = {
            way: cls.env["account.payment.term"].create(
                {
                    "name": f"2/10 {way}",
                    "early_discount": True,
                    "discount_percentage": 2.25,
                    "discount_days": 10,
                    "early_pay_discount_computation": way,
                    "line_ids": [Command.create({"value": "percent", "value_amount": 100.0, "nb_days": 30})],
                }
            )
            for way in ("excluded", "included", "mixed")
        }

    def price_list(self, name):
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
        currency.active = True
        if currency != self.env.company.currency_id and not currency.rate_ids:
            currency.rate_ids = [Command.create({"name": "2020-01-01", "rate": {"JPY": 151.3, "KWD": 0.307}[name]})]
        return self.env["product.pricelist"].create({"name": name, "currency_id": currency.id})

    def random_line(self, decimals):
        pick = self.random
        more = {
            "price_unit": round(pick.uniform(0.01, 900) * (100 if not decimals else 1), 4),
            "discount": pick.choice([0, 0, 5, 12.5, 33.33]),
            "tax_ids": [Command.set([tax.id for tax in pick.sample(self.rates, pick.choice([0, 1, 1]))])],
        }
        return self.labor, pick.choice([1, 2, 3, 7, 0.25, 1.33, 12.5]), more

    def random_order(self, currency):
        lines = [self.random_line(currency.currency_id.decimal_places) for _n in range(self.random.randint(1, 7))]
        # Odoo 19 itself cannot balance an invoice in a foreign currency whose discount reduces the tax ("mixed").
        foreign = currency.currency_id != self.env.company.currency_id
        terms = self.early[self.random.choice(sorted(self.early.keys() - ({"mixed"} if foreign else set())))]
        return self.sale_order(*lines, pricelist_id=currency.id, payment_term_id=terms.id)

    def test_invoices_of_any_currency_and_rounding_add_up(self):
        for name in CURRENCIES:
            for rounding in ROUNDING:
                self.env.company.tax_calculation_rounding_method = rounding
                price_list = self.price_list(name)
                orders = self.env["sale.order"].union(*[self.random_order(price_list) for _n in range(ORDERS)])
                orders.action_confirm()
                tickets = self.complete(orders.work_order_ids)
                previews = tickets._document_previews()
                invoices = self.invoice(tickets)
                invoices.invoice_date = "2026-11-22"
                invoices.action_post()
                documents = invoices._invoice_documents()
                for invoice in invoices.sudo():
                    with self.subTest(seed=self.seed, currency=name, rounding=rounding, invoice=invoice.name):
                        document = documents[invoice.id]
                        self.check_sums(invoice, document)
                        self.check_discount(invoice, document)
                        self.assertEqual(previews[invoice.work_order_ids.id]["totals"], document["totals"])
                self.check_credit(invoices[:1])

    def check_sums(self, invoice, document):
        currency, totals = invoice.currency_id, document["totals"]
        places = {len(text.partition(".")[2]) for text in totals.values()}
        self.assertEqual(places, {currency.decimal_places})
        total = {name: Decimal(text) for name, text in totals.items()}
        self.assertEqual(total["untaxed"] + total["tax"], total["total"])
        self.assertFalse(currency.compare_amounts(float(total["total"]), invoice.amount_total))
        self.assertEqual(sum(Decimal(line["subtotal"]) for line in document["lines"]), total["untaxed"])
        self.assertEqual(sum(Decimal(tax["amount"]) for tax in document["taxes"]), total["tax"])
        receivable = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertFalse(currency.compare_amounts(sum(receivable.mapped("amount_currency")), invoice.amount_total))
        unit = Decimal(10) ** -currency.decimal_places
        for line, own in zip(document["lines"], invoice.invoice_line_ids, strict=True):
            exact = (
                Decimal(line["quantity"]) * Decimal(line["unit_price"]) * (1 - Decimal(line["discount_percent"]) / 100)
            )
            if own.tax_ids.price_include:
                exact /= Decimal("1.081")
            self.assertLessEqual(abs(exact - Decimal(line["subtotal"])), unit * len(document["lines"]))

    def check_discount(self, invoice, document):
        line = invoice._discount_line()
        net = Decimal(str(invoice.currency_id.round(line.discount_amount_currency)))
        discount, total = Decimal(document["terms"]["discount_amount"]), Decimal(document["totals"]["total"])
        self.assertEqual(net + discount, total)
        self.assertTrue(0 <= discount <= total)
        self.assertEqual(document["terms"]["discount_date"], "2026-12-02")

    def check_credit(self, invoice):
        """A credit of everything comes to what was invoiced, and its document says the same numbers."""
        refund = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        refund.action_post()
        keys = ("untaxed", "tax", "total")
        pairs = [each._invoice_documents()[each.id]["totals"] for each in (invoice, refund)]
        self.assertEqual(*[{key: totals[key] for key in keys} for totals in pairs])

    def test_what_is_withheld_is_released_in_the_end(self):
        for name in CURRENCIES:
            for rounding in ROUNDING:
                with self.subTest(seed=self.seed, currency=name, rounding=rounding):
                    self.env.company.tax_calculation_rounding_method = rounding
                    self.check_retention(self.price_list(name))

    def check_retention(self, price_list):
        pick = self.random
        percent, price = pick.choice([5, 7.25, 10]), round(pick.uniform(5000, 90000), 2)
        tax = [Command.set(pick.choice(self.rates[:3]).ids)]
        ticket = self.retained(
            (self.lump, 1, {"price_unit": price, "tax_ids": tax}), percent=percent, pricelist_id=price_list.id
        )
        money, order, invoices = price_list.currency_id, ticket.sale_order_id, self.env["account.move"]
        for share in [*sorted(pick.sample(range(5, 95), 3)), 100]:
            self.approve(ticket, share)
            invoices |= self.bill(ticket)
        self.finish(ticket)
        for invoice, document in zip(invoices, invoices._invoice_documents().values(), strict=True):
            self.assertEqual(
                sum(Decimal(line["subtotal"]) for line in document["lines"]), Decimal(document["totals"]["untaxed"])
            )
            withheld = -sum(self.held(invoice).mapped("price_subtotal"))
            self.assertEqual(Decimal(document["totals"]["retention"]), Decimal(str(money.round(withheld))))
        held = -sum(self.held(invoices).mapped("price_subtotal"))
        self.assertFalse(money.compare_amounts(order.retention_withheld, held))
        # Each invoice withholds a rounded amount, so the sum may be half a unit an invoice from the share of the whole.
        off = abs(held - money.round(price) * percent / 100)
        self.assertLessEqual(off, money.rounding / 2 * len(invoices) + 1e-9)
        released = self.release(order, order.retention_open)
        released.invoice_date = "2026-12-31"
        released.action_post()
        order.invalidate_recordset()
        self.assertTrue(money.is_zero(order.retention_open))
        everything = (invoices | released).sudo()
        self.assertFalse(money.compare_amounts(sum(everything.mapped("amount_untaxed")), money.round(price)))
