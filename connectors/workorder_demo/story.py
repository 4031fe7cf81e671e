"""What happens in the demo, act by act."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workorder_demo.company import Company
from workorder_demo.people import Person

Say = Callable[[str], None]
DESTINATION = "qbo"
#: The product the demo's mapping table leaves out, and the QuickBooks item it belongs to.
GAP_PRODUCT, GAP_ITEM, GAP_ITEM_NAME = "work_order.product_refrigerant", "11", "Refrigerant R-410A"


class StoryBroken(Exception):
    """The demo did not go as it should; the message says where."""


@dataclass(frozen=True)
class Cast:
    """Everybody and everything that takes part."""

    admin: Person
    dispatcher: Person
    technician: Person
    billing: Person
    company: Company
    environment: dict[str, str]
    say: Say


def counted(things: Sequence[int], name: str) -> str:
    """How many there are, in words a person reads over."""
    return f"{len(things)} {name}" + ("" if len(things) == 1 else "s")


def open_the_hand_off(cast: Cast) -> None:
    """The administrator gives the bridge its login and activates the QuickBooks destination."""
    group = cast.admin.record("work_order_transmission.group_connector")
    user = {"name": "Workorder Bridge", "login": "bridge", "password": "bridge", "group_ids": [(6, 0, [group])]}
    cast.admin.call("res.users", "create", [user])
    people = cast.admin.ids("res.users", [("share", "=", False)])
    cast.admin.do("res.users", "write", people, {"odoobot_state": "disabled"})  # no chat window over the screens
    cast.admin.do("work.order.destination", "action_activate", cast.admin.ids("work.order.destination", []))


def issue_tickets(cast: Cast) -> list[int]:
    """The dispatcher confirms every quotation; each becomes one or more work orders."""
    orders = cast.dispatcher.ids("sale.order", [("state", "=", "draft")])
    cast.dispatcher.do("sale.order", "action_confirm", orders)
    tickets = cast.dispatcher.ids("work.order", [("sale_order_id", "in", orders)])
    cast.say(f"{len(orders)} sales orders confirmed; {len(tickets)} work orders issued.")
    return tickets


def do_the_work(cast: Cast, tickets: list[int]) -> None:
    """Dispatched by the dispatcher, done and signed off by the technician."""
    technician = cast.admin.record("work_order.user_technician")
    cast.dispatcher.do("work.order", "write", tickets, {"technician_ids": [(4, technician)]})
    cast.dispatcher.do("work.order", "action_dispatch", tickets)
    cast.technician.do("work.order", "action_start", tickets)
    tasks = cast.technician.ids("work.order.task", [("work_order_id", "in", tickets)])
    cast.technician.do("work.order.task", "action_done", tasks)
    cast.technician.do("work.order", "write", tickets, {"signed_by": "Pat Doyle, site manager"})
    cast.technician.do("work.order", "action_complete", tickets)
    cast.say(f"{counted(tasks, 'task')} done, {counted(tickets, 'work order')} signed off and complete.")


def invoice_the_work(cast: Cast, tickets: list[int]) -> list[int]:
    """Billing invoices the finished work; posting queues the invoices for QuickBooks and closes the work orders."""
    cast.billing.do("work.order", "action_create_invoices", tickets)
    invoices = cast.billing.ids("account.move", [("invoice_line_ids.work_order_id", "in", tickets)])
    cast.billing.do("account.move", "action_post", invoices)
    cast.say(f"{counted(invoices, 'invoice')} posted, one per work order; what they bill is closed.")
    return invoices


def sync(cast: Cast) -> dict[str, Any]:
    """Run `workorder sync` as its users do, as a process of its own; gives its JSON report."""
    command = [sys.executable, "-m", "workorder_bridge", "sync", "--json"]
    done = subprocess.run(
        command,
        env=os.environ | cast.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise StoryBroken(f"`workorder sync` ended with code {done.returncode}: {done.stderr.strip()}") from error
    problems = [report["error"]] if "error" in report else []
    problems += [trouble for destination in report["destinations"] for trouble in destination["trouble"]]
    if problems:
        raise StoryBroken("`workorder sync` could not do its work: " + "; ".join(each["message"] for each in problems))
    return next(each for each in report["destinations"] if each["code"] == DESTINATION)


def send_with_a_lost_reply(cast: Cast) -> None:
    """The first batch is booked but its answer never arrives; the bridge asks before it repeats anything."""
    cast.company.lose_next_batch_reply()
    report = sync(cast)
    cast.say(_counts(report) + " The reply to the batch was lost after QuickBooks had booked it.")
    numbers = [invoice["DocNumber"] for invoice in cast.company.invoices()]
    if len(numbers) != len(set(numbers)):
        raise StoryBroken("QuickBooks holds an invoice twice.")
    cast.say(f"QuickBooks holds {len(numbers)} invoices, each exactly once.")
    blocked = [row for row in report["rows"] if row["state"] == "blocked"]
    if not blocked:
        raise StoryBroken("The mapping gap was not found.")
    for row in blocked:
        cast.say(f"{row['invoice']} was not sent:")
        for gap in row["gaps"]:
            cast.say(f"  {gap['message']}")
        cast.say(f"  Next step: {row['hint']}")


def close_the_gap(cast: Cast) -> None:
    """The mapping admin adds the row that was printed; the blocked invoice goes out with the next run."""
    destination = cast.admin.ids("work.order.destination", [("code", "=", DESTINATION)])[0]
    row = {
        "destination_id": destination,
        "product_id": cast.admin.record(GAP_PRODUCT),
        "external_id": GAP_ITEM,
        "external_name": GAP_ITEM_NAME,
    }
    cast.admin.call("quickbooks.item.map", "create", [row])
    cast.say(f"Row added: {GAP_ITEM_NAME} is QuickBooks item {GAP_ITEM}.")
    cast.say(_counts(sync(cast)))


def receive_payments(cast: Cast) -> set[str]:
    """Two customers pay in QuickBooks; the next run registers the payments in Odoo. Gives the numbers paid in full."""
    invoices = cast.company.invoices()
    numbers = sorted(invoice["DocNumber"] for invoice in invoices)
    day = max(date.fromisoformat(invoice["TxnDate"]) for invoice in invoices)
    paid, partly = numbers[:2], numbers[2]
    for number in paid:
        cast.company.receive_payment(number, None, day, "check 20417")
    cast.company.receive_payment(partly, "100.00", day, "check 20418")
    registered = sync(cast)["payments"]["registered"]
    cast.say(
        f"Customers paid {', '.join(paid)} in full and 100.00 of {partly}; {registered} payments came back to Odoo."
    )
    return set(paid)


def _counts(report: dict[str, Any]) -> str:
    counts = ", ".join(f"{count} {state}" for state, count in report["counts"].items() if count)
    return f"workorder sync: {counts or 'nothing to send'}."
