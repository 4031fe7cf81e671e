"""`make bench`: one JSON line per figure; every ratio is computed inside one run, ours and Odoo's own taking turns.

python tests/bench/run.py [orders] [lists] [bulk] [preflight] [quickbooks] [mappings]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from workorder_sandbox import Sandbox
from workorder_sandbox.errors import SandboxError
from workorder_sandbox.progress import progress_on

HERE = Path(__file__).parent
INSIDE = ("orders", "lists", "bulk")  # programs inside_*.py, run by Odoo
OUTSIDE = ("preflight", "quickbooks")  # programs outside_*.py, which need no Odoo
SERVED = ("mappings",)  # programs served_*.py, which talk to a served Odoo
BENCHES = (*INSIDE, *OUTSIDE, *SERVED)


def run(box: Sandbox, bench: str) -> bool:
    """Run one benchmark; print figures as they come."""
    for kind, benches in (("outside", OUTSIDE), ("served", SERVED)):
        if bench in benches:
            return subprocess.run([sys.executable, str(HERE / f"{kind}_{bench}.py")], check=False).returncode == 0
    return run_inside(box, bench)


def run_inside(box: Sandbox, bench: str) -> bool:
    """Run one benchmark inside Odoo, on a database with our addons beside one without; print figures as they come."""
    databases = {"ours": "bench_ours", "plain": "bench_plain"}
    for kind, name in (("plain", databases["ours"]), ("base_us", databases["plain"])):
        box.drop_database(name)
        box.copy_database(box.ensure_template(kind), name)
    try:
        return measure(box, bench, {side: box.databases.full_name(name) for side, name in databases.items()})
    finally:
        for name in databases.values():
            box.drop_database(name)


def measure(box: Sandbox, bench: str, databases: dict[str, str]) -> bool:
    """Start the benchmark in `odoo shell`; whether it ended well and had figures to show."""
    odoo = box.odoo_command
    line = odoo.line(databases["ours"], ["--no-http", "--log-level", "error"], command="shell")
    environment = {
        **os.environ,
        **odoo.environment(),
        "WORKORDER_BENCH": json.dumps(databases),
        "WORKORDER_BENCH_SERVER": json.dumps(odoo.line(databases["ours"])),
    }
    program = f"import sys; sys.path.insert(0, {str(HERE)!r}); import inside_{bench}; inside_{bench}.main()\n"
    said, figures = [], 0
    pipe = subprocess.PIPE
    with subprocess.Popen(line, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True) as shell:
        assert shell.stdin
        assert shell.stdout
        shell.stdin.write(program)
        shell.stdin.close()
        for each in shell.stdout:
            if each.startswith('{"figure"'):
                figures += 1
                print(each, end="", flush=True)
            else:
                said.append(each)
    went_well = shell.returncode == 0 and figures > 0
    if not went_well:
        print("".join(said), file=sys.stderr)
    return went_well


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or all."""
    unknown = set(arguments) - set(BENCHES)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}: choose of {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    chosen = arguments or BENCHES
    box = Sandbox.default()
    try:
        if not set(chosen) <= set(OUTSIDE):
            box.prepare(progress_on(Console(stderr=True)), templates=("plain",))
        outcomes = [run(box, bench) for bench in chosen]
        return 0 if all(outcomes) else 1
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        box.release()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
