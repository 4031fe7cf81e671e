"""A check run ends well only if every part did."""

import io
import signal
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from rich.console import Console
from workorder_sandbox import check
from workorder_sandbox.check import Checks, Part
from workorder_sandbox.errors import SandboxError
from workorder_sandbox.layout import Layout


@pytest.fixture
def console():
    return Console(file=io.StringIO(), soft_wrap=True)


@pytest.fixture
def checks(console, tmp_path):
    return Checks(SimpleNamespace(layout=Layout(tmp_path, tmp_path / "box")), console)


def parts(monkeypatch, **commands):
    monkeypatch.setattr(check, "lint_parts", lambda _layout: [Part(name, cmd) for name, cmd in commands.items()])


def test_all_parts_passed_is_success(checks, console, monkeypatch):
    parts(monkeypatch, one=["echo", "1 passed"], two=["true"])
    checks.lint()

    assert checks.finish() == 0
    assert "1 passed" in console.file.getvalue()
    assert "Failed" not in console.file.getvalue()


def test_failed_part_is_named_and_the_others_still_run(checks, console, monkeypatch):
    parts(monkeypatch, bad=["sh", "-c", "echo broken; exit 3"], good=["true"])
    checks.lint()

    assert checks.finish() == 1
    told = console.file.getvalue()
    assert "broken" in told
    assert "FAILED  bad" in told
    assert "passed  good" in told
    assert told.endswith("Failed: bad.\n")


def test_sandbox_that_cannot_be_made_fails_the_run_by_name_after_lint(checks, console, monkeypatch):
    def prepare(*_arguments, **_options):
        raise SandboxError("No network: mend it.")

    parts(monkeypatch, style=["true"])
    checks._box.prepare = prepare
    checks.everything()

    assert checks.finish() == 1
    assert "No network: mend it." in console.file.getvalue()
    assert "passed  style" in console.file.getvalue()
    assert console.file.getvalue().endswith("Failed: sandbox.\n")


PATIENT = """
import pathlib, sys, time
try:
    pathlib.Path(sys.argv[1]).touch()
    time.sleep(60)
except KeyboardInterrupt:
    print("cleaned up")
"""


def test_interrupted_run_lets_its_parts_clean_up(checks, console, monkeypatch, tmp_path):
    ready = tmp_path / "ready"
    parts(monkeypatch, long=[sys.executable, "-c", PATIENT, str(ready)])
    run = threading.Thread(target=checks.lint)
    run.start()
    limit = time.monotonic() + 30
    while not ready.exists():
        assert time.monotonic() < limit, "the part never started"
        time.sleep(0.02)

    with pytest.raises(KeyboardInterrupt):
        checks.interrupt(signal.SIGTERM, None)
    run.join(30)

    assert "cleaned up" in console.file.getvalue()
