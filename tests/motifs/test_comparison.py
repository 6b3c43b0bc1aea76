import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest, pearsonr

from rbind_core.errors import DataError
from rbind_core.motifs import MatchedMotif, MotifMatch, PublishedMotif, compare_motifs, consensus_motif, rank_motifs

FLAT = [0.25] * 4


def matrix(iupac):
    return consensus_motif(iupac).frequencies


def random_columns(n, seed=0):
    return np.random.default_rng(seed).dirichlet([0.5] * 4, n)


COLUMNS = random_columns(500)


def compare(ours, published, seed=0, random_motifs=2000, columns=COLUMNS):
    return compare_motifs(ours, published, columns, np.random.default_rng(seed), random_motifs)


def by_hand(ours, published, offset):
    """Score of one offset, column by column; None where the overlap is too small."""
    pairs = [(ours[j + offset], column) for j, column in enumerate(published) if 0 <= j + offset < len(ours)]
    if len(pairs) < min(5, len(ours), len(published)):
        return None
    return sum(0.0 if np.ptp(a) < 1e-12 or np.ptp(b) < 1e-12 else pearsonr(a, b)[0] for a, b in pairs)


# Alignment.


@given(st.integers(1, 30), st.integers(0, 1000))
def test_an_identical_motif_stands_under_itself_with_the_smallest_p(width, seed):
    motif = random_columns(width, seed)
    match = compare(motif, motif, random_motifs=200)
    assert (match.offset, match.overlap) == (0, width)
    assert match.score == pytest.approx(width)
    assert match.correlation == pytest.approx(1)
    if width >= 6:
        assert match.p_value == 1 / 201


@pytest.mark.parametrize(
    ("ours", "published", "offset", "overlap"),
    [
        ("UGCAUG", "NNUGCAUG", -2, 6),
        ("UGCAUG", "UGCAUGNN", 0, 6),
        ("UGCAUG", "GCAUGN", 1, 5),
        ("UGCAUG", "NUGCAU", -1, 5),
        ("UGCAUG", "GCAU", 1, 4),
        ("UGCAUG", "UG", 0, 2),
        ("GCAU", "UGCAUG", -1, 4),
        ("UGCAUG", "WGCAUGM", 0, 6),
        ("GCUGGC", "CNGG", 1, 4),
    ],
)
def test_a_shifted_motif_is_found_at_its_offset(ours, published, offset, overlap):
    match = compare(matrix(ours), matrix(published))
    assert (match.offset, match.overlap) == (offset, overlap)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 10_000))
def test_the_alignment_is_the_best_of_all(k, width, seed):
    ours, published = random_columns(k, seed), random_columns(width, seed + 1)
    ours[0] = FLAT
    scores = {o: s for o in range(-width, k + 1) if (s := by_hand(ours, published, o)) is not None}
    match = compare(ours, published, random_motifs=10)
    assert match.score == pytest.approx(max(scores.values()), abs=1e-9)
    assert match.score == pytest.approx(scores[match.offset], abs=1e-9)
    assert match.overlap >= min(5, k, width)


@given(st.integers(2, 9), st.integers(2, 9), st.integers(0, 10_000))
def test_exchanging_the_motifs_turns_the_offset_round(k, width, seed):
    one, other = random_columns(k, seed), random_columns(width, seed + 1)
    there, back = compare(one, other, random_motifs=10), compare(other, one, random_motifs=10)
    assert (there.offset, there.overlap) == (-back.offset, back.overlap)
    assert (there.score, there.correlation) == pytest.approx((back.score, back.correlation))


def test_the_correlation_is_that_of_all_entries_that_stand_under_one_another():
    ours, published = random_columns(6, 1), random_columns(7, 2)
    match = compare(ours, published)
    first = max(0, match.offset)
    under = published[first - match.offset :][: match.overlap]
    assert match.correlation == pytest.approx(pearsonr(ours[first : first + match.overlap].ravel(), under.ravel())[0])


def test_flat_columns_tell_nothing():
    match = compare(matrix("NNNNNN"), matrix("UGCAUG"))
    assert (match.offset, match.overlap, match.score, match.correlation, match.p_value) == (0, 6, 0, 0, 1)
    assert compare(matrix("UGNAUG"), matrix("UGNAUG")).score == pytest.approx(5)


# P-values.


def test_the_p_value_of_one_column_is_the_share_of_columns_that_are_as_much_alike():
    """One column against one: a random motif aligns as well exactly where its only column does."""
    columns = matrix("AAACCGGU")  # three of eight are A
    match = compare(matrix("A"), matrix("A"), random_motifs=40_000, columns=columns)
    assert match.p_value == pytest.approx(3 / 8, abs=0.01)


def test_the_p_value_of_six_columns_is_that_of_six_coins():
    """Columns are A or B; of k = w = 6, overlaps of 5 and 6 count, so only AAAAAA reaches the score 6."""
    match = compare(matrix("AAAAAA"), matrix("AAAAAA"), random_motifs=100_000, columns=matrix("AB"))
    assert match.p_value == pytest.approx(1 / 64, rel=0.1)


def test_the_p_value_of_a_random_motif_is_uniform():
    ours, rng = random_columns(6, 5), np.random.default_rng(6)
    motifs = [COLUMNS[rng.integers(0, len(COLUMNS), 7)] for _ in range(400)]
    p_values = [compare(ours, motif, seed, 500).p_value for seed, motif in enumerate(motifs)]
    assert kstest(p_values, "uniform").pvalue > 0.01
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.03)


def test_the_same_seed_gives_the_same_and_another_seed_nearly_the_same():
    ours, published = matrix("UGCAUG"), matrix("UGNNNG")
    first, again, other = (compare(ours, published, seed, 20_000) for seed in (1, 1, 2))
    assert first == again
    assert first.p_value != other.p_value
    assert first.p_value == pytest.approx(other.p_value, rel=0.2)


def test_the_p_value_as_text():
    assert MotifMatch(0, 6, 6.0, 1.0, 1 / 100_001, 100_000).p_text == "p < 1e-5"
    assert MotifMatch(0, 6, 6.0, 1.0, 1 / 1001, 1000).p_text == "p < 0.001"
    assert MotifMatch(0, 6, 6.0, 1.0, 0.0123, 100_000).p_text == "p = 0.012"


# Many motifs.


def library(n, seed=0):
    rng = np.random.default_rng(seed)
    return [PublishedMotif(f"M{i}", "", rng.dirichlet([0.4] * 4, rng.integers(4, 20))) for i in range(n)]


def test_the_planted_motif_is_ranked_first():
    motifs = library(200)
    motifs.insert(77, consensus_motif("NAUGCAUGA", "planted"))
    best = rank_motifs(matrix("UGCAUG"), motifs, np.random.default_rng(0), top=5, random_motifs=5000)
    assert len(best) == 5
    assert (best[0].motif.name, best[0].match.offset, best[0].among) == ("planted", -2, 201)
    assert best[0].e_value == pytest.approx(201 * best[0].match.p_value)
    order = [(matched.match.p_value, -matched.match.score) for matched in best]
    assert order == sorted(order)


def test_a_motif_matches_among_many_as_it_does_alone():
    motifs, ours = library(30), random_columns(6, 3)
    for matched in rank_motifs(ours, motifs, np.random.default_rng(0), 30, COLUMNS, 20_000):
        alone = compare(ours, matched.motif.frequencies, random_motifs=20_000)
        among = matched.match
        assert (among.offset, among.overlap, among.correlation) == (alone.offset, alone.overlap, alone.correlation)
        assert among.score == pytest.approx(alone.score)
        assert among.p_value == pytest.approx(alone.p_value, rel=0.25, abs=2e-3)


def test_the_ranking_is_repeatable_and_no_longer_than_the_file():
    motifs = library(12)
    one, other = ([m.match for m in rank_motifs(COLUMNS[:6], motifs, np.random.default_rng(4), 50, None, 500)] for _ in "ab")
    assert one == other
    assert len(one) == 12
    assert rank_motifs(COLUMNS[:6], [], np.random.default_rng(4)) == []


def test_motifs_that_match_equally_well_stay_in_their_order():
    motifs = [consensus_motif("UGCAUG", name) for name in "cab"] + library(20)
    best = rank_motifs(matrix("UGCAUG"), motifs, np.random.default_rng(0), 3, random_motifs=500)
    assert [matched.motif.name for matched in best] == ["c", "a", "b"]


def test_ten_thousand_motifs_take_seconds():
    motifs = library(10_000)
    start = time.perf_counter()
    best = rank_motifs(matrix("UGCAUG"), motifs, np.random.default_rng(0))
    assert time.perf_counter() - start < 15  # about 1.5 s where nothing else runs
    assert len(best) == 10
    assert isinstance(best[0], MatchedMotif)


# What is refused.


@pytest.mark.parametrize(
    ("ours", "published", "columns", "says"),
    [
        (np.empty((0, 4)), COLUMNS, COLUMNS, r"the motif: the shape is \(0, 4\)"),
        (np.full((6, 3), 1 / 3), COLUMNS, COLUMNS, r"the motif: the shape is \(6, 3\); expected is \(positions, 4\)"),
        (COLUMNS, np.full((6, 5), 0.2), COLUMNS, r"the motif to compare with: the shape is \(6, 5\)"),
        (COLUMNS, COLUMNS, np.empty(0), r"the columns of random motifs: the shape is \(0,\)"),
        (np.full((6, 4), np.nan), COLUMNS, COLUMNS, "the motif: some frequencies are no finite numbers"),
    ],
)
def test_a_matrix_of_another_shape_is_named(ours, published, columns, says):
    with pytest.raises(DataError, match=says):
        compare_motifs(ours, published, columns, np.random.default_rng(0), 10)


def test_at_least_one_random_motif_is_needed():
    with pytest.raises(DataError, match="0 random motifs"):
        compare(COLUMNS[:6], COLUMNS[:6], random_motifs=0)
