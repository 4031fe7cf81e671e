"""The classification table, against the fact sheet's list (§4)."""

import json

import pytest
from workorder_bridge.destinations.quickbooks.classification import MEANINGS
from workorder_bridge.destinations.quickbooks.faults import error_of_answer, faults_in
from workorder_bridge.errors import (
    BooksClosed,
    DestinationClosed,
    NameTaken,
    NotAuthorised,
    NumberTaken,
    OutcomeUnknown,
    Rejected,
    StaleEdit,
    TryLater,
    WrongCompany,
)

# fmt: off
FACT_SHEET_CODES = {
    "100", "110", "120", "140", "150", "500", "600", "610", "620", "800", "1040", "2010", "2020", "2030", "2050",
    "2170",
    "2210", "2500", "3001", "3100", "3200", "3201", "4000", "4001", "4002", "5000", "5010", "5020", "6000", "6070",
    "6090", "6100", "6140", "6190", "6210", "6240", "6250", "6430", "6540", "6560", "10000",
}
# fmt: on
GATEWAY_401 = (
    '{"warnings":null,"intuitObject":null,"fault":{"error":[{"message":"message=AuthenticationFailed; '
    'errorCode=003200; statusCode=401",'
    '"detail":"Token expired","code":"3200","element":null}],"type":"AUTHENTICATION"},"time":1}'
)
XML_429 = (
    '<?xml version="1.0"?><IntuitResponse xmlns="http://schema.intuit.com/finance/v3"><Fault type="THROTTLE">'
    '<Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message></Error>'
    "</Fault></IntuitResponse>"
)


def body(code: str, message: str = "Said", detail: str = "In detail") -> str:
    return json.dumps({"Fault": {"Error": [{"Message": message, "Detail": detail, "code": code}], "type": "X"}})


def classified(status: int, text: str, *, sent: bool = True, retry_after: float | None = None):
    return error_of_answer(status, text, sent=sent, reference="tid-9", retry_after=retry_after)


def test_table_has_every_code_of_the_fact_sheet_and_no_other():
    assert set(MEANINGS) == FACT_SHEET_CODES


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "6140", NumberTaken),
        (400, "6240", NameTaken),
        (400, "2500", Rejected),
        (400, "6210", BooksClosed),
        (400, "5010", StaleEdit),
        (400, "620", Rejected),
        (400, "6190", DestinationClosed),
        (200, "6190", DestinationClosed),
        (503, "150", DestinationClosed),
        (403, "120", DestinationClosed),
        (403, "3100", WrongCompany),
        (401, "3200", NotAuthorised),
        (400, "600", OutcomeUnknown),
        (500, "10000", TryLater),
        (429, "3001", TryLater),
        (403, "3001", TryLater),
        (400, "99999", OutcomeUnknown),
    ],
)
def test_code_decides_the_error_and_the_reference_is_kept(status, code, error):
    found = classified(status, body(code))
    assert type(found) is error or (code, error) == ("3200", NotAuthorised)
    assert isinstance(found, error)
    assert found.reference == "tid-9"


def test_what_quickbooks_said_is_passed_on():
    assert "Said: In detail (code 6210)" in classified(400, body("6210")).message


@pytest.mark.parametrize("status", [400, 418, 302])
def test_unlisted_failure_is_unknown_after_sending_and_rejected_before(status):
    assert type(classified(status, "<html>what?</html>")) is OutcomeUnknown
    assert type(classified(status, "<html>what?</html>", sent=False)) is Rejected


def test_good_answer_is_no_error():
    assert classified(200, '{"Invoice": {"Id": "1"}, "time": "x"}') is None


@pytest.mark.parametrize("text", ["", "<html>login</html>", "[]", "not json"])
def test_200_that_nobody_can_read_is_unknown_after_sending(text):
    assert type(classified(200, text)) is OutcomeUnknown


@pytest.mark.parametrize("text", [body("3001"), GATEWAY_401.replace("3200", "3001"), XML_429, "<html/>", ""])
def test_throttling_in_any_costume_waits_a_minute_and_was_not_executed(text):
    error = classified(429, text)
    assert isinstance(error, TryLater)
    assert error.retry_after == 60
    assert not error.maybe_sent


def test_retry_after_header_is_honoured():
    assert classified(429, "", retry_after=7).retry_after == 7
    assert classified(503, "<html>", retry_after=9).retry_after == 9


def test_failure_of_theirs_may_have_booked_the_invoice():
    assert classified(503, "<html>down</html>").maybe_sent
    assert not classified(503, "<html>down</html>", sent=False).maybe_sent


def test_gateway_fault_and_xml_fault_are_understood():
    assert [fault.code for fault in faults_in(GATEWAY_401)] == ["3200"]
    assert [(fault.code, "ThrottleExceeded" in fault.text) for fault in faults_in(XML_429)] == [("3001", True)]


def test_passing_business_failure_is_tried_again_and_a_real_one_is_not():
    busy = body("6000", "A business validation error", "An unexpected error occurred. Please wait some minutes.")
    assert isinstance(classified(400, busy), TryLater)
    assert isinstance(classified(400, body("6000", "A business validation error", "Currency differs")), Rejected)


def test_stale_edit_that_speaks_of_a_closed_period_is_the_closed_books():
    closed = classified(400, body("5010", "Stale Object Error", "Account Period Closed : the books are closed."))
    assert type(closed) is BooksClosed
    assert "books are closed" in closed.message
    stale = body("5010", "Stale Object Error", "You and Mary Smith were working on this at the same time.")
    assert type(classified(400, stale)) is StaleEdit


def test_closed_books_are_never_answered_with_another_date_by_itself():
    assert "never changes a date" in classified(400, body("6210")).hint


def test_all_errors_of_a_fault_are_quoted():
    errors = [{"Message": "One", "Detail": "", "code": "2020"}, {"Message": "Two", "Detail": "", "code": "6560"}]
    assert "One; Two" in classified(400, json.dumps({"Fault": {"Error": errors, "type": "X"}})).message
