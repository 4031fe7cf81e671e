"""A tie-out as people and programs get it: screen, CSV file, JSON document, exit codes."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from workorder_bridge.cli import reconcile_screen
from workorder_bridge.cli.reconcile_file import COLUMNS, CsvFile, JsonDocument
from workorder_bridge.cli.reconcile_screen import MOST_SHOWN, Screen
from workorder_bridge.errors import SettingsInvalid, TryLater
from workorder_bridge.ledgers import Booked, Period, Posted
from workorder_bridge.reconcile.line import Line, Tally

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def posted(**changes):
    values = {
        "id": 1,
        "kind": "invoice",
        "number": "INV/2026/00001",
        "date": "2026-11-22",
        "customer": "=HYPERLINK(evil)",
        "currency": "USD",
        "total": "193.50",
        "tax": "13.50",
        "balance": "93.50",
        "posted": True,
        "work_orders": ["WO00003", "WO00004"],
        "purchase_orders": ["-4500"],
        "keys": ["a"],
        "transmission": "received",
        "external_id": "145",
        "message": "",
        "payments": ["181"],
    }
    return Posted.model_validate({**values, **changes})


def booked(id_="145", total="193.50"):
    amount = Decimal(total)
    day = date(2026, 11, 22)
    return Booked(
        id_,
        "invoice",
        "INV/2026/00001",
        day,
        "@Mercy",
        "USD",
        amount,
        Decimal("13.50"),
        amount,
        "a",
        False,
        (),
        "http://b/1",
    )


DIFFERS = Line("differs", posted(), (booked(),), ("The open balance is 93.50 in Odoo, 193.50 in QuickBooks.",))
TWICE = Line("twice", posted(), (booked(), booked("146", "200.00")), ("Void all but one.",))
ALONE = Line("only_there", None, (booked(),), ("It carries our mark.",))
DELETED = Line("deleted", posted(), (), ("Gone.",))


def written(path, *lines):
    with CsvFile(path) as file:
        for line in lines:
            file.add(line)
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def told(*lines):
    tally = Tally(NOVEMBER)
    for line in lines:
        tally.add(line)
    return tally


def test_file_is_utf_8_with_bom_and_crlf_and_cells_a_spreadsheet_would_run_are_disarmed(tmp_path):
    path = tmp_path / "tie-out.csv"
    (row,) = written(path, DIFFERS)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfstate,kind,currency")
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") == 2
    assert (row["customer"], row["purchase_orders"]) == ("'=HYPERLINK(evil)", "'-4500")
    assert (row["work_orders"], row["odoo_payments"]) == ("WO00003, WO00004", "181")
    assert (row["odoo_balance"], row["quickbooks_balance"], row["difference_balance"]) == ("93.50", "193.50", "100.00")
    assert tuple(row) == COLUMNS


def test_columns_of_amounts_add_up_though_copies_have_rows_of_their_own(tmp_path):
    rows = written(tmp_path / "a.csv", DIFFERS, TWICE, ALONE, DELETED)
    assert [row["state"] for row in rows] == ["differs", "twice", "twice", "only_there", "deleted"]

    def total(column):
        return sum(Decimal(row[column] or 0) for row in rows)

    assert total("odoo_total") == 3 * Decimal("193.50")
    assert total("quickbooks_total") == 3 * Decimal("193.50") + 200
    assert total("difference_total") == total("quickbooks_total") - total("odoo_total")
    assert {row["odoo_number"] for row in rows[1:3]} == {"INV/2026/00001"}


def test_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(SettingsInvalid, match="cannot be written"), CsvFile(tmp_path / "no" / "such.csv"):
        pass


def test_file_of_a_tie_out_that_was_cut_short_does_not_exist_and_an_earlier_one_stays(tmp_path):
    path = tmp_path / "november.csv"
    path.write_text("last month's")

    def cut_short():
        with CsvFile(path) as file:
            file.add(DIFFERS)
            raise TryLater("Not now.")

    with pytest.raises(TryLater):
        cut_short()
    assert [each.name for each in tmp_path.iterdir()] == ["november.csv"]
    assert path.read_text() == "last month's"


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("quiet_seconds", "shown"), [(0.0, True), (3600.0, False)])
def test_reading_that_takes_long_shows_how_far_it_is(monkeypatch, quiet_seconds, shown):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(reconcile_screen, "QUIET_SECONDS", quiet_seconds)
    monkeypatch.setenv("TERM", "xterm")
    with reconcile_screen.reading() as observe:
        observe(500, 0)
        observe(1500, 2000)
    assert ("read 1,500 invoices in Odoo, 2,000 in QuickBooks" in terminal.getvalue()) == shown


def test_reading_says_nothing_where_nobody_looks(capsys):
    with reconcile_screen.reading() as observe:
        observe(500, 0)
    assert capsys.readouterr().err == ""


def test_document_holds_every_line_the_sums_and_the_exit_code():
    out = io.StringIO()
    document = JsonDocument(NOVEMBER, out)
    for line in (DIFFERS, ALONE):
        document.add(line)
    document.close(told(DIFFERS, ALONE), 1)
    content = json.loads(out.getvalue())
    assert (content["from"], content["to"], content["exit_code"]) == ("2026-11-01", "2026-11-30", 1)
    assert [line["state"] for line in content["lines"]] == ["differs", "only_there"]
    assert content["lines"][0]["odoo"]["total"] == content["lines"][0]["quickbooks"][0]["total"] == "193.50"
    assert content["lines"][1]["odoo"] is None
    assert content["counts"] == {"differs": 1, "only_there": 1}
    assert content["sums"]["USD"]["quickbooks"] == {
        "invoices": 2,
        "total": "387.00",
        "tax": "27.00",
        "paid": "0.00",
        "balance": "387.00",
    }


@pytest.mark.parametrize("lines", [[], [DIFFERS]])
def test_document_that_is_cut_short_is_whole_and_says_why(lines):
    out = io.StringIO()
    document = JsonDocument(NOVEMBER, out)
    for line in lines:
        document.add(line)
    document.fail(TryLater("Not now.", hint="Later."), told(*lines), 2)
    content = json.loads(out.getvalue())
    assert (content["error"]["message"], content["exit_code"], len(content["lines"])) == ("Not now.", 2, len(lines))


def test_screen_shows_what_does_not_agree_and_the_sums_of_both_sides(capsys):
    screen = Screen(NOVEMBER, show_all=False)
    agreeing = Line("agrees", posted(number="INV/2026/00009"), (booked(),))
    for line in (DIFFERS, agreeing, DELETED):
        screen.add(line)
    screen.close(told(DIFFERS, agreeing, DELETED), 1)
    out = capsys.readouterr().out
    assert "INV/2026/00001 differs: The open balance is 93.50 in Odoo" in out
    assert "INV/2026/00009" not in out
    assert "580.50" in out
    assert "-193.50" in out


def test_screen_with_all_shows_what_agrees_too_and_nothing_moves_the_cursor(capsys):
    screen = Screen(NOVEMBER, show_all=True)
    screen.add(Line("agrees", posted(number="A\x1b[2J1"), (booked(),)))
    screen.close(told(), 0)
    out = capsys.readouterr().out
    assert "A\N{REPLACEMENT CHARACTER}[2J1" in out
    assert "\x1b" not in out


def test_screen_of_many_differences_stays_bounded_and_says_so(capsys):
    screen = Screen(NOVEMBER, show_all=False)
    for _ in range(MOST_SHOWN + 7):
        screen.add(ALONE)
    screen.close(told(), 1)
    assert "7 more are not shown; --csv FILE writes them all." in capsys.readouterr().out


@pytest.fixture
def reconcile():
    def run(*arguments, **settings):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WORKORDER_")}
        environment |= {f"WORKORDER_{name}": value for name, value in settings.items()}
        command = [sys.executable, "-m", "workorder_bridge", "quickbooks", "reconcile", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)

    return run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Name the period"),
        (("--from", "2026-11-01"), "Name the period"),
        (("--from", "2026-11-30", "--to", "2026-11-01"), "ends (2026-11-01) before it begins"),
        (("--from", "30.11.2026", "--to", "2026-11-30"), "does not match"),
        (("--duplicates-only", "--to", "2026-11-30"), "Name the period"),
    ],
)
def test_wrong_periods_are_refused_by_a_sentence(reconcile, arguments, said):
    done = reconcile(*arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_missing_settings_are_all_told_in_the_document_too(reconcile):
    done = reconcile("--from", "2026-11-01", "--to", "2026-11-30", "--json")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "WORKORDER_ODOO_URL" in json.loads(done.stdout)["error"]["message"]


def test_odoo_that_cannot_be_reached_is_trouble(reconcile):
    settings = {
        "ODOO_URL": "http://127.0.0.1:9",
        "ODOO_DATABASE": "d",
        "ODOO_LOGIN": "l",
        "ODOO_PASSWORD": "hidden",
        "QUICKBOOKS_ENVIRONMENT": "simulator",
        "QUICKBOOKS_URL": "http://127.0.0.1:9",
        "QUICKBOOKS_CLIENT_ID": "c",
        "QUICKBOOKS_CLIENT_SECRET": "hidden",
    }
    done = reconcile("--duplicates-only", **settings)
    assert done.returncode == 2
    assert "hidden" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
