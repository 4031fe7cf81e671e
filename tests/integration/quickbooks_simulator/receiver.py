"""An app's webhook endpoint: a real HTTP server that answers as it is told and keeps what it got."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANG = 0
"""Told in place of a status: take the post and never answer."""


@dataclass(frozen=True)
class Post:
    """One post as it came in."""

    body: bytes
    signature: str | None

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def entities(self) -> list[Any]:
        """The entities of the old form, of all its realms."""
        return [each for note in self.json["eventNotifications"] for each in note["dataChangeEvent"]["entities"]]

    @property
    def told(self) -> list[tuple[str, str, str]]:
        return [(each["name"], each["operation"], each["id"]) for each in self.entities]

    def is_signed_with(self, token: str) -> bool:
        expected = base64.b64encode(hmac.new(token.encode(), self.body, hashlib.sha256).digest()).decode()
        return self.signature == expected


@dataclass
class Receiver:
    """`statuses` are given in turn, 200 when they are used up."""

    url: str
    statuses: list[int] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    end: threading.Event = field(default_factory=threading.Event)

    @property
    def told(self) -> list[tuple[str, str, str]]:
        return [each for post in self.posts for each in post.told]


@contextmanager
def listening() -> Iterator[Receiver]:
    """A receiver on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.posts.append(Post(body, self.headers["intuit-signature"]))
            status = receiver.statuses.pop(0) if receiver.statuses else 200
            if status == HANG:
                receiver.end.wait()
                return
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook?from=quickbooks")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield receiver
    finally:
        receiver.end.set()
        server.shutdown()
        thread.join()
        server.server_close()
