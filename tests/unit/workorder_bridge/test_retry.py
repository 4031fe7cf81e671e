"""Bounded repetition, without waiting."""

import pytest
from workorder_bridge.errors import OutcomeUnknown, Rejected, TryLater
from workorder_bridge.retry import Retry


class Scripted:
    """Answers from a list; an exception in it is raised."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.calls = 0

    def __call__(self) -> object:
        self.calls += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def waiting(**settings: object) -> tuple[Retry, list[float]]:
    waits: list[float] = []
    return Retry(sleep=waits.append, jitter=lambda: 0.0, **settings), waits


def test_passing_trouble_is_repeated_with_growing_waits():
    retry, waits = waiting()
    assert retry.call(Scripted(TryLater("busy"), TryLater("busy"), TryLater("busy"), "done")) == "done"
    assert waits == [1.0, 2.0, 4.0]


def test_the_other_side_is_obeyed():
    retry, waits = waiting()
    assert retry.call(Scripted(TryLater("busy", retry_after=7), "done")) == "done"
    assert waits == [7.0]


def test_jitter_only_lengthens():
    waits: list[float] = []
    Retry(sleep=waits.append, jitter=lambda: 1.0).call(Scripted(TryLater("busy", retry_after=8), "done"))
    assert waits == [10.0]


def test_attempts_are_bounded():
    retry, _ = waiting(attempts=2)
    script = Scripted(TryLater("one"), TryLater("two"), "never")
    with pytest.raises(TryLater, match="two"):
        retry.call(script)
    assert script.calls == 2


def test_budget_is_not_overdrawn():
    retry, waits = waiting(budget=100)
    with pytest.raises(TryLater):
        retry.call(Scripted(TryLater("a", retry_after=60), TryLater("b", retry_after=60), "never"))
    assert waits == [60.0]


@pytest.mark.parametrize("error", [Rejected("no"), OutcomeUnknown("lost")])
def test_other_trouble_is_not_repeated(error):
    retry, waits = waiting()
    with pytest.raises(type(error)):
        retry.call(Scripted(error, "never"))
    assert waits == []


def test_doubt_of_an_early_try_outlives_a_definite_last_answer():
    retry, _ = waiting()
    with pytest.raises(Rejected) as caught:
        retry.call(Scripted(TryLater("503", maybe_sent=True), Rejected("no")))
    assert caught.value.maybe_sent


def test_request_to_stop_ends_the_waiting():
    retry, waits = waiting(stopping=lambda: True)
    with pytest.raises(TryLater):
        retry.call(Scripted(TryLater("busy"), "never"))
    assert waits == []
