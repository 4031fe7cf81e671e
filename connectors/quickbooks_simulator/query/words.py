"""Splits a query into words."""

import re
from dataclasses import dataclass

from quickbooks_simulator.faults import Fault

_WORD = re.compile(
    r"""\s*(?:
        (?P<string>'(?:[^'\\]|\\.)*')
      | (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
      | (?P<name>[A-Za-z_][\w.]*(?:\.\*)?)
      | (?P<sign><=|>=|!=|=|<|>|\(|\)|,|\*)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class Word:
    """One word: `kind` is string, number, name, sign or end; `text` has quotes and escapes taken off."""

    kind: str
    text: str
    position: int

    def says(self, *keywords: str) -> bool:
        """Whether it is one of these keywords or signs, in any case (P)."""
        return self.kind in ("name", "sign") and self.text.upper() in keywords


def split_words(query: str) -> list[Word]:
    """The words of the query, with an end word; fault 4000 at a character that starts none. Source: thread (P)."""
    words = []
    position = 0
    query = query.rstrip().removesuffix(";").rstrip()
    while position < len(query):
        match = _WORD.match(query, position)
        if match is None or match.lastgroup is None:
            raise Fault(
                "4000", f"QueryParserError: Encountered {query[position : position + 20]!r} at column {position + 1}"
            )
        text = match[match.lastgroup]
        if match.lastgroup == "string":
            text = _ESCAPE.sub(r"\1", text[1:-1])
        words.append(Word(match.lastgroup, text, match.start(match.lastgroup)))
        position = match.end()
    words.append(Word("end", "", len(query)))
    return words
