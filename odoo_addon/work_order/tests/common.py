from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


class WorkOrderCase(TransactionCase):
    """One buyer with a PO, labour and a part, and a real user of every group."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dispatcher = new_test_user(
            cls.env, "wo_dispatcher", "work_order.group_dispatcher,sales_team.group_sale_salesman_all_leads"
        )
        cls.technician = new_test_user(cls.env, "wo_technician", "work_order.group_technician")
        cls.billing = new_test_user(cls.env, "wo_billing", "work_order.group_billing")
        cls.salesman = new_test_user(cls.env, "wo_salesman", "sales_team.group_sale_salesman_all_leads")
        cls.accountant = new_test_user(cls.env, "wo_accountant", "account.group_account_readonly")
        cls.tax = cls.env["account.tax"].create({"name": "Test 7.5%", "amount": 7.5, "type_tax_use": "sale"})
        cls.labor = cls.product("Labor", 90.0, type="service")
        cls.part = cls.product("Filter", 21.4, type="consu", taxes_id=[Command.set(cls.tax.ids)])
        cls.buyer = cls.env["res.partner"].create({"name": "Test Hospital", "is_company": True})
        cls.site = cls.env["res.partner"].create({"name": "Annex", "type": "delivery", "parent_id": cls.buyer.id})
        cls.center = cls.env["buyer.cost.center"].create({"code": "CC-1", "name": "HVAC", "partner_id": cls.buyer.id})

    @classmethod
    def product(cls, name, price, policy="order", **values):
        return cls.env["product.product"].create(
            {"name": name, "list_price": price, "work_order_policy": policy, "taxes_id": [Command.clear()], **values}
        )

    @classmethod
    def sale_order(cls, *lines, **values):
        """A quotation; each line is (product, quantity) or (product, quantity, more values)."""
        commands = [
            Command.create({"product_id": product.id, "product_uom_qty": quantity, **(more[0] if more else {})})
            for product, quantity, *more in lines
        ]
        base = {"partner_id": cls.buyer.id, "buyer_po": "4500-1", "cost_center_id": cls.center.id}
        return cls.env["sale.order"].create({**base, **values, "order_line": commands})

    @classmethod
    def standard_order(cls):
        order = cls.sale_order(
            (cls.labor, 2, {"buyer_po_line": "10", "buyer_item_code": "M-1"}),
            (cls.part, 3, {"buyer_po_line": "20", "buyer_item_code": "M-2"}),
        )
        order.action_confirm()
        return order

    def dispatch(self, tickets):
        tickets.write({"technician_ids": [Command.link(self.technician.id)], "scheduled_start": "2026-11-20 08:00:00"})
        tickets.with_user(self.dispatcher).action_dispatch()
        return tickets

    def complete(self, tickets):
        """Take tickets from ready to done as the people who do that."""
        self.dispatch(tickets)
        mine = tickets.with_user(self.technician)
        mine.action_start()
        mine.task_ids.write({"state": "done", "service_date": "2026-11-21"})
        mine.write({"signed_by": "Pat Doyle"})
        mine.action_complete()
        return tickets

    def invoice(self, tickets):
        tickets.with_user(self.billing).action_create_invoices()
        return tickets.invoice_ids.with_user(self.billing)
