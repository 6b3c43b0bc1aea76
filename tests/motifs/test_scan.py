import numpy as np
import pytest

from rbind_core.motifs import ALIGNED
from rbind_core.motifs.scan import best_sites, log_odds
from rbind_core.rna.sequences import encode
from tests.toys import random_probes

UNIFORM = np.full(4, 0.25)


def one_hot_motif(word):
    return np.eye(4)[encode(word, len(word))[0]]


def test_log_odds_in_closed_form():
    background = np.array([0.1, 0.2, 0.3, 0.4])
    [row] = log_odds([[1, 0, 0, 0]], background)
    assert row[0] == pytest.approx(np.log2((ALIGNED + 0.1) / (ALIGNED + 1) / 0.1))
    assert row[1:] == pytest.approx([-np.log2(ALIGNED + 1)] * 3)
    assert log_odds([background] * 3, background) == pytest.approx(0, abs=1e-12)
    assert log_odds([[1, 0, 0, 0]], UNIFORM, pseudocount=1e-9)[0][0] == pytest.approx(2)


def test_the_best_site_is_found_and_of_equal_ones_the_first():
    codes = encode(["AAAUGCAUGAA", "UGCAUGAAAUGCAUG", "AAAAAAAAUGCAUG"])
    sites = best_sites(codes, log_odds(one_hot_motif("UGCAUG"), UNIFORM, pseudocount=1e-9))
    assert sites.start.tolist() == [4, 1, 9]
    assert sites.score == pytest.approx(12, abs=1e-5)
    assert sites.width == 6


def test_it_is_what_a_loop_over_all_windows_finds():
    rng = np.random.default_rng(0)
    weights, codes = rng.normal(size=(6, 4)), random_probes(50, shortest=8)
    sites = best_sites(codes, weights)
    for row, start, score in zip(codes, sites.start, sites.score, strict=True):
        letters = row[row < 4]
        sums = [weights[np.arange(6), letters[i : i + 6]].sum() for i in range(len(letters) - 5)]
        assert start == int(np.argmax(sums)) + 1
        assert score == pytest.approx(max(sums), abs=1e-5)


def test_a_probe_shorter_than_the_motif_has_no_site():
    sites = best_sites(encode(["UGCA", "UGCAUG"]), one_hot_motif("UGCAUG"))
    assert sites.start.tolist() == [0, 1]
    assert np.isnan(sites.score[0])
    assert best_sites(encode("UGCA", 4), one_hot_motif("UGCAUG")).start.tolist() == [0]
