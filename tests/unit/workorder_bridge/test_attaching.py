"""The loop of evidence in memory: bounded, resumable, and off unless the destination wants it."""

from datetime import UTC, datetime, timedelta

import pytest
from workorder_bridge.attaching import Evidence
from workorder_bridge.destinations.memory import MemoryDestination
from workorder_bridge.dispatch import Run
from workorder_bridge.errors import SourceError, WrongCompany
from workorder_bridge.evidence import FileContent
from workorder_bridge.examples import example_destination, example_document, example_tables
from workorder_bridge.settlement import MAX_ATTEMPTS
from workorder_bridge.sources.memory import MemorySource

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def times():
    return [NOW]


@pytest.fixture
def source(times):
    return MemorySource(example_destination(attach_evidence=True), lambda: times[-1], tables=example_tables())


@pytest.fixture
def destination(times):
    return MemoryDestination("9341452000000001", lambda: times[-1])


def run(source, destination):
    return Run(source, destination, "qbo").perform()


def booked(source, destination, count=1):
    """An invoice that arrived, with so many files."""
    source.add(example_document())
    run(source, destination)
    receipt = destination.booked[0].receipt
    return [
        source.files.add(receipt.external_id, receipt.number, f"{n}.jpg", "image/jpeg", b"x" * (n + 1))
        for n in range(count)
    ]


def test_run_attaches_files_after_the_invoices(source, destination):
    files = booked(source, destination, 12)
    report = run(source, destination)
    assert report.files_attached == 12
    assert {file.state for file in files} == {"attached"}
    assert sorted(len(content) for _, content in destination.attached.values()) == list(range(1, 13))


def test_run_asks_for_no_files_where_none_are_wanted(destination, times):
    source = MemorySource(example_destination(), lambda: times[-1], tables=example_tables())
    booked(source, destination)
    run(source, destination)
    assert source.calls["claim_files"] == 0


def test_lost_answer_is_retried_after_its_rest_under_the_same_key(source, destination, times):
    (file,) = booked(source, destination)
    destination.lose_answers = 1
    assert run(source, destination).files_attached == 0
    assert file.state == "sending"
    times.append(NOW + timedelta(minutes=2))
    assert run(source, destination).files_attached == 1
    assert len(destination.attached) == 1


def test_file_nobody_can_tell_about_goes_to_a_person_in_the_end(source, destination):
    (file,) = booked(source, destination)
    file.file = file.file.model_copy(update={"attempt": MAX_ATTEMPTS - 1})
    destination.lose_answers = 1
    report = run(source, destination)
    assert file.state == "refused"
    assert "stays as it is" in report.notices[0]


def test_closed_destination_stops_the_loop_and_leaves_the_lease(source, destination):
    (file,) = booked(source, destination)
    info = example_destination(realm="1", attach_evidence=True)
    with pytest.raises(WrongCompany):
        Evidence(source, destination, info, 300, lambda: False).attach_all()
    assert file.state == "sending"


def test_content_that_is_no_base64_is_told():
    assert FileContent(content="YQ==").decoded() == b"a"
    assert FileContent(content=None).decoded() is None
    with pytest.raises(SourceError):
        FileContent(content="?").decoded()
