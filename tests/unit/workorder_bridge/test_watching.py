"""Watching: what rings when, and what is looked at because of it."""

import os
import signal
import threading

import click
import pytest
from workorder_bridge.cli.exits import CLOSED, DONE, LATER, USAGE
from workorder_bridge.cli.watching import Address, Bell, keep_watch, read_address, stopped_by_signals

HOUR = 3600.0
EAST, WEST = frozenset({"77"}), frozenset({"88"})


class Played:
    """Rounds that are only noted; `script` says what happens in each, and its exit code if that is not 0.

    After the last of them the watch is stopped.
    """

    def __init__(self, *script):
        self.bell, self.stop, self.done = Bell(), threading.Event(), []
        self._script = list(script)

    def everything(self):
        return self._play("everything")

    def ahead_of_time(self, realms):
        return self._play(set(realms))

    def _play(self, what):
        self.done.append(what)
        code = self._script.pop(0)(self.bell)
        if not self._script:
            self.stop.set()
            self.bell.wake()
        return code or DONE

    def watch(self, seconds=HOUR):
        return keep_watch(self, self.bell, self.stop, seconds, gather=0)


def quiet(_bell):
    """Nothing happens."""


def ringing(*realms, code=DONE):
    def ring(bell):
        for each in realms:
            bell.ring(each)
        return code

    return ring


def ending(code):
    return lambda _bell: code


def test_news_during_a_round_make_one_more_look_at_that_company_only():
    rounds = Played(ringing(EAST, EAST, EAST), quiet)
    rounds.watch()
    assert rounds.done == ["everything", {"77"}]


def test_news_during_a_look_make_one_more():
    rounds = Played(ringing(EAST), ringing(EAST, WEST), quiet)
    rounds.watch()
    assert rounds.done == ["everything", {"77"}, {"77", "88"}]


def test_burst_is_gathered_into_one_look():
    rounds = Played(quiet, quiet)
    first = threading.Event()

    class Slow(threading.Event):
        """The moment of gathering: the rest of the burst comes in."""

        def wait(self, timeout=None):
            rounds.bell.ring(EAST)
            rounds.bell.ring(WEST)
            first.set()
            return super().wait(timeout)

    rounds.stop = Slow()
    threading.Timer(0.05, rounds.bell.ring, [EAST]).start()
    rounds.watch()
    assert first.is_set()
    assert rounds.done == ["everything", {"77", "88"}]


def test_without_news_everything_is_done_again_and_again():
    rounds = Played(quiet, quiet, quiet)
    rounds.watch(seconds=0.01)
    assert rounds.done == ["everything"] * 3


def test_steady_news_do_not_put_off_the_round_of_everything():
    rounds = Played(*[ringing(EAST)] * 5)
    rounds.watch(seconds=0)
    assert rounds.done == ["everything"] * 5


def test_news_from_before_a_round_are_in_it():
    rounds = Played(quiet, quiet)
    rounds.bell.ring(EAST)
    rounds.watch(seconds=0.01)
    assert rounds.done == ["everything"] * 2


def test_other_companies_are_left_alone():
    rounds = Played(quiet, quiet)
    rounds.bell.expect(["77", ""])
    threading.Timer(0.05, lambda: (rounds.bell.ring(WEST), rounds.bell.ring(EAST | WEST))).start()
    rounds.watch()
    assert rounds.done == ["everything", {"77"}]


def test_until_the_companies_are_known_all_count():
    bell = Bell()
    bell.ring(WEST)
    bell.expect(["77"])
    assert bell.take() == WEST


@pytest.mark.parametrize("script", [[ending(USAGE), quiet], [ringing(EAST), ending(USAGE), quiet]])
def test_what_only_other_settings_help_ends_the_watch(script):
    rounds = Played(*script)
    assert rounds.watch() == USAGE
    assert len(rounds.done) == len(script) - 1


def test_look_that_went_well_does_not_hide_the_trouble_of_the_round():
    assert Played(ringing(EAST, code=CLOSED), ending(LATER)).watch() == CLOSED
    assert Played(ringing(EAST), ending(LATER)).watch() == LATER
    assert Played(ending(LATER), quiet).watch(seconds=0) == DONE


def test_refusals_are_told_once():
    bell = Bell()
    bell.refuse()
    bell.refuse()
    assert (bell.refused(), bell.refused()) == (2, 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_the_waiting_at_once(number):
    rounds = Played(quiet, quiet)
    with stopped_by_signals(rounds.bell.wake) as rounds.stop:
        threading.Timer(0.05, os.kill, [os.getpid(), number]).start()
        rounds.watch()
    assert rounds.done == ["everything"]


def test_second_signal_is_left_to_whoever_had_it_before():
    with pytest.raises(KeyboardInterrupt), stopped_by_signals(Bell().wake):  # noqa: PT012 - two signals, the second one raises
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("8418", Address("127.0.0.1", 8418)),
        ("0.0.0.0:80", Address("0.0.0.0", 80)),  # noqa: S104 - what somebody may type
        ("bridge.example:65535", Address("bridge.example", 65535)),
        ("[::1]:0", Address("::1", 0)),
    ],
)
def test_address_is_a_port_or_host_and_port(written, meant):
    assert read_address(None, None, written) == meant


@pytest.mark.parametrize(
    "written", ["", "x", ":80", "host:", "65536", "-1", "::1:80", "http://host:80", "host:80/hook"]
)
def test_other_addresses_are_refused_with_an_example(written):
    with pytest.raises(click.BadParameter, match="such as 8418"):
        read_address(None, None, written)
