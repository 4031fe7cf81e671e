"""The kinds of column: how a value of a file becomes one of Odoo, how both compare, and how it is written out."""

from datetime import date
from decimal import Decimal, InvalidOperation

from odoo.tools.translate import LazyTranslate

from .lookup import Unfit

_lt = LazyTranslate(__name__)
_FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_LONGEST = 10_000
DECIMALS = 6


class Text:
    """A text. The simplest kind, and what the others build on.

    :param name: the column; :param field: the field it fills, the same unless said otherwise
    """

    lookup = None

    def __init__(self, name, field=None, required=False):
        self.name, self.field, self.required = name, field or name, required

    def value_of(self, model, raw):
        """The value for the field; raises :class:`Unfit`. What is empty becomes what a new record would have."""
        text = self._plain(raw)
        if text is None and self.required:
            raise Unfit(_lt("a value; this column cannot be empty"))
        return self._empty(model) if text is None else self._meant(model, text)

    def _plain(self, raw):
        if raw is None or (raw is False and not isinstance(self, Flag)):
            return None
        text = {True: "yes", False: "no"}[raw] if isinstance(raw, bool) else str(raw).strip()
        if "\0" in text or len(text) > _LONGEST:
            raise Unfit(_lt("at most %s characters, none of them NUL", _LONGEST))
        return text or None

    def _empty(self, _model):
        return False

    def _meant(self, _model, text):
        return text

    def vals(self, value):
        """What to write for it."""
        return {self.field: value}

    def of(self, record):
        """The value a record has."""
        return record[self.field]

    def same(self, one, other):
        """Whether writing one over the other would change nothing."""
        return (one or "").strip() == (other or "").strip()

    def shown(self, value, _names=None):
        """The value as it travels: text, yes or no, or nothing."""
        return value or None


class Tidied(Text):
    """A text that its model keeps in a form of its own (``_as_kept``): both forms are one value."""

    def _meant(self, model, text):
        return model._as_kept({self.field: text})[self.field]


class Choice(Text):
    """One of a selection's values."""

    def _meant(self, model, text):
        allowed = [value for value, _label in model._fields[self.field]._description_selection(model.env)]
        if text.lower() not in allowed:
            raise Unfit(_lt("one of %s", ", ".join(allowed)))
        return text.lower()

    def _empty(self, model):
        return _default(model, self.field)


class Flag(Text):
    """Yes or no."""

    def _meant(self, _model, text):
        if text.lower() not in _FLAGS:
            raise Unfit(_lt("yes or no"))
        return _FLAGS[text.lower()]

    def _empty(self, model):
        return bool(_default(model, self.field))

    def same(self, one, other):
        return bool(one) == bool(other)

    def shown(self, value, _names=None):
        return bool(value)


class Day(Text):
    """A day in ISO form."""

    def _meant(self, _model, text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise Unfit(_lt("a day such as 2026-11-25")) from error

    def same(self, one, other):
        return (one or None) == (other or None)

    def shown(self, value, _names=None):
        return value.isoformat() if value else None


class Number(Text):
    """A number that is not negative. `zero_is_empty`: zero means that there is none, and is written as nothing."""

    def __init__(self, name, field=None, zero_is_empty=False, positive=False):
        super().__init__(name, field)
        self.zero_is_empty, self.positive = zero_is_empty, positive

    def _meant(self, _model, text):
        try:
            number = Decimal(text)
        except InvalidOperation as error:
            raise Unfit(_lt("a number such as 1250.00")) from error
        if not number.is_finite() or number < 0 or number >= Decimal(10) ** 15:
            raise Unfit(_lt("a number from zero to 999999999999999"))
        if self.positive and not number:
            raise Unfit(_lt("a number above zero"))
        return float(number)

    def _empty(self, model):
        return float(_default(model, self.field) or 0)

    def same(self, one, other):
        return round(one or 0, DECIMALS) == round(other or 0, DECIMALS)

    def shown(self, value, _names=None):
        if value is None or (not value and self.zero_is_empty):
            return None
        text = format(Decimal(repr(round(float(value), DECIMALS))), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text


class Whole(Number):
    """A whole number."""

    def _meant(self, model, text):
        number = super()._meant(model, text)
        if number != int(number) or number > 2_147_483_647:
            raise Unfit(_lt("a whole number such as 30"))
        return int(number)

    def _empty(self, model):
        return int(super()._empty(model))


class Known(Number):
    """A number that may be unknown, which is not zero: a second field says whether it is known."""

    def __init__(self, name, field, flag):
        super().__init__(name, field)
        self.flag = flag

    def _empty(self, _model):
        return None

    def vals(self, value):
        return {self.field: value or 0.0, self.flag: value is not None}

    def of(self, record):
        return record[self.field] if record[self.flag] else None

    def same(self, one, other):
        return (one is None) == (other is None) and super().same(one, other)


class Ref(Text):
    """A record by its natural key. `owner`: the column that says whose record it is, where that matters."""

    def __init__(self, name, field, lookup, required=False, owner=None):
        super().__init__(name, field, required)
        self.lookup, self.owner = lookup, owner

    def texts(self, value):
        """The names in a cell."""
        return [value]

    def resolved(self, ids):
        """The field's value for the ids the names stand for."""
        return ids[0]

    def of(self, record):
        return record[self.field].id

    def records(self, records):
        """What it names on these records, to look up how."""
        return records.mapped(self.field)

    def same(self, one, other):
        return (one or False) == (other or False)

    def shown(self, value, names=None):
        return names[value] if value else None


class Refs(Ref):
    """Several records, separated by |."""

    def texts(self, value):
        return [text.strip() for text in value.split("|") if text.strip()]

    def resolved(self, ids):
        return tuple(sorted(set(ids)))

    def vals(self, value):
        return {self.field: [(6, 0, list(value or ()))]}

    def of(self, record):
        return tuple(sorted(record[self.field].ids))

    def same(self, one, other):
        return tuple(one or ()) == tuple(other or ())

    def shown(self, value, names=None):
        called = [f"id:{number}" if "|" in names[number] else names[number] for number in value or ()]
        return " | ".join(called) or None


def _default(model, field):
    default = model._fields[field].default
    return default(model) if default else False
