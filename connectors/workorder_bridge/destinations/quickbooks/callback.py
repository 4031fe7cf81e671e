"""Listens on loopback for the one answer the browser brings back from the consent page.

The browser is kept waiting until we know how it ended, so that its page tells the truth. Nothing is logged: the
address holds the code.
"""

from __future__ import annotations

import html
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

from workorder_bridge.errors import SettingsInvalid, TryLater

LOOPBACK = "127.0.0.1"
_LONGEST_WAIT = 120.0
_LAST_WORDS = 5.0
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:1rem/1.5 sans-serif;margin:3rem auto;max-width:36rem;padding:0 1rem}}</style></head>
<body><h1>{title}</h1><p>{text}</p><p>You can close this page.</p></body></html>
"""


class Callback:
    """A listener for one answer; use it in a `with` block."""

    def __init__(self, port: int, path: str) -> None:
        """Raises `SettingsInvalid` when the port cannot be had."""
        try:
            self._server = _Server((LOOPBACK, port), _Visit)
        except OSError as error:
            raise SettingsInvalid(
                [f"Port {port} of this machine, where the answer should arrive, cannot be used: {error.strerror}."],
                hint="End the program that uses it, or choose another with --port, which must then stand in the "
                "redirect URIs of the Intuit app, too; or use --paste.",
            ) from error
        self._server.path = path
        self._answered = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        self._thread.start()

    def __enter__(self) -> Callback:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.tell("Not connected", "The command has ended; look at the terminal.")
        if self._answered:
            self._server.shown.wait(_LAST_WORDS)
        self._server.shutdown()
        self._server.server_close()

    def wait(self, seconds: float) -> str:
        """The query of the address the browser came back with; raises `TryLater` when nobody came."""
        try:
            query = self._server.answers.get(timeout=seconds)
            self._answered = True
            return query
        except queue.Empty:
            raise TryLater(
                f"No answer came back from QuickBooks within {seconds:.0f} seconds; nothing was stored.",
                hint="Run the command again. If the consent page complained about the redirect URI, add exactly the "
                "address this command showed to the redirect URIs of the Intuit app.",
            ) from None

    def tell(self, title: str, text: str) -> None:
        """What the waiting browser shows; the first telling counts."""
        if not self._server.told.is_set():
            self._server.page = _PAGE.format(title=html.escape(title), text=html.escape(text))
            self._server.told.set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # a browser holds connections open that it never uses
    path = "/"
    page = _PAGE.format(title="Nearly done", text="Go back to the terminal.")

    def __init__(self, address: tuple[str, int], visit: type[BaseHTTPRequestHandler]) -> None:
        self.answers: queue.Queue[str] = queue.Queue()
        self.told, self.shown = threading.Event(), threading.Event()
        super().__init__(address, visit)


class _Visit(BaseHTTPRequestHandler):
    timeout = 30
    server: _Server

    def do_GET(self) -> None:
        """The answer, or something else a browser asks for by itself."""
        asked = urlsplit(self.path)
        if asked.path != self.server.path:
            self._send(404, _PAGE.format(title="Nothing here", text="This address only takes QuickBooks' answer."))
            return
        self.server.answers.put(asked.query)
        self.server.told.wait(_LONGEST_WAIT)
        self._send(200, self.server.page)
        self.server.shown.set()

    def _send(self, status: int, page: str) -> None:
        content = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing, see above."""
