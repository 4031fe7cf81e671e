"""A UBL 2.1 Order as rows of a PO: the buyer's own line ids, item codes, units, prices and accounting strings.

Odoo's own import of orders makes a quotation of it, drops these and computes prices anew, so it is read here.
"""

from lxml import etree
from odoo.tools.translate import LazyTranslate

from .lookup import Unfit

_lt = LazyTranslate(__name__)
ORDER = "urn:oasis:names:specification:ubl:schema:xsd:Order-2"
NAMES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
BLANKET = "221"  # UN/ECE 1001: blanket order
MAX_BYTES = 10_000_000
COLUMNS = [
    "buyer",
    "number",
    "kind",
    "currency",
    "valid_from",
    "valid_to",
    "contract",
    "terms",
    "note",
    "line",
    "item_code",
    "product",
    "description",
    "quantity",
    "buyer_unit",
    "unit_price",
    "price_basis",
    "cost_center",
    "tax_rate",
]


def is_ubl(content):
    """Whether a file is XML at all."""
    return content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<" or content[:4] in (b"\xff\xfe<\0", b"\xfe\xff\0<")


class UblOrder:
    """One order. Raises :class:`Unfit` for what is none."""

    def __init__(self, content):
        self._root = _parsed(content)
        self.notes = []

    def buyer_names(self):
        """What the buyer is called in it, the surest first."""
        party = "cac:BuyerCustomerParty/cac:Party/"
        places = (
            "cac:PartyTaxScheme/cbc:CompanyID",
            "cac:PartyIdentification/cbc:ID",
            "cac:PartyLegalEntity/cbc:CompanyID",
            "cbc:EndpointID",
            "cac:PartyLegalEntity/cbc:RegistrationName",
            "cac:PartyName/cbc:Name",
        )
        found = [_text(self._root, party + place) for place in places]
        return [name for name in dict.fromkeys(found) if name]

    def rows(self):
        """Rows in the order of :data:`COLUMNS`, numbered by their place in the document; the buyer is left empty."""
        lines = self._root.findall("cac:OrderLine/cac:LineItem", NAMES)
        head = self._head()
        if self._root.findall("cac:AllowanceCharge", NAMES) or any(
            line.findall("cac:AllowanceCharge", NAMES) for line in lines
        ):
            self.notes.append(_lt("The order has allowances or charges; they are in no line of the register."))
        rows = [{**head, **self._line(line)} for line in lines] or [head]
        return [[place, *(row.get(name) for name in COLUMNS)] for place, row in enumerate(rows, start=1)]

    def _head(self):
        root = self._root
        self._cost_center = _text(root, "cbc:AccountingCost") or _text(root, "cbc:AccountingCostCode")
        terms = _text(root, "cac:PaymentTerms/cbc:Note")
        texts = [_text(note) for note in root.findall("cbc:Note", NAMES)]
        return {
            "number": _text(root, "cbc:ID"),
            "kind": "blanket" if _text(root, "cbc:OrderTypeCode") == BLANKET else "standard",
            "currency": _text(root, "cbc:DocumentCurrencyCode"),
            "valid_from": _text(root, "cac:ValidityPeriod/cbc:StartDate"),
            "valid_to": _text(root, "cac:ValidityPeriod/cbc:EndDate"),
            "contract": _text(root, "cac:Contract/cbc:ID") or _text(root, "cac:ContractDocumentReference/cbc:ID"),
            "terms": terms,
            "note": "\n".join(text for text in texts if text) or None,
        }

    def _line(self, line):
        quantity = line.find("cbc:Quantity", NAMES)
        item = line.find("cac:Item", NAMES)
        item = etree.Element("none") if item is None else item
        basis = line.find("cac:Price/cbc:BaseQuantity", NAMES)
        unit = quantity.get("unitCode") if quantity is not None else None
        number = _text(line, "cbc:ID")
        if basis is not None and basis.get("unitCode") not in (None, unit):
            told = _lt("Line %(line)s: its price is for another unit than its quantity.", line=number)
            self.notes.append(told)
        return {
            "line": number,
            "item_code": _text(item, "cac:BuyersItemIdentification/cbc:ID"),
            "product": _text(item, "cac:SellersItemIdentification/cbc:ID"),
            "description": _text(item, "cbc:Name") or _text(item, "cbc:Description"),
            "quantity": _text(quantity),
            "buyer_unit": unit,
            "unit_price": _text(line, "cac:Price/cbc:PriceAmount"),
            "price_basis": _text(basis) or None,
            "cost_center": _text(line, "cbc:AccountingCost")
            or _text(line, "cbc:AccountingCostCode")
            or self._cost_center,
            "tax_rate": _text(item, "cac:ClassifiedTaxCategory/cbc:Percent"),
        }


def _parsed(content):
    """No entity is resolved, nothing is fetched, and what declares a document type is refused whole."""
    if len(content) > MAX_BYTES:
        raise Unfit(_lt("a file of at most 10 MB"))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unfit(_lt("well-formed XML (%s)", str(error)[:200])) from error
    if root.getroottree().docinfo.doctype:
        raise Unfit(_lt("an order without a document type declaration"))
    if root.tag != f"{{{ORDER}}}Order":
        raise Unfit(_lt("a UBL 2.1 Order; this is %s", etree.QName(root).localname))
    return root


def _text(node, path=None):
    found = node.find(path, NAMES) if path and node is not None else node
    return (found.text or "").strip() or None if found is not None else None
