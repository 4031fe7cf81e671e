"""`workorder preflight` as people and scripts see it."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from click.testing import CliRunner
from workorder_bridge.cli.preflight import preflight

EXAMPLE = json.loads((Path(__file__).parents[1] / "workorder_preflight" / "case.json").read_text())


def changed(**document):
    content = deepcopy(EXAMPLE)
    content["document"].update(document)
    return content


UNKNOWN = {**EXAMPLE, "purchase_orders": None}
WARNING = {**EXAMPLE, "judged_sha256": "other"}


@pytest.fixture
def run(tmp_path):
    def run(*contents, options=(), name="case{}.json"):
        paths = []
        for index, content in enumerate(contents):
            path = tmp_path / name.format(index)
            path.write_text(content if isinstance(content, str) else json.dumps(content))
            paths.append(str(path))
        return CliRunner().invoke(preflight, [*options, *paths])

    return run


@pytest.mark.parametrize(
    ("content", "code", "verdict"),
    [
        (EXAMPLE, 0, "PASS"),
        (WARNING, 0, "PASS_WITH_WARNINGS"),
        (changed(number=""), 1, "FAIL"),
        (UNKNOWN, 1, "UNKNOWN"),
    ],
)
def test_exit_code_and_verdict(run, content, code, verdict):
    done = run(content)
    assert (done.exit_code, f": {verdict} - " in done.stdout) == (code, True)


def test_unknown_is_never_shown_as_pass(run):
    done = run(UNKNOWN)
    assert "PASS" not in done.stdout
    assert "will match" not in done.stdout


def test_every_reason_is_shown_with_its_rule_and_field(run):
    done = run(changed(number="", currency="EUR"))
    for text in ("P02", "The document has no number", "P14", "REF", "(currency)"):
        assert text in done.stdout


def test_bad_input_lists_every_problem_and_exits_with_2(run):
    done = run(changed(currency=5, kind="bill"))
    assert done.exit_code == 2
    assert "document.currency: 5 - expected text" in done.stderr
    assert "document.kind" in done.stderr


def test_bad_input_hinders_no_other_file(run):
    done = run("{", changed(number=""), EXAMPLE)
    assert done.exit_code == 2
    assert "P02" in done.stdout
    assert "BAD INPUT" in done.stdout


def test_json_lines_are_judged_one_by_one(run):
    lines = "\n".join(json.dumps(each) for each in (EXAMPLE, changed(number=""), UNKNOWN)) + "\n\n"
    done = run(lines, options=["--json"], name="cases.jsonl")
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["verdict"] for each in reports] == ["PASS", "FAIL", "UNKNOWN"]
    assert [each["source"].rpartition(":")[2] for each in reports] == ["1", "2", "3"]
    assert reports[1]["findings"][0]["code"] == "P02"
    assert (done.exit_code, done.stderr) == (1, "")


def test_json_tells_problems_too(run):
    done = run(changed(kind="bill"), options=["--json"])
    (problem,) = json.loads(done.stdout)["problems"]
    assert (problem["path"], done.exit_code) == ("document.kind", 2)


def test_what_a_case_says_cannot_steer_the_screen(run):
    content = deepcopy(EXAMPLE)
    content["document"]["lines"][0]["item_code"] = "\x1b[31m[red]X"
    done = run(content)
    assert "\x1b" not in done.output
    assert "[red]X" in done.output


def test_missing_file_is_a_matter_of_usage():
    assert CliRunner().invoke(preflight, ["/nowhere/case.json"]).exit_code == 2


def test_nothing_to_judge_is_said_in_a_sentence():
    told = CliRunner().invoke(preflight, [])
    assert told.exit_code == 2
    assert "--from-odoo" in told.output
