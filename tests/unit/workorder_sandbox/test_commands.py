"""Failures of other programs come out as one sentence."""

import pytest
from workorder_sandbox.commands import classify, find_program, run
from workorder_sandbox.errors import DiskFull, MissingProgram, NoNetwork, StepFailed


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("E: Could not connect to 127.0.0.1:9 (127.0.0.1)", NoNetwork),
        ("W: Temporary failure resolving 'mirror.example'", NoNetwork),
        ("error: Failed to fetch\n  Caused by: error sending request\n  Caused by: dns error", NoNetwork),
        ("dpkg-deb: error: write failed (No space left on device)", DiskFull),
        ("OSError: [Errno 27] File too large: '/x/y'", DiskFull),
        ("E: You don't have enough free space in /var/cache/apt/archives/.", DiskFull),
        ("Traceback\nKeyError: 'x'", StepFailed),
    ],
)
def test_failed_command_is_told_by_what_it_said(said, kind, tmp_path):
    error = classify(said, "fetching a thing", tmp_path / "log")

    assert type(error) is kind
    assert "fetching a thing" in str(error).lower()
    assert "\n" not in str(error)


def test_old_network_trouble_far_up_in_the_output_is_not_blamed(tmp_path):
    said = "Connection refused\n" + "going on\n" * 60 + "error: something else"

    assert type(classify(said, "installing", tmp_path / "log")) is StepFailed


def test_unknown_failure_names_the_telling_line_and_the_log(tmp_path):
    with pytest.raises(StepFailed, match=r"Trying it failed: error: no such thing\. The whole log: .*/log"):
        run(["sh", "-c", "echo error: no such thing; echo bye; exit 3"], doing="trying it", log=tmp_path / "log")

    assert "no such thing" in (tmp_path / "log").read_text()


def test_program_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MissingProgram, match="no-such-program"):
        run(["no-such-program"], doing="trying it", log=tmp_path / "log")


def test_program_looked_for_in_vain_comes_with_advice():
    with pytest.raises(MissingProgram, match="no-such-program is missing: install it"):
        find_program("no-such-program", "install it.")
