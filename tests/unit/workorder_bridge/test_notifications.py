"""Webhooks: who signed them, and which companies they are about - whatever bytes come."""

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from workorder_bridge.destinations.quickbooks.notifications import (
    NOT_SIGNED,
    TAKEN,
    WRONG_CONTENT,
    Verdict,
    is_signed,
    judge,
    realms_in,
)

TOKEN = SecretStr("3b1c9e2a-verifier")
OLD = {
    "eventNotifications": [
        {
            "realmId": "77",
            "dataChangeEvent": {
                "entities": [
                    {"name": "Payment", "id": "5", "operation": "Create", "lastUpdated": "2026-11-27T09:00:00.000Z"}
                ]
            },
        },
        {"realmId": "88", "dataChangeEvent": {"entities": []}},
    ]
}
EVENT = {
    "specversion": "1.0",
    "id": "88cd52aa-33b6-4351-9aa4-47572edbd068",
    "source": "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=",
    "type": "qbo.payment.created.v1",
    "time": "2026-11-27T09:00:00Z",
    "intuitentityid": "5",
    "intuitaccountid": "77",
    "data": {},
}
NEW = [EVENT, {**EVENT, "intuitaccountid": "88"}, {**EVENT, "type": "qbo.invoice.updated.v1"}]
#: Anything JSON can say.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def signature_of(body, token=TOKEN):
    return base64.b64encode(hmac.new(token.get_secret_value().encode(), body, hashlib.sha256).digest())


def judged(content):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return judge(body, signature_of(body), TOKEN)


@pytest.mark.parametrize("content", [OLD, NEW])
def test_both_forms_name_every_company_once(content):
    assert judged(content) == Verdict(TAKEN, frozenset({"77", "88"}))


def test_event_by_itself_is_taken():
    assert judged(EVENT) == Verdict(TAKEN, frozenset({"77"}))


@pytest.mark.parametrize("content", [[], {"eventNotifications": []}])
def test_post_about_nothing_is_fine(content):
    assert judged(content) == Verdict(TAKEN)


@pytest.mark.parametrize("content", [OLD, NEW])
def test_signature_covers_the_body_to_the_byte(content):
    body = json.dumps(content).encode()
    other = json.dumps(content, indent=1).encode()
    assert judge(other, signature_of(body), TOKEN) == Verdict(NOT_SIGNED)
    assert judge(other, signature_of(other), TOKEN).status == TAKEN


def test_signature_is_what_the_documentation_says():
    """Worked out with another program: printf '{}' | openssl dgst -sha256 -hmac secret -binary | base64."""
    assert is_signed(b"{}", b"dzJZAsrKgS3CWXM6rNBGtzgXNyx3e42VtAJkdHRRbhM=", SecretStr("secret"))


@pytest.mark.parametrize("signature", [b"", b"AAAA", signature_of(b"{}", SecretStr("another")), b"\xff\x00", b"=" * 44])
def test_wrong_or_missing_signature_is_refused(signature):
    assert judge(b"{}", signature, TOKEN) == Verdict(NOT_SIGNED)


def test_empty_token_proves_nothing():
    assert not is_signed(b"{}", signature_of(b"{}", SecretStr("")), SecretStr(""))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\xfd",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"[" + b"9" * 100_000 + b"]",
        b"NaN",
        None,
        17,
        "eventNotifications",
        {},
        {"eventNotifications": None},
        {"eventNotifications": {"realmId": "77"}},
        {"eventNotifications": ["77"]},
        {"eventNotifications": [{"realmId": 77}]},
        {"eventNotifications": [{"realmId": "77"}, {"realmId": ["88"]}]},
        {"eventNotifications": [{"realmid": "77"}]},
        [EVENT, "77"],
        [{**EVENT, "intuitaccountid": None}],
        [{**EVENT, "intuitaccountid": {"77": 1}}],
        [{**EVENT, "intuitaccountid": "77\n"}],
        [{**EVENT, "intuitaccountid": "../77"}],
        [{**EVENT, "intuitaccountid": "٧٧"}],
        [{**EVENT, "intuitaccountid": "7" * 33}],
        [[EVENT]],
    ],
)
def test_signed_content_of_neither_form_is_refused_whole(content):
    assert judged(content) == Verdict(WRONG_CONTENT)


@given(st.binary(), st.binary())
def test_any_bytes_get_a_verdict(body, signature):
    assert judge(body, signature, TOKEN) == Verdict(NOT_SIGNED)
    assert judge(body, signature_of(body), TOKEN).status in (TAKEN, WRONG_CONTENT)


@given(ANYTHING | st.builds(lambda entries: {"eventNotifications": entries}, ANYTHING))
def test_any_json_gets_a_verdict_and_realms_are_numbers(content):
    realms = realms_in(json.dumps(content).encode())
    assert realms is None or all(realm.isascii() and realm.isdigit() for realm in realms)


@given(st.lists(st.from_regex(r"[0-9]{1,32}", fullmatch=True)), st.booleans())
def test_every_company_that_is_named_is_found(realms, old):
    content = (
        {"eventNotifications": [{"realmId": realm} for realm in realms]}
        if old
        else [{**EVENT, "intuitaccountid": realm} for realm in realms]
    )
    assert realms_in(json.dumps(content).encode()) == frozenset(realms)
