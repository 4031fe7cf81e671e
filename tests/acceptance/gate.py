"""A proxy that can hold a request before it is passed on, or hold its answer, so that a kill hits exactly there."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

SECONDS = 120
"""How long anything here is waited for."""


@dataclass
class Trap:
    """Holds the first request that `catches` it: before it is passed on, or when its answer is there."""

    catches: Callable[[str, bytes], bool]
    after: bool
    caught: threading.Event = field(default_factory=threading.Event)
    dropped: threading.Event = field(default_factory=threading.Event)

    def spring(self) -> None:
        """Wait for the test to do its worst; afterwards the connection is dropped."""
        self.caught.set()
        self.dropped.wait(SECONDS)


class Gate(ThreadingHTTPServer):
    """An HTTP proxy in front of one server."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passage)
        self.upstream = urlsplit(upstream)
        self.trap: Trap | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def set_trap(self, catches: Callable[[str, bytes], bool], *, after: bool) -> Trap:
        self.trap = Trap(catches, after)
        return self.trap

    def take_trap(self, path: str, body: bytes) -> Trap | None:
        """The trap, once, if this request springs it."""
        trap = self.trap
        if trap is None or not trap.catches(path, body):
            return None
        self.trap = None
        return trap

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed client is what these tests are about."""


class _Passage(BaseHTTPRequestHandler):
    server: Gate
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        trap = self.server.take_trap(self.path, body)
        if trap and not trap.after:
            trap.spring()
            self.close_connection = True
            return
        status, headers, content = self._ask_upstream(body)
        if trap:
            trap.spring()
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _ask_upstream(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        upstream = http.client.HTTPConnection(self.server.upstream.hostname, self.server.upstream.port, timeout=SECONDS)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("connection", "host")}
        try:
            upstream.request(self.command, self.path, body or None, {**headers, "Connection": "close"})
            answer = upstream.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            upstream.close()

    do_GET = do_POST = do_DELETE = _pass  # the names are http.server's

    def log_message(self, *_arguments: Any) -> None:
        """Silence."""
