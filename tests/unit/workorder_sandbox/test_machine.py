"""What the machine has, lacks or forbids."""

import errno
import os
import socket
import sys

import pytest
from workorder_sandbox import bootstrap, privileges
from workorder_sandbox.debian import AptState
from workorder_sandbox.errors import DiskFull, MissingProgram, PortTaken, SandboxError, explained
from workorder_sandbox.ports import LOOPBACK, free_port, require_free
from workorder_sandbox.system_packages import FEATURES, SystemPackages


def test_python_that_is_too_old_is_refused_before_anything_else(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))

    assert bootstrap.main(["true"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("Python 3.11 or newer is needed")
    assert told.count("\n") == 1


def test_program_that_is_not_in_the_environment_is_named(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(bootstrap, "prepare_bridge", lambda _layout: None)
    monkeypatch.setenv("WORKORDER_SANDBOX", str(tmp_path))

    assert bootstrap.main(["no-such-program"]) == 2
    assert "no program no-such-program" in capsys.readouterr().err


@pytest.mark.parametrize(("seconds", "told"), [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s")])
def test_duration_is_spoken(seconds, told):
    assert bootstrap.spoken(seconds) == told


def test_port_somebody_listens_on_is_refused():
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTaken, match=f"Port {port} is taken"):
            require_free(port)


def test_free_port_is_free():
    port = free_port()

    assert require_free(port) == port


def test_machine_without_apt_is_told_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingProgram, match=r"apt-get is missing: .*ODOO_HOME"):
        AptState(tmp_path / "apt", tmp_path / "log").update(["sid"])


@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_missing_feature_names_the_command_that_adds_it(feature, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    sentence = SystemPackages(tmp_path / "log").missing(feature)

    assert sentence is not None
    assert f"apt-get install {FEATURES[feature].packages[0]}" in sentence


def test_feature_that_is_there_is_not_missing(tmp_path, monkeypatch):
    (tmp_path / "wkhtmltopdf").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert SystemPackages(tmp_path / "log").missing("print") is None


def test_ordinary_user_runs_postgresql_directly(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert privileges.as_other_than_root(tmp_path) == []


def test_root_without_the_needed_capability_is_told_to_move(tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(privileges, "_grantable", lambda: None)

    with pytest.raises(SandboxError, match="move the checkout"):
        privileges.as_other_than_root(closed)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_full_disk_is_explained(number):
    assert isinstance(explained(OSError(number, "full", "/some/file")), DiskFull)


def test_folder_one_may_not_write_is_explained():
    assert "No right to write /some/file" in str(explained(PermissionError(errno.EACCES, "no", "/some/file")))


def test_error_of_ours_is_not_explained_away():
    assert explained(OSError(errno.EBADF, "bad")) is None
