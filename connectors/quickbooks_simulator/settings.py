"""Every switch of the simulator, with the default each one has."""

from dataclasses import dataclass, field, fields
from typing import Any


def _one_of(default: str, *others: str) -> Any:
    return field(default=default, metadata={"choices": (default, *others)})


@dataclass
class Settings:
    """Behaviour that is configurable at the real service, or that nobody outside it knows for certain."""

    # Limits. Source: documentation and announcements (P).
    limits_enabled: bool = True
    requests_per_minute: int = 500
    requests_per_second: int = 10
    concurrent_requests: int = 10
    batches_per_minute: int = 120
    # Whether the items of a batch count against requests_per_minute: documents disagree.
    batch_items_count_as_requests: bool = False
    # The body of a 429: seen in all of these forms (V, P).
    throttle_body: str = _one_of("capital", "lower", "xml", "rotate")
    # Whether a call that was refused counts against the windows: unknown.
    refused_calls_count: bool = False
    # Metered reads: 500,000 a month in the free tier, then blocked (P). None is no quota. The form of the block and
    # whether queries in a batch are metered are unknown.
    metered_reads_per_month: int | None = None
    metered_reads_refusal: str = _one_of("throttled", "forbidden")
    batch_queries_are_metered: bool = True

    # The company as a whole: 140 and 150 (P); 6190 was seen as a 400 and inside a 200 (P).
    company_state: str = _one_of("open", "locked", "maintenance", "ended", "ended_in_200")

    # OAuth. Life times recorded (V); rotation about daily with 24 hours of grace (P).
    access_token_seconds: int = 3600
    refresh_token_seconds: int = 8_726_400
    refresh_token_rotation: str = _one_of("every_refresh", "daily", "never")
    refresh_token_grace_seconds: int = 86_400
    # However often it is renewed, a connection ends five years after the consent (P).
    refresh_token_hard_seconds: int = 157_680_000

    # Request ids. That they replay is documented (P); how long, and what another body does, is unknown.
    request_id_seconds: int | None = None
    request_id_other_body: str = _one_of("replay", "fault_600", "fault_6000", "create")
    request_id_remembers_faults: bool = False

    # Queries. Minor versions below 75 are ignored since August 2025 (P); before, those below 65 stumbled over
    # characters outside ASCII (P). A stored email address that is none breaks whole answers (P).
    old_minor_versions: str = _one_of("ignored", "kept")
    bad_email_breaks_answers: bool = True

    # Books.
    check_duplicate_numbers: bool = True
    us_line_tax_codes_only: bool = True

    # Preferences. What becomes of a property whose preference is off (service date, class, location, discount), of a
    # number that was sent while the company numbers itself, and of the company's default term: unknown (P, M).
    off_preferences: str = _one_of("dropped", "kept", "refused")
    sent_number_when_automatic: str = _one_of("kept", "replaced", "duplicated")
    default_terms_apply: bool = False

    # Tax. A TotalTax that was sent is kept (P), the documents leave open whether without a TxnTaxCodeRef too.
    keep_explicit_tax: bool = True
    keep_explicit_tax_without_code: bool = True
    # Rounded once on the sum or line by line; both were seen (P).
    tax_rounding: str = _one_of("total", "per_line")
    # Automated sales tax goes by the ship-to address (P), though not in sandboxes (P); or by any rate at all, in
    # hundredths of a percent, to see what a client makes of a tax it did not expect.
    automated_tax_place: str = _one_of("company", "ship_to")
    automated_tax_basis_points: int | None = None
    # What the Amount of a line is outside the US when prices hold the tax: told either way.
    inclusive_line_amounts: str = _one_of("net", "gross")

    # Uploads: 100 MB each (P); whether only some endings of file names pass, and empty files, is unknown.
    largest_upload_bytes: int = 100 * 1024 * 1024
    check_upload_types: bool = False
    refuse_empty_uploads: bool = False

    # Which fault a reference to an inactive record gets, and closed books: reports disagree (P).
    inactive_reference_fault: str = _one_of("2500", "610")
    closed_books_fault: str = _one_of("6210", "5010")

    # Answers.
    batch_answer_order: str = _one_of("as_sent", "reversed")
    request_seconds: float = 0.0
    # How long the token endpoint takes. The real one takes about a second (M).
    token_seconds: float = 0.0
    batch_item_seconds: float = 0.0

    # Webhooks. Three seconds to answer, retries, and that an endpoint that keeps failing is switched off (P).
    # The seconds to answer are the machine's own, because the receiver lives in them.
    webhook_answer_seconds: float = 3.0
    # Whether other refusals than 408 and 5xx are tried again too: documents name only those.
    webhook_retry_any_refusal: bool = False
    # After how many notifications dropped in a row an endpoint is switched off (number from memory); 0 is never.
    webhook_drops_until_disabled: int = 3
    # What a name-list record that becomes inactive is announced as: unknown.
    webhook_inactive_operation: str = _one_of("Update", "Delete")
    # What goes wrong on the way: lost (0) or sent several times, late, held back, in another order, forged.
    webhook_copies: int = 1
    webhook_delay_seconds: float = 0.0
    webhook_hold: bool = False
    webhook_order: str = _one_of("as_happened", "reversed")
    webhook_signature: str = _one_of("right", "wrong", "missing")
    # Whether each post also tells of a company the receiver has nothing to do with.
    webhook_other_realm: bool = False


class SettingRefused(ValueError):
    """A setting that does not exist, or a value it cannot have."""


def change_settings(settings: Settings, values: dict[str, Any]) -> None:
    """Set the named switches, all of them or, when one is wrong, none. Raises SettingRefused."""
    known = {each.name: each for each in fields(Settings)}
    for name, value in values.items():
        if name not in known:
            raise SettingRefused(f"There is no setting {name!r}.")
        _check_value(name, value, known[name].type, known[name].metadata.get("choices"))
    for name, value in values.items():
        setattr(settings, name, value)


def _check_value(name: str, value: Any, annotation: Any, choices: tuple[str, ...] | None) -> None:
    if choices is not None and value not in choices:
        raise SettingRefused(f"{name} must be one of {', '.join(choices)}.")
    if choices is not None:
        return
    if annotation is bool:
        fits = isinstance(value, bool)
    elif annotation is float:
        fits = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
    else:
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if not fits and not (value is None and annotation == int | None):
        raise SettingRefused(f"{name} cannot be {value!r}.")
