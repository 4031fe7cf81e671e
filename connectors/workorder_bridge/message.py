"""What every message that Odoo answers with has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """Strict, immutable; keys added later are ignored."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")
