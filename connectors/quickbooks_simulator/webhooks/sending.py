"""Posts one body to one address and looks at nothing but the status of the answer."""

import asyncio
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

LARGEST_READ = 65_536


@dataclass(frozen=True)
class Answer:
    """How a post was answered: a status, or no status and why."""

    status: int | None
    problem: str = ""

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def words(self) -> str:
        return self.problem if self.status is None else f"answered {self.status}"


async def post(url: str, headers: dict[str, str], body: bytes, seconds: float) -> Answer:
    """Post and wait at most so many seconds for the status; never raises what the network does."""
    try:
        async with asyncio.timeout(seconds):
            return Answer(await _status(url, headers, body))
    except TimeoutError:
        return Answer(None, f"no answer within {seconds:g} seconds")
    except (OSError, h11.ProtocolError) as problem:
        return Answer(None, f"no connection or no HTTP answer ({type(problem).__name__})")


async def _status(url: str, headers: dict[str, str], body: bytes) -> int:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    reader, writer = await asyncio.open_connection(
        parts.hostname, parts.port or (443 if secure else 80), ssl=ssl.create_default_context() if secure else None
    )
    try:
        connection = h11.Connection(h11.CLIENT)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        named = {"host": parts.netloc.rpartition("@")[2], "content-length": str(len(body)), **headers}
        request = h11.Request(method="POST", target=target, headers=list(named.items()))
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            writer.write(connection.send(event) or b"")
        await writer.drain()
        return await _read_status(reader, connection)
    finally:
        # Nothing more is wanted of this connection, and a receiver that hangs must not be waited for.
        writer.transport.abort()


async def _read_status(reader: asyncio.StreamReader, connection: h11.Connection) -> int:
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Response):
            return int(event.status_code)
        if isinstance(event, h11.ConnectionClosed):
            raise ConnectionError("closed without an answer")
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(LARGEST_READ))
