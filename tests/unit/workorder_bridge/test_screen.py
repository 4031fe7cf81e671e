"""What people read at the end of a run."""

from workorder_bridge.cli.screen import show_reports, show_summaries
from workorder_bridge.dispatch import Report
from workorder_bridge.errors import Gap, Rejected
from workorder_bridge.ports import Outcome, Row
from workorder_bridge.standing import DestinationSummary, Trouble

ROW = Row(id=5, index="1", key="a" * 32, revision=1, sha256="", document="")
GAPS = [
    Gap("quickbooks_items", "12", "HVAC labor", "invoice INV/1").as_settlement(),
    Gap("quickbooks_taxes", "5", "7.5%", "invoice INV/1").as_settlement(),
]


def blocked(number: str) -> Outcome:
    return Outcome(ROW, "blocked", number=number, message="2 mapping rows are missing.", gaps=tuple(GAPS))


def test_rows_to_add_are_shown_once_by_table(capsys):
    show_reports([Report("qbo", outcomes=[blocked("INV/1"), blocked("INV/2")])])
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.endswith(",,")] == ["  12,HVAC labor,,", "  5,7.5%,,"]
    assert any(line.startswith("INV/2 blocked:") for line in lines)


def test_trouble_is_told_with_its_next_step_and_reference(capsys):
    outcome = Outcome(ROW, "rejected", number="INV/1", message="Books are closed.", hint="Reopen.", reference="1-abc")
    show_reports([Report("qbo", outcomes=[outcome], trouble=[Rejected("Later trouble.")])])
    told = capsys.readouterr()
    for text in ("INV/1 rejected: Books are closed.", "Next step: Reopen.", "Reference for support: 1-abc"):
        assert text in told.out
    assert "Later trouble." in told.err


def test_status_shows_counts_reason_of_a_pause_and_rows_to_add(capsys):
    trouble = Trouble(
        id=5, invoice="INV/1", work_orders=["WO1"], state="blocked", message="Missing.", hint="", gaps=GAPS
    )
    show_summaries(
        [
            DestinationSummary(
                code="qbo",
                name="Books",
                kind="quickbooks",
                state="paused",
                pause_reason="Access ended.",
                counts={"blocked": 1},
                oldest_ready=None,
                trouble=[trouble],
            )
        ]
    )
    out = capsys.readouterr().out
    for text in ("Books (qbo, quickbooks): paused", "Paused: Access ended.", "INV/1 (WO1) blocked", "12,HVAC labor,,"):
        assert text in out
