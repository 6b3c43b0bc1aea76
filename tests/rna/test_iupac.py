import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.errors import SequenceError
from rbind_core.rna.iupac import evenly_from, matched_probes, mismatches
from rbind_core.rna.sequences import IUPAC, LENGTH, PADDING, encode
from tests.toys import random_probes, rna


def by_hand(sequence: str, pattern: str) -> int:
    padded = sequence.ljust(LENGTH, "-")
    windows = (padded[i : i + len(pattern)] for i in range(LENGTH - len(pattern) + 1))
    return min(sum(letter not in IUPAC[p] for letter, p in zip(window, pattern, strict=True)) for window in windows)


@given(st.lists(rna(), min_size=1, max_size=5), rna(max_size=9, alphabet="".join(IUPAC)))
def test_it_is_the_count_by_hand(sequences, pattern):
    assert mismatches(encode(sequences), pattern).tolist() == [by_hand(sequence, pattern) for sequence in sequences]


@given(rna(), rna(max_size=9), st.data())
def test_a_planted_pattern_has_no_mismatch(sequence, pattern, data):
    sequence = sequence.ljust(len(pattern), "A")
    start = data.draw(st.integers(0, len(sequence) - len(pattern)))
    planted = sequence[:start] + pattern + sequence[start + len(pattern) :]
    assert mismatches(encode(planted), pattern).tolist() == [0]


def test_padding_never_matches():
    assert mismatches(np.full((1, LENGTH), PADDING, np.uint8), "NNN").tolist() == [3]
    assert mismatches(encode("UGCAU"), "UGCAUN").tolist() == [1]


def test_dna_and_lower_case_are_read():
    assert mismatches(encode(["AAUGCAUGAA", "AAUGGAUGAA"]), "tgcatg").tolist() == [0, 1]


@pytest.mark.parametrize(
    ("pattern", "message"), [("", "the pattern is empty"), ("UGXAUG", "X is not a nucleotide"), ("A" * 42, "42 nt long")]
)
def test_a_wrong_pattern_is_explained(pattern, message):
    with pytest.raises(SequenceError, match=message):
        mismatches(random_probes(3), pattern)


@given(st.lists(st.integers(0, 2), max_size=200), st.integers(0, 100))
def test_rows_are_chosen_once_and_small_groups_are_whole(groups, most):
    groups = np.array(groups, int)
    rows = evenly_from(groups, most, np.random.default_rng(0))
    assert len(rows) == min(most, len(groups))
    assert (np.diff(rows) > 0).all()
    for group in np.unique(groups):
        size = int((groups == group).sum())
        if size <= most // len(np.unique(groups)):
            assert (groups[rows] == group).sum() == size


def test_the_few_probes_with_the_motif_are_all_chosen():
    codes = random_probes(30_000)
    scores = np.random.default_rng(0).normal(size=len(codes))
    probes = matched_probes(codes, scores, 2 * scores, "UGCAUG", np.random.default_rng(0), most=3000)
    counted = mismatches(codes, "UGCAUG")
    assert probes.n == 30_000
    assert probes.of_each == tuple(int(n) for n in ((counted == 0).sum(), (counted == 1).sum(), (counted > 1).sum()))
    assert (probes.groups == 0).sum() == probes.of_each[0] > 100
    assert len(probes.groups) == 3000
    assert probes.pearson == pytest.approx(1)
    np.testing.assert_allclose(probes.predicted, 2 * probes.measured)
