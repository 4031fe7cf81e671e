"""`workorder mappings` as an administrator types it, on the example files and a real Odoo."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from workorder_sandbox import OdooServer

ROOT = Path(__file__).parents[2]
HOSPITAL = ROOT / "mappings" / "examples" / "hospital"
QUICKBOOKS = ROOT / "mappings" / "examples" / "quickbooks"
SECONDS = 300
Mappings = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def odoo(module_odoo_server: Callable[..., OdooServer]) -> OdooServer:
    return module_odoo_server(template="demo")


@pytest.fixture(scope="module")
def mappings(odoo: OdooServer) -> Mappings:
    """Runs `workorder mappings …`; gives its exit code and its JSON document."""
    settings = {"URL": odoo.url, "DATABASE": odoo.database, "LOGIN": odoo.login, "PASSWORD": odoo.password}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WORKORDER_ODOO")}
    environment |= {f"WORKORDER_ODOO_{name}": value for name, value in settings.items()}

    def run(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
        command = [sys.executable, "-m", "workorder_bridge", "mappings", *map(str, arguments), "--json"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, json.loads(done.stdout)

    return run


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.csv"))


def changes(told: dict[str, Any]) -> int:
    return sum(counts.get(kind, 0) for counts in told["counts"].values() for kind in ("added", "changed", "removed"))


def test_e5_examples_are_checked_applied_once_and_then_change_nothing(mappings: Mappings) -> None:
    everything = [*files(HOSPITAL), *files(QUICKBOOKS)]
    code, told = mappings("check", *everything)
    assert (code, told["problems"]) == (0, [])
    code, told = mappings("diff", *everything)
    assert code == 0
    assert changes(told) > 0
    code, told = mappings("apply", "--yes", *everything)
    assert (code, told["problems"]) == (0, [])
    code, told = mappings("diff", *everything)
    assert (code, changes(told)) == (0, 0)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_e5_what_is_exported_and_applied_changes_nothing(mappings: Mappings, tmp_path: Path, kind: str) -> None:
    code, _told = mappings("export", tmp_path, "--format", kind)
    assert code == 0
    written = sorted(tmp_path.glob(f"*.{kind}"))
    assert {path.stem for path in written} >= {"buyers", "item_codes", "units", "cost_centers", "purchase_orders"}
    code, told = mappings("apply", "--yes", *written)
    assert (code, told["problems"], changes(told)) == (0, [], 0)


def test_e5_three_broken_rows_apply_nothing_and_each_is_told(mappings: Mappings, tmp_path: Path) -> None:
    path = tmp_path / "item_codes.csv"
    rows = [
        "buyer;product;item_code;valid_from;contains",
        "Mercy General Hospital;CLN-COM;007;2027-01-01;1",
        "Mercy General Hospital;NO-SUCH;1;2027-01-01;1",
        'Mercy General Hospital;"CLN-COM";8;32.13.2027;1',
        "Mercy General Hospital;LCK-REP;9;2027-01-01;many",
    ]
    path.write_text("\r\n".join(rows), encoding="utf-16")
    code, told = mappings("apply", "--yes", path)
    assert code == 1
    places = {(problem["row"], problem["column"]) for problem in told["problems"]}
    assert places == {(3, "product"), (4, "valid_from"), (5, "contains")}
    assert all(problem["value"] and problem["expected"] for problem in told["problems"])
    good = tmp_path / "good" / "item_codes.csv"
    good.parent.mkdir()
    good.write_text("\r\n".join(rows[:2]), encoding="utf-8-sig")
    code, told = mappings("diff", good)
    assert (code, changes(told)) == (0, 1), "nothing of the broken file was applied"


def test_e5_formulas_are_refused_and_what_looks_like_one_comes_back_unchanged(
    mappings: Mappings, tmp_path: Path
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["buyer", "product", "item_code"])
    sheet.append(["Mercy General Hospital", "PLB-LAB", '=HYPERLINK("http://x.example")'])
    path = tmp_path / "item_codes.xlsx"
    book.save(path)
    code, told = mappings("apply", "--yes", path)
    assert code == 1
    assert [problem["column"] for problem in told["problems"]] == ["item_code"]
    harmless = tmp_path / "csv" / "item_codes.csv"
    harmless.parent.mkdir()
    harmless.write_text("buyer,product,item_code\nMercy General Hospital,TRV,'-0042\n", encoding="utf-8")
    code, told = mappings("apply", "--yes", harmless)
    assert (code, changes(told)) == (0, 1), told
    out = tmp_path / "out"
    mappings("export", out, "--format", "xlsx")
    exported = load_workbook(out / "item_codes.xlsx", read_only=True).active
    assert exported is not None
    cells = [str(cell) for row in exported.iter_rows(values_only=True) for cell in row if cell]
    assert any(cell.endswith("-0042") for cell in cells)
    assert not [cell for cell in cells if cell[0] in "=+-@"]
    shutil.copy(out / "item_codes.xlsx", tmp_path / "csv" / "item_codes.xlsx")
    code, told = mappings("diff", tmp_path / "csv" / "item_codes.xlsx")
    assert (code, changes(told)) == (0, 0)


def test_e5_two_people_applying_at_once_add_each_row_once(
    mappings: Mappings, at_once: Callable[[list[Callable[[], Any]]], list[Exception | None]], tmp_path: Path
) -> None:
    path = tmp_path / "item_codes.csv"
    rows = [f"Mercy General Hospital,{code},AT-ONCE,2029-01-01" for code in ("CLN-COM", "LCK-REP", "POLO-EMB")]
    path.write_text("\n".join(["buyer,product,item_code,valid_from", *rows]), encoding="utf-8")
    answers: list[tuple[int, dict[str, Any]]] = []
    refusals = at_once([lambda: answers.append(mappings("apply", "--yes", path))] * 2)
    assert refusals == [None, None]
    assert [code for code, _told in answers] == [0, 0], answers
    assert sum(told["counts"]["item_codes"]["added"] for _code, told in answers) == len(rows), answers
    code, told = mappings("diff", path)
    assert (code, changes(told)) == (0, 0)
