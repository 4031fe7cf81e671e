"""The limits, on a clock that only sleeping and calling move; QuickBooks counts a call at any moment within it."""

import random
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workorder_bridge.calls import CallAnswer, CallGrant, CallPurse
from workorder_bridge.destinations.quickbooks.throttle import Throttle, Window
from workorder_bridge.errors import ReadBudgetSpent, SourceUnreachable, TryLater


class Time:
    """A clock and a sleep that moves it, sometimes waking early."""

    def __init__(self, early: float = 1.0) -> None:
        self.now = 1000.0
        self.slept = 0.0
        self._early = early

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        spent = max(seconds * self._early, 0.001)
        self.now += spent
        self.slept += spent


class Bureau:
    """Whoever grants calls, by a script; remembers what it was told."""

    def __init__(self, *answers: CallAnswer | Exception) -> None:
        self._answers = deque(answers)
        self.told: list[dict] = []
        self.asked = 0

    def ask(self, reports, batch) -> CallAnswer:
        self.asked += 1
        self.wanted_batch = batch
        answer = self._answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        self.told += [report.as_message() for report in reports]
        return answer


def grant(name="g", **changes) -> CallGrant:
    values = {"after": 0.0, "lasts": 300.0, "requests": 10, "batches": 2, "per_second": 2, "reads_left": None}
    return CallGrant(grant=name, **{**values, **changes})


def answer(name="g", **changes) -> CallAnswer:
    return CallAnswer(calls=grant(name, **changes))


def full(wait: float) -> CallAnswer:
    return CallAnswer(calls=None, wait=wait)


def at_work(time: Time, bureau: Bureau | None = None, **options) -> tuple[CallPurse, Throttle]:
    purse = CallPurse(clock=time.clock, ask=bureau.ask if bureau else None)
    return purse, Throttle(purse, time.sleep, **options)


def most_within(moments: list[float], length: float) -> int:
    """The most moments in any half-open window of this length."""
    window: deque[float] = deque()
    most = 0
    for moment in sorted(moments):
        while window and moment - window[0] >= length:
            window.popleft()
        window.append(moment)
        most = max(most, len(window))
    return most


CALLS = st.lists(st.tuples(st.booleans(), st.floats(0, 3), st.floats(0, 1), st.floats(0, 2)), min_size=1, max_size=60)


@given(calls=CALLS, early=st.sampled_from([1.0, 0.6]), repeat=st.integers(1, 15))
def test_no_window_ever_holds_more_than_its_limit(calls, early, repeat):
    time = Time(early)
    _purse, throttle = at_work(time)
    counted, batches = [], []
    for batch, lasts, share, pause in calls * repeat:
        with throttle.call(batch=batch, read=not batch):
            counted.append(time.now + lasts * share / 100)
            if batch:
                batches.append(counted[-1])
            time.now += lasts / 100
        time.now += pause / 100
    assert most_within(counted, 1.0) <= 10
    assert most_within(counted, 60.0) <= 500
    assert most_within(batches, 60.0) <= 120


def test_batches_go_on_at_the_rate_of_the_limit_once_the_first_minute_is_used_up():
    time = Time()
    _purse, throttle = at_work(time)
    starts = []
    for _ in range(360):
        with throttle.call(batch=True, read=False):
            starts.append(time.now)
            time.now += 0.3
    rounds = [later - earlier for earlier, later in zip(starts, starts[120:], strict=False)]
    assert max(rounds) < 60 / 0.95


@given(st.lists(st.floats(0, 5), min_size=1, max_size=40), st.integers(1, 8))
def test_window_opens_only_when_its_oldest_call_is_long_enough_over(pauses, most):
    window, now, ends = Window(most, 10.0), 0.0, []
    for pause in pauses:
        now = max(now + pause, window.opens())
        ends.append(now)
        window.ended(now)
    assert most_within(ends, 9.999) <= most


def test_grant_that_came_with_the_claim_costs_no_question():
    time, bureau = Time(), Bureau()
    purse, throttle = at_work(time, bureau)
    purse.receive(grant(), time.now)
    with throttle.call(batch=True, read=False):
        pass
    assert bureau.asked == 0
    assert [report.as_message() for report in purse.reports()] == [
        {"grant": "g", "requests": 1, "batches": 1, "reads": 0, "throttled": None}
    ]
    assert purse.reports() == []


def test_calls_begin_when_the_grant_does_and_keep_its_pace():
    time = Time()
    purse, throttle = at_work(time, Bureau())
    purse.receive(grant(after=7.0, per_second=1), time.now)
    starts = []
    for _ in range(3):
        with throttle.call(batch=False, read=True):
            starts.append(time.now - 1000)
    assert starts == pytest.approx([7.0, 8.0, 9.0], abs=0.01)


def test_next_grant_begins_at_once_whatever_was_called_under_the_last():
    """Each is a share of its own; that the shares together fit into a second is the business of who grants them."""
    time = Time()
    purse, throttle = at_work(time, Bureau())
    for name in "abc":
        purse.receive(grant(name, per_second=1), time.now)
        with throttle.call(batch=True, read=False):
            pass
    assert time.slept == 0


@pytest.mark.parametrize("spent", ["used up", "over", "no batch left"])
def test_spent_grant_is_exchanged_and_reported(spent):
    time, bureau = Time(), Bureau(answer("second"))
    purse, throttle = at_work(time, bureau)
    purse.receive(grant(requests=1 if spent == "used up" else 9, batches=1), time.now)
    with throttle.call(batch=spent != "used up", read=False):
        pass
    time.now += 300 if spent == "over" else 2
    with throttle.call(batch=spent == "no batch left", read=False):
        pass
    assert [told["grant"] for told in bureau.told] == ["g"]
    assert purse.held == grant("second")


def test_grant_ends_as_counted_from_before_it_was_asked_for():
    time, bureau = Time(), Bureau(answer("second"))
    purse, throttle = at_work(time, bureau)
    asked_at = time.now
    time.now += 299.5  # a slow answer
    purse.receive(grant(lasts=300.0), asked_at)
    time.now += 0.5
    with throttle.call(batch=False, read=True):
        pass
    assert bureau.asked == 1


def test_full_house_is_asked_again_and_given_up_within_bounds():
    time, bureau = Time(), Bureau(full(30), full(30), answer())
    _purse, throttle = at_work(time, bureau)
    with throttle.call(batch=True, read=False):
        assert time.slept == 60
    time, bureau = Time(), Bureau(full(3600))
    _purse, throttle = at_work(time, bureau)
    with pytest.raises(TryLater) as caught, throttle.call(batch=True, read=False):
        pass
    assert (caught.value.retry_after, caught.value.maybe_sent, time.slept) == (3600, False, 0)


def test_429_is_told_to_odoo_at_once_and_holds_up_this_worker_too():
    time, bureau = Time(), Bureau(answer("later", after=60.0))
    purse, throttle = at_work(time, bureau)
    purse.receive(grant(), time.now)
    with throttle.call(batch=True, read=False):
        pass
    throttle.told_to_wait(60.0)
    assert bureau.told == [{"grant": "g", "requests": 1, "batches": 1, "reads": 0, "throttled": 60.0}]
    with throttle.call(batch=True, read=False):
        assert time.now >= 1060


def test_429_while_odoo_is_away_is_told_later():
    time, bureau = Time(), Bureau(SourceUnreachable("Odoo is away."))
    purse, throttle = at_work(time, bureau)
    purse.receive(grant(), time.now)
    with throttle.call(batch=True, read=False):
        pass
    throttle.told_to_wait(5.0)
    assert [report.throttled for report in purse.reports()] == [5.0]
    purse.ask = None
    with throttle.call(batch=True, read=False):
        assert time.now >= 1005


def test_odoo_away_when_leave_is_needed_means_later_and_surely_not_sent():
    time, bureau = Time(), Bureau(SourceUnreachable("Odoo is away.", hint="Look."))
    _purse, throttle = at_work(time, bureau)
    with pytest.raises(TryLater, match="Odoo is away") as caught, throttle.call(batch=True, read=False):
        pass
    assert not caught.value.maybe_sent


def test_reads_that_can_wait_are_refused_without_budget_while_all_else_goes_on():
    time = Time()
    purse, throttle = at_work(time, Bureau())
    purse.receive(grant(reads_left=1), time.now)
    with throttle.reads_that_can_wait(), throttle.call(batch=False, read=True):
        pass
    with throttle.reads_that_can_wait():
        with pytest.raises(ReadBudgetSpent) as caught, throttle.call(batch=False, read=True):
            pass
        with throttle.call(batch=True, read=False):
            pass
    with throttle.call(batch=False, read=True):
        pass
    assert "Reads per Month" in caught.value.hint
    assert [(report.requests, report.reads) for report in purse.reports()] == [(3, 2)]


def test_stopped_while_waiting_for_its_turn_sends_nothing():
    time = Time()
    purse, throttle = at_work(time, Bureau(), stopping=lambda: True)
    purse.receive(grant(after=30.0), time.now)
    with pytest.raises(TryLater, match="stopped"), throttle.call(batch=True, read=False):
        raise AssertionError("must not be sent")


def test_stopped_shortly_before_its_turn_the_batch_under_way_is_finished():
    time, finishing = Time(), []

    def finish(seconds: float) -> None:
        finishing.append(seconds)
        time.now += seconds

    purse, throttle = at_work(time, Bureau(), stopping=lambda: True, finish=finish)
    purse.receive(grant(after=2.0), time.now)
    with throttle.call(batch=True, read=False):
        assert time.now == 1002
    assert finishing == [2.0]


def test_two_workers_with_a_share_each_never_pass_the_second_together():
    """Whoever holds shares of a second's ten calls keeps to them, so their sum keeps to ten."""
    chance = random.Random(7)  # noqa: S311
    moments: list[float] = []
    for share in (3, 7):
        time = Time()
        purse, throttle = at_work(time, Bureau())
        purse.receive(grant(requests=400, per_second=share), time.now)
        for _ in range(200):
            with throttle.call(batch=False, read=True):
                moments.append(time.now + chance.random() / 50)
                time.now += 0.02
    assert most_within(moments, 1.0) <= 10
