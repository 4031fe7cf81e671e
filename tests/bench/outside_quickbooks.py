"""Invoices into the simulated QuickBooks company: how near to its limits, at what cost, and how much memory.

WORKORDER_BENCH_SIZE sets the number of invoices (3,000). Odoo is not the point here: they come from memory.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import requests
from intuitlib.client import AuthClient
from pydantic import SecretStr
from quickbooks import QuickBooks
from quickbooks.objects.customer import Customer
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.item import Item
from sold_invoices import SOLD, sold_document, sold_tables
from workorder_bridge.calls import CallPurse
from workorder_bridge.destinations.quickbooks.access import Access, Place
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.destination import QuickBooksDestination
from workorder_bridge.destinations.quickbooks.lists_file import ListsFile
from workorder_bridge.destinations.quickbooks.throttle import BATCHES_PER_MINUTE, Throttle
from workorder_bridge.destinations.quickbooks.tokens import Tokens, TokenStore
from workorder_bridge.dispatch import Report, Run
from workorder_bridge.examples import example_destination
from workorder_bridge.ports import Batch, Destination
from workorder_bridge.retry import Retry
from workorder_bridge.sources.memory import MemorySource

SIZE = int(os.environ.get("WORKORDER_BENCH_SIZE") or 3_000)
BATCH, ROUNDS, GROWTH, SECONDS = 30, 3, 3, 30
MINUTE = 60.0
AWAY = 0.02
"""Seconds to the company and back where it is not on this machine; few networks are nearer to QuickBooks."""


def main() -> None:
    """Print the figures; with the word `memory` and a number, only what one process needs for so many invoices."""
    if sys.argv[1:2] == ["memory"]:
        memory_of(int(sys.argv[2]), json.loads(sys.argv[3]))
        return
    with company("--no-limits") as ready, tempfile.TemporaryDirectory() as folder:
        ready["kept"] = str(Path(folder) / "lists.json")  # as `workorder sync` does: read once, kept beside the tokens
        cost(ready, "on_this_machine")
        memory(ready)
        cost(ready, "over_a_network", AWAY)
    with company() as ready:
        sustained_rate(ready)


def sustained_rate(ready: dict[str, str]) -> None:
    """Limits on. A first minute's allowance is used up before; then each batch follows the one 120 places earlier.

    What the limits allow in the long run is those 120 in 60 seconds; the share is 60 by how long it took.
    """
    batches = -(-SIZE // BATCH)
    starts: list[float] = []
    report = send(ready, (BATCHES_PER_MINUTE + batches) * BATCH, seen=lambda: starts.append(time.perf_counter()))
    spans = [later - earlier for earlier, later in zip(starts, starts[BATCHES_PER_MINUTE:], strict=False)]
    share = MINUTE / statistics.mean(spans)
    counted = control(ready, "statistics")
    figure(
        "quickbooks_sustained_rate",
        invoices=len(spans) * BATCH,
        invoices_per_minute=share * BATCHES_PER_MINUTE * BATCH,
        share_of_limit=share,
        target=0.95,
        throttled=counted["throttled"],
        received=report.counts.get("received", 0),
    )


def cost(ready: dict[str, str], where: str, away: float = 0.0) -> None:
    """Limits off: our own cost per invoice beside one-by-one python-quickbooks, in turns, which also change places."""
    size = max(BATCH, SIZE // (16 if away else 4) // BATCH * BATCH)
    ours: list[Spent] = []
    theirs: list[Spent] = []
    client = plain_client(ready)
    for turn in range(ROUNDS):
        for side in (ours, theirs) if turn % 2 == 0 else (theirs, ours):
            if side is ours:
                side.append(spent(ready, size, away, partial(bridge, ready, size)))
            else:
                side.append(spent(ready, size // 6, away, partial(one_by_one, client, size // 6, turn)))
    mine, plain = median(ours), median(theirs)
    for name, each in (("quickbooks_bridge", mine), ("quickbooks_one_by_one", plain)):
        spending = {"cpu_ms": each["cpu"] * 1000, "calls": each["calls"], "wall_ms": each["wall"] * 1000}
        figure(f"{name}_{where}", invoices=size, **spending, per="invoice")
    figure(
        f"quickbooks_cost_ratio_{where}",
        cpu=plain["cpu"] / mine["cpu"],
        calls=plain["calls"] / mine["calls"],
        wall=plain["wall"] / mine["wall"],
        wall_at_the_limits=BATCHES_PER_MINUTE * BATCH / (500 / plain["calls"]),
        target=10,
    )


Spent = dict[str, float]


def spent(ready: dict[str, str], size: int, away: float, work: Callable[[], None]) -> Spent:
    """Seconds of this process, seconds that passed, and calls, each per invoice; every call takes so long there and
    back.
    """
    control(ready, "reset", {"seed": "demo"})
    if away:
        control(ready, "faults", {"kind": "delay", "match": {"path": "/v3/"}, "seconds": away, "times": None})
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    counted = control(ready, "statistics")
    calls = sum(counted[kind] for kind in ("reads", "writes", "batches", "queries", "change_captures"))
    return {"cpu": cpu / size, "wall": wall / size, "calls": calls / size}


def median(all_spent: list[Spent]) -> Spent:
    """The middle of each figure."""
    return {name: statistics.median(each[name] for each in all_spent) for name in all_spent[0]}


def bridge(ready: dict[str, str], size: int) -> None:
    """Send so many; every one has to be booked."""
    report = send(ready, size)
    assert report.counts == {"received": size}, report.counts


def one_by_one(client: QuickBooks, size: int, turn: int) -> None:
    """As a script would: find the customer, find the items, save the invoice."""
    for number in range(size):
        (customer,) = Customer.filter(DisplayName="Mercy General Hospital", qb=client)
        invoice = Invoice()
        invoice.CustomerRef, invoice.DocNumber = customer.to_ref(), f"PLAIN/{turn}/{number:05}"
        invoice.Line = [plain_line(client, *sold) for sold in SOLD]
        invoice.save(qb=client)


def plain_line(client: QuickBooks, name: str, _id: str, quantity: int, price: str) -> SalesItemLine:
    """The line of one item, which is found by its name."""
    (item,) = Item.filter(Name=name, qb=client)
    line = SalesItemLine()
    line.Amount, line.Description = float(quantity * Decimal(price)), name
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef, line.SalesItemLineDetail.Qty = item.to_ref(), quantity
    line.SalesItemLineDetail.UnitPrice = float(price)
    return line


def memory(ready: dict[str, str]) -> None:
    """The peak of a process that sends N and of one that sends three times as many, each a process of its own."""
    size = max(BATCH, SIZE // BATCH * BATCH)
    peaks = {}
    for count in (size, size * GROWTH):
        control(ready, "reset", {"seed": "demo"})
        line = [sys.executable, __file__, "memory", str(count), json.dumps(ready)]
        peaks[count] = float(subprocess.run(line, check=True, capture_output=True, text=True).stdout)
    figure(
        "quickbooks_memory_growth",
        from_invoices=size,
        to_invoices=size * GROWTH,
        peak_mb=peaks[size * GROWTH],
        ratio=peaks[size * GROWTH] / peaks[size],
    )


def memory_of(size: int, ready: dict[str, str]) -> None:
    """Print this process's peak in megabytes after sending so many."""
    send(ready, size)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


class Conveyor(MemorySource):
    """Invoices made as they are claimed and forgotten when settled, so that only the bridge can grow."""

    left = 0
    made = 0
    text = sold_document("NUMBER")  # made once: what a document costs Odoo is not the bridge's

    def claim(self, code: str, limit: int, lease_seconds: int) -> Batch:
        """See `TicketSource.claim`."""
        self.rows.clear()
        for _ in range(min(limit, self.left)):
            self.made += 1
            self.add(self.text.replace("NUMBER", f"INV/{self.made:07}"))
        self.left -= min(limit, self.left)
        batch = super().claim(code, limit, lease_seconds)
        return batch.model_copy(update={"remaining": self.left})


def send(ready: dict[str, str], size: int, seen: Callable[[], None] = lambda: None) -> Report:
    """The bridge's own loop; `seen` is called when a batch leaves."""
    with tempfile.TemporaryDirectory() as folder:
        source = Conveyor(example_destination(realm=ready["realm"]), lambda: datetime.now(UTC), sold_tables())
        source.left = size
        lists = ListsFile(Path(ready["kept"]), ready["realm"], "simulator") if "kept" in ready else None
        to = destination(ready, Path(folder) / "tokens.json", seen, lists)
        return Run(source, to, "qbo", batch_size=BATCH).perform()


def destination(ready: dict[str, str], tokens: Path, seen: Callable[[], None], lists: ListsFile | None) -> Destination:
    """QuickBooks as `workorder sync` uses it, throttle and all."""
    place, store = Place("simulator", ready["url"]), TokenStore(tokens)
    store.write(
        Tokens(
            realm=ready["realm"],
            environment="simulator",
            refresh_token=SecretStr(ready["refresh_token"]),
            access_token=SecretStr(ready["access_token"]),
            access_expires_at=time.time() + 3600,
        )
    )
    throttle = Throttle(CallPurse()) if ready.get("limits") else None

    def open_client(realm: str) -> CompanyClient:
        access = Access(place, realm, ready["client_id"], SecretStr(ready["client_secret"]), store)
        client = CompanyClient.open(access, 60.0, throttle)
        client.session.hooks["response"].append(lambda answer, **_: _leaving(answer, seen))
        return client

    return QuickBooksDestination(open_client, Retry(), lists_file=lambda _realm: lists)


def _leaving(answer: requests.Response, seen: Callable[[], None]) -> None:
    if "/batch" in answer.url:
        seen()


def plain_client(ready: dict[str, str]) -> QuickBooks:
    """python-quickbooks as its own documentation sets it up."""
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # loopback

    class Local(QuickBooks):  # type: ignore[misc]
        api_url_v3 = f"{ready['url']}/v3"

    discovery = f"{ready['url']}/.well-known/openid_configuration/"
    access = AuthClient(ready["client_id"], ready["client_secret"], "", discovery, access_token=ready["access_token"])
    return Local(auth_client=access, refresh_token=ready["refresh_token"], company_id=ready["realm"])


@contextmanager
def company(*options: str) -> Iterator[dict[str, str]]:
    """A company on loopback."""
    line = [sys.executable, "-m", "quickbooks_simulator", "--port", "0", "--seed", "demo", *options]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield {**json.loads(process.stdout.readline()), "limits": "" if options else "on"}
        finally:
            process.terminate()
            process.wait(SECONDS)


def control(ready: dict[str, str], name: str, body: Any = None) -> Any:
    """One of the company's control endpoints: read without a body."""
    method = "GET" if body is None else "POST"
    answer = requests.request(method, f"{ready['url']}/simulator/{name}", json=body, timeout=SECONDS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def figure(name: str, **values: object) -> None:
    """One line of JSON."""
    rounded = {key: round(value, 3) if isinstance(value, float) else value for key, value in values.items()}
    print(json.dumps({"figure": name, **rounded}), flush=True)


if __name__ == "__main__":
    main()
