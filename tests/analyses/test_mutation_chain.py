import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.analyses.mutation_chain import read_chain
from rbind_core.errors import SequenceError
from rbind_core.rna.sequences import ALPHABET
from tests.toys import rna

START = "ACGUACGUACGU"


def test_each_mutation_is_read_against_what_is_left_by_those_before():
    chain = read_chain(START, "A1G, g1c;t4a")
    assert chain.mutations == ("A1G", "G1C", "U4A")
    assert chain.sequences == (START, "GCGUACGUACGU", "CCGUACGUACGU", "CCGAACGUACGU")
    assert (chain.start, chain.end) == (START, "CCGAACGUACGU")


@pytest.mark.parametrize("nothing", ["", "  ", ","])
def test_no_mutations_leave_the_sequence(nothing):
    assert read_chain(START, nothing).sequences == (START,)


@given(rna(min_size=11), st.lists(st.tuples(st.integers(0, 10), st.sampled_from(ALPHABET)), max_size=8))
def test_the_text_of_a_chain_is_read_as_the_same_chain(start, changes):
    letters, text = list(start), []
    for position, letter in changes:
        if letters[position] != letter:
            text.append(f"{letters[position]}{position + 1}{letter}")
            letters[position] = letter
    chain = read_chain(start, ",".join(text))
    assert chain.end == "".join(letters)
    assert read_chain(start, chain.text) == chain


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("G1C", "G1C: at position 1 the RNA has A, not G"),
        ("A1G,A1C", "A1C: at position 1 the RNA has G, not A"),
        ("A13G", "A13G: position 13 is outside the RNA; positions count from 1 to 12"),
        ("A0G", "A0G: position 0 is outside the RNA; positions count from 1 to 12"),
        ("A1X", "A1X: 'X' is not a nucleotide; use A, C, G, U"),
        ("N1G", "N1G: 'N' is not a nucleotide; use A, C, G, U"),
        ("A1A", "A1A changes nothing; give a letter other than A"),
        ("A1", "'A1' is not a mutation; give it as A5G: the letter that is there, its position, the new letter"),
        ("<b>", "'<b>' is not a mutation; give it as A5G: the letter that is there, its position, the new letter"),
        ("A1G G1A " * 60, "120 mutations are too many; give at most 100"),
    ],
)
def test_a_wrong_mutation_is_told_in_one_sentence(wrong, message):
    with pytest.raises(SequenceError) as error:
        read_chain(START, wrong)
    assert str(error.value) == message
