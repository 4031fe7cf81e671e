"""Pre-flight says what the buyer will say.

The buyer is `buyer_simulator`, written without our rules. Thousands of generated worlds are told to both, each in its
own words; the two must come to the same verdict, and where we block, a reason of ours must be one of the buyer's.

AGREEMENT_SEED and AGREEMENT_CASES choose others than the usual ones.
"""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from workorder_preflight import FAIL, PASS, PASS_WITH_WARNINGS, UNKNOWN, Report, check

from .buyers import Buyer, Engine, Socket, ask
from .gaps import GAPS
from .mutations import MUTATIONS
from .to_case import case_of
from .world import World, sound_world

SEED = int(os.environ.get("AGREEMENT_SEED", "20260615"))
CASES = int(os.environ.get("AGREEMENT_CASES", "3000"))
SOCKET_CASES, GAP_CASES = 100, 400
JUDGED = [f"P{number:02}" for number in range(5, 37)]
WARNINGS = {"P06", "P35"}
OFTEN = 10
# Any integer is the seed of one world; the library looks for the smallest one that fails.
SEEDS = st.integers(0, 2**64 - 1)
Reasons = list[tuple[str, int | None, str]]


def generated(cases: int) -> settings:
    phases = (Phase.generate, Phase.shrink)
    unhurried = [HealthCheck.too_slow]
    return settings(max_examples=cases, deadline=None, database=None, phases=phases, suppress_health_check=unhurried)


def world_of(number: int, most: int = 3) -> World:
    """A sound world with up to so many mutations."""
    draw = Random(number)  # noqa: S311 - it generates cases
    world = sound_world(draw)
    for name in draw.sample(sorted(MUTATIONS), draw.randint(0, most)):
        MUTATIONS[name](world, draw)
        world.mutations.append(name)
    return world


def shared(report: Report, reasons: Reasons) -> bool:
    """Whether one of our refusals is one of the buyer's: the same code, and line where both name one."""
    blocks = [finding for finding in report.findings if finding.severity == "block"]
    return any(
        ours.reason == code and (ours.line is None or line is None or ours.line == line)
        for ours in blocks
        for code, line, _ in reasons
    )


def disagreement(report: Report, reasons: Reasons) -> str:
    """What the two do not agree on; empty if they do.

    Unknown is a fair answer to one question of a world that is known otherwise: a unit that no table converts. The
    buyer, whose table lacks it as well, rejects.
    """
    if report.verdict == UNKNOWN:
        missing = {finding.field for finding in report.findings if finding.severity == "unknown"}
        return "" if missing == {"unit"} and "QTY" in {code for code, _, _ in reasons} else "unknown for no reason"
    if report.verdict in (PASS, PASS_WITH_WARNINGS):
        return "we pass what the buyer rejects" if reasons else ""
    if not reasons:
        return "we refuse what the buyer matches"
    return "" if shared(report, reasons) else "no reason in common"


def compare(world: World, buyer: Buyer) -> tuple[Report, Reasons]:
    """Ask both; fails with everything a reader needs when they disagree."""
    reasons = ask(buyer, world)
    report = check(case_of(world))
    found = disagreement(report, reasons)
    ours = "\n".join(f"  {each.code} {each.reason} line {each.line}: {each.message}" for each in report.findings)
    theirs = "\n".join(f"  {code} line {line}: {message}" for code, line, message in reasons)
    assert not found, f"{found}: {world.mutations}\nours ({report.verdict}):\n{ours}\ntheirs:\n{theirs}"
    return report, reasons


def test_preflight_and_buyer_agree(capsys: pytest.CaptureFixture[str]) -> None:
    verdicts, fired, alone = Counter[str](), Counter[str](), Counter[str]()
    engine, seen = Engine(), set[int]()

    @seed(SEED)
    @generated(CASES)
    @given(SEEDS)
    def every_case(number: int) -> None:
        report, _ = compare(world_of(number), engine)
        seen.add(number)
        verdicts[report.verdict] += 1
        fired.update({finding.code for finding in report.findings})
        blocking = {finding.code for finding in report.findings if finding.severity == "block"}
        alone.update(blocking if len(blocking) == 1 else ())

    every_case()
    with capsys.disabled():
        print(f"\nagreement: {len(seen)} cases, AGREEMENT_SEED={SEED}; {dict(verdicts)}")  # noqa: T201 - for who reads the run
        print("rule: cases in which it speaks / is all that refuses")  # noqa: T201
        print(", ".join(f"{code}: {fired[code]}/{alone[code]}" for code in JUDGED))  # noqa: T201
    assert len(seen) >= min(CASES, 2000)
    if CASES < 2000:
        return
    assert {code: fired[code] for code in JUDGED if fired[code] < OFTEN} == {}, "rules that hardly ever speak"
    # Were such a rule forgotten, nothing else would refuse these cases, and the comparison would fail.
    assert [code for code in JUDGED if not alone[code] and code not in WARNINGS] == []
    assert verdicts[FAIL] > len(seen) / 4
    assert verdicts[PASS] + verdicts[PASS_WITH_WARNINGS] > len(seen) / 4


WARNED_OF = {"handed_in_late", "looks_like_an_earlier_one", "negative_line", "one_po_for_many_buildings"}


def test_every_mutation_alone_is_refused_now_and_then_unless_it_is_harmless() -> None:
    outcomes: dict[str, Counter[bool]] = {name: Counter() for name in MUTATIONS}
    engine = Engine()
    for index, (name, change) in enumerate(sorted(MUTATIONS.items())):
        for number in range(40):
            draw = Random(SEED + 1000 * index + number)  # noqa: S311 - it generates cases
            world = sound_world(draw)
            change(world, draw)
            world.mutations.append(name)
            _, reasons = compare(world, engine)
            outcomes[name][bool(reasons)] += 1
    harmless = {name for name, seen in outcomes.items() if not seen[True]}
    assert harmless == WARNED_OF


def test_agreement_holds_over_a_socket(buyer_process: str) -> None:
    socket, engine = Socket(buyer_process), Engine()

    @seed(SEED + 1)
    @generated(SOCKET_CASES)
    @given(SEEDS)
    def every_case(number: int) -> None:
        _, reasons = compare(world_of(number), socket)
        assert reasons == ask(engine, world_of(number))

    every_case()


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.__name__)
def test_what_we_do_not_know_is_never_a_pass(gap) -> None:
    """And what we refuse nevertheless, the buyer - who knows everything - refuses for a reason of ours."""
    verdicts = Counter[str]()
    engine = Engine()

    @seed(SEED + 2)
    @generated(GAP_CASES // len(GAPS))
    @given(SEEDS)
    def every_case(number: int) -> None:
        world = world_of(number, most=1)
        if world.document["kind"] == "credit" or not world.document["po"]:
            return
        reasons = ask(engine, world)
        report = check(gap(case_of(world)))
        verdicts[report.verdict] += 1
        assert report.verdict in (UNKNOWN, FAIL), (world.mutations, report.findings)
        if report.verdict == FAIL:
            assert shared(report, reasons), (world.mutations, report.findings, reasons)

    every_case()
    assert verdicts[UNKNOWN] > 5


def test_a_disagreement_would_be_seen() -> None:
    """The comparison itself: a PO the buyer changed without telling us, and a duplicate we forgot."""
    engine = Engine()
    world = sound_world(Random(1))  # noqa: S311 - it generates cases
    ours = check(case_of(world))
    world.po_line()["is_open"] = False
    assert disagreement(ours, ask(engine, world)) == "we pass what the buyer rejects"
    assert disagreement(check(case_of(world)), []) == "we refuse what the buyer matches"
    assert disagreement(check(case_of(world)), [("PAY", None, "")]) == "no reason in common"
