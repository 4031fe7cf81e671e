"""What must come with an invoice, and whether the job is payable."""

from collections.abc import Iterator

from buyer_simulator.matching.claims import Examination
from buyer_simulator.records.reason import Reason
from buyer_simulator.records.values import key


def check_attachments(case: Examination) -> Iterator[Reason]:
    """Kinds demanded; types, number and size our system takes. Source: Coupa: 10 files, 8 MB (D)."""
    policy, files = case.policy, case.invoice.attachments
    present = {key(each.kind) for each in files}
    for kind in policy.attachments_required:
        if key(kind) not in present:
            yield Reason(code="OTH", message=f"The attachment is missing: {kind.replace('_', ' ')}.")
    taken = {key(each) for each in policy.attachment_types}
    for each in files:
        if taken and key(each.mimetype) not in taken:
            yield Reason(code="OTH", message=f"We cannot open {each.name or 'an attachment'} ({each.mimetype or '?'}).")
    if policy.attachment_max_count and len(files) > policy.attachment_max_count:
        yield Reason(code="OTH", message=f"{len(files)} attachments; we take {policy.attachment_max_count}.")
    size = sum(each.size for each in files)
    if policy.attachment_max_bytes and size > policy.attachment_max_bytes:
        message = f"The attachments have {size:,} bytes; we take {policy.attachment_max_bytes:,}."
        yield Reason(code="OTH", message=message)


def check_sign_off(case: Examination) -> Iterator[Reason]:
    """Each job signed by one of our people, where demanded. Source: CorrigoPro customer verification (D)."""
    if not case.policy.sign_off_required or case.is_credit:
        return
    signed = {key(job.number) for job in case.invoice.work_orders if job.signed_by}
    for job in case.jobs:
        if key(job) not in signed:
            yield Reason(code="DEL", message=f"Nobody of ours has signed off work order {job}.")
    if not case.jobs and "SIGN_OFF" not in {key(each.kind) for each in case.invoice.attachments}:
        yield Reason(code="DEL", message="There is no sign-off for this work.")


def check_job_state(case: Examination) -> Iterator[Reason]:
    """Only completed and verified work is paid. Source: ServiceChannel, CorrigoPro 3050, 3051 (D)."""
    if case.is_credit:
        return
    for number in case.jobs:
        job = case.books.work_orders.get(key(number))
        if job is not None and not job.completed:
            yield Reason(code="DEL", message=f"Work order {job.number} is not completed yet.")
        if job is not None and job.verification_pending:
            yield Reason(code="DEL", message=f"Our site has not verified work order {job.number} yet.")
