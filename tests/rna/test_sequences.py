import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.errors import SequenceError
from rbind_core.rna.sequences import (
    LENGTH,
    PADDING,
    all_kmers,
    clean_sequence,
    decode,
    encode,
    from_one_hot,
    gc_content,
    lengths,
    one_hot,
    reading_notes,
)
from tests.toys import rna

sequence_lists = st.lists(rna(min_size=0), min_size=1, max_size=5)


@given(sequence_lists)
def test_decoding_undoes_encoding(sequences):
    assert decode(encode(sequences)) == sequences


@given(sequence_lists)
def test_one_hot_and_back_gives_the_same_codes(sequences):
    codes = encode(sequences)
    assert np.array_equal(from_one_hot(one_hot(codes)), codes)


@given(sequence_lists)
def test_lengths_do_not_count_padding(sequences):
    assert lengths(encode(sequences)).tolist() == [len(s) for s in sequences]


def test_codes_and_one_hot_columns_are_in_the_order_acgu():
    assert encode("ACGU", 6).tolist() == [[0, 1, 2, 3, PADDING, PADDING]]
    assert one_hot(encode("ACGU", 4))[0].tolist() == np.eye(4).tolist()


def test_padding_is_a_row_of_zeros_and_not_an_a():
    assert not one_hot(encode("A", 3))[0, 1:].any()
    assert from_one_hot(np.zeros((1, 2, 4))).tolist() == [[PADDING, PADDING]]


def test_encoding_nothing_gives_no_rows():
    assert encode([]).shape == (0, LENGTH)


def test_encoding_refuses_what_does_not_fit_and_names_it():
    with pytest.raises(SequenceError, match="42 nt long; the window holds 41 nt"):
        encode("A" * 42)
    with pytest.raises(SequenceError, match="'T' is not a nucleotide"):
        encode(["ACGU", "ACGT"])
    with pytest.raises(SequenceError, match="'µ' is not a nucleotide"):
        encode("AµG")


def test_dna_lower_case_and_white_space_are_accepted():
    assert clean_sequence(" acgt\nTTu ") == "ACGUUUU"
    assert clean_sequence(f"{'acgtu' * 12}\n{'acgtu' * 12}\nacg") == "ACGUU" * 24 + "ACG"


@pytest.mark.parametrize(
    "text",
    [
        "ACGUACGUACGUA\tCGUACGUACGUAC",
        "CAT ACGUACGUACGU",
        "ACGUACGUACGU ACGUACGUACGA",
        "name ACGUACGU",
        "ACGUACGUACGUA\nACGUACGUACGCA",
    ],
)
def test_white_space_between_what_may_be_two_words_is_refused(text):
    with pytest.raises(SequenceError, match=r"may separate a name from an RNA|separated by a tab|more than one word|2 lines"):
        clean_sequence(text)


def test_what_was_taken_out_of_a_sequence_is_said():
    assert reading_notes("ACGUACGUAC\n") == []
    assert reading_notes("1 ACGUACGUAC GUACG") == [
        "Spaces between blocks of letters were taken out.",
        "Numbers beside the letters were taken out.",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("ACGN", "'N' at position 4"),
        ("MKVLAA", "'M' at position 1"),
        ("AC", "2 nt long; allowed are 3-5 nt"),
        ("ACGUAC", "6 nt long; allowed are 3-5 nt"),
    ],
)
def test_what_is_not_an_rna_of_allowed_length_is_refused(text, says):
    with pytest.raises(SequenceError, match=says):
        clean_sequence(text, min_length=3, max_length=5)


def test_lengths_at_the_limits_are_allowed():
    assert clean_sequence("ACG", min_length=3, max_length=5) == "ACG"
    assert clean_sequence("ACGUA", min_length=3, max_length=5) == "ACGUA"


def test_an_error_stays_short_for_a_very_long_sequence():
    with pytest.raises(SequenceError) as refusal:
        clean_sequence("A" * 5000, max_length=LENGTH)
    assert len(str(refusal.value)) < 100
    assert "5000 nt" in str(refusal.value)


@given(rna())
def test_gc_content_counts_letters_and_leaves_padding_out(sequence):
    assert gc_content(encode(sequence))[0] == pytest.approx(sum(c in "GC" for c in sequence) / len(sequence))


def test_gc_content_of_nothing_is_zero():
    assert gc_content(encode("")) == 0


@pytest.mark.parametrize("k", [1, 3, 6])
def test_all_kmers_are_there_once_and_in_order(k):
    kmers = decode(all_kmers(k))
    assert len(set(kmers)) == 4**k
    assert kmers == sorted(kmers)
    assert all(len(kmer) == k for kmer in kmers)
