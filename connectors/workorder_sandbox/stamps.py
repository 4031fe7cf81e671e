"""A step counts as done when its stamp says so, and a stamp is written after the work, in one move."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def digest(parts: Iterable[bytes | str]) -> str:
    """A short fingerprint of what a step was made from."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()[:16]


def is_done(stamp: Path, made_from: str) -> bool:
    """Whether the step ended well, from the same ingredients."""
    return stamp.is_file() and stamp.read_text() == made_from


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a small file so that a reader sees all of it or none of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)
