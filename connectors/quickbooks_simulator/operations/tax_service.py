"""The tax service: makes a tax code together with its rates."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.checks import check_length, check_properties
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.draft import without_blanks
from quickbooks_simulator.company.money import read_decimal
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

APPLICABLE = ("Sales", "Purchase")
_PROPERTIES = frozenset({"TaxCode", "TaxCodeId", "TaxRateDetails", "Id", "domain", "sparse", "SyncToken"})
_RATE_PROPERTIES = frozenset({"TaxRateName", "TaxRateId", "RateValue", "TaxAgencyId", "TaxApplicableOn"})


@dataclass(frozen=True)
class _Rate:
    """A rate of the new code. `record` is to be stored when the rate is new."""

    rate_id: str
    name: str
    percent: Decimal
    agency_id: str
    applies_to: str
    record: Record | None


def create_tax_code(company: Company, body: Any) -> Record:
    """Store the code and its new rates, all or nothing; the answer has neither wrapper nor time. Shape: reference (P).

    Unlike everywhere else, ids are called TaxCodeId and TaxRateId and details stand in a plain list; python-quickbooks
    reads it so (V). Names must be new (P); the codes of the faults are from memory (M).
    """
    if not isinstance(body, dict):
        raise Fault("2010", "The body must be one JSON object.")
    check_properties(body, _PROPERTIES)
    body = without_blanks(body)
    name = _required(body, "TaxCode")
    check_length(name, "TaxCode", 100)
    _check_unused(company, "TaxCode", name)
    details = body.get("TaxRateDetails")
    if not isinstance(details, list) or not details or not all(isinstance(each, dict) for each in details):
        raise Fault("2020", "Required param missing, need to supply TaxRateDetails", "TaxRateDetails")
    rates = _read_rates(company, details)
    code_id = company.store.next_id("TaxCode")
    changes = Changes(company.store)
    for rate in rates:
        if rate.record is not None:
            changes.put("TaxRate", rate.record)
    changes.put("TaxCode", _code(code_id, name, rates))
    changes.commit(company.clock.now())
    return {"TaxCode": name, "TaxCodeId": code_id, "TaxRateDetails": [_answer(rate) for rate in rates]}


def _read_rates(company: Company, details: list[Record]) -> list[_Rate]:
    next_id, names = int(company.store.next_id("TaxRate")), set[str]()
    rates = []
    for detail in details:
        check_properties(detail, _RATE_PROPERTIES, "TaxRateDetails.")
        applies_to = str(detail.get("TaxApplicableOn", APPLICABLE[0]))
        if applies_to not in APPLICABLE:
            raise Fault("2170", f"TaxApplicableOn must be one of {', '.join(APPLICABLE)}", "TaxApplicableOn")
        if "TaxRateId" in detail:
            rates.append(_known_rate(company, str(detail["TaxRateId"]), applies_to))
            continue
        rate = _new_rate(company, detail, str(next_id), applies_to)
        if rate.name.lower() in names:
            raise Fault("6240", f"The name supplied already exists. : {rate.name} twice in one call", "TaxRateName")
        names.add(rate.name.lower())
        next_id += 1
        rates.append(rate)
    return rates


def _known_rate(company: Company, rate_id: str, applies_to: str) -> _Rate:
    found = company.store.find("TaxRate", rate_id)
    if found is None:
        raise Fault("2500", f"Invalid Reference Id : TaxRateId {rate_id} not found", "TaxRateId")
    percent = read_decimal(found["RateValue"], "RateValue")
    return _Rate(rate_id, found["Name"], percent, found["AgencyRef"]["value"], applies_to, None)


def _new_rate(company: Company, detail: Record, rate_id: str, applies_to: str) -> _Rate:
    name = _required(detail, "TaxRateName")
    check_length(name, "TaxRateName", 100)
    _check_unused(company, "TaxRate", name)
    percent = read_decimal(_required(detail, "RateValue"), "RateValue")
    if not 0 <= percent <= 100:
        raise Fault("2030", f"RateValue must be a percentage, supplied value: {percent}", "RateValue")
    agency_id = str(_required(detail, "TaxAgencyId"))
    if company.store.find("TaxAgency", agency_id) is None:
        raise Fault("2500", f"Invalid Reference Id : TaxAgencyId {agency_id} not found", "TaxAgencyId")
    record = {
        **_frame(rate_id, name),
        "RateValue": percent,
        "AgencyRef": {"value": agency_id},
        "SpecialTaxType": "NONE",
        "DisplayType": "ReadOnly",
    }
    return _Rate(rate_id, name, percent, agency_id, applies_to, record)


def _code(code_id: str, name: str, rates: list[_Rate]) -> Record:
    lists = {
        f"{side}TaxRateList": {
            "TaxRateDetail": [
                {
                    "TaxRateRef": {"value": rate.rate_id, "name": rate.name},
                    "TaxTypeApplicable": "TaxOnAmount",
                    "TaxOrder": 0,
                }
                for rate in rates
                if rate.applies_to == side
            ]
        }
        for side in APPLICABLE
    }
    return {**_frame(code_id, name), "Taxable": True, "TaxGroup": True, **lists}


def _frame(record_id: str, name: str) -> Record:
    envelope = {"domain": "QBO", "sparse": False, "Id": record_id, "SyncToken": "0"}
    return {"Name": name, "Description": name, "Active": True, **envelope}


def _answer(rate: _Rate) -> Record:
    return {
        "TaxRateName": rate.name,
        "TaxRateId": rate.rate_id,
        "RateValue": rate.percent,
        "TaxAgencyId": rate.agency_id,
        "TaxApplicableOn": rate.applies_to,
    }


def _required(body: Record, name: str) -> Any:
    if name not in body:
        raise Fault("2020", f"Required param missing, need to supply the required value for the API : {name}", name)
    return body[name]


def _check_unused(company: Company, kind: str, name: Any) -> None:
    if not isinstance(name, str):
        raise Fault("2010", f"The name of a {kind} must be text", kind)
    for _, record_id in sorted(company.store.holders((kind, name.lower()))):
        raise Fault("6240", f"The name supplied already exists. : {name} is used by {kind} Id={record_id}", kind)
