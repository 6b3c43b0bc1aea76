import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.backgrounds import draw_sample, make_background
from rbind_core.constructs import parse_construct
from rbind_core.data.library import designed_library, profile
from rbind_core.gia import GlobalImportanceAnalysis
from rbind_core.motifs import KMER_START, KmerImportance, alignment_motif, information, kmer_importance, top_kmers
from rbind_core.sequences import ALPHABET, all_kmers, decode, encode
from tests.toys import Spy, rna, sample_of


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


# Ranking.


def test_the_counted_motif_is_ranked_first(counter):
    best = top_kmers(counter, sample_of("profile", 200), top=5)
    assert len(best) == 5
    assert best[0].kmer == "UGCAUG"
    assert best[0].global_importance > 2 * best[1].global_importance


@pytest.mark.parametrize("n", [20, 150])
def test_the_ranking_is_that_of_the_exhaustive_scan(n, additive):
    """The additive model has no interactions, so halving must find the same best 3-mers as measuring all 64."""
    sample = sample_of("profile", n)
    analysis = GlobalImportanceAnalysis(additive, sample)
    everything = {kmer: analysis.importance(parse_construct(f"{kmer}@{KMER_START}")) for kmer in decode(all_kmers(3))}
    expected = sorted(everything, key=lambda kmer: -everything[kmer].mean)[:4]
    best = top_kmers(additive, sample, k=3, top=4)
    assert [b.kmer for b in best] == expected
    for b in best:
        assert b.global_importance == everything[b.kmer].mean
        assert b.standard_error == everything[b.kmer].standard_error


def test_all_kmers_can_be_asked_for(additive):
    best = top_kmers(additive, sample_of("profile", 50), k=2, top=16)
    assert {b.kmer for b in best} == set(decode(all_kmers(2)))
    scores = [b.global_importance for b in best]
    assert scores == sorted(scores, reverse=True)


def test_the_first_rounds_score_the_first_sequences_of_the_same_sample(counter):
    sample, spy = sample_of("shuffle", 150), Spy(counter)
    top_kmers(spy, sample, k=3, top=1)
    rounds = [len(asked) for asked in spy.asked if np.array_equal(asked, sample.codes[: len(asked)])]
    assert rounds == [32, 128, 150]


@pytest.mark.parametrize(("background", "start"), [("profile", 18), ("shuffle", 35)])
def test_the_batched_scan_gives_what_the_engine_gives(counter, background, start):
    frequencies = profile()
    sampler = make_background(background, frequencies, designed_library().codes)
    analysis = GlobalImportanceAnalysis(counter, draw_sample(sampler, frequencies, 50, np.random.default_rng(4)))
    kmers = ["UGCAUG", "AAAAAA", "GCAUGU"]
    mean, error = kmer_importance(analysis, encode(kmers, 6), start)
    expected = [analysis.importance(parse_construct(f"{kmer}@{start}")) for kmer in kmers]
    np.testing.assert_allclose(mean, [e.mean for e in expected], rtol=1e-6)
    np.testing.assert_allclose(error, [e.standard_error for e in expected], rtol=1e-6)


@pytest.mark.parametrize("sample", [sample_of("context", 40), sample_of("profile", 1)], ids=["one RNA many times", "N = 1"])
def test_on_one_fixed_sequence_the_ranking_has_no_uncertainty_as_in_the_engine(additive, sample):
    best = top_kmers(additive, sample, k=3, top=4)
    for b in best:
        alone = GlobalImportanceAnalysis(additive, sample).importance(parse_construct(f"{b.kmer}@{KMER_START}"))
        assert b.global_importance == alone.mean
        assert math.isnan(b.standard_error)
        assert math.isnan(alone.standard_error)
