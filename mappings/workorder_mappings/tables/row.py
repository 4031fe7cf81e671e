"""What every row of a mapping table has in common."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class MappingRow(BaseModel):
    """One row. `key` tells rows apart; rows that agree in `group` belong to one record and stand together.

    A column a file does not have leaves what Odoo holds as it is; an empty cell empties it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    group: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def required(cls) -> list[str]:
        """The columns every file of this table has."""
        return [name for name, field in cls.model_fields.items() if field.is_required()]

    @classmethod
    def text_columns(cls) -> set[str]:
        """The columns whose values are texts, which a spreadsheet might run."""
        return {name for name, field in cls.model_fields.items() if field.annotation in (str, str | None)}

    @classmethod
    def number_columns(cls) -> set[str]:
        """The columns whose values may have decimals."""
        return {name for name, field in cls.model_fields.items() if field.annotation == Decimal | None}
