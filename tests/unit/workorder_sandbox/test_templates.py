"""A template's name changes with what it was made from."""

import pytest
from workorder_sandbox.database import Databases
from workorder_sandbox.errors import SandboxError
from workorder_sandbox.layout import Layout
from workorder_sandbox.odoo_command import OdooCommand
from workorder_sandbox.odoo_home import OdooHome
from workorder_sandbox.templates import Templates


@pytest.fixture
def templates(tmp_path):
    addons = tmp_path / "addons"
    (addons / "one" / "tests").mkdir(parents=True)
    (addons / "one" / "__manifest__.py").write_text("{'name': 'One'}")
    (addons / "one" / "tests" / "test_one.py").write_text("")
    home = OdooHome(tmp_path / "odoo-bin", tmp_path, (tmp_path,), "19.0")
    odoo = OdooCommand(Layout(tmp_path, tmp_path / "box"), home, addons, {})
    return Templates(Databases({}, "wo_abc_", tmp_path), odoo, ["one"])


def test_changed_addon_changes_the_names_of_what_was_made_from_it(templates):
    before = {kind: templates.name(kind) for kind in ("base_us", "plain", "demo")}
    (templates.odoo.addons / "one" / "__manifest__.py").write_text("{'name': 'Two'}")

    changed = {kind for kind in before if templates.name(kind) != before[kind]}
    assert changed == {"plain", "demo"}


def test_changed_test_keeps_the_name(templates):
    before = templates.name("plain")
    (templates.odoo.addons / "one" / "tests" / "test_one.py").write_text("assert True")

    assert templates.name("plain") == before


def test_unknown_kind_is_refused_with_the_choices(templates):
    with pytest.raises(SandboxError, match="base_us, plain, demo"):
        templates.name("fancy")


def test_missing_addon_is_refused_by_name(templates):
    missing = Templates(templates.databases, templates.odoo, ["one", "nowhere"])

    with pytest.raises(SandboxError, match="nowhere"):
        missing.name("plain")


def test_every_name_stays_within_what_postgresql_takes(templates):
    assert all(len(templates.databases.full_name("draft_" + templates.name(kind))) <= 63 for kind in ("plain", "demo"))
