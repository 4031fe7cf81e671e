import re

from odoo import api, models
from odoo.addons.base.models.res_users import INDEX_SIZE
from odoo.http import request
from odoo.tools import SQL

from .work_order_destination_summary import iso_moment

BEARER = re.compile(r"bearer\s+(\S+)", re.IGNORECASE)


class WorkOrderDestination(models.Model):
    _inherit = "work.order.destination"

    @api.model
    def access(self):
        """Until when the bridge is let in; see docs/design.md.

        Known for an API key that came as a bearer token, as over JSON-2. Odoo deletes expired keys without a word, so
        the bridge has to warn before.
        """
        self._check_connector()
        return {"ends": iso_moment(self._end_of_key(self._bearer_token()))}

    @api.model
    def _bearer_token(self):
        found = BEARER.fullmatch(request.httprequest.headers.get("Authorization", "")) if request else None
        return found[1] if found else ""

    @api.model
    def _end_of_key(self, key):
        """None for a key without an end. Odoo let the key in already, so its stored beginning is enough to find it."""
        if not key:
            return None
        self.env.cr.execute(
            SQL(
                "SELECT min(expiration_date) FROM res_users_apikeys WHERE user_id = %s AND index = %s",
                self.env.uid,
                key[:INDEX_SIZE],
            )
        )
        return self.env.cr.fetchone()[0]
