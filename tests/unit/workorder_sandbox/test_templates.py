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
    (addons / "glue").mkdir()
    (addons / "glue" / "__manifest__.py").write_text("{'name': 'Glue'}")
    return Templates(Databases({}, "wo_abc_", tmp_path), odoo, ["one"], ["glue"])


def test_changed_addon_changes_the_names_of_what_was_made_from_it(templates):
    before = {kind: templates.name(kind) for kind in ("base_us", "plain", "demo", "glued")}
    (templates.odoo.addons / "one" / "__manifest__.py").write_text("{'name': 'Two'}")

    changed = {kind for kind in before if templates.name(kind) != before[kind]}
    assert changed == {"plain", "demo", "glued"}


def test_changed_glue_changes_the_name_of_the_database_with_its_neighbours_only(templates):
    before = {kind: templates.name(kind) for kind in ("plain", "demo", "glued")}
    (templates.odoo.addons / "glue" / "__manifest__.py").write_text("{'name': 'Other glue'}")

    assert [kind for kind in before if templates.name(kind) != before[kind]] == ["glued"]


def test_changed_test_keeps_the_name(templates):
    before = templates.name("plain")
    (templates.odoo.addons / "one" / "tests" / "test_one.py").write_text("assert True")

    assert templates.name("plain") == before


def test_unknown_kind_is_refused_with_the_choices(templates):
    with pytest.raises(SandboxError, match="base_us, plain, demo, glued"):
        templates.name("fancy")


def test_missing_addon_is_refused_by_name(templates):
    missing = Templates(templates.databases, templates.odoo, ["one", "nowhere"])

    with pytest.raises(SandboxError, match="nowhere"):
        missing.name("plain")


def test_every_name_stays_within_what_postgresql_takes(templates):
    assert all(
        len(templates.databases.full_name("draft_" + templates.name(kind))) <= 63 for kind in ("plain", "demo", "glued")
    )
