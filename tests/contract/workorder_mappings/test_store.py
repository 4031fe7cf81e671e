"""What every `MappingStore` promises, asked of the one in memory and of a real Odoo alike."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from workorder_bridge.cli.assembly import odoo_session
from workorder_bridge.errors import SourceError
from workorder_bridge.settings import Settings
from workorder_mappings.exchange import Findings, exchange, export_tables
from workorder_mappings.ports import Change, Chunk, MappingStore
from workorder_mappings.stores.memory import MemoryStore
from workorder_mappings.stores.odoo import OdooStore
from workorder_sandbox import OdooServer

MERCY = "Mercy General Hospital"
HEADER = "buyer,product,item_code,valid_from"


@pytest.fixture(scope="module")
def by_odoorpc(module_odoo_server: Callable[..., OdooServer]) -> MappingStore:
    odoo = module_odoo_server(template="demo")
    return _store_in(odoo, odoo_login=odoo.login, odoo_password=SecretStr(odoo.password))


@pytest.fixture(scope="module")
def by_json2(module_odoo_server: Callable[..., OdooServer], new_api_key: Callable[..., str]) -> MappingStore:
    odoo = module_odoo_server(template="demo")
    return _store_in(odoo, odoo_api_key=SecretStr(new_api_key(odoo, odoo.login, odoo.password)))


def _store_in(odoo: OdooServer, **way_in: Any) -> MappingStore:
    settings = Settings(odoo_url=odoo.url, odoo_database=odoo.database, **way_in)
    return OdooStore(odoo_session(settings, threading.Event()))


@pytest.fixture(params=["memory", "by_odoorpc", "by_json2"])
def store(request: pytest.FixtureRequest) -> Iterator[MappingStore]:
    if request.param != "memory":
        yield request.getfixturevalue(request.param)
        return
    products = {name: name for name in ("CLN-COM", "LCK-REP", "TRV", "POLO-EMB")}
    yield MemoryStore(buyers={MERCY: MERCY}, products=products, units={"Units": "Units", "Hours": "Hours"})


def run(
    store: MappingStore, folder: Path, *lines: str, apply: bool = False, show: Callable[[Change], None] | None = None
) -> Findings:
    path = folder / "item_codes.csv"
    path.write_text("\n".join([HEADER, *lines]))
    with exchange(store, show=show) as under_way:
        under_way.read([path])
        under_way.examine(prune=False)
        if apply and not under_way.findings.problems:
            applied = under_way.apply(prune=False)
            under_way.findings.counts = dict(applied.counts)
            under_way.findings.fault(applied.faults)
        return under_way.findings


def counted(findings: Findings) -> tuple[int, int, int]:
    counts = findings.counts["item_codes"]
    return counts.added, counts.changed, counts.unchanged


def exported(store: MappingStore) -> list[list[Any]]:
    rows, after = [], 0
    while True:
        page = store.export("item_codes", after, 3)
        rows += page.rows
        if page.next is None:
            return rows
        after = page.next


def test_rows_are_added_then_changed_then_left_alone(store: MappingStore, tmp_path: Path) -> None:
    first, second = f"{MERCY},CLN-COM,C-1,2030-01-01", f"{MERCY},CLN-COM,C-2,2030-01-01"
    assert counted(run(store, tmp_path, first, apply=True)) == (1, 0, 0)
    shown: list[Change] = []
    assert counted(run(store, tmp_path, second, show=shown.append)) == (0, 1, 0)
    assert [change.fields for change in shown] == [{"item_code": ["C-1", "C-2"]}]
    assert counted(run(store, tmp_path, second, apply=True)) == (0, 1, 0)
    assert counted(run(store, tmp_path, second, apply=True)) == (0, 0, 1)


def test_looking_changes_nothing(store: MappingStore, tmp_path: Path) -> None:
    before = exported(store)
    assert counted(run(store, tmp_path, f"{MERCY},LCK-REP,L-1,2030-01-01")) == (1, 0, 0)
    assert exported(store) == before


def test_one_unknown_name_keeps_everything_out_and_is_told_with_its_place(store: MappingStore, tmp_path: Path) -> None:
    before = exported(store)
    good, bad = f"{MERCY},LCK-REP,L-1,2030-01-01", f"{MERCY},NO-SUCH,L-2,2030-01-01"
    problems = list(run(store, tmp_path, good, bad, apply=True).problems)
    assert [(each.row, each.column, each.value) for each in problems] == [(3, "product", "NO-SUCH")]
    assert problems[0].expected
    assert exported(store) == before


def test_one_row_twice_is_told(store: MappingStore, tmp_path: Path) -> None:
    row = f"{MERCY},TRV,T-1,2030-01-01"
    problems = list(run(store, tmp_path, row, row, apply=True).problems)
    assert {each.row for each in problems} in ({3}, {2, 3}), "the second, or each with the other"


def test_what_is_exported_and_applied_changes_nothing(store: MappingStore, tmp_path: Path) -> None:
    run(store, tmp_path, f"{MERCY},POLO-EMB,P-1,2030-01-01", apply=True)
    written = export_tables(store, tmp_path / "out", kind="csv")
    assert written[tmp_path / "out" / "item_codes.csv"] >= 1
    with exchange(store) as under_way:
        under_way.read([tmp_path / "out" / "item_codes.csv"])
        under_way.examine(prune=False)
    assert not under_way.findings.problems
    assert under_way.findings.changes == 0


def test_applying_one_upload_twice_gives_the_same_answer(store: MappingStore) -> None:
    upload = store.open()
    rows = [[2, MERCY, "LCK-REP", "R-1", "2031-01-01"]]
    store.stage(upload, 1, Chunk(table="item_codes", file="item_codes.csv", columns=HEADER.split(","), rows=rows))
    store.stage(upload, 1, Chunk(table="item_codes", file="item_codes.csv", columns=HEADER.split(","), rows=[]))
    first = store.apply(upload, prune=False)
    assert first.counts["item_codes"].added == 1
    assert store.apply(upload, prune=False) == first
    assert store.applied_rows(upload) == 1
    store.discard(upload)
    with pytest.raises(SourceError):
        store.apply(upload, prune=False)
