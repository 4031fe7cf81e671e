"""Nothing of this machine's settings may reach a test."""

import os

import pytest


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in list(os.environ):
        if name.startswith("WORKORDER_"):
            monkeypatch.delenv(name)
