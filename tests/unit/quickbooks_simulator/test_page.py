"""docs/simulated_company.md names what there is, and its commands are understood."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from quickbooks_simulator.clock import SystemClock
from quickbooks_simulator.seeds.catalogue import SEEDS
from quickbooks_simulator.settings import Settings, change_settings
from quickbooks_simulator.web.accountant_control import AccountantControl
from quickbooks_simulator.web.books_control import BooksControl
from quickbooks_simulator.web.control import ControlRoutes
from quickbooks_simulator.web.fault_script import CODE_PREFIX, PLAIN_KINDS, FaultScript
from quickbooks_simulator.web.simulator import Simulator
from quickbooks_simulator.web.webhook_control import WebhookControl

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "simulated_company.md").read_text("utf-8")
COMMANDS = re.findall(r"`POST (/simulator/\S+?)(?: ([{\[].*?[}\]]))?`", PAGE)


def section(title: str) -> str:
    """The text under a heading, up to the next one."""
    return re.split(r"^##+ ", PAGE.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> str:
    return " ".join(re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE))


def test_seeds_are_those_there_are() -> None:
    assert set(re.findall(r"`(\w+)`", first_cells(section("The simulated company")))) == set(SEEDS)


def test_kinds_of_fault_are_those_the_script_knows() -> None:
    named = set(re.findall(r"`([\w:]+)`", first_cells(section("The fault script"))))
    assert {each for each in named if not each.startswith(CODE_PREFIX)} == set(PLAIN_KINDS)


@pytest.mark.parametrize("title", ["Tax", "Limits", "Preferences", "Attachments"])
def test_switches_are_those_there_are(title: str) -> None:
    known = {each.name for each in fields(Settings)}
    values = {choice for each in fields(Settings) for choice in each.metadata.get("choices", ())}
    words = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", section(title)))
    parts_of_the_api = {"throttled_by", "file_content_", "file_metadata_"}
    assert words - known - values - parts_of_the_api == set()


def test_commands_go_to_endpoints_there_are_and_are_understood() -> None:
    simulator = Simulator("http://127.0.0.1:1", "empty", Settings(), SystemClock())
    controls = (ControlRoutes, AccountantControl, BooksControl, WebhookControl)
    paths = {route.path for control in controls for route in control(simulator).routes}
    assert len(COMMANDS) > 30
    for path, body in COMMANDS:
        assert path.split("…")[0] in paths or path.endswith("…"), path
        if body and path == "/simulator/settings":
            change_settings(Settings(), json.loads(body))
        if body and path == "/simulator/faults":
            FaultScript().add(json.loads(body))
