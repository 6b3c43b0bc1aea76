"""Ranks that the data cannot tell apart."""

import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.motifs import KmerScan, exhaustive_scan, fast_scan, rank_groups, separation_text
from rbind_core.motifs.kmers import local_importances
from rbind_core.rna.sequences import encode
from tests.toys import AdditiveModel, sample_of

KMERS = ["GGG", "CCC", "ACA", "UGU", "AAU"]


class Noisy:
    """A known mean for each 3-mer at 18, and noise that belongs to the whole sequence: so each mean has an error of its own."""

    def __init__(self, means, noise=1.0):
        self.means, self.noise = dict(zip(KMERS, means, strict=True)), noise
        self.weights = np.random.default_rng(1).integers(1, 2**31, 41)

    def predict(self, codes):
        noise = ((codes.astype(np.int64) * self.weights).sum(axis=1) * 2654435761 % 2**32) / 2**32 - 0.5
        at = [self.means.get("".join("ACGU-"[c] for c in row[17:20]), 0.0) for row in codes]
        return (np.array(at) + self.noise * noise).astype(np.float32)


def groups_of(means, n=400, noise=1.0):
    analysis = GlobalImportanceAnalysis(Noisy(means, noise), sample_of("profile", n))
    scan = exhaustive_scan(analysis, k=3)
    return scan, rank_groups(analysis, scan, 5)


def test_ranks_that_are_clear_stand_alone():
    scan, groups = groups_of([5, 4, 3, 2, 1], noise=0.1)
    assert scan.kmers[:5] == KMERS
    assert [group.text for group in groups] == ["1", "2", "3", "4", "5"]
    assert [group.separated for group in groups] == [True] * 4 + [None]
    assert separation_text(groups).startswith("Of 4 pairs of neighbouring ranks, the data tell 4 apart")


def test_ranks_that_are_ties_share_a_group():
    _, groups = groups_of([5, 3, 3, 3, 1], noise=1.0)
    assert groups[0].text == "1"
    assert groups[4].text == "5"
    assert {group.text for group in groups[1:4]} <= {"2-4", "2-3", "3-4"}  # one pair in twenty differs by chance
    assert groups[2].last - groups[2].first >= 1


def test_a_group_is_made_of_paired_differences():
    """A spread that all k-mers share would hide every difference, were they not measured on the same RNAs."""
    analysis = GlobalImportanceAnalysis(AdditiveModel(), sample_of("profile", 200))
    scan = exhaustive_scan(analysis, k=3)
    local, _ = local_importances(analysis, scan.codes[:20])
    groups = rank_groups(analysis, scan, 20)
    for rank in range(19):
        difference = (local[rank] - local[rank + 1]).astype(float)
        clear = difference.mean() > 2 * difference.std(ddof=1) / np.sqrt(200)
        assert groups[rank].separated == clear
        assert (groups[rank].last == rank + 1) == clear
        assert (groups[rank + 1].first == rank + 2) == clear


def test_of_equal_kmers_about_one_pair_in_twenty_is_told_apart():
    told = [groups_of([3] * 5, 100, noise=1 + seed / 100)[1] for seed in range(60)]
    neighbours = [group.separated for groups in told for group in groups[:4]]
    assert np.mean(neighbours) < 0.12  # neighbours of a sorted list are closer than a random pair


def test_fast_and_exhaustive_scans_have_the_same_groups():
    analysis = GlobalImportanceAnalysis(AdditiveModel(), sample_of("shuffle", 150))
    everything, fast = exhaustive_scan(analysis, k=4), fast_scan(analysis, k=4, top=10)
    assert rank_groups(analysis, everything, 10) == rank_groups(analysis, fast, 10)


def test_on_one_rna_nothing_is_told_apart():
    analysis = GlobalImportanceAnalysis(AdditiveModel(), sample_of("context", 100))
    groups = rank_groups(analysis, exhaustive_scan(analysis, k=3), 6)
    assert {group.text for group in groups} == {"1-6"}


def test_a_list_of_one_has_nothing_to_compare():
    analysis = GlobalImportanceAnalysis(AdditiveModel(), sample_of("profile", 50))
    one = KmerScan(encode(["UGC"], 3), np.ones(1), np.ones(1), 50, 18, 64, 50)
    groups = rank_groups(analysis, one)
    assert (groups[0].text, groups[0].separated, separation_text(groups)) == ("1", None, "")


@pytest.mark.parametrize("top", [1, 3, 64, 100])
def test_at_most_64_are_compared(top):
    analysis = GlobalImportanceAnalysis(AdditiveModel(), sample_of("profile", 30))
    assert len(rank_groups(analysis, exhaustive_scan(analysis, k=4), top)) == min(top, 64)
