"""The throttle against a company that enforces its limits, or says 429 in each of its costumes."""

import threading
from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr
from workorder_bridge.calls import CallAnswer, CallGrant, CallPurse
from workorder_bridge.cli.sync import side_by_side
from workorder_bridge.destinations.quickbooks.access import Access, Place
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.destination import QuickBooksDestination
from workorder_bridge.destinations.quickbooks.throttle import Throttle
from workorder_bridge.destinations.quickbooks.tokens import Tokens, TokenStore
from workorder_bridge.dispatch import Run
from workorder_bridge.errors import ReadBudgetSpent
from workorder_bridge.examples import example_destination, example_document, example_tables
from workorder_bridge.receipt import Receipt
from workorder_bridge.retry import Retry
from workorder_bridge.sources.memory import MemorySource

COSTUMES = ("capital", "lower", "xml")
SECONDS = 60


def destination_at(quickbooks, throttle, retry) -> QuickBooksDestination:
    ready = quickbooks.simulator.ready

    def open_client(realm: str) -> CompanyClient:
        place = Place("simulator", ready["url"])
        access = Access(place, realm, ready["client_id"], SecretStr(ready["client_secret"]), quickbooks.store)
        return CompanyClient.open(access, 20.0, throttle)

    return QuickBooksDestination(open_client, retry)


def tokens_of(quickbooks, path) -> TokenStore:
    ready, store = quickbooks.simulator.ready, TokenStore(path)
    store.write(
        Tokens(
            realm=ready["realm"],
            environment="simulator",
            refresh_token=SecretStr(ready["refresh_token"]),
            access_token=SecretStr(ready["access_token"]),
            access_expires_at=2**40,
        )
    )
    return store


@dataclass
class Time:
    """Moves only by sleeping."""

    now: float = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Bureau:
    """Grants whatever is asked for, and remembers who was told to wait, and when."""

    time: Time
    reads_left: int | None = None
    throttled: list[tuple[float, float]] = field(default_factory=list)

    def ask(self, reports, _batch) -> CallAnswer:
        self.throttled += [(self.time.now, report.throttled) for report in reports if report.throttled is not None]
        return CallAnswer(calls=self.grant())

    def grant(self) -> CallGrant:
        return CallGrant(grant="g", after=0, lasts=300, requests=5, batches=2, per_second=2, reads_left=self.reads_left)


def filled(source: MemorySource, count: int) -> MemorySource:
    for number in range(1, count + 1):
        source.add(example_document(number=f"INV/2026/{number:05}"))
    return source


def source_for(quickbooks, clock, count) -> MemorySource:
    return filled(MemorySource(example_destination(realm=quickbooks.realm), clock, tables=example_tables()), count)


@pytest.fixture
def limited(quickbooks):
    quickbooks.simulator.control("settings", {"limits_enabled": True})
    yield quickbooks
    quickbooks.simulator.control("settings", {"limits_enabled": False})


def test_worker_that_could_call_faster_than_allowed_never_sees_429(limited, clock):
    """Each invoice is a batch of its own here: without a throttle far more than ten go out in a second."""
    retry = Retry(attempts=1)
    run = Run(
        source_for(limited, clock, 35),
        destination_at(limited, Throttle(CallPurse()), retry),
        "qbo",
        batch_size=1,
    )
    report = run.perform()
    assert report.counts == {"received": 35}
    counted = limited.simulator.statistics
    assert (counted["throttled"], counted["statuses"].get("429", 0)) == (0, 0)
    assert counted["batches"] == 35


@pytest.mark.parametrize("costume", COSTUMES)
def test_429_storm_is_waited_out_and_told_to_the_other_workers_at_once(costume, quickbooks, batches, send):
    time, batch = Time(), batches(*batches.numbered(3), realm=quickbooks.realm)
    bureau = Bureau(time)
    throttle = Throttle(CallPurse(clock=time.clock, ask=bureau.ask), time.sleep)
    retry = Retry(attempts=5, budget=400, sleep=lambda _seconds: None)  # so that the throttle alone keeps us waiting
    quickbooks.simulator.fault("429", "batch", times=3, spelling=costume)
    answers = send(destination_at(quickbooks, throttle, retry), batch)
    assert all(isinstance(answer, Receipt) for answer in answers)
    assert [seconds for _, seconds in bureau.throttled] == [60.0] * 3
    assert [moment // 60 for moment, _ in bureau.throttled] == [0, 1, 2]  # each told when it came, not afterwards
    assert time.now >= 180
    assert quickbooks.simulator.statistics["batches"] == 4


@pytest.mark.parametrize("costume", COSTUMES)
def test_403_with_the_throttle_code_counts_as_one(costume, quickbooks, batches, send):
    """In old days the refusal came as 403; what it is, its code tells."""
    time, batch = Time(), batches(*batches.numbered(1), realm=quickbooks.realm)
    bureau = Bureau(time)
    throttle = Throttle(CallPurse(clock=time.clock, ask=bureau.ask), time.sleep)
    quickbooks.simulator.fault("fault_code:3001", "batch", status=403, spelling=costume)
    answers = send(destination_at(quickbooks, throttle, Retry(sleep=lambda _seconds: None)), batch)
    assert isinstance(answers[0], Receipt)
    assert [seconds for _, seconds in bureau.throttled] == [60.0]


def test_company_that_is_throttled_holds_up_no_other(quickbooks, own_quickbooks, clock, tmp_path):
    """The throttled company's worker waits until the other company is done; side by side, that is no deadlock."""
    slow, quick = quickbooks, own_quickbooks
    slow.store = tokens_of(slow, tmp_path / "slow.json")
    quick.store = tokens_of(quick, tmp_path / "quick.json")
    slow.simulator.fault("429", "batch")
    done, reports = threading.Event(), {}

    def wait_for_the_other(_seconds: float) -> None:
        assert done.wait(SECONDS), "the other company had to wait for the throttled one"

    def work(place: int) -> None:
        company = (slow, quick)[place]
        time = Time()
        throttle = Throttle(CallPurse(clock=time.clock), time.sleep)
        retry = Retry(sleep=wait_for_the_other if company is slow else time.sleep)
        reports[place] = Run(source_for(company, clock, 3), destination_at(company, throttle, retry), "qbo").perform()
        if company is quick:
            done.set()

    side_by_side(work, 2)
    assert [reports[place].counts for place in (0, 1)] == [{"received": 3}] * 2


def test_reads_beyond_the_budget_wait_while_invoices_go_on(quickbooks, clock):
    time = Time()
    bureau = Bureau(time, reads_left=0)
    throttle = Throttle(CallPurse(clock=time.clock, ask=bureau.ask), time.sleep)
    source = source_for(quickbooks, clock, 2)
    report = Run(source, destination_at(quickbooks, throttle, Retry(attempts=1)), "qbo").perform()
    assert report.counts == {"received": 2}
    assert [type(trouble) for trouble in report.trouble] == [ReadBudgetSpent]
    assert quickbooks.simulator.statistics["change_captures"] == 0


def test_what_one_side_raises_is_heard_when_all_have_ended():
    ended = threading.Event()

    def work(place: int) -> None:
        if place == 0:
            raise ValueError("broken")
        ended.set()

    with pytest.raises(ValueError, match="broken"):
        side_by_side(work, 2)
    assert ended.is_set()
