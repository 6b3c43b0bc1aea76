import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.constructs import MAX_PATTERNS, Stem, parse_construct, parse_pattern
from rbind_core.errors import ConstructError
from rbind_core.sequences import ALPHABET, IUPAC, LENGTH, PADDING, decode, encode
from tests.toys import construct_texts, random_probes, rna

seeds = st.integers(0, 1000)


def draws_for(codes, seed=0):
    return np.random.default_rng(seed).random(codes.shape)


@given(construct_texts())
def test_a_construct_reads_back_from_its_own_text(text):
    construct = parse_construct(text)
    assert str(construct) == text
    assert parse_construct(str(construct)) == construct


def test_lower_case_t_and_white_space_are_accepted():
    assert str(parse_construct(" tgc atg @ 4 + UGCAUG@11 ")) == "UGCAUG@4+UGCAUG@11"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the pattern is empty"),
        ("   ", "the pattern is empty"),
        ("@18", "the pattern is empty"),
        ("UGCAUG@18+", "the pattern is empty"),
        ("+UGCAUG@18", "the pattern is empty"),
        ("UGCAUG", "position is missing"),
        ("UGXAUG@18", "UGXAUG: X is not a nucleotide"),
        ("UGCAUG@", "'' is not a position; use 1 to 36"),
        ("UGCAUG@1.5", "'1.5' is not a position; use 1 to 36"),
        ("UGCAUG@0", "position 0 does not exist; positions count from 1 to 36"),
        ("UGCAUG@-3", "position -3 does not exist"),
        ("UGCAUG@37", "UGCAUG@37 runs off the end of the 41 nt; the last position that fits UGCAUG is 36"),
        ("A" * 42 + "@1", "42 nt long; a pattern has at most 41 nt"),
        ("+".join(["A@1"] * (MAX_PATTERNS + 1)), "at most 20"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text, says):
    with pytest.raises(ConstructError, match=says):
        parse_construct(text)


def test_the_last_position_that_the_message_names_does_fit():
    assert parse_pattern("UGCAUG", 36).end == LENGTH
    assert parse_pattern("A" * LENGTH, 1).end == LENGTH


@given(construct_texts(), seeds)
def test_embedding_changes_no_other_position(text, seed):
    construct, codes = parse_construct(text), random_probes(20, seed)
    embedded = construct.embed(codes, draws_for(codes))
    outside = np.array([letter == "." for letter in construct.letters()])
    assert np.array_equal(embedded[:, outside], codes[:, outside])


@given(construct_texts(), seeds)
def test_embedding_puts_allowed_letters_where_the_last_pattern_says(text, seed):
    construct, codes = parse_construct(text), random_probes(20, seed)
    embedded = construct.embed(codes, draws_for(codes))
    expected = {}
    for part in text.split("+"):
        letters, start = part.split("@")
        expected |= {int(start) - 1 + i: letter for i, letter in enumerate(letters) if letter != "N"}
    for position, letter in expected.items():
        assert set(embedded[:, position]) <= {ALPHABET.index(c) for c in IUPAC[letter]}


@given(construct_texts(), seeds)
def test_embedding_leaves_its_input_unchanged(text, seed):
    codes = random_probes(20, seed)
    before = codes.copy()
    parse_construct(text).embed(codes, draws_for(codes))
    assert np.array_equal(codes, before)


@given(construct_texts(), st.integers(10, LENGTH))
def test_padding_beyond_the_construct_stays_padding(text, length):
    construct, codes = parse_construct(text), encode("A" * length)
    embedded = construct.embed(codes, draws_for(codes))
    assert (embedded[:, max(length, construct.last_position) :] == PADDING).all()


@given(rna(alphabet="N"), seeds)
def test_a_pattern_of_n_changes_nothing_padding_included(letters, seed):
    codes = random_probes(20, seed)
    construct = parse_construct(f"{letters}@{LENGTH - len(letters) + 1}")
    assert np.array_equal(construct.embed(codes, draws_for(codes)), codes)
    assert construct.last_position == 0


def test_iupac_letters_are_drawn_about_equally_often():
    codes = random_probes(9000)
    embedded = parse_construct("B@5").embed(codes, draws_for(codes))[:, 4]
    counts = np.bincount(embedded, minlength=5)
    assert counts[[0, PADDING]].tolist() == [0, 0]
    assert np.abs(counts[1:4] - 3000).max() < 200  # 4 standard deviations are 180


def test_constructs_share_the_letters_drawn_for_a_sequence():
    codes = random_probes(50)
    draws = draws_for(codes)
    alone = parse_construct("RYW@10").embed(codes, draws)
    joined = parse_construct("UGCAUG@20+RYW@10").embed(codes, draws)
    assert np.array_equal(alone[:, 9:12], joined[:, 9:12])


def test_the_later_pattern_wins_and_a_note_says_so():
    construct = parse_construct("AAAA@1+CC@3")
    assert construct.letters()[:5] == "AACC."
    assert construct.overlap_notes() == ["AAAA@1 and CC@3 overlap at positions 3-4; the later one, CC@3, wins"]
    assert "overlap at position 4;" in parse_construct("AAAA@1+CC@4").overlap_notes()[0]


def test_patterns_that_only_touch_or_meet_at_n_do_not_overlap():
    assert parse_construct("AAAA@1+CC@5").overlap_notes() == []
    assert parse_construct("AAAA@1+NNC@3").overlap_notes() == []
    assert parse_construct("AAAA@1+NNC@3").letters()[:5] == "AAAAC"


def test_the_last_position_counts_only_what_is_set():
    assert parse_construct("UGNNNN@33+AAA@4").last_position == 34


def test_a_stem_pairs_and_changes_nothing_else():
    codes = random_probes(50, shortest=41)
    stem = Stem(7, 16, 24, 33)
    paired = stem.pair(codes)
    for before, after in zip(decode(codes), decode(paired), strict=True):
        partner = str.maketrans("ACGU", "UGCA")
        assert after[23:33] == before[6:16][::-1].translate(partner)
        assert after[:23] + after[33:] == before[:23] + before[33:]
    assert np.array_equal(stem.pair(paired), paired)
    assert str(stem) == "stem:7-16/24-33"
