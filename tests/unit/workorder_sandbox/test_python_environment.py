"""uv follows what the machine tells pip."""

import re

import pytest
from workorder_sandbox.layout import PACKAGE, Layout
from workorder_sandbox.python_environment import pip_settings, uv_settings


@pytest.fixture
def layout(tmp_path):
    made = Layout(tmp_path, tmp_path / "box")
    made.make()
    return made


def fake_pip(lines):
    return ["printf", "%s\\n", *lines]


def test_environment_wins_over_pips_files(layout):
    pip = fake_pip([":env:.index-url='https://a.example/simple'", "global.index-url='https://b.example/simple'"])

    assert pip_settings(pip, layout)["index-url"] == "https://a.example/simple"


def test_settings_of_other_pip_commands_are_not_mixed_in(layout):
    pip = fake_pip(["wheel.index-url='https://a.example/simple'", "install.cert='/c.pem'"])

    assert pip_settings(pip, layout) == {"cert": "/c.pem"}


@pytest.fixture
def no_uv_settings(monkeypatch):
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "SSL_CERT_FILE", "HTTPS_PROXY", "UV_FIND_LINKS", "UV_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_uv_settings")
def test_index_certificate_and_proxy_are_passed_on_to_uv():
    told = uv_settings({"index-url": "https://a.example/simple", "cert": "/c.pem", "proxy": "http://p.example:3128"})

    assert told == {
        "UV_DEFAULT_INDEX": "https://a.example/simple",
        "SSL_CERT_FILE": "/c.pem",
        "HTTPS_PROXY": "http://p.example:3128",
    }


@pytest.mark.usefixtures("no_uv_settings")
def test_machine_without_settings_leaves_uv_alone():
    assert uv_settings({}) == {}


@pytest.mark.usefixtures("no_uv_settings")
def test_folder_of_wheels_is_used_when_pip_may_use_no_index():
    told = uv_settings({"no-index": "true", "find-links": "/wheels"})

    assert told == {"UV_NO_INDEX": "1", "UV_FIND_LINKS": "/wheels"}


@pytest.mark.usefixtures("no_uv_settings")
def test_what_the_user_told_uv_stays(monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example/simple")

    assert uv_settings({"index-url": "https://a.example/simple"}) == {}


@pytest.mark.parametrize(
    "lock", [PACKAGE / "bootstrap.lock", PACKAGE / "odoo.lock", PACKAGE.parents[1] / "requirements.lock"]
)
def test_lock_file_names_no_host_and_no_path_and_hashes_everything(lock):
    text = lock.read_text()

    assert not re.search(r"https?://|file:|--(extra-)?index|find-links|(^|\s)/", text, re.MULTILINE)
    requirements = re.findall(r"^\S+==", text, re.MULTILINE)
    assert requirements
    assert len(re.findall(r"^\S+==.*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(requirements)
