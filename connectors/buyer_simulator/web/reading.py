"""Reads a body whole, or refuses it with every error."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

MOST_BYTES = 20_000_000
T = TypeVar("T")


class Refused(Exception):
    """A body that cannot be taken; `errors` as the client gets them."""

    def __init__(self, errors: list[dict[str, Any]], status: int = 422) -> None:
        super().__init__(errors)
        self.errors = errors
        self.status = status


async def read_bytes(request: Request) -> bytes:
    """The body. Raises Refused (413) when it is larger than anybody's invoice, before all of it is in memory."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise Refused([problem("", size, f"at most {MOST_BYTES} bytes")], 413)
        parts.append(part)
    return b"".join(parts)


def read(kind: type[T] | Any, raw: bytes) -> T:
    """The body as this kind of record, or a list of them. Raises Refused."""
    try:
        value: T = TypeAdapter(kind).validate_json(raw)
    except ValidationError as found:
        errors = found.errors(include_url=False, include_context=False)
        raise Refused([_error(each) for each in errors if not _echo(each, errors)]) from found
    except RecursionError as found:
        raise Refused([problem("", "", "JSON that is not nested this deeply")]) from found
    return value


def problem(where: str, value: Any, expected: str) -> dict[str, Any]:
    """One error as the client gets it."""
    return {"where": where, "value": _shown(value), "expected": expected}


def _echo(found: Any, errors: list[Any]) -> bool:
    """A list whose members were refused is called too short as well, which says nothing new."""
    where = found["loc"]
    return found["type"] == "too_short" and any(
        each["loc"][: len(where)] == where and len(each["loc"]) > len(where) for each in errors
    )


def _error(found: Any) -> dict[str, Any]:
    where = ".".join(str(part) for part in found["loc"])
    message = found["msg"].removeprefix("Value error, ")
    return problem(where, None if found["type"] == "missing" else found["input"], message[:1].lower() + message[1:])


def _shown(value: Any) -> Any:
    """What was sent, short: an error repeats a value, not a document."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, (dict, list, tuple)):
        return f"({type(value).__name__} of {len(value)})"
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= 80 else text[:77] + "..."
