"""The fault table of docs/simulated_company.md, and a scene in which its rows are played."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from .conftest import Service, invoice_body

PAGE = Path(__file__).resolve().parents[3] / "docs" / "simulated_company.md"
_ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_COMMAND = re.compile(r"`POST /simulator/(\S+?)(?: ([{\[].*?[}\]]))?`")


@dataclass(frozen=True)
class Row:
    """One row: its number, and the commands that stand in it, each a path below /simulator/ and a body."""

    number: int
    commands: list[tuple[str, str]]


def read_table() -> list[Row]:
    """The rows in the order of the page."""
    return [Row(int(number), _COMMAND.findall(how)) for number, _, how in _ROW.findall(PAGE.read_text("utf-8"))]


@dataclass(frozen=True)
class Scene:
    """A company as new, and the row to be played on it."""

    service: Service
    row: Row

    def produce(self, which: int | None = None, **ids: str) -> None:
        """Send the commands of the row, or one of them; `ids` replace the words in capitals."""
        chosen = self.row.commands if which is None else [self.row.commands[which]]
        assert chosen, "the row has no command"
        for path, written in chosen:
            body = written or "{}"
            for word, record_id in ids.items():
                body = body.replace(word, record_id)
            self.service.control(path, json.loads(body))

    def sell(self, number: str = "A1", **changes: Any) -> Any:
        """An invoice of 180.00 plus 13.50 tax for customer 1, as stored."""
        return self.service.create("invoice", invoice_body(number, **changes))

    def send(self, number: str = "A1", path: str = "invoice", **changes: Any) -> requests.Response:
        """The same, with whatever answer comes."""
        return self.service.post(path, invoice_body(number, **changes))

    def change(self, invoice: Any, **values: Any) -> requests.Response:
        """A sparse update with the token of `invoice`."""
        token = {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"], "sparse": True}
        return self.service.post("invoice", {**token, **values})

    def batch(self, *items: Any, path: str = "batch") -> Any:
        """Answers of a batch of creates with bIds b1, b2, … in the order they come."""
        body = [{"bId": f"b{at}", "operation": "create", **item} for at, item in enumerate(items, start=1)]
        answer = self.service.post(path, {"BatchItemRequest": body})
        assert answer.status_code == 200, answer.text
        return answer.json()["BatchItemResponse"]


Play = Callable[[Scene], None]


def error_of(answer: requests.Response) -> Any:
    """The first error of an answer, in either spelling of JSON."""
    body = answer.json()
    return body["Fault"]["Error"][0] if "Fault" in body else body["fault"]["error"][0]


def code_of(answer: requests.Response) -> str:
    return str(error_of(answer)["code"])
