"""What is held out of a table has no copy and no near copy in what is learned from; where that is impossible, it is said."""

from __future__ import annotations

import numpy as np
import pytest

from rbind_core.data.table_split import BY_CLUSTER, BY_RNA, split_table
from tests.data.test_near_copies import mutants, rnas


def shuffled(codes):
    return codes[np.random.default_rng(0).permutation(len(codes))]


def windows():
    genes = np.random.default_rng(4).integers(0, 4, (100, 81)).astype(np.uint8)
    return np.concatenate([genes[:, start : start + 41] for start in range(0, 41, 8)])


TABLES = {
    "different RNAs": rnas(1000, 38),
    "four rows of each": np.repeat(rnas(400, 38), 4, axis=0),
    "from one to nine rows": np.repeat(rnas(300, 30), np.random.default_rng(1).integers(1, 10, 300), axis=0),
    "mutants": np.concatenate([rnas(200, 38), mutants(rnas(200, 38), 1)]),
    "double mutants of 20 nt": np.concatenate([rnas(200, 20), mutants(rnas(200, 20), 2)]),
    "windows": windows(),
    "short RNAs": rnas(1000, 10),
}


@pytest.mark.parametrize("name", TABLES)
def test_nothing_that_is_held_out_is_like_what_is_learned_from(name):
    codes = shuffled(TABLES[name])
    split = split_table(codes)
    assert split.by == BY_CLUSTER
    assert split.test_near_copies == 0
    assert split.caution == ""
    parts = split.training, split.validation, split.test
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(codes)))
    for part, wanted in zip(parts[1:], (0.09, 0.1), strict=True):
        assert len(part) / len(codes) == pytest.approx(wanted, abs=0.03)
    distinct = [{row.tobytes() for row in codes[part]} for part in parts]
    assert not distinct[0] & distinct[1] | distinct[0] & distinct[2] | distinct[1] & distinct[2]
    assert (split.rows, split.distinct) == (len(codes), len(np.unique(codes, axis=0)))
    again = split_table(codes)
    assert np.array_equal(again.test, split.test)


def test_hardly_any_test_rna_is_within_four_changes_of_one_in_training():
    """Looked for in another way: by comparing each with each."""
    for name in ("mutants", "windows"):
        codes = shuffled(TABLES[name])
        split = split_table(codes)
        test, training = codes[split.test], codes[split.training]
        for shift in (0, 8, 16):
            over = 41 - shift if name == "windows" else 38 - shift
            ahead = (test[:, None, shift : shift + over] != training[None, :, :over]).sum(axis=2)
            behind = (test[:, None, :over] != training[None, :, shift : shift + over]).sum(axis=2)
            assert (np.minimum(ahead, behind) < 5).mean() < 1e-4


@pytest.mark.parametrize("each", [600, 3000])
def test_a_scan_of_all_mutants_of_one_rna_is_split_by_rna_and_says_so(each):
    split = split_table(shuffled(mutants(rnas(1, 41), 2, each=each)))
    assert (split.by, split.clusters) == (BY_RNA, 1)
    assert split.test_near_copies > 0.95
    assert split.test_units > 40
    assert "could only be split by RNA" in split.caution
    assert "the test correlation is no estimate for new RNAs" in split.caution
    assert "of the test part has a near copy in the training part" in split.counts


def test_a_large_cluster_among_others_stays_in_training():
    codes = shuffled(np.concatenate([mutants(rnas(1, 38), 2, each=600), rnas(400, 38, seed=5)]))
    split = split_table(codes)
    assert split.by == BY_CLUSTER
    assert split.test_units == len(split.test) == 100


def test_a_test_part_of_few_clusters_says_so():
    families = rnas(20, 38)
    split = split_table(shuffled(np.concatenate([families, mutants(families, 1, each=40)])))
    assert (split.by, split.clusters, split.test_units) == (BY_CLUSTER, 20, 2)
    assert split.caution == "the test part comes from only 2 clusters of near copies, so its correlation says little"
