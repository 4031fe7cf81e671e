"""Reads the words of a query into a sentence."""

from dataclasses import dataclass, field

from quickbooks_simulator.faults import Fault
from quickbooks_simulator.query.words import Word, split_words

COMPARISONS = ("=", "!=", "<", ">", "<=", ">=", "IN", "LIKE")
_RESERVED = ("WHERE", "ORDERBY", "ORDER", "STARTPOSITION", "MAXRESULTS", "AND")


@dataclass(frozen=True)
class Condition:
    """One comparison; `values` has several entries for IN only."""

    property: str
    comparison: str
    values: tuple[str, ...]


@dataclass
class Sentence:
    """A parsed query. `columns` is empty for all of them."""

    kind: str
    columns: list[str] = field(default_factory=list)
    counts: bool = False
    conditions: list[Condition] = field(default_factory=list)
    order: list[tuple[str, bool]] = field(default_factory=list)
    start: int = 1
    most: int | None = None


def parse_query(query: str) -> Sentence:
    """Parse a query; fault 4000 for whatever the language does not have. Source: documentation (P), answers (V)."""
    return _Parser(split_words(query)).sentence()


class _Parser:
    def __init__(self, words: list[Word]) -> None:
        self._words = words
        self._at = 0

    def sentence(self) -> Sentence:
        self._expect("SELECT")
        columns, counts = self._columns()
        self._expect("FROM")
        sentence = Sentence(self._name(), columns, counts)
        if self._accept("WHERE"):
            sentence.conditions = self._conditions()
        while self._word.kind != "end":
            self._clause(sentence)
        return sentence

    @property
    def _word(self) -> Word:
        return self._words[self._at]

    def _accept(self, *keywords: str) -> str | None:
        if self._word.says(*keywords):
            self._at += 1
            return self._words[self._at - 1].text.upper()
        return None

    def _expect(self, *keywords: str) -> str:
        found = self._accept(*keywords)
        if found is None:
            raise self._fault(" or ".join(keywords))
        return found

    def _fault(self, expected: str) -> Fault:
        word = self._word
        found = f'"{word.text}" at column {word.position + 1}' if word.kind != "end" else "the end of the query"
        return Fault("4000", f"QueryParserError: Encountered {found}, was expecting {expected}")

    def _name(self) -> str:
        word = self._word
        if word.kind != "name" or word.says(*_RESERVED):
            raise self._fault("a name")
        self._at += 1
        return word.text

    def _columns(self) -> tuple[list[str], bool]:
        """A star among the columns asks for all of them; clients write `*, Sku` (V)."""
        if self._accept("COUNT"):
            self._expect("(")
            self._expect("*")
            self._expect(")")
            return [], True
        columns: list[str] = []
        everything = False
        while True:
            if self._accept("*"):
                everything = True
            else:
                columns.append(self._name())
            if not self._accept(","):
                return ([] if everything else columns), False

    def _conditions(self) -> list[Condition]:
        conditions = [self._condition()]
        while self._accept("AND"):
            conditions.append(self._condition())
        return conditions

    def _condition(self) -> Condition:
        name = self._name()
        comparison = self._expect(*COMPARISONS)
        if comparison != "IN":
            return Condition(name, comparison, (self._value(),))
        self._expect("(")
        values = [self._value()]
        while self._accept(","):
            values.append(self._value())
        self._expect(")")
        return Condition(name, "IN", tuple(values))

    def _value(self) -> str:
        word = self._word
        if word.kind not in ("string", "number") and not word.says("TRUE", "FALSE"):
            raise self._fault("a value")
        self._at += 1
        return word.text

    def _clause(self, sentence: Sentence) -> None:
        found = self._expect("ORDERBY", "ORDER", "STARTPOSITION", "MAXRESULTS")
        if found == "STARTPOSITION":
            # Zero is sent by clients in production and read as one (P).
            sentence.start = max(1, self._count())
        elif found == "MAXRESULTS":
            sentence.most = self._count()
        else:
            if found == "ORDER":
                self._expect("BY")
            sentence.order = self._order()

    def _order(self) -> list[tuple[str, bool]]:
        order = []
        while True:
            name = self._name()
            order.append((name, self._accept("ASC", "DESC") == "DESC"))
            if not self._accept(","):
                return order

    def _count(self) -> int:
        word = self._word
        if word.kind != "number" or not word.text.isdecimal():
            raise self._fault("a whole number")
        self._at += 1
        return int(word.text)
