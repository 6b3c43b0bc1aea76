import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.motifs import KmerImportance, alignment_motif, information, mutation_heights
from rbind_core.rna.sequences import ALPHABET
from tests.toys import rna


def kmers(*pairs):
    return [KmerImportance(kmer, importance, 0.1) for kmer, importance in pairs]


def letters_of(motif):
    return "".join(ALPHABET[i] for i in motif.argmax(axis=1))


# Defect 3 of the reference code: the alignment drops the top k-mer and the last column, and weighs unnormalised rows.


@given(rna(min_size=3, max_size=8), st.floats(0.001, 100))
def test_one_kmer_gives_a_motif_that_is_that_kmer(kmer, importance):
    motif = alignment_motif(kmers((kmer, importance)))
    assert motif.shape == (len(kmer), 4)
    assert motif.sum(axis=1) == pytest.approx(np.ones(len(kmer)))
    assert letters_of(motif) == kmer
    assert (motif.max(axis=1) == 1).all()


@given(st.lists(st.tuples(rna(min_size=6, max_size=6), st.floats(-2, 5)), min_size=1, max_size=10))
def test_every_column_of_an_alignment_sums_to_one(pairs):
    pairs.sort(key=lambda pair: -pair[1])
    motif = alignment_motif(kmers(*pairs))
    assert motif.shape == (6, 4)
    assert motif.sum(axis=1) == pytest.approx(np.ones(6))


def test_the_top_kmer_counts_with_its_own_weight():
    motif = alignment_motif(kmers(("UGCAUG", 3.0), ("AGCAUG", 1.0)))
    assert motif[0].tolist() == [0.25, 0, 0, 0.75]
    assert letters_of(motif) == "UGCAUG"


def test_the_last_column_is_there_and_counts():
    motif = alignment_motif(kmers(("UGCAUG", 3.0), ("UGCAUA", 1.0)))
    assert len(motif) == 6
    assert motif[-1].tolist() == [0.25, 0, 0.75, 0]


@pytest.mark.parametrize("other", ["GCAUGA", "GCAUGC", "AUGCAU", "CUGCAU"])
def test_a_shifted_kmer_is_aligned_before_it_is_counted(other):
    motif = alignment_motif(kmers(("UGCAUG", 2.0), (other, 1.0)))
    assert letters_of(motif) == "UGCAUG"
    assert (motif.max(axis=1) == 1).all()


def test_kmers_that_weaken_binding_do_not_count():
    assert alignment_motif(kmers(("UGCAUG", 2.0), ("AAAAAA", -1.0))) == pytest.approx(alignment_motif(kmers(("UGCAUG", 2.0))))


def test_a_fixed_column_has_two_bits_and_a_uniform_one_none():
    heights = information(np.array([[1.0, 0, 0, 0], [0.25] * 4, [0.5, 0.5, 0, 0]]))
    assert heights[0].tolist() == [2, 0, 0, 0]
    assert heights[1] == pytest.approx(np.zeros(4))
    assert heights[2].tolist() == [0.5, 0.5, 0, 0]


@given(st.lists(st.floats(0.01, 1), min_size=4, max_size=4))
def test_information_is_two_bits_minus_the_entropy(weights):
    column = np.array(weights) / sum(weights)
    total = information(column[None])[0].sum()
    assert total == pytest.approx(2 + (column * np.log2(column)).sum())
    assert -1e-9 <= total <= 2


def test_a_mutation_logo_has_the_wild_type_letters_at_the_norm_of_their_mutations():
    effects = np.array([[0.0, -3.0, -4.0, 0.0], [1.0, 0.0, -2.0, 2.0]])
    heights = mutation_heights("AC", effects)
    assert heights.tolist() == [[5, 0, 0, 0], [0, 3, 0, 0]]
