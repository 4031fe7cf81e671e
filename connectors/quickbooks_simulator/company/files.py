"""The contents of uploaded files, and the short-lived addresses they are fetched from."""

import hashlib
import hmac
from datetime import datetime, timedelta
from secrets import token_bytes

ADDRESS_LIFE = timedelta(minutes=15)
"""How long a download address works. Source: documentation (P)."""


class Files:
    """Contents by the id of their attachable. `base` is where the company is reached, without a slash at the end."""

    def __init__(self, base: str = "") -> None:
        self.base = base
        self._contents: dict[str, bytes] = {}
        self._secret = token_bytes(16)

    def keep(self, attachable_id: str, content: bytes) -> None:
        self._contents[attachable_id] = content

    def has(self, attachable_id: str) -> bool:
        return attachable_id in self._contents

    def address(self, attachable_id: str, now: datetime) -> str:
        """An address that opens without a token until ADDRESS_LIFE has passed."""
        expires = int((now + ADDRESS_LIFE).timestamp())
        return f"{self.base}/files/{attachable_id}?Expires={expires}&Signature={self._sign(attachable_id, expires)}"

    def open(self, attachable_id: str, expires: str, signature: str, now: datetime) -> bytes | None:
        """The content, or None when the address is wrong or too old."""
        if not expires.isdecimal() or int(expires) <= now.timestamp():
            return None
        if not hmac.compare_digest(signature, self._sign(attachable_id, int(expires))):
            return None
        return self._contents.get(attachable_id)

    def _sign(self, attachable_id: str, expires: int) -> str:
        return hmac.new(self._secret, f"{attachable_id} {expires}".encode(), hashlib.sha256).hexdigest()
