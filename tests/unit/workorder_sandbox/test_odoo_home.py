"""ODOO_HOME is used when it is an Odoo 19 and refused with a reason otherwise."""

import pytest
from workorder_sandbox.errors import WrongOdoo
from workorder_sandbox.layout import Layout
from workorder_sandbox.odoo_home import odoo_home


def make_checkout(folder, version_info):
    for name in ("addons/sale", "odoo/addons/base"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__manifest__.py").write_text("{}")
    (folder / "odoo-bin").write_text("")
    (folder / "odoo" / "release.py").write_text(f"RELEASE = 1\nversion_info = {version_info}\n")
    return folder


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path, tmp_path / "box")


def test_checkout_of_odoo_19_is_used(tmp_path, layout, monkeypatch):
    checkout = make_checkout(tmp_path / "odoo", "(19, 0, 0, FINAL, 0, '')")
    monkeypatch.setenv("ODOO_HOME", str(checkout))

    home = odoo_home(layout)

    assert home.script == checkout / "odoo-bin"
    assert home.source == checkout
    assert home.addons == (checkout / "addons", checkout / "odoo" / "addons")
    assert home.version == "19.0"


@pytest.mark.parametrize(
    ("version_info", "told"), [("(18, 0, 0, FINAL, 0, '')", "18.0"), ("('saas~19', 1)", "saas~19.1")]
)
def test_other_version_is_refused_by_name(version_info, told, tmp_path, layout, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(make_checkout(tmp_path / "odoo", version_info)))

    with pytest.raises(WrongOdoo, match=f"is Odoo {told}, these addons need 19.0: change ODOO_HOME"):
        odoo_home(layout)


def test_folder_without_odoo_is_refused(tmp_path, layout, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))

    with pytest.raises(WrongOdoo, match="There is no Odoo in"):
        odoo_home(layout)
