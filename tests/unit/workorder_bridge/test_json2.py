"""Calls over JSON-2 against a server on a real socket that answers what Odoo 19 and proxies before it answer."""

import json
import logging
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr
from workorder_bridge.errors import SourceError, SourceUnreachable
from workorder_bridge.retry import Retry
from workorder_bridge.sources import odoo_json2
from workorder_bridge.sources.odoo_json2 import Json2Session
from workorder_bridge.sources.odoo_source import OdooSource

KEY = "5f0c7e1dsecretsecret"
PAGE = b"<!DOCTYPE html><title>404 Not Found</title><p>No database is selected</p>"
JSON, HTML = "application/json; charset=utf-8", "text/html; charset=utf-8"


class Played(ThreadingHTTPServer):
    """Gives its answers in order, the last one again and again, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Player)
        self.answers, self.asked, self.over = [], [], threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """Clients that give up are what these tests are about."""


class _Player(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), json.loads(body)))
        answers = self.server.answers
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def log_message(self, *arguments):
        """Silence."""


def answer(status, content, kind=JSON, **headers):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()

    def play(request):
        request.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return play


def fault(status, name, message):
    """As odoo/http.py serialises an exception."""
    debug = f'Traceback (most recent call last):\n  File "/opt/odoo/http.py", bearer {KEY}\n'
    return answer(status, {"name": name, "message": message, "arguments": [KEY], "context": {}, "debug": debug})


def hang_up(request):
    request.close_connection = True


def cut_short(request):
    """Says 5 bytes, sends 3 that would read as a whole number."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n123")
    request.close_connection = True


def never(request):
    request.server.over.wait(30)
    request.close_connection = True


def trickle(request):
    """A byte at a time, each in time, without end."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
    while not request.server.over.wait(0.02):
        request.wfile.write(b" ")


def _start(server):
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture
def odoo():
    server = Played()
    _start(server)
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()


def session(url, *, attempts=1, timeout=5.0):
    retry = Retry(attempts=attempts, sleep=lambda _seconds: None)
    return Json2Session(url, "prod", SecretStr(KEY), timeout=timeout, retry=retry)


def refused(odoo, *answers, **options):
    odoo.answers = list(answers)
    with pytest.raises(SourceError) as caught:
        session(odoo.url, **options).call("work.order.destination", "claim", code="qbo")
    error = caught.value
    told = f"{error.message} {error.hint} {error.reference}"
    assert KEY not in told
    assert "Traceback" not in told
    return error


# --- the question


def test_question_names_model_method_database_and_every_argument(odoo):
    odoo.answers = [answer(200, {"rows": []})]
    assert session(odoo.url + "/").call("work.order.destination", "claim", code="qbo", limit=3) == {"rows": []}
    ((path, headers, body),) = odoo.asked
    assert (path, body) == ("/json/2/work.order.destination/claim", {"code": "qbo", "limit": 3})
    assert headers["Authorization"] == f"bearer {KEY}"
    assert headers["X-Odoo-Database"] == "prod"
    assert headers["Content-Type"] == "application/json"


def test_null_is_an_answer(odoo):
    odoo.answers = [answer(200, None)]
    assert session(odoo.url).call("work.order.mapping.upload", "discard", upload_id=1) is None


def test_cookie_is_not_sent_back(odoo):
    """Odoo refuses a key that comes with the session of another user."""
    odoo.answers = [answer(200, [], **{"Set-Cookie": "session_id=stranger; Path=/"})]
    caller = session(odoo.url)
    for _ in range(2):
        caller.call("work.order.destination", "summary")
    assert all("Cookie" not in headers for _, headers, _ in odoo.asked)


def test_netrc_of_this_machine_does_not_replace_the_key(odoo, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    odoo.answers = [answer(200, [])]
    session(odoo.url).call("work.order.destination", "summary")
    assert odoo.asked[0][1]["Authorization"] == f"bearer {KEY}"


# --- Odoo says no


@pytest.mark.parametrize(
    ("status", "name", "message", "said"),
    [
        (401, "werkzeug.exceptions.Unauthorized", "Invalid apikey", "does not accept the API key for database prod"),
        (403, "odoo.http.SessionExpiredException", "Session expired", "does not accept the API key"),
        (403, "odoo.exceptions.AccessDenied", "Access Denied", "does not accept the API key"),
        (403, "odoo.exceptions.AccessError", "Only the bridge's user may.", "denies the user of the API key"),
        (422, "odoo.exceptions.UserError", "qbo is paused: access ended", "qbo is paused: access ended"),
        (422, "odoo.exceptions.ValidationError", "Not like this.", "Not like this."),
        (404, "odoo.exceptions.MissingError", "Record does not exist or has been deleted.", "has been deleted"),
        (
            404,
            "werkzeug.exceptions.NotFound",
            "the model 'work.order.destination' does not exist",
            "does not have the addon work_order_transmission",
        ),
        (
            404,
            "werkzeug.exceptions.NotFound",
            "The method 'work.order.destination.access' does not exist",
            "of different releases",
        ),
        (
            422,
            "werkzeug.exceptions.UnprocessableEntity",
            "got an unexpected keyword argument 'limit'",
            "of different releases",
        ),
        (
            422,
            "werkzeug.exceptions.UnprocessableEntity",
            "cannot call work.order.destination.claim with ids",
            "of different releases",
        ),
        (400, "werkzeug.exceptions.BadRequest", "could not parse the body as json", "Odoo failed: could not parse"),
        (500, "builtins.ZeroDivisionError", "division by zero", "Odoo failed: division by zero"),
    ],
)
def test_each_refusal_is_told_in_a_sentence_and_not_repeated(odoo, status, name, message, said):
    error = refused(odoo, fault(status, name, message), attempts=3)
    assert said in error.message
    assert not isinstance(error, SourceUnreachable)
    assert len(odoo.asked) == 1


def test_key_that_is_not_accepted_says_how_to_make_a_new_one(odoo):
    error = refused(odoo, fault(401, "werkzeug.exceptions.Unauthorized", "Invalid apikey"))
    assert "expired" in error.hint
    assert "Add API Key" in error.hint
    assert "WORKORDER_ODOO_API_KEY" in error.hint


def test_key_in_a_message_is_blotted_out(odoo):
    error = refused(odoo, fault(500, "builtins.ValueError", f"bad header: bearer {KEY}"))
    assert error.message == "Odoo failed: bad header: bearer …"


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (500, "psycopg2.errors.SerializationFailure"),
        (409, "odoo.exceptions.LockError"),
        (500, "odoo.sql_db.PoolError"),
    ],
)
def test_passing_conflict_is_tried_again(odoo, status, name):
    odoo.answers = [fault(status, name, "busy"), answer(200, [])]
    assert session(odoo.url, attempts=2).call("work.order.destination", "summary") == []


# --- something else answers


@pytest.mark.parametrize(
    ("status", "said", "hint"),
    [
        (404, "no Odoo with database prod at http://127.0.0.1", "needs Odoo 19"),
        (405, "no Odoo with database prod", "WORKORDER_ODOO_DATABASE"),
        (401, "in front of Odoo", "proxy"),
        (403, "in front of Odoo", "proxy"),
        (413, "too large", "WORKORDER_BATCH_SIZE"),
    ],
)
def test_page_with_an_error_is_told_by_its_status(odoo, status, said, hint):
    error = refused(odoo, answer(status, PAGE, HTML))
    assert said in error.message
    assert hint in error.hint
    assert not isinstance(error, SourceUnreachable)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize("content", [PAGE, b'{"error": "upstream"}', b"null", b""])
def test_proxy_that_gives_up_may_be_asked_again(odoo, status, content):
    assert isinstance(refused(odoo, answer(status, content, HTML)), SourceUnreachable)


@pytest.mark.parametrize("content", [PAGE, b"", b"\xff\xfe", b"[1, 2"])
def test_page_that_is_no_error_is_not_odoos_answer(odoo, content):
    error = refused(odoo, answer(200, content, HTML))
    assert isinstance(error, SourceUnreachable)
    assert "does not answer like an Odoo server" in error.message


def test_redirect_is_told_and_the_key_does_not_go_there(odoo):
    elsewhere = Played()
    _start(elsewhere)
    elsewhere.answers = [answer(200, [])]
    error = refused(odoo, answer(308, b"", HTML, Location=f"{elsewhere.url}/json/2/x/y"))
    elsewhere.shutdown()
    elsewhere.server_close()
    assert "another address" in error.message
    assert elsewhere.asked == []


# --- nobody answers, or not to the end


def test_nobody_there_is_told_with_the_reason():
    server = Played()
    server.server_close()
    with pytest.raises(SourceUnreachable) as caught:
        session(server.url).call("work.order.destination", "summary")
    assert caught.value.message == f"Odoo at {server.url} cannot be reached (Connection refused)."


@pytest.mark.parametrize("lost", [hang_up, cut_short])
def test_call_whose_answer_was_lost_is_repeated_as_it_was(odoo, lost):
    odoo.answers = [lost, answer(200, [5])]
    assert session(odoo.url, attempts=2).call("work.order.destination", "settle", lease="L") == [5]
    (_, _, first), (_, _, second) = odoo.asked
    assert first == second == {"lease": "L"}


@pytest.mark.parametrize("slow", [never, trickle])
def test_answer_that_takes_too_long_is_given_up(odoo, slow):
    error = refused(odoo, slow, timeout=0.3)
    assert isinstance(error, SourceUnreachable)
    assert "cannot be reached" in error.message


@contextmanager
def limit_of(monkeypatch, size):
    with monkeypatch.context() as patch:
        patch.setattr(odoo_json2, "ANSWER_LIMIT", size)
        yield


def test_answer_without_end_is_not_read(odoo, monkeypatch):
    with limit_of(monkeypatch, 100_000):
        error = refused(odoo, answer(200, b"[" + b" " * 200_000 + b"]"), attempts=3)
    assert "larger than this bridge reads" in error.message
    assert len(odoo.asked) == 1


def test_no_log_shows_the_key(odoo, caplog):
    caplog.set_level(logging.DEBUG)
    refused(odoo, fault(401, "werkzeug.exceptions.Unauthorized", "Invalid apikey"))
    refused(odoo, hang_up)
    assert KEY not in caplog.text
    assert "Traceback" not in caplog.text


# --- as a ticket source


def test_answer_of_another_release_is_told_with_the_place(odoo):
    odoo.answers = [answer(200, {"cursor": None})]
    with pytest.raises(SourceError, match=r"shape this bridge does not know \(open_invoices"):
        OdooSource(session(odoo.url)).changes_since("qbo")


@pytest.mark.parametrize("ends", [None, "2026-12-02T07:15:48+00:00"])
def test_end_of_the_key_is_a_moment_or_nothing(odoo, ends):
    odoo.answers = [answer(200, {"ends": ends})]
    found = OdooSource(session(odoo.url)).access_ends()
    assert (found and found.isoformat()) == ends
