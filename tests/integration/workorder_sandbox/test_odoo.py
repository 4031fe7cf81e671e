"""Copies of templates, served by a real Odoo."""

import socket
import urllib.request
import xmlrpc.client

import pytest
from workorder_sandbox.errors import PortTaken, SandboxError


@pytest.fixture
def copy(sandbox, plain_template):
    sandbox.drop_database("copy_1")
    yield sandbox.copy_database(plain_template, "copy_1")
    sandbox.drop_database("copy_1")


def test_copy_is_another_database_to_whoever_asks(sandbox, plain_template, copy):
    ask = "SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'"

    assert sandbox.query(copy, ask) != sandbox.query(plain_template, ask)


def test_dropping_a_copy_leaves_the_templates_files(sandbox, plain_template, copy):
    filestores = sandbox.layout.data / "filestore"
    before = sorted(path.name for path in (filestores / plain_template).rglob("*"))
    assert sorted(path.name for path in (filestores / copy).rglob("*")) == before

    sandbox.drop_database("copy_1")

    assert not (filestores / copy).exists()
    assert sorted(path.name for path in (filestores / plain_template).rglob("*")) == before


def test_template_has_our_addons_and_us_accounts_without_odoos_demo_data(sandbox, plain_template):
    installed = sandbox.query(
        plain_template,
        "SELECT name, demo FROM ir_module_module WHERE state = 'installed' AND name = ANY(%s)",
        [["work_order", "work_order_transmission", "l10n_us", "purchase"]],
    )

    assert sorted(installed) == [
        ("l10n_us", False),
        ("purchase", False),
        ("work_order", False),
        ("work_order_transmission", False),
    ]


def test_demo_template_has_only_our_demo_data(sandbox, demo_template):
    rows = sandbox.query(demo_template, "SELECT name FROM ir_module_module WHERE demo AND state = 'installed'")

    assert sorted(rows) == [("work_order",), ("work_order_transmission",)]


def test_served_copy_answers_rpc_and_logs_every_request(odoo_server):
    odoo = odoo_server(template="plain")
    common = xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common")
    already = odoo.log_path.read_text().count("POST /xmlrpc/2/common")

    for _ in range(3):
        assert common.authenticate(odoo.database, odoo.login, odoo.password, {}) == 2

    assert odoo.log_path.read_text().count("POST /xmlrpc/2/common") == already + 3


def test_served_odoo_offers_no_other_database(odoo_server, plain_template):
    odoo = odoo_server(template="plain")
    with urllib.request.urlopen(f"{odoo.url}/web/database/manager") as page:  # noqa: S310 - http
        assert plain_template not in page.read().decode()


def test_two_copies_are_served_at_once_and_end_without_a_trace(sandbox, plain_template):
    names = ["side_1", "side_2"]
    for name in names:
        sandbox.drop_database(name)
        sandbox.copy_database(plain_template, name)
    try:
        with sandbox.serve("side_1") as one, sandbox.serve("side_2") as two:
            assert {one.database, two.database} <= set(sandbox.running_servers())
            assert one.url != two.url
        assert not {one.database, two.database} & set(sandbox.running_servers())
        assert not one.record.exists()
    finally:
        for name in names:
            sandbox.drop_database(name)


def test_named_port_that_is_taken_is_refused(sandbox, copy):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        with pytest.raises(PortTaken, match="is taken"):
            sandbox.start_odoo(copy, port=other.getsockname()[1])


def test_free_port_taken_in_between_is_replaced_by_another(sandbox, copy, monkeypatch):
    from workorder_sandbox import odoo_server as module

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ports = iter([other.getsockname()[1], module.free_port()])
        monkeypatch.setattr(module, "free_port", lambda: next(ports))

        with sandbox.serve(copy) as odoo:
            assert not odoo.url.endswith(f":{other.getsockname()[1]}")


def test_database_that_is_not_there_ends_in_one_sentence(sandbox):
    with pytest.raises(SandboxError) as refusal, sandbox.serve("no_such_database"):
        pass

    assert "\n" not in str(refusal.value)
    assert sandbox.running_servers().keys().isdisjoint({sandbox.databases.full_name("no_such_database")})


def test_odoo_runs_once_and_its_exit_code_is_given(sandbox, copy):
    done = sandbox.run_odoo(copy, [], command="shell", text="print('users:', env['res.users'].search_count([]) > 0)")

    assert done.returncode == 0
    assert "users: True" in done.stdout
