"""Item-code files of 5,000 and 50,000 rows against a served Odoo, by the commands an administrator types.

Seconds and peak memory are those of the `workorder` process, which the operating system tells.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from workorder_sandbox import OdooServer, Sandbox

SMALL, LARGE = 5_000, 50_000
BUYERS, PRODUCTS = 50, 1_000
PEOPLE_AND_PRODUCTS = f"""
env["res.partner"].create([
    {{"name": f"Bench buyer {{n}}", "ref": f"BUYER-{{n}}", "is_company": True}} for n in range({BUYERS})
])
env["product.template"].create([
    {{"name": f"Bench product {{n}}", "default_code": f"SKU-{{n}}"}} for n in range({PRODUCTS})
])
env.cr.commit()
"""


def main() -> None:
    """Print the figures."""
    box = Sandbox.default()
    box.drop_database("bench_mappings")
    box.copy_database(box.ensure_template("plain"), "bench_mappings")
    try:
        box.run_odoo("bench_mappings", ["--no-http"], command="shell", text=PEOPLE_AND_PRODUCTS)
        box.query("bench_mappings", "ANALYZE")
        with box.serve("bench_mappings") as odoo, tempfile.TemporaryDirectory() as folder:
            measure(odoo, Path(folder))
    finally:
        box.drop_database("bench_mappings")


def measure(odoo: OdooServer, folder: Path) -> None:
    """Check both sizes, then apply the large file, then look at what a second apply finds to do."""
    seconds, peak = {}, {}
    for rows in (SMALL, LARGE):
        path = write(folder / str(rows), rows)
        figure("mapping_file_read", rows=rows, seconds=workorder(odoo, "check", "--offline", path)[0])
        seconds[rows], peak[rows], _told = workorder(odoo, "check", path)
        figure("mapping_file_check", rows=rows, seconds=seconds[rows], peak_mb=peak[rows])
    figure("mapping_file_check_growth", from_rows=SMALL, to_rows=LARGE, memory_ratio=peak[LARGE] / peak[SMALL])
    path = write(folder / str(LARGE), LARGE)
    spent, used, told = workorder(odoo, "apply", "--yes", path)
    figure("mapping_file_apply", rows=LARGE, seconds=spent, peak_mb=used, told=told)
    spent, _used, told = workorder(odoo, "apply", "--yes", path)
    figure("mapping_file_apply_again", rows=LARGE, seconds=spent, told=told)


def write(folder: Path, rows: int) -> Path:
    """One code for each product of each buyer, as far as the rows go."""
    folder.mkdir(exist_ok=True)
    path = folder / "item_codes.csv"
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["buyer", "product", "item_code"])
        table.writerows([f"BUYER-{n // PRODUCTS}", f"SKU-{n % PRODUCTS}", f"{n:08}"] for n in range(rows))
    return path


def workorder(odoo: OdooServer, *arguments: str | Path) -> tuple[float, float, object]:
    """Run `workorder mappings …`: seconds, megabytes at most, and what it counted."""
    settings = {"URL": odoo.url, "DATABASE": odoo.database, "LOGIN": odoo.login, "PASSWORD": odoo.password}
    environment = os.environ | {f"WORKORDER_ODOO_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "workorder_bridge", "mappings", *map(str, arguments), "--json"]
    began = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = process.stdout.read()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"`workorder mappings {arguments[0]}` ended with {process.returncode}: {said[:2000]}")
    counted = {name: value for name, value in json.loads(said).items() if isinstance(value, int | str | dict)}
    return time.perf_counter() - began, usage.ru_maxrss / 1024, counted


def figure(name: str, **values: object) -> None:
    """Print one figure as a JSON line."""
    rounded = {key: round(value, 2) if isinstance(value, float) else value for key, value in values.items()}
    print(json.dumps({"figure": name, **rounded}), flush=True)


if __name__ == "__main__":
    main()
