"""Who works on an invoice run and when: the scheduler, in lanes that share no customer.

What billing one customer's work changes - their orders, their POs, their contracts - billing another's does not, so two
jobs of the scheduler can work on one run at the same time, each in a lane of its own. A lane belongs to one transaction
at a time; a job that is alone does all lanes in turn.
"""

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

#: As many as there are jobs: two, like the processes Odoo keeps for scheduled work.
JOBS = ("work_order.cron_invoice_runs", "work_order.cron_invoice_runs_second")
LANES = len(JOBS)
#: The first half of the database locks that say who works in a lane: any number nobody else uses.
LOCKS = 0x574F4C


class WorkOrderInvoiceRun(models.Model):
    _inherit = "work.order.invoice.run"

    def _lanes(self, bundles):
        """{bundle: lane}, each customer in one, and the lanes about as long as each other.

        Where a journal seals its entries one by one, one lane takes all: a seal needs the entry before it.
        """
        sealed = (
            self.env["account.journal"]
            .sudo()
            .search_count([("company_id", "=", self.company_id.id), ("restrict_mode_hash_table", "=", True)], limit=1)
        )
        of_customer = {}
        for bundle in bundles:
            order = bundle[:1].sudo().sale_order_id
            customer = (order.partner_id or bundle[:1].sudo().partner_id).commercial_partner_id
            of_customer.setdefault(customer, []).append(bundle)
        lane_of, length = {}, [0] * (1 if sealed else LANES)
        for theirs in sorted(of_customer.values(), key=lambda those: -sum(map(len, those))):
            lane = length.index(min(length))
            lane_of.update(dict.fromkeys(theirs, lane))
            length[lane] += sum(map(len, theirs))
        return lane_of

    def _wake(self):
        for name in JOBS:
            if job := self.env.ref(name, raise_if_not_found=False):
                job.sudo()._trigger()
        return True

    @api.model
    def _cron_process(self, lane=0):
        """Work off what is waiting, chunk by chunk, in this lane before others; of several runs each has its turn.

        When the time of the scheduler is up, other jobs have theirs, and this one is called again at once: left to
        itself, Odoo would look again in a minute only.
        """
        cron = self.env["ir.cron"]
        lanes = [*range(lane, LANES), *range(lane)]
        if not cron._commit_progress(remaining=self._count_waiting()):
            return
        busy = True
        while busy and (running := self.search([("state", "=", "running")], order="id")):
            busy = False
            for run in running:
                if run.state != "running":  # somebody paused it during the last chunk
                    continue
                done = run._process_chunk(lanes)
                busy = busy or bool(done)
                if not done:
                    run._conclude()
                left = self._count_waiting()
                if not cron._commit_progress(done, remaining=left):
                    if left:
                        self._wake()
                        cron._commit_progress(remaining=left)
                    return
        cron._commit_progress(remaining=0)  # what still waits is in the hands of the other job

    @api.model
    def _count_waiting(self):
        return self.env["work.order.invoice.run.line"].search_count(
            [("state", "=", "waiting"), ("run_id.state", "=", "running")]
        )

    def _enter(self, lane):
        """Whether this transaction may work in a lane: nobody else may until it ends."""
        query = SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCKS, self.id * LANES + lane)
        return self.env.execute_query(query)[0][0]

    def _conclude(self):
        """End the run, unless the other job is about to."""
        try:
            self._finish()
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()

    def _finish(self):
        """Once nothing waits any more, say what came of it, to whoever started it."""
        query = SQL("SELECT state FROM work_order_invoice_run WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED", self.id)
        if self.env.execute_query(query) != [("running",)] or self.waiting_count:
            return
        self.write({"state": "done", "finished_on": fields.Datetime.now()})
        text = self.env._(
            "%(invoiced)d work orders invoiced on %(invoices)d invoices, %(refused)d refused.",
            invoiced=self.invoiced_count,
            invoices=self.invoice_count,
            refused=self.refused_count,
        )
        self.message_post(body=text)
        self.user_id._bus_send(
            "simple_notification",
            {"type": "warning" if self.refused_count else "success", "title": self.name, "message": text},
        )
