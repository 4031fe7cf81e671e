"""The hospital's accounts payable department: the simulator as a process of its own, and what its people do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

_TIMEOUT = 30


class HospitalNotStarted(Exception):
    """The simulator ended before it was ready; the message is what it said."""


@dataclass(frozen=True)
class Hospital:
    """Where the department answers."""

    url: str

    def order(self, purchase_order: dict[str, Any]) -> None:
        """Their purchasing department writes a PO into its own books."""
        self._send("PUT", f"/api/purchase-orders/{purchase_order['number']}", purchase_order)

    def receive(self, number: str, quantities: dict[str, str]) -> None:
        """Their facility manager confirms what was done, by PO line."""
        entries = [{"purchase_order": number, "line": line, "quantity": each} for line, each in quantities.items()]
        self._send("POST", "/api/receipts", entries)

    def submit(self, invoice: dict[str, Any]) -> dict[str, Any]:
        """Hand in an invoice; gives their answer with the result of the match."""
        answer: dict[str, Any] = self._send("POST", "/api/invoices", invoice)
        return answer

    def _send(self, method: str, path: str, body: Any) -> Any:
        answer = requests.request(method, f"{self.url}{path}", json=body, timeout=_TIMEOUT)
        if answer.status_code == requests.codes.unprocessable:
            raise ValueError(answer.text)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def run_hospital(log: Path) -> Iterator[Hospital]:
    """The department with the demo's POs while the block runs.

    Raises HospitalNotStarted with the simulator's own words.
    """
    command = [sys.executable, "-m", "buyer_simulator", "--port", "0", "--seed", "demo"]
    with log.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise HospitalNotStarted(f"The buyer's simulator did not start: {log.read_text().strip()}")
        yield Hospital(json.loads(line)["url"])
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()
