"""A log gets plain lines."""

import io

import pytest
from rich.console import Console
from workorder_sandbox.progress import progress_on


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=40)


def test_step_is_told_when_it_begins_and_when_it_is_done(console):
    with progress_on(console).step("[a] step"):
        begun = console.file.getvalue()

    assert begun == "... [a] step\n"
    assert console.file.getvalue().startswith("... [a] step\nok  [a] step (")


def test_step_that_fails_is_not_told_as_done(console):
    with pytest.raises(ValueError, match="no"), progress_on(console).step("step"):
        raise ValueError("no")

    assert console.file.getvalue() == "... step\n"
