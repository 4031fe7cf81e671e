"""A second sandbox that shares the first one's downloads: cheap to make, and nothing in it is needed afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from workorder_sandbox import Sandbox
from workorder_sandbox.layout import Layout

_SHARED = ("odoo", "odoo-python", "uv")
_STAMPS = ("odoo", "odoo-python", "uv", "uv.env")


def _twin_at(root: Path, original: Layout) -> Sandbox:
    layout = Layout(original.checkout, root)
    layout.make()
    for name in _SHARED:
        if (original.root / name).exists():
            (root / name).symlink_to(original.root / name)
    for name in _STAMPS:
        if (original.stamps / name).exists():
            shutil.copy(original.stamps / name, layout.stamps / name)
    return Sandbox(layout)


@pytest.fixture
def make_twin(sandbox: Sandbox, tmp_path: Path) -> Iterator[Callable[[str], Sandbox]]:
    """Call it with a folder name for another sandbox of this checkout; each is stopped with the test."""
    made: list[Sandbox] = []

    def make(name: str) -> Sandbox:
        twin = _twin_at(tmp_path / name, sandbox.layout)
        made.append(twin)
        return twin

    yield make
    for twin in made:
        twin.stop()


@pytest.fixture
def twin(make_twin: Callable[[str], Sandbox]) -> Sandbox:
    """One such sandbox."""
    return make_twin("twin")
