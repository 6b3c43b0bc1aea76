import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.backgrounds import PAPER_NAMES, draw_sample, make_background
from rbind_core.constructs import parse_construct
from rbind_core.data.library import designed_library, profile
from rbind_core.errors import ExperimentError
from rbind_core.motifs import KMER_START, exhaustive_scan, fast_scan, kmer_importance
from rbind_core.motifs.kmers import FIRST_SAMPLES, SPENT_AT_MOST
from rbind_core.rna.sequences import LENGTH, all_kmers, decode, encode
from tests.toys import AdditiveModel, Spy, sample_of


class Lookup:
    """Score of a sequence = a drawn number for each k-mer at the place, plus noise that depends on the sequence alone."""

    def __init__(self, k: int, noise: float, seed: int = 3, start: int = KMER_START) -> None:
        rng = np.random.default_rng(seed)
        self.window, self.k = slice(start - 1, start - 1 + k), k
        self.worth, self.noise, self.seed = rng.normal(size=4**k), noise, seed

    def predict(self, codes):
        place = codes[:, self.window].astype(np.int64) @ 4 ** np.arange(self.k)[::-1]
        mixed = codes.astype(np.uint64) @ np.random.default_rng(self.seed).integers(1, 2**40, LENGTH, dtype=np.uint64)
        for constant in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):  # a product alone shifts the noise of all sequences alike
            mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(constant)
        wobble = (mixed >> np.uint64(32)).astype(np.float64) / 2**32 - 0.5
        return (self.worth[place] + self.noise * wobble).astype(np.float32)


def analysis_of(model, name="profile", n=200, seed=0):
    return GlobalImportanceAnalysis(model, sample_of(name, n, seed))


def test_the_counted_motif_is_ranked_first(counter):
    best = fast_scan(analysis_of(counter), top=5)
    assert len(best.kmers) == 5
    assert best.kmers[0] == "UGCAUG"
    assert best.mean[0] > 2 * best.mean[1]


@pytest.mark.parametrize("name", PAPER_NAMES)
@pytest.mark.parametrize("n", [20, 150])
def test_the_exhaustive_scan_gives_what_the_engine_gives(additive, name, n):
    analysis = analysis_of(additive, name, n)
    scan = exhaustive_scan(analysis, k=3)
    assert sorted(scan.kmers) == decode(all_kmers(3))
    assert scan.samples == (n if n < 80 or not name.startswith("quartile") else 80)  # a quarter has 100 probes: each counts once
    for kmer, mean, error, margin, p in zip(scan.kmers, scan.mean, scan.standard_error, scan.margin, scan.p_value, strict=True):
        one = analysis.importance(parse_construct(f"{kmer}@{KMER_START}"))
        assert mean == pytest.approx(one.mean, rel=1e-6, abs=1e-7)
        assert error == pytest.approx(one.standard_error, rel=1e-5)
        assert margin == pytest.approx((one.ci95[1] - one.ci95[0]) / 2, rel=1e-5)
        assert p == pytest.approx(one.p_value, rel=1e-3)
    assert list(scan.mean) == sorted(scan.mean, reverse=True)


@given(st.integers(0, 1000), st.integers(0, 3), st.integers(1, 10), st.sampled_from([40, 64, 300, 700]))
def test_the_fast_scan_finds_the_top_of_the_exhaustive_one(seed, noise, top, n):
    analysis = analysis_of(Lookup(5, noise=noise, seed=seed), n=n)
    everything, fast = exhaustive_scan(analysis, k=5), fast_scan(analysis, k=5, top=top)
    assert fast.kmers == everything.kmers[:top]
    np.testing.assert_array_equal(fast.mean, everything.mean[:top])
    np.testing.assert_array_equal(fast.standard_error, everything.standard_error[:top])


@pytest.mark.parametrize("noise", [0.5, 5, 50])
def test_the_fast_scan_never_scores_more_than_a_tenth(noise):
    """Even where the k-mers can hardly be told apart, so that none drops out for being clearly worse."""
    spy = Spy(Lookup(6, noise=noise))
    scan = fast_scan(analysis_of(spy, n=1000), k=6)
    scored = sum(len(asked) for asked in spy.asked) - 1000  # without the background itself
    assert scan.predictions == scored
    assert scored <= SPENT_AT_MOST * 4**6 * 1000 < 4**6 * 1000 / 10
    assert scan.samples == 1000


def test_each_round_scores_further_sequences_of_the_same_sample_once(counter):
    sample, spy = sample_of("profile", 150), Spy(counter)
    fast_scan(GlobalImportanceAnalysis(spy, sample), k=3, top=1)
    outside = np.r_[0 : KMER_START - 1, KMER_START + 2 : LENGTH]
    scored = np.concatenate(spy.asked[1:])
    keys = [row.tobytes() for row in scored]
    assert len(set(keys)) == len(keys), "a sequence was scored twice"
    assert {row.tobytes() for row in scored[:, outside]} <= {row.tobytes() for row in sample.codes[:, outside]}


def test_what_is_listed_is_corrected_for_all_kmers_that_were_in_the_race(counter):
    analysis = analysis_of(counter)
    everything, fast = exhaustive_scan(analysis, k=4), fast_scan(analysis, k=4, top=3)
    assert fast.tested == everything.tested == 256
    assert fast.p_holm[0] == pytest.approx(min(1, 256 * fast.p_value.min()))
    assert (fast.p_holm >= fast.p_value).all()
    np.testing.assert_allclose(everything.p_holm, np.minimum(1, everything.p_holm))


@pytest.mark.parametrize(("background", "start"), [("profile", 18), ("shuffle", 35)])
def test_chosen_kmers_are_measured_as_the_engine_does(counter, background, start):
    frequencies = profile()
    sampler = make_background(background, frequencies, designed_library().codes)
    analysis = GlobalImportanceAnalysis(counter, draw_sample(sampler, frequencies, 50, np.random.default_rng(4)))
    scan = kmer_importance(analysis, encode(["UGCAUG", "AAAAAA", "GCAUGU"], 6), start)
    assert scan.kmers[0] == "UGCAUG"
    for kmer, mean, error in zip(scan.kmers, scan.mean, scan.standard_error, strict=True):
        expected = analysis.importance(parse_construct(f"{kmer}@{start}"))
        assert mean == pytest.approx(expected.mean, rel=1e-6)
        assert error == pytest.approx(expected.standard_error, rel=1e-6)


@pytest.mark.parametrize("sample", [sample_of("context", 40), sample_of("profile", 1)], ids=["one RNA many times", "N = 1"])
def test_on_one_fixed_sequence_the_ranking_has_no_uncertainty_as_in_the_engine(additive, sample):
    scan = fast_scan(GlobalImportanceAnalysis(additive, sample), k=3, top=4)
    for b in scan.best(4):
        alone = GlobalImportanceAnalysis(additive, sample).importance(parse_construct(f"{b.kmer}@{KMER_START}"))
        assert b.global_importance == pytest.approx(alone.mean, rel=1e-6)
        assert math.isnan(b.standard_error)
        assert math.isnan(alone.standard_error)
    assert np.isnan(scan.p_value).all()
    assert np.isnan(scan.p_holm).all()


@pytest.mark.parametrize("start", [1, 36])
def test_both_ends_of_the_window_can_be_scanned(start):
    model = AdditiveModel()
    best = exhaustive_scan(analysis_of(model), k=6, start=start)
    letters = model.weights[start - 1 : start + 5, :4].argmax(axis=1)
    assert best.kmers[0] == "".join("ACGU"[letter] for letter in letters)


@pytest.mark.parametrize(
    ("k", "start", "said"),
    [(2, 18, "3 to 8"), (9, 18, "3 to 8"), (6, 0, "1 to 36"), (6, 37, "1 to 36"), (8, 35, "1 to 34")],
)
def test_kmers_that_do_not_fit_are_refused(additive, k, start, said):
    for scan in (exhaustive_scan, fast_scan):
        with pytest.raises(ExperimentError, match=said):
            scan(analysis_of(additive, n=2), k, start)


def test_a_scout_runs_the_first_round_alone_and_none_of_its_scores_is_a_result():
    exact = Lookup(5, noise=1)
    scout = Spy(Lookup(5, noise=1.1))
    alone, scouted = fast_scan(analysis_of(exact, n=300), k=5), fast_scan(analysis_of(exact, n=300), k=5, scout=scout)
    assert sum(len(asked) for asked in scout.asked) == FIRST_SAMPLES * (4**5 + 1)  # with the background itself
    assert scouted.kmers == alone.kmers
    np.testing.assert_array_equal(scouted.mean, alone.mean)
    np.testing.assert_array_equal(scouted.standard_error, alone.standard_error)
