"""The null of `who`: probabilities of the best window of random RNAs are what they say."""

import numpy as np
import pytest

from rbind_core.rna.sequences import LENGTH, encode
from rbind_core.who.null import Null, false_discovery_rates, matched_null, matched_rna
from rbind_core.who.track import panel_track


class Toys:
    """Three heads: the number of UGCAUG, the share of G and C, and a sum of weights by letter and position."""

    def __init__(self):
        self.weights = np.random.default_rng(3).normal(size=(LENGTH, 5))

    def predict_all(self, codes):
        wanted = encode("UGCAUG", 6)[0]
        hits = sum((codes[:, i : i + 6] == wanted).all(axis=1) for i in range(LENGTH - 5))
        share = ((codes == 1) | (codes == 2)).mean(axis=1)
        return np.stack([hits, share, self.weights[np.arange(LENGTH), codes].sum(axis=1)], axis=1).astype(np.float32)


def random_rna(n, seed):
    return "".join(np.random.default_rng(seed).choice(list("ACGU"), n))


def test_the_best_window_of_a_random_rna_is_as_rare_as_it_says():
    """For heads with a smooth score the p-values of random RNAs are uniform."""
    toys, found = Toys(), []
    for seed in range(120):
        rna = random_rna(200, seed)
        track = panel_track(toys, rna)
        null = matched_null(toys, rna, np.random.default_rng(1000 + seed), blocks=150)
        found.append(null.p_of_best(track.best()[1], track.windows))
    shares = (np.array(found) < 0.1).mean(axis=0)
    assert shares[2] == pytest.approx(0.1, abs=0.07)
    assert shares[0] <= 0.2  # counts come in steps, so their p-values are rarely below


def test_composition_alone_is_no_evidence():
    """A GC-rich RNA has a high share of G and C, and so have its shuffles."""
    toys = Toys()
    rna = "".join(np.random.default_rng(0).choice(list("ACGU"), 300, p=[0.05, 0.45, 0.45, 0.05]))
    track = panel_track(toys, rna)
    null = matched_null(toys, rna, np.random.default_rng(1))
    assert null.p_of_best(track.best()[1], track.windows)[1] > 0.01


def test_many_sites_that_no_shuffle_has_are_found():
    toys = Toys()
    rna = random_rna(100, 5) + "UGCAUGACUGCAUGUUUGCAUGAACUGCAUG" + random_rna(100, 6)
    track = panel_track(toys, rna)
    null = matched_null(toys, rna, np.random.default_rng(1))
    p = null.p_of_best(track.best()[1], track.windows)
    assert p[0] < 1e-3
    assert null.percentile(track.best()[1])[0] > 99.9


@pytest.mark.parametrize("length", [11, 41, 42, 95, 400])
def test_rnas_of_any_length_have_a_null(length):
    toys, rna = Toys(), random_rna(length, length)
    track = panel_track(toys, rna)
    assert track.windows == max(length - LENGTH, 0) + 1
    null = matched_null(toys, rna, np.random.default_rng(0), blocks=20)
    p = null.p_of_best(track.best()[1], track.windows)
    assert ((p > 0) & (p <= 1)).all()


def test_windows_with_unknown_letters_are_left_out():
    track = panel_track(Toys(), random_rna(60, 1) + "N" + random_rna(60, 2))
    assert track.windows == 121 - LENGTH + 1 - LENGTH
    assert np.isnan(track.scores[30]).all()
    place, score = track.best()
    assert np.isfinite(score).all()
    assert "N" not in track.window(place[0])


def test_a_higher_score_is_never_more_probable():
    toys, rna = Toys(), random_rna(300, 9)
    null = matched_null(toys, rna, np.random.default_rng(0))
    levels = np.linspace(-5, 40, 90)
    p = np.array([null.p_of_best(np.full(3, level), 260) for level in levels])
    assert (np.diff(p, axis=0) <= 1e-9).all()


@pytest.mark.parametrize(("shape", "most"), [(0.0, 3.0), (0.25, 6.0), (-0.2, 1.0)])
def test_tails_that_are_heavy_or_light_are_not_taken_for_rarer_than_they_are(shape, most):
    """Block maxima of a Pareto tail in closed form: the p of a score that one block in 10,000 reaches is on average not smaller."""
    rng = np.random.default_rng(4)

    def quantile(share):
        return -np.log(share) if shape == 0 else (share**-shape - 1) / shape

    maxima = np.sort(quantile(rng.random((400, 300))).astype(np.float32), axis=0)
    null = Null(maxima, maxima.astype(np.float16), 50)
    p = null.p_of_best(np.full(300, quantile(1e-4)), 50)
    assert np.median(p) * most >= 1e-4
    assert np.median(p) <= 4e-3  # an exponential tail where the scores have an upper end


def test_false_discovery_rates_are_those_of_scipy():
    from scipy.stats import false_discovery_control

    p = np.random.default_rng(0).random(50) ** 3
    assert false_discovery_rates(p) == pytest.approx(false_discovery_control(p))
    assert false_discovery_rates(np.array([0.5])).tolist() == [0.5]


@pytest.mark.parametrize("length", [11, 41, 100, 5_000, 12_345])
def test_stretches_of_shuffles_are_of_the_letters_of_the_rna(length):
    rna = random_rna(length, 3)
    matched = matched_rna(rna, np.random.default_rng(0), blocks=30)
    assert matched.codes.shape == (30, max(matched.block + LENGTH - 1, LENGTH))
    assert matched.first(7).codes.shape[0] == 7
    known = matched.codes[matched.codes < 4]
    own = encode(rna, length)[0]
    shares = [np.bincount(one, minlength=4) / len(one) for one in (known, own)]
    assert shares[0] == pytest.approx(shares[1], abs=0.05)


def test_a_long_rna_is_shuffled_stretch_by_stretch():
    """The null of an RNA of two halves holds windows of either kind, and none between."""
    matched = matched_rna("A" * 5_000 + "C" * 5_000, np.random.default_rng(0), blocks=40)
    assert {len(set(row.tolist())) for row in matched.codes} == {1}
    assert set(matched.codes.ravel().tolist()) == {0, 1}
