"""The company mails a form to its customer. Nothing leaves the machine; the form only says that it was sent."""

from quickbooks_simulator.clock import write_time
from quickbooks_simulator.company.checks import check_email
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault


def send_form(company: Company, kind: Kind, record_id: str, send_to: str | None = None) -> Record:
    """Mark the form as sent to `send_to`, which becomes its mail address, else to the address it has.

    EmailStatus and DeliveryInfo of the answer say so. Source: documentation (P); that a form without any address is
    fault 6000 is from memory (M). Kinds that are not mailed are fault 500, a bad address 2210 (P).
    """
    if not kind.mailable:
        raise Fault("500", f"Operation send is not supported for {kind.name}.")
    check_email(send_to, "sendTo")
    # Reading checks the id, and that there is such a record.
    company.read(kind, record_id)
    changes = Changes(company.store)
    form = changes.find(kind.name, record_id) or {}
    address = send_to or form.get("BillEmail", {}).get("Address")
    if not address:
        raise Fault("6000", f"{kind.name} {record_id} has no email address to send it to.", "BillEmail")
    moment = company.clock.now()
    sent = {
        "BillEmail": {"Address": address},
        "EmailStatus": "EmailSent",
        "DeliveryInfo": {"DeliveryType": "Email", "DeliveryTime": write_time(moment)},
    }
    changes.revise(kind.name, {**form, **sent})
    changes.commit(moment)
    return company.read(kind, record_id)
