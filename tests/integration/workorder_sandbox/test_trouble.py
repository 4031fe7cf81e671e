"""No network, no room, no rights: one clear sentence and an exit code that is not 0."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from workorder_sandbox.errors import DiskFull, NoNetwork
from workorder_sandbox.layout import Layout
from workorder_sandbox.odoo_home import fetch_odoo
from workorder_sandbox.python_environment import make_environment

NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


def run_bootstrap(checkout, root, shell_before="", **env):
    command = f'{shell_before} exec "$0" -m workorder_sandbox.bootstrap true'
    return subprocess.run(
        ["sh", "-c", command, sys.executable],
        env={**os.environ, "PYTHONPATH": str(checkout / "connectors"), "WORKORDER_SANDBOX": str(root), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def assert_one_sentence(done, words):
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.fixture
def bare(sandbox, tmp_path):
    """A sandbox folder with nothing in it."""
    layout = Layout(sandbox.layout.checkout, tmp_path / "bare")
    layout.make()
    return layout


@pytest.fixture
def with_uv(sandbox, bare):
    """One that has uv already, and nothing else."""
    (bare.root / "uv").symlink_to(sandbox.layout.root / "uv")
    for name in ("uv", "uv.env"):
        (bare.stamps / name).write_text((sandbox.layout.stamps / name).read_text())
    return bare


def test_bootstrap_without_network_says_so(bare):
    done = run_bootstrap(
        bare.checkout, bare.root, PIP_INDEX_URL=f"{NOWHERE}/simple", PIP_RETRIES="0", PIP_NO_CACHE_DIR="1"
    )

    assert_one_sentence(done, "No network (fetching uv)")


def test_bootstrap_without_room_says_so(bare):
    done = run_bootstrap(bare.checkout, bare.root, shell_before="ulimit -f 2000;", PIP_NO_CACHE_DIR="1")

    assert_one_sentence(done, "The disk is full")


def test_bootstrap_without_the_right_to_write_says_so(bare):
    forbidden = Path("/sys/box")  # not even root makes a folder there

    assert_one_sentence(run_bootstrap(bare.checkout, forbidden), "No right to write /sys/box")


def test_bootstrap_in_a_place_that_is_no_folder_says_so(bare):
    (bare.root / "file").touch()

    assert_one_sentence(run_bootstrap(bare.checkout, bare.root / "file" / "box"), "is not a folder")


def test_environment_without_network_says_so_and_does_not_count_as_made(with_uv, monkeypatch):
    lock = with_uv.root / "some.lock"
    lock.write_text("no-such-thing-here==1 --hash=sha256:" + "0" * 64 + "\n")
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"{NOWHERE}/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")

    with pytest.raises(NoNetwork, match="making it"):
        make_environment(with_uv.root / "env", lock, with_uv, doing="making it")

    assert not (with_uv.stamps / "env").exists()


def test_half_made_environment_is_made_anew(with_uv):
    lock = with_uv.root / "empty.lock"
    lock.write_text("")
    leftover = with_uv.root / "env" / "lib" / "leftover"
    leftover.mkdir(parents=True)

    make_environment(with_uv.root / "env", lock, with_uv, doing="making it")

    assert (with_uv.root / "env" / "bin" / "python").exists()
    assert not leftover.exists()


def test_odoo_without_network_says_so_and_does_not_count_as_fetched(bare, monkeypatch):
    monkeypatch.setenv("http_proxy", NOWHERE)
    monkeypatch.setenv("https_proxy", NOWHERE)

    with pytest.raises(NoNetwork, match="Debian"):
        fetch_odoo(bare)

    assert not (bare.stamps / "odoo").exists()
    assert not bare.odoo.exists()


def test_set_up_with_too_little_room_stops_before_it_downloads(make_twin, monkeypatch):
    box = make_twin("small")
    (box.layout.stamps / "odoo").unlink()
    monkeypatch.setattr("workorder_sandbox.sandbox._ROOM", 1 << 62)

    with pytest.raises(DiskFull, match="less than 4 GB"):
        box.prepare()

    assert list(box.layout.downloads.iterdir()) == []
