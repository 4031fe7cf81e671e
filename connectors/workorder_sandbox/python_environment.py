"""Virtual environments from a lock file, by uv: seconds instead of a minute, and no ensurepip needed.

uv itself comes by pip. Debian's plain python3 has no pip, so one is looked for, and as a last resort unpacked from
Debian's package of pip's wheel.
"""

from __future__ import annotations

import ast
import glob
import importlib.util
import os
import shutil
import sys
from pathlib import Path

from workorder_sandbox.commands import run
from workorder_sandbox.debian import AptState, machine_release, unpack
from workorder_sandbox.errors import SandboxError
from workorder_sandbox.layout import PACKAGE, Layout
from workorder_sandbox.stamps import digest, is_done, write_whole

_LOCK_OF_UV = PACKAGE / "bootstrap.lock"
# The certificates this machine trusts, an organisation's own among them; neither pip nor uv looks here by itself.
_TRUSTED = Path("/etc/ssl/certs/ca-certificates.crt")


def uv_program(layout: Layout) -> Path:
    """The path of our uv, fetched at the first call. Raises SandboxError when it cannot be had."""
    program = layout.root / "uv" / "bin" / "uv"
    stamp, ingredients = layout.stamps / "uv", digest([_LOCK_OF_UV.read_bytes()])
    if not is_done(stamp, ingredients) or not program.is_file():
        shutil.rmtree(program.parents[1], ignore_errors=True)
        pip = find_pip(layout)
        settings = pip_settings(pip, layout)
        options = ["--quiet", "--no-deps", "--require-hashes", "--no-cache-dir", "--no-compile"]
        run(
            [*pip, "install", *options, f"--target={program.parents[1]}", f"--requirement={_LOCK_OF_UV}"],
            doing="fetching uv",
            log=layout.logs / "python.log",
            env={"PIP_CERT": certificates} if (certificates := settings.get("cert")) else None,
        )
        write_whole(layout.stamps / "uv.env", repr(uv_settings(settings)), 0o600)  # an index URL may hold a password
        write_whole(stamp, ingredients)
    return program


def find_pip(layout: Layout) -> list[str]:
    """A command line that runs pip with this Python. Raises SandboxError naming the package to install."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    places = ["/usr/share/python-wheels/pip-*.whl", str(layout.root / "pip/usr/share/python-wheels/pip-*.whl")]
    bundled = importlib.util.find_spec("ensurepip")
    if bundled and bundled.origin:
        places.insert(0, str(Path(bundled.origin).parent / "_bundled" / "pip-*.whl"))
    wheels = [wheel for place in places for wheel in sorted(glob.glob(place))]
    if not wheels:
        wheels = [str(_unpack_pip(layout))]
    return [sys.executable, wheels[0] + "/pip"]


def _unpack_pip(layout: Layout) -> Path:
    apt = AptState(layout.downloads / "apt-pip", layout.logs / "apt.log")
    try:
        apt.update([machine_release()])
        unpack(apt.download(["python3-pip-whl"], layout.downloads), layout.root / "pip", apt.log)
    except SandboxError as error:
        advice = "Or make pip available yourself: `apt-get install python3-pip`."
        raise type(error)(f"{error} {advice}") from error
    return next((layout.root / "pip/usr/share/python-wheels").glob("pip-*.whl"))


def pip_settings(pip: list[str], layout: Layout) -> dict[str, str]:
    """What this machine tells pip (index, certificates, proxy), by pip's own names; the environment wins."""
    listing = run([*pip, "config", "list"], doing="reading pip's settings", log=layout.logs / "python.log")
    found = {"cert": str(_TRUSTED)} if _TRUSTED.is_file() else {}
    for line in sorted(listing.splitlines(), key=lambda text: text.startswith(":env:")):
        name, separator, value = line.partition("=")
        section, _, key = name.partition(".")
        if separator and section in ("global", "install", ":env:"):
            found[key] = str(ast.literal_eval(value))
    return found


def uv_settings(pip: dict[str, str]) -> dict[str, str]:
    """The same settings as environment variables that uv reads; what the user set for uv stays."""
    remote = [url for url in pip.get("extra-index-url", "").split() if url.startswith("http")]
    wanted = {
        "UV_DEFAULT_INDEX": pip.get("index-url", ""),
        "UV_INDEX": " ".join(remote),
        "UV_INDEX_STRATEGY": "unsafe-best-match" if remote else "",  # as pip does; the lock's hashes make it safe
        "UV_INSECURE_HOST": pip.get("trusted-host", "").replace("\n", " ").strip(),
        "UV_NO_INDEX": "1" if pip.get("no-index", "").lower() in ("1", "true", "yes") else "",
        "UV_FIND_LINKS": pip.get("find-links", "").replace("\n", " ").strip() if pip.get("no-index") else "",
        "SSL_CERT_FILE": pip.get("cert", ""),
        "HTTPS_PROXY": pip.get("proxy", ""),
    }
    return {name: value for name, value in wanted.items() if value and not os.environ.get(name)}


def uv_environment(layout: Layout) -> dict[str, str]:
    """The variables our uv runs with: this machine's settings, and nothing outside the sandbox folder written."""
    return {
        **ast.literal_eval((layout.stamps / "uv.env").read_text()),
        "UV_CACHE_DIR": str(layout.downloads / "uv-cache"),
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_NO_CONFIG": "1",  # a project's or user's uv.toml must not change what the lock says
    }


def made_from(lock: Path, project: Path | None = None) -> str:
    """The fingerprint of an environment: the lock file, this Python, and the project installed into it."""
    return digest([lock.read_bytes(), sys.version, *(_project_parts(project) if project else [])])


def is_made(folder: Path, ingredients: str, layout: Layout) -> bool:
    """Whether the environment is complete and made from these ingredients."""
    return is_done(layout.stamps / folder.name, ingredients) and (folder / "bin" / "python").exists()


def make_environment(folder: Path, lock: Path, layout: Layout, *, doing: str, project: Path | None = None) -> None:
    """Make the virtual environment the lock file describes; `project` is installed into it, editable, as well.

    A finished one with the same ingredients costs nothing; anything else is made anew. Raises SandboxError.
    """
    ingredients = made_from(lock, project)
    if is_made(folder, ingredients, layout):
        return
    stamp = layout.stamps / folder.name
    stamp.unlink(missing_ok=True)
    program = uv_program(layout)
    log = layout.logs / "python.log"
    env = {**uv_environment(layout), "VIRTUAL_ENV": str(folder)}
    base = getattr(sys, "_base_executable", sys.executable)
    shutil.rmtree(folder, ignore_errors=True)  # uv refuses a folder that is not yet an environment
    run([program, "venv", "--quiet", "--python", base, folder], doing=doing, log=log, env=env)
    install = [str(program), "pip", "install", "--quiet"]
    run([*install, "--require-hashes", "-r", str(lock)], doing=doing, log=log, env=env)
    if project:
        editable = [*install, "--no-deps", "--no-build-isolation", "--editable", str(project)]
        run(editable, doing="installing the project", log=log, env=env)
    write_whole(stamp, ingredients)


def _project_parts(project: Path) -> list[bytes | str]:
    """What an editable install depends on: the settings and the names of the packages."""
    packages = sorted(str(found) for found in project.glob("*/*/__init__.py"))
    return [(project / "pyproject.toml").read_bytes(), str(project), *packages]
