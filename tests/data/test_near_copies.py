"""Near copies are found, and RNAs that are alike by chance are left apart."""

from __future__ import annotations

import time

import numpy as np
import pytest

from rbind_core.data.near_copies import clusters, find_near_copies, share_with_near_copy
from rbind_core.data.rnacompete import load_probes
from rbind_core.rna.sequences import PADDING


def rnas(n: int, length: int, seed: int = 1, letters: tuple[float, ...] = (0.25, 0.25, 0.25, 0.25)):
    codes = np.full((n, 41), PADDING, np.uint8)
    codes[:, :length] = np.random.default_rng(seed).choice(4, (n, length), p=letters)
    return codes


def length_of(codes) -> int:
    return int((codes[0] != PADDING).sum())


def mutants(codes, changes: int, each: int = 5, seed: int = 2):
    """(each * n, 41): mutants of each RNA with as many letters changed."""
    rng, made = np.random.default_rng(seed), []
    for _ in range(each):
        copy = codes.copy()
        for row in copy:
            places = rng.choice(length_of(codes), changes, replace=False)
            row[places] = (row[places] + rng.integers(1, 4, changes)) % 4
        made.append(copy)
    return np.concatenate(made)


def assert_families(codes, families: int, share: float = 0.98) -> None:
    """Each family, whose members come in turns, is in one cluster, and hardly any two families are."""
    found = clusters(codes).reshape(-1, families)
    whole = (found == found[0]).all(axis=0)
    assert whole.mean() >= share
    assert len(np.unique(found[:, whole])) >= share * whole.sum()


@pytest.mark.parametrize("length", [8, 9, 10, 12, 15, 20, 30, 38, 41])
@pytest.mark.parametrize("n", [520, 6000])
@pytest.mark.parametrize("letters", [(0.25, 0.25, 0.25, 0.25), (0.4, 0.1, 0.1, 0.4)])
def test_random_rnas_stay_apart(n, length, letters):
    codes = rnas(n, length, letters=letters)
    found = find_near_copies(codes)
    distinct = found.distinct.max() + 1
    assert distinct == len(np.unique(codes, axis=0))
    assert found.clusters.max() + 1 >= 0.9 * distinct
    assert np.bincount(found.clusters).max() <= 12


def test_identical_rnas_are_one_however_many_rows_there_are():
    codes = rnas(50, 20)[np.random.default_rng(1).integers(0, 50, 400)]
    found = find_near_copies(codes)
    assert all(len(np.unique(found.clusters[found.distinct == number])) == 1 for number in range(found.distinct.max() + 1))
    assert (found.distinct[:, None] == found.distinct).tolist() == (codes[:, None] == codes).all(axis=2).tolist()


@pytest.mark.parametrize(
    ("length", "changes"), [(41, 1), (41, 4), (38, 2), (38, 6), (30, 3), (20, 2), (15, 2), (12, 1), (12, 2), (10, 1)]
)
def test_a_wild_type_and_its_mutants_are_one_cluster(length, changes):
    wild_types = rnas(200, length)
    assert_families(np.concatenate([wild_types, mutants(wild_types, changes)]), 200, 0.9 if length <= 15 else 0.98)


@pytest.mark.parametrize("changes", [1, 2, 3])
def test_mutants_are_one_cluster_without_their_wild_type(changes):
    assert_families(mutants(rnas(200, 38), changes), 200)


@pytest.mark.parametrize("step", [1, 4, 10, 16, 20])
def test_overlapping_windows_are_one_cluster(step):
    genes = np.random.default_rng(4).integers(0, 4, (100, 38 + 4 * step)).astype(np.uint8)
    windows = np.full((5 * 100, 41), PADDING, np.uint8)
    windows[:, :38] = np.concatenate([genes[:, start : start + 38] for start in range(0, 4 * step + 1, step)])
    assert_families(windows, 100)


@pytest.mark.parametrize("length", [15, 25, 38])
def test_an_rna_within_another_belongs_to_it(length):
    inner, outer, changed = rnas(100, length), rnas(100, 41, seed=8), rnas(100, 41, seed=9)
    outer[:, 1 : 1 + length] = changed[:, 3 : 3 + length] = inner[:, :length]
    changed[:, 3 + length // 2] = (changed[:, 3 + length // 2] + 1) % 4
    assert_families(np.concatenate([inner, outer, changed]), 100, 0.95)


@pytest.mark.parametrize(("front", "behind"), [(18, 0), (0, 18), (10, 10), (20, 6), (25, 8)])
def test_a_constant_flank_makes_no_near_copies(front, behind):
    codes = rnas(3000, 41)
    codes[:, :front] = codes[0, :front]
    codes[:, 41 - behind :] = codes[0, 41 - behind :]
    assert np.bincount(clusters(codes)).max() <= 6


def test_a_flank_that_only_a_part_has_and_a_planted_motif_make_none():
    codes, others = rnas(3000, 41), rnas(4, 41, seed=7)
    codes[:, :18] = others[np.random.default_rng(1).integers(0, 4, 3000), :18]
    assert np.bincount(clusters(codes)).max() <= 6
    codes = rnas(3000, 38)
    codes[:1500, 10:20] = codes[0, 10:20]
    assert np.bincount(clusters(codes)).max() <= 6


def test_mutants_behind_a_constant_flank_are_still_found():
    inserts = rnas(200, 41)
    codes = np.concatenate([inserts, mutants(inserts, 2)])
    codes[:, :16] = codes[0, :16]
    assert_families(codes, 200)


def test_all_mutants_of_one_rna_are_one_cluster():
    codes = mutants(rnas(1, 41), 2, each=2000)
    assert clusters(codes).max() == 0


def test_the_share_that_has_a_near_copy_elsewhere():
    families = rnas(50, 38)
    codes = np.concatenate([families, mutants(families, 1, each=1), rnas(50, 38, seed=9)])
    found = find_near_copies(codes)
    rows = np.arange(150)
    assert share_with_near_copy(found, rows[:50], rows[50:]) == 1
    assert share_with_near_copy(found, rows[100:], rows[:100]) == 0
    assert share_with_near_copy(found, rows[:0], rows) == 0
    assert share_with_near_copy(found, np.concatenate([rows[:50], rows[100:]]), rows[50:100]) == 0.5


def test_120_000_rnas_take_seconds():
    codes, began = rnas(120_000, 38), time.process_time()
    found = clusters(codes)
    assert time.process_time() - began < 30  # 3 on a free core
    assert np.bincount(found).max() <= 4


@pytest.mark.real_data
def test_different_probes_of_set_a_stay_apart(data_folder):
    probes = load_probes()
    found = find_near_copies(probes.codes[~probes.in_set_b])
    distinct, number = (int(numbers.max()) + 1 for numbers in (found.distinct, found.clusters))
    assert 0.999 * distinct < number <= distinct


def test_mutants_of_one_rna_are_found_among_others():
    codes = np.concatenate([mutants(rnas(1, 38), 2, each=600), rnas(400, 38, seed=5)])
    found = clusters(codes)
    assert len(np.unique(found[:600])) <= 3
    assert len(np.unique(found[600:])) >= 398
    assert not set(found[:600]) & set(found[600:])
