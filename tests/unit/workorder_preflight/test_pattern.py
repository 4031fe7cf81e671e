"""Patterns people type into a buyer's profile: the usual ones are kept, and none can keep anybody waiting."""

import time

import pytest
from workorder_preflight.pattern import MAX_TEXT, matches, problem_of

USUAL = [
    r"45\d{8}",
    r"[A-Z]{2,4}-?\d{4,10}",
    r"\w+-\w+-\w+",
    r"(\d{3}-)+\d{2}",
    r"\d{10}|CPM-.*",
    r"(?i:po)\s?\d+",
    r"^BM-\d{4}$",
]
HOSTILE = [
    r"(a+)+b",
    r"(x+x+)+y",
    r"(a|a){40}b",
    r"(a|aa)+b",
    r"a*a*a*a*b",
    r"((a{0,60}){0,60}){0,60}",
    r"(ab?)+c",
    "(a?){50}a{50}",
]
FOREIGN = [r"(?=a)b", r"(?<=a)b", r"(a)\1", r"(?>a+)b", r"(?P<x>a)(?P=x)", r"(a)?(?(1)b|c)"]
BROKEN = ["45(", "[a", "*a", r"\d{3,1}", "a" * 201, "(" * 300]


@pytest.mark.parametrize("pattern", USUAL)
def test_e1_usual_patterns_are_kept(pattern: str) -> None:
    assert problem_of(pattern) == ""


@pytest.mark.parametrize("pattern", [*HOSTILE, *FOREIGN, *BROKEN])
def test_e1_refuses_patterns_that_hang_look_around_or_are_broken(pattern: str) -> None:
    assert problem_of(pattern).endswith(".")
    with pytest.raises(ValueError, match=r"attern|regular expression"):
        matches(pattern, "a")


@pytest.mark.parametrize("pattern", USUAL)
def test_e1_what_is_kept_never_takes_long(pattern: str) -> None:
    began = time.perf_counter()
    for text in ("1" * MAX_TEXT, "a" * MAX_TEXT, "a-" * (MAX_TEXT // 2), "123-" * (MAX_TEXT // 4)):
        matches(pattern, text)
    assert time.perf_counter() - began < 1


def test_e1_the_whole_text_must_match() -> None:
    assert matches(r"45\d{8}", "4500017788")
    assert not matches(r"45\d{8}", "4500017788 ")
    assert not matches(r"45\d{8}", "X4500017788")
    assert not matches(r"\d+", "1" * (MAX_TEXT + 1))
    assert matches("", "anything")
