"""Starting, sharing, stopping: with a real PostgreSQL."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from workorder_sandbox import Sandbox, SandboxError
from workorder_sandbox.errors import DatabaseUnreachable

PREPARE = """
import sys
from pathlib import Path
from workorder_sandbox import Sandbox
from workorder_sandbox.layout import Layout
box = Sandbox(Layout(Path(sys.argv[1]), Path(sys.argv[2])))
box.prepare()
print(box.start_database())
"""


def prepare_command(box):
    return [sys.executable, "-c", PREPARE, str(box.layout.checkout), str(box.layout.root)]


def processes_of(box):
    """The numbers of processes that were started with a path in the sandbox's folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if f"{box.layout.root}/" in command and int(entry.name) != os.getpid():
                found.append(int(entry.name))
    return found


def test_database_starts_once_and_stopping_leaves_nothing(twin):
    twin.prepare()

    assert twin.start_database() is True
    assert twin.start_database() is False
    assert processes_of(twin)
    twin.stop()
    assert processes_of(twin) == []
    assert not twin.is_database_running


def test_stopped_sandbox_says_how_to_start_it(twin):
    twin.prepare()

    with pytest.raises(SandboxError, match="workorder sandbox up"):
        twin.query("anything", "SELECT 1")


def test_two_sandboxes_run_side_by_side(make_twin):
    one, two = make_twin("one"), make_twin("two")
    for box in (one, two):
        box.prepare()
        box.start_database()
        box.databases.create("same_name")

    assert one.database_url != two.database_url
    assert len(one.databases.names()) == len(two.databases.names()) == 1
    one.stop()
    assert two.query("same_name", "SELECT 1") == [(1,)]


def test_checkout_in_a_deep_folder_works(make_twin):
    box = make_twin("/".join(["a_folder_with_a_long_name"] * 6))
    box.layout.root.mkdir(parents=True, exist_ok=True)
    box.prepare()
    box.start_database()

    box.databases.create("deep")
    assert box.query("deep", "SELECT 1") == [(1,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's folders are closed to the user PostgreSQL runs as")
def test_root_with_a_private_checkout_runs_postgresql_as_nobody(make_twin, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir()
    box = make_twin("closed/twin")
    closed.chmod(0o700)
    box.prepare()
    box.start_database()

    owner = (box.layout.postgres / "cluster").stat().st_uid
    server = int((box.layout.run / "postgres.stat").read_text().split()[0])
    assert owner == Path(f"/proc/{server}").stat().st_uid != 0


def test_server_wants_the_password(twin):
    twin.prepare()
    twin.start_database()

    for user in ("odoo", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host="127.0.0.1", port=twin.databases.url().rpartition(":")[2].split("/")[0], user=user)
    assert (twin.layout.postgres / "password").stat().st_mode & 0o077 == 0


def test_two_set_ups_at_once_make_one_server(twin):
    both = [subprocess.Popen(prepare_command(twin), stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(process.communicate()[0].strip() for process in both)

    assert said == ["False", "True"]
    assert [process.returncode for process in both] == [0, 0]


@pytest.mark.parametrize("moment", [0.4, 0.7, 1.0, 1.4, 2.0])
def test_set_up_killed_at_any_moment_is_finished_by_the_next(moment, twin):
    killed = subprocess.Popen(prepare_command(twin), stdout=subprocess.DEVNULL, start_new_session=True)
    time.sleep(moment)
    killed.send_signal(signal.SIGKILL)
    killed.wait()

    twin.prepare()
    twin.start_database()
    twin.databases.create("after")
    assert twin.query("after", "SELECT 1") == [(1,)]
    twin.stop()
    assert processes_of(twin) == []


def test_server_whose_start_was_killed_half_way_is_started_anew(twin):
    twin.prepare()
    twin.start_database()
    (twin.layout.run / "postgres.port").unlink()  # it is written last

    assert twin.start_database() is True

    twin.databases.create("after")
    twin.stop()
    assert processes_of(twin) == []


def test_half_made_cluster_is_made_anew(twin):
    cluster = twin.layout.postgres / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("18")

    twin.prepare()

    assert twin.start_database() is True


def test_last_of_two_users_stops_the_database(twin):
    twin.prepare()
    other = Sandbox(twin.layout)
    twin.start_database()
    other.start_database()

    twin.release()
    assert other.is_database_running
    other.release()
    assert not other.is_database_running


def test_named_server_is_used_and_only_our_databases_are_dropped(sandbox, make_twin, monkeypatch):
    sandbox.databases.drop("of_another")
    theirs = sandbox.databases.create("of_another")
    monkeypatch.setenv("WORKORDER_DATABASE_URL", sandbox.database_url)
    try:
        box = make_twin("guest")
        box.prepare()
        box.start_database()
        ours = box.databases.create("guest")
        assert box.databases.names() == [ours]
        box.remove()
        assert box.layout.root.exists() is False
        assert theirs in sandbox.databases.names()
        assert ours not in _all_names(sandbox)
    finally:
        monkeypatch.delenv("WORKORDER_DATABASE_URL")
        sandbox.drop_database("of_another")


def _all_names(box):
    with psycopg.connect(box.database_url) as session:
        return [row[0] for row in session.execute("SELECT datname FROM pg_database").fetchall()]


def test_named_server_with_the_user_odoo_refuses_is_refused_first(sandbox, make_twin, monkeypatch):
    monkeypatch.setenv("WORKORDER_DATABASE_URL", sandbox.database_url.replace("//odoo:", "//postgres:"))

    with pytest.raises(DatabaseUnreachable, match="not 'postgres'"):
        make_twin("guest").prepare()
