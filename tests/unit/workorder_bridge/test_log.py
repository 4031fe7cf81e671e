"""Log lines: structured, and without secrets."""

import io
import json
import logging

import pytest
from workorder_bridge.log import record, trace_of, write_log_to


@pytest.fixture
def stream():
    stream = io.StringIO()
    logger = logging.getLogger("workorder_bridge")
    before = (logger.handlers[:], logger.level, logger.propagate)
    write_log_to(stream)
    yield stream
    logger.handlers[:], logger.propagate = before[0], before[2]
    logger.setLevel(before[1])


def test_event_is_one_json_line_with_its_trace(stream):
    record("received", trace=trace_of("3c8e0000-aaaa", "7"), number="INV/1", tid="1-abc")
    line = json.loads(stream.getvalue())
    assert (line["event"], line["trace"], line["tid"]) == ("received", "3c8e0000-7", "1-abc")


def test_field_that_is_not_listed_is_refused(stream):
    with pytest.raises(ValueError, match="access_token"):
        record("call", access_token="x")
    assert stream.getvalue() == ""


def test_other_libraries_do_not_write_into_it(stream):
    logging.getLogger("odoorpc").info("password")
    assert stream.getvalue() == ""
