"""`make test` and `make lint`: every check of the repository, two at a time, each output whole, a summary at the end.

python -m workorder_sandbox.check [lint]
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from rich.console import Console

from workorder_sandbox.bootstrap import spoken
from workorder_sandbox.errors import SandboxError
from workorder_sandbox.layout import Layout
from workorder_sandbox.progress import progress_on
from workorder_sandbox.sandbox import Sandbox
from workorder_sandbox.templates import GLUE_MODULES, OUR_MODULES

_ODOO_LINT = (
    "--load-plugins=pylint_odoo",
    "--disable=all",
    "--enable=odoolint",
    # Wants an association as author; wants a README per addon; wants one file where we keep one per concern.
    "--disable=manifest-required-author,missing-readme,consider-merging-classes-inherited",
)
# One README serves the repository, and a model with several concerns has a file for each.
_ODOO_MESSAGES = (
    "--disable=all",
    "--enable=odoolint",
    "--disable=missing-readme,consider-merging-classes-inherited",
)
_AT_ONCE = 2  # the cores the time limits are meant for


@dataclass(frozen=True)
class Part:
    """One check: a program and where it runs."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a part ended."""

    name: str
    passed: bool
    seconds: float
    output: str = ""


def lint_parts(layout: Layout) -> list[Part]:
    """Every style and type check, on the whole checkout."""
    tools = layout.bridge / "bin"
    typed = ["connectors", *(["mappings"] if any((layout.checkout / "mappings").rglob("*.py")) else [])]
    addons = sorted(str(manifest.parent) for manifest in layout.addons.glob("*/__manifest__.py"))
    return [
        Part("ruff check", [str(tools / "ruff"), "check", "."]),
        Part("ruff format", [str(tools / "ruff"), "format", "--check", "."]),
        Part("mypy", [str(tools / "mypy"), "--strict", *typed]),
        Part("import-linter", [str(tools / "lint-imports")]),
        Part("pylint-odoo", [str(tools / "pylint"), *_ODOO_LINT, *addons]),
    ]


def addon_tests(box: Sandbox, database: str, name: str = "addon tests", addons: Sequence[str] = OUR_MODULES) -> Part:
    """The own tests of `addons`, inside Odoo, on a database that has them installed."""
    odoo = box.odoo_command
    command = [str(odoo.python), "-m", "pytest", "-o", "addopts=-ra", "-p", "no:cacheprovider", "--odoo-http"]
    where = [f"--odoo-config={odoo.configuration}", f"--odoo-database={database}"]
    modules = [str(box.layout.addons / addon) for addon in addons]
    return Part(name, [*command, *where, *modules], odoo.environment())


def our_tests(layout: Layout) -> Part:
    """The tests of the packages, the contracts and the whole story."""
    at_once = ["-n", str(_AT_ONCE), "--dist", "loadfile"]
    return Part("tests", [str(layout.bridge / "bin" / "python"), "-m", "pytest", *at_once, "tests"])


class Checks:
    """A run of checks: collects outcomes and shows each output when it is complete."""

    def __init__(self, box: Sandbox, console: Console) -> None:
        self._box = box
        self._console = console
        self._progress = progress_on(console)
        self._outcomes: list[Outcome] = []
        self._under_way: list[subprocess.Popen[str]] = []

    def lint(self) -> None:
        """Run the style and type checks, two at a time."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            self._show_all([pool.submit(self._run, part) for part in lint_parts(self._box.layout)])

    def everything(self) -> None:
        """Lint while the sandbox is prepared, then the addons' tests beside our own."""
        with ThreadPoolExecutor(1) as pool:
            linting = [pool.submit(self._run, part) for part in lint_parts(self._box.layout)]
            began = time.monotonic()
            try:
                self._prepare()
            except SandboxError as error:
                self._note(Outcome("sandbox", False, time.monotonic() - began, str(error)))
            self._show_all(linting)
        if all(outcome.name != "sandbox" for outcome in self._outcomes):
            self._test()

    def interrupt(self, *_: object) -> None:
        """Let every part under way clean up and end, as Ctrl-C on a terminal does."""
        for process in self._under_way:
            process.send_signal(signal.SIGINT)
        raise KeyboardInterrupt

    def finish(self) -> int:
        """Print the summary; 0 only if every part passed."""
        self._console.rule("summary")
        for outcome in self._outcomes:
            verdict = "passed" if outcome.passed else "FAILED"
            self._console.print(f"{verdict}  {outcome.name} ({spoken(outcome.seconds)})", markup=False, highlight=False)
        failed = [outcome.name for outcome in self._outcomes if not outcome.passed]
        if failed:
            self._console.print(f"Failed: {', '.join(failed)}.", markup=False, highlight=False)
        return 1 if failed else 0

    def _prepare(self) -> None:
        self._box.prepare(self._progress, features=("browser", "print"), templates=("plain", "demo", "glued"))

    def _test(self) -> None:
        plain, glued = "addon_tests", "glue_tests"
        try:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                parts = [
                    addon_tests(self._box, self._fresh(plain, "plain")),
                    our_tests(self._box.layout),
                    addon_tests(
                        self._box,
                        self._fresh(glued, "glued"),
                        "addon tests with Timesheets and Inventory",
                        GLUE_MODULES,
                    ),
                ]
                self._show_all([pool.submit(self._run, part) for part in parts])
        finally:
            self._box.drop_database(plain)
            self._box.drop_database(glued)

    def _fresh(self, database: str, template: str) -> str:
        self._box.drop_database(database)
        return self._box.copy_database(self._box.ensure_template(template), database)

    def _run(self, part: Part) -> Outcome:
        """Run one part to its end, its output kept together."""
        began = time.monotonic()
        self._progress.note(f"... {part.name}")
        process = subprocess.Popen(
            # A run started in the background has SIGINT ignored, and so would its parts: they need it to clean up.
            ["/usr/bin/env", "--default-signal=INT", *part.command],
            cwd=self._box.layout.checkout,
            env={**os.environ, **part.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._under_way.append(process)
        output = process.communicate()[0]
        self._under_way.remove(process)
        return Outcome(part.name, process.returncode == 0, time.monotonic() - began, output)

    def _show_all(self, running: Sequence[Future[Outcome]]) -> None:
        for done in as_completed(running):
            self._note(done.result())

    def _note(self, outcome: Outcome) -> None:
        self._outcomes.append(outcome)
        self._console.rule(outcome.name)
        self._console.out(outcome.output.rstrip(), highlight=False)


def main(arguments: Sequence[str]) -> int:
    """Run the checks; 0 only if all passed."""
    console = Console(soft_wrap=True)
    box = Sandbox.default()
    checks = Checks(box, console)
    run: Callable[[], None] = checks.lint if "lint" in arguments else checks.everything
    signal.signal(signal.SIGTERM, checks.interrupt)
    try:
        run()
    except KeyboardInterrupt:
        return 130
    except SandboxError as error:
        console.print(str(error), markup=False, highlight=False)
        return 2
    finally:
        box.release()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
