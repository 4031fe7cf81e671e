"""The page of QuickBooks errors and the table behind it."""

import re
from pathlib import Path

import pytest
from workorder_bridge.destinations.quickbooks.catalogue import HANDLING, page
from workorder_bridge.destinations.quickbooks.classification import BY_STATUS, MEANINGS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "quickbooks_errors.md"
EVERY = {**MEANINGS, **{f"HTTP {status}": meaning for status, meaning in BY_STATUS.items()}}
JARGON = re.compile(r"SyncToken|JSON|HTTP|API|payload|null|realm|requestid|exception|4\d\d|5\d\d", re.IGNORECASE)


def test_page_in_the_documentation_is_the_table_of_today():
    assert PAGE.read_text() == page(), "run python -m workorder_bridge.destinations.quickbooks.catalogue"


@pytest.mark.parametrize("code", EVERY)
def test_every_code_has_a_sentence_a_bookkeeper_reads(code):
    sentence = EVERY[code].sentence
    assert re.fullmatch(r"[A-Z][^|\n]{15,110}\.", sentence)
    assert not JARGON.search(sentence)


@pytest.mark.parametrize("code", EVERY)
def test_every_code_has_a_next_step(code):
    assert re.fullmatch(r"[A-Z][^|\n]{15,}\.", EVERY[code].hint)


@pytest.mark.parametrize("code", EVERY)
def test_every_code_has_a_handling_of_its_own_class(code):
    words, sentence = HANDLING[EVERY[code].error]
    assert words
    assert sentence.endswith(".")


def test_every_handling_belongs_to_a_code():
    assert {meaning.error for meaning in EVERY.values()} == set(HANDLING)


@pytest.mark.parametrize("code", MEANINGS)
def test_every_code_is_on_the_page_once(code):
    assert page().count(f"\n| {code} |") == (2 if int(code) in BY_STATUS else 1)


def test_no_two_codes_share_a_sentence():
    sentences = [meaning.sentence for meaning in MEANINGS.values()]
    assert len(set(sentences)) == len(sentences)
