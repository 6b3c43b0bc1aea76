"""Parsers of the core: whatever they are given, they give a result or one sentence, and soon."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.corpus import CONTENTS, LONG_TEXTS, SHORT_TEXTS, gzip_bomb
from tests.fuzz.ledger import Ledger
from tests.fuzz.parsers import FILE_PARSERS, TEXT_PARSERS, try_content, try_text
from tests.fuzz.strategies import CI, contents, texts_for


@pytest.mark.parametrize("surface", TEXT_PARSERS)
def test_texts(surface):
    ledger = Ledger()
    for text in [*SHORT_TEXTS.values(), LONG_TEXTS["1 MB of digits"], LONG_TEXTS["1 MB of lines"]]:
        try_text(ledger, surface, text)
    ledger.assert_clean()


@pytest.mark.parametrize("surface", FILE_PARSERS)
def test_contents(surface):
    ledger = Ledger()
    for content in CONTENTS.values():
        try_content(ledger, surface, content)
    ledger.assert_clean()


@pytest.mark.parametrize("surface", TEXT_PARSERS)
def test_mixed_texts(surface):
    @CI
    @given(texts_for(surface))
    def test(text):
        ledger = Ledger()
        try_text(ledger, surface, text)
        ledger.assert_clean()

    test()


@CI
@given(st.sampled_from(sorted(FILE_PARSERS)), contents())
def test_mixed_contents(surface, content):
    ledger = Ledger()
    try_content(ledger, surface, content)
    ledger.assert_clean()


def test_gzip_bomb():
    ledger = Ledger()
    for surface in FILE_PARSERS:
        try_content(ledger, surface, gzip_bomb(5), "bomb.tsv.gz")
    ledger.assert_clean()
