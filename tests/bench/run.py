"""`make bench`: one JSON line per figure; every ratio is computed inside one run, ours and Odoo's own taking turns.

python tests/bench/run.py [orders] [lists]
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from rich.console import Console
from workorder_sandbox import Sandbox
from workorder_sandbox.errors import SandboxError
from workorder_sandbox.progress import progress_on

HERE = Path(__file__).parent
BENCHES = ("orders", "lists")


def run(box: Sandbox, bench: str) -> bool:
    """Run one benchmark inside Odoo, on a database with our addons beside one without; print its figures."""
    databases = {"ours": "bench_ours", "plain": "bench_plain"}
    for kind, name in (("plain", databases["ours"]), ("base_us", databases["plain"])):
        box.drop_database(name)
        box.copy_database(box.ensure_template(kind), name)
    try:
        os.environ["WORKORDER_BENCH"] = json.dumps(
            {"ours": box.databases.full_name(databases["ours"]), "plain": box.databases.full_name(databases["plain"])}
        )
        program = f"import sys; sys.path.insert(0, {str(HERE)!r}); import inside_{bench}; inside_{bench}.main()\n"
        done = box.run_odoo(databases["ours"], ["--no-http", "--log-level", "error"], command="shell", text=program)
    finally:
        for name in databases.values():
            box.drop_database(name)
    figures = [line for line in done.stdout.splitlines() if line.startswith('{"figure"')]
    print("\n".join(figures))
    if done.returncode or not figures:
        print(done.stdout, file=sys.stderr)
        return False
    return True


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or all."""
    unknown = set(arguments) - set(BENCHES)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}: choose of {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    box = Sandbox.default()
    try:
        box.prepare(progress_on(Console(stderr=True)), templates=("plain",))
        outcomes = [run(box, bench) for bench in arguments or BENCHES]
        return 0 if all(outcomes) else 1
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        box.release()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
