import uuid

from odoo import api, models
from odoo.tools import SQL

from .transmission_states import EXISTING, KINDS


class WorkOrderTransmission(models.Model):
    """Leases: the statements that let several workers fetch rows at once, each row by one of them.

    Plain SQL, because the ORM has no SKIP LOCKED and because a batch costs the same few statements whatever its size.
    """

    _inherit = "work.order.transmission"

    @api.model
    def _lease(self, destination, limit, seconds):
        """Lease one batch: the oldest one whose lease ran out, whole, else up to ``limit`` waiting rows.

        :return: list of dicts (id, request_id, batch_index, key, revision, sha256, document, attempt, earlier_keys)
        """
        self.env.flush_all()
        self._withdraw_unposted(destination)
        request_id, ids = self._lock_expired(destination)
        if not ids:
            request_id, ids = str(uuid.uuid4()), self._lock_ready(destination, limit)
        rows = self._write_lease(request_id, ids, seconds) if ids else []
        self.env.invalidate_all(flush=False)
        return rows

    @api.model
    def _withdraw_unposted(self, destination):
        """An invoice reset to draft takes its row along; this is the safety net for whatever went around the model."""
        self.env.execute_query(
            SQL(
                """
                UPDATE work_order_transmission SET state = 'cancelled', message = %(message)s
                WHERE id IN (
                    SELECT t.id FROM work_order_transmission t JOIN account_move m ON m.id = t.invoice_id
                    WHERE t.destination_id = %(destination)s AND t.state = 'ready' AND m.state <> 'posted'
                    AND t.kind <> 'void'
                    FOR UPDATE OF t SKIP LOCKED)
                RETURNING id
                """,
                message=self.env._("The invoice is no longer posted, so it was not sent."),
                destination=destination.id,
            )
        )

    @api.model
    def _lock_expired(self, destination):
        """Request id and rows of the batch that waits longest; a batch is due when its last lease ran out.

        Locks all due rows, so that two workers can never hold halves of one batch.
        """
        locked = self.env.execute_query(
            SQL(
                """
                SELECT id, request_id FROM work_order_transmission
                WHERE destination_id = %(destination)s AND state = 'sending' AND request_id IN (
                    SELECT request_id FROM work_order_transmission
                    WHERE destination_id = %(destination)s AND state = 'sending'
                    GROUP BY request_id HAVING max(lease_until) <= clock_timestamp() AT TIME ZONE 'UTC')
                ORDER BY lease_until, id
                FOR UPDATE SKIP LOCKED
                """,
                destination=destination.id,
            )
        )
        request_id = locked[0][1] if locked else None
        return request_id, [row_id for row_id, owner in locked if owner == request_id]

    @api.model
    def _lock_ready(self, destination, limit):
        """Rows of one kind, because a batch does one thing; credits and voids only when their invoice is there."""
        for kind, _label in KINDS:
            locked = self.env.execute_query(
                SQL(
                    """
                    SELECT t.id FROM work_order_transmission t
                    WHERE t.destination_id = %s AND t.state = 'ready' AND t.kind = %s AND %s
                    ORDER BY t.id LIMIT %s FOR UPDATE OF t SKIP LOCKED
                    """,
                    destination.id,
                    kind,
                    self._original_is_there(),
                    limit,
                )
            )
            if locked:
                return [row_id for (row_id,) in locked]
        return []

    @api.model
    def _original_is_there(self):
        """The condition on row ``t`` that keeps the order: nothing about an invoice before the invoice itself."""
        return SQL(
            """
            (t.original_id IS NULL OR EXISTS (
                SELECT 1 FROM work_order_transmission o
                WHERE o.invoice_id = t.original_id AND o.destination_id = t.destination_id
                AND o.kind = 'invoice' AND o.state = ANY(%s)))
            """,
            list(EXISTING),
        )

    @api.model
    def _write_lease(self, request_id, ids, seconds):
        """Store what the batch will be sent with. A batch handed out again keeps its request id and indexes."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                UPDATE work_order_transmission t
                SET state = 'sending', request_id = %(request_id)s, attempt = COALESCE(t.attempt, 0) + 1,
                    batch_index = CASE WHEN t.state = 'ready' THEN numbered.place::text ELSE t.batch_index END,
                    claimed_at = clock_timestamp() AT TIME ZONE 'UTC',
                    lease_until = clock_timestamp() AT TIME ZONE 'UTC' + %(seconds)s * interval '1 second',
                    write_uid = %(uid)s, write_date = clock_timestamp() AT TIME ZONE 'UTC'
                FROM (SELECT id, claimed_at AS claimed_before, row_number() OVER (ORDER BY id) AS place
                      FROM work_order_transmission WHERE id = ANY(%(ids)s)) numbered
                WHERE t.id = numbered.id
                RETURNING t.id, t.request_id, t.batch_index, t.key, t.revision, t.sha256, t.document, t.attempt,
                    t.kind, t.original_id,
                    CASE WHEN numbered.claimed_before IS NULL THEN '{}' ELSE ARRAY[t.key] END || ARRAY(
                        SELECT e.key FROM work_order_transmission e
                        WHERE e.invoice_id = t.invoice_id AND e.destination_id = t.destination_id AND e.kind = t.kind
                        AND e.revision < t.revision AND e.claimed_at IS NOT NULL
                        ORDER BY e.revision DESC) AS earlier_keys
                """,
                request_id=request_id,
                seconds=seconds,
                uid=self.env.uid,
                ids=ids,
            )
        )
        return sorted(rows, key=lambda row: int(row["batch_index"]))

    @api.model
    def _originals(self, destination, rows):
        """What leased rows have to know of the invoice they concern, by that invoice's id; one query.

        :param rows: what ``_lease`` returned
        """
        ids = list({row["original_id"] for row in rows if row["original_id"]})
        found = self.search(
            [
                ("destination_id", "=", destination.id),
                ("invoice_id", "in", ids),
                ("kind", "=", "invoice"),
                ("external_id", "!=", False),
            ],
            order="id",  # of several revisions the last one
        )
        return {
            row.invoice_id.id: {
                "external_id": row.external_id,
                "number": row.external_number or row.name,
                "version": row.external_version or "",
                "key": row.key,
            }
            for row in found
        }

    @api.model
    def _claimable_count(self, destination):
        """How many rows another claim could hand out now."""
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM work_order_transmission t WHERE destination_id = %s
                AND (state = 'ready' AND %s
                     OR state = 'sending' AND lease_until <= clock_timestamp() AT TIME ZONE 'UTC')
                """,
                destination.id,
                self._original_is_there(),
            )
        )
        return count
