"""Natural keys: how a file names a record, and how a record is named in a file.

Both ways cost a constant number of queries for any number of names. Where nothing a person reads tells a record apart
from another, its database id does, written `id:42`.
"""

import re
from collections import defaultdict

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
_BY_ID = re.compile(r"id:(\d{1,9})")


class Unfit(Exception):
    """A value that is not what its column holds; `expected` says, in nobody's language yet, what would be."""

    def __init__(self, expected):
        super().__init__()
        self.expected = expected


class Lookup:
    """Finds records of a model by the first of some fields that knows a name.

    :param within: the field that says whose record it is, where names are unique within an owner only
    :param shared: with `within`: a record without an owner stands in where the owner has none of that name
    """

    def __init__(self, model, fields, expected, domain=None, within=None, shared=False):
        self.model, self.fields, self.expected = model, fields, expected
        self.domain = domain or (lambda company: [("company_id", "in", (company.id, False))])
        self.within, self.shared = within, shared

    def find(self, env, company, names):
        """Ids, or an :class:`Unfit` that says why there is none, by name; a name is (owner id or False, text)."""
        model, found, left = env[self.model], {}, set(names)
        numbers = {name: int(match[1]) for name in left if (match := _BY_ID.fullmatch(name[1]))}
        found.update(self._by_id(model, company, numbers))
        left -= found.keys()
        for field in self.fields:
            if not left:
                break
            hits = self._hits(model, company, field, left)
            for name in list(left):
                ids = hits.get(name) or (self.shared and hits.get((False, name[1]))) or ()
                if len(ids) == 1:
                    found[name] = next(iter(ids))
                elif ids:
                    found[name] = Unfit(_lt("%(what)s; %(count)s are called so", what=self.expected, count=len(ids)))
            left -= found.keys()
        return {**found, **dict.fromkeys(left, Unfit(self.expected))}

    def _by_id(self, model, company, numbers):
        if not numbers:
            return {}
        domain = [("id", "in", list(numbers.values())), *self.domain(company)]
        owner_of = {record.id: self._owner(record) for record in model.with_context(active_test=False).search(domain)}
        return {
            name: number
            for name, number in numbers.items()
            if number in owner_of and (not self.within or owner_of[number] == name[0] or not owner_of[number])
        }

    def _hits(self, model, company, field, names):
        domain = [(field, "in", list({text for _owner, text in names})), *self.domain(company)]
        if self.within:
            domain.append((self.within, "in", [*{owner for owner, _text in names}, *([False] if self.shared else [])]))
        hits = defaultdict(set)
        for record in model.search(domain):
            hits[self._owner(record), record[field]].add(record.id)
        return hits

    def _owner(self, record):
        return record[self.within].id if self.within else False

    def names(self, env, company, records):
        """How each of these records is named in a file, by id: the first name that finds it again."""
        named, left = {}, records
        for field in self.fields:
            wanted = {record: (self._owner(record), record[field]) for record in left if record[field]}
            found = self.find(env, company, set(wanted.values()))
            named.update({record.id: name[1] for record, name in wanted.items() if found[name] == record.id})
            left = left.filtered(lambda record: record.id not in named)
        return {**named, **{record.id: f"id:{record.id}" for record in left}}


BUYER = Lookup(
    "res.partner",
    ("ref", "vat", "name"),
    _lt("a customer's reference, VAT number or name, exactly as in Odoo"),
    lambda company: [
        "|", ("parent_id", "=", False), ("is_company", "=", True), ("company_id", "in", (company.id, False))
    ],
)  # fmt: skip
CONTACT = Lookup(
    "res.partner", ("ref", "vat", "name"), _lt("a customer's reference, VAT number or name, exactly as in Odoo")
)
SITE = Lookup(
    "res.partner",
    ("ref", "name"),
    _lt("the reference or name of an address of this buyer"),
    within="commercial_partner_id",
)
TEMPLATE = Lookup(
    "product.template",
    ("default_code", "barcode", "name"),
    _lt("a product's internal reference, barcode or name (one variant of several: column variant)"),
)
PRODUCT = Lookup(
    "product.product", ("default_code", "barcode", "name"), _lt("a product's internal reference, barcode or name")
)
TASK_CODE = Lookup(
    "work.order.task.code",
    ("code",),
    _lt("the code of a standard task"),
    lambda company: [("company_id", "=", company.id)],
)
UNIT = Lookup("uom.uom", ("name",), _lt("the name of a unit in Odoo"), lambda _company: [])
CURRENCY = Lookup("res.currency", ("name",), _lt("an active currency, such as USD"), lambda _company: [])
TERMS = Lookup("account.payment.term", ("name",), _lt("payment terms by their name in Odoo"))
COST_CENTER = Lookup(
    "buyer.cost.center",
    ("code",),
    _lt("the code of a cost centre of this buyer, or of one every buyer may use"),
    within="partner_id",
    shared=True,
)
