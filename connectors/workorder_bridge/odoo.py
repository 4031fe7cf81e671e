"""How Odoo is asked, whatever carries the question, and how its answers become messages."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from workorder_bridge.errors import SourceError

M = TypeVar("M", bound=BaseModel)


class OdooCaller(Protocol):
    """Something that carries calls to Odoo.

    A call whose answer was lost is repeated, so only what may be repeated is called.
    """

    def call(self, model: str, method: str, /, **arguments: object) -> Any:
        """What a method without records returns; arguments go by their names, the only way JSON-2 knows.

        Raises `SourceError`, or `SourceUnreachable` when trying later may help.
        """
        ...


def read_answer(shape: type[M], content: object) -> M:
    """Odoo's answer as a message; raises `SourceError` for one in another shape."""
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SourceError(
            f"Odoo answered in a shape this bridge does not know ({where or 'answer'}: {first['msg']}).",
            hint="Update the Odoo addon and the bridge to the same release.",
        ) from error
