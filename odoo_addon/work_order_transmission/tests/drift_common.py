from .common import TransmissionCase


class DriftCase(TransmissionCase):
    """An invoice that arrived, and what the bridge says it sees of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.map = cls.env["quickbooks.customer.map"].create(
            {
                "destination_id": cls.destination.id,
                "partner_id": cls.buyer.commercial_partner_id.id,
                "external_id": "1",
                "external_name": "Mercy",
            }
        )

    def seen(self, row, version="1", **changes):
        """The invoice as it was sent, but for the changes."""
        return {
            "kind": "invoice",
            "external_id": row.external_id,
            "version": version,
            "status": "present",
            "changed_at": "2026-11-23T10:00:00+00:00",
            "number": row.name,
            "customer_id": "1",
            "customer_name": "Mercy",
            "currency": row.currency_id.name,
            "total": f"{row.amount_total:.2f}",
            "tax": f"{row.external_tax:.2f}",
            "date": str(row.invoice_id.invoice_date),
            "due_date": str(row.invoice_id.invoice_date_due),
            "memo": "Work order WO1",
            "note": f"Work orders: WO1 [wb:{row.key}]",
            "lines": ["2 × HVAC labor: 180.00 (NON)"],
            **changes,
        }

    def gone(self, row):
        empty = dict.fromkeys(
            ("number", "customer_id", "customer_name", "currency", "date", "due_date", "memo", "note"), ""
        )
        return self.seen(row, "", status="deleted", total="0.00", tax="0.00", lines=None, **empty)

    def seen_payment(self, row, amount=None, external_id="p1", version="0", **changes):
        amount = amount or f"{row.amount_total:.2f}"
        return {
            "external_id": external_id,
            "version": version,
            "status": "present",
            "changed_at": "2026-11-23T10:00:00+00:00",
            "customer_id": "1",
            "customer_name": "Mercy",
            "currency": row.currency_id.name,
            "total": amount,
            "unapplied": "0.00",
            "date": "2026-11-22",
            "reference": "Cheque 1001",
            "parts": [{"invoice_external_id": row.external_id, "amount": amount}],
            "credits": [],
            **changes,
        }

    def seen_customer(self, external_id="1", version="1", name="Mercy", active=True):
        return {"external_id": external_id, "version": version, "changed_at": "", "name": name, "active": active}

    def tell(self, *invoices, payments=(), customers=(), register=()):
        seen = {"invoices": list(invoices), "payments": list(payments), "customers": list(customers)}
        return self.offered.register_payments("books", list(register), "2026-11-23T12:00:00+00:00", seen)

    def inbox(self, state="open"):
        found = self.env["work.order.drift"].search([("destination_id", "=", self.destination.id)], order="id")
        return found.filtered(lambda drift: drift.state == state)

    def drift(self, row, **changes):
        """The entry about one change of this invoice."""
        self.tell(self.seen(row, "0"))
        self.tell(self.seen(row, **changes))
        entry = self.inbox()
        self.assertEqual(len(entry), 1)
        return entry

    def paid(self, row):
        """The registered payment of the whole invoice."""
        self.tell(payments=[self.seen_payment(row)])
        payment = self.env["account.payment"].search([("destination_invoice_id", "=", row.invoice_id.id)])
        self.assertEqual((len(payment), row.state), (1, "paid"))
        return payment

    def rule(self, cause, policy):
        return self.env["work.order.drift.policy"].create(
            {"destination_id": self.destination.id, "cause": cause, "policy": policy}
        )
