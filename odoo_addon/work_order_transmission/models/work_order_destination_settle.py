from odoo import api, models
from odoo.exceptions import UserError

from .settlement_errors import settlement_errors
from .work_order_destination_calls import call_errors


class WorkOrderDestination(models.Model):
    _inherit = "work.order.destination"

    @api.model
    def settle(self, code, lease, results, customers=None, pause=None, items=None, calls=None):
        """Store what became of rows; see docs/design.md. Calling it again with the same answers changes nothing.

        Works whatever the destination's state: an answer must never be lost because somebody paused it meanwhile.

        :raises UserError: naming every defect of a malformed answer; then nothing is stored
        """
        errors = settlement_errors(results, customers, pause, items) + call_errors(calls)
        if lease is not None and not isinstance(lease, str):
            errors.append("lease must be text or null.")
        if errors:
            raise UserError(self.env._("Nothing was stored, the answer is malformed:") + "\n- " + "\n- ".join(errors))
        destination = self._open_for_bridge(code)
        destination._count_calls(calls, lease)
        if customers:  # before the results: a row that blocks now must not be woken by rows it knew of
            self.env["quickbooks.customer.map"].sudo()._remember(destination, customers)
        if items:
            self.env["quickbooks.item.map"].sudo()._remember(destination, items)
        answer = self.env["work.order.transmission"].sudo()._settle(destination, lease, results)
        if pause and destination.state == "active":
            destination._pause(pause)
        return answer
