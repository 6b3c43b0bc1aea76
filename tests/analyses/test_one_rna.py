"""What is measured again on the same RNA is no further evidence: N counts different background RNAs."""

import math
from itertools import pairwise, product

import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.backgrounds import OwnSequences, SingleSequence, draw_sample, units_of
from rbind_core.constructs import all_arrangements, parse_construct
from rbind_core.data.library import profile
from rbind_core.motifs import exhaustive_scan
from rbind_core.rna.sequences import IUPAC, LENGTH, decode, encode
from rbind_core.statistics import PairedEffect, compare, convergence, interaction, ratio
from tests.toys import AdditiveModel, Spy, random_probes, sample_of

RNA = "GGAUCCUGCAUGAACCGGAUUACGACCAUGAAUCCGUAACG"
MODEL = AdditiveModel()


def one_rna(n=1000, rna=RNA):
    return draw_sample(SingleSequence(rna), profile(), n, np.random.default_rng(0))


def few_rnas(count, n, seed=0):
    sequences = tuple(decode(random_probes(count, seed, LENGTH)))
    return draw_sample(OwnSequences(sequences), profile(), n, np.random.default_rng(seed))


def by_hand(text):
    """Every RNA that a construct of patterns may become, one by one."""
    patterns = parse_construct(text).patterns
    starts = [[p.start] if p.start else range(1, LENGTH - len(p.letters) + 2) for p in patterns]
    made = []
    for places in product(*starts):
        spans = sorted((s, s + len(p.letters)) for s, p in zip(places, patterns, strict=True))
        if any(a[1] > b[0] for a, b in pairwise(spans)):
            continue
        for letters in product(*(product(*(IUPAC[x] for x in p.letters)) for p in patterns)):
            rna = list(RNA)
            for start, word in zip(places, letters, strict=True):
                rna[start - 1 : start - 1 + len(word)] = word
            made.append("".join(rna))
    return encode(made)


@pytest.mark.parametrize("text", ["UGCAUG@*", "UGCAUG@*+GGG@*", "UGCAUG@30+GGG@*", "RGYWG@18", "RGC@*+SUS@5", "UGCAUG@*+UGCAUG@*"])
@pytest.mark.parametrize("n", [5, 1000])
def test_on_one_rna_the_mean_is_over_all_arrangements(text, n):
    result = GlobalImportanceAnalysis(MODEL, one_rna(n)).importance(parse_construct(text))
    rnas = by_hand(text)
    expected = MODEL.predict(rnas) - MODEL.predict(encode([RNA]))
    assert (result.samples, result.arrangements, len(result.local)) == (1, len(rnas), len(rnas))
    assert np.sort(result.local) == pytest.approx(np.sort(expected), abs=1e-4)
    assert result.mean == pytest.approx(expected.astype(float).mean(), abs=1e-5)
    assert result.standard_deviation == pytest.approx(expected.astype(float).std(ddof=1), abs=1e-4)
    assert f"all {len(rnas):,} arrangements" in result.ci_text


@pytest.mark.parametrize(
    "text", ["UGCAUG@*", "occlude:4-9", "UGCAUG@*+UGCAUG@*+UGCAUG@*+UGC@*", "stem:3-6/12-15:gu+UGCAUG@5", "RGC@5"]
)
@pytest.mark.parametrize("n", [20, 2000])
def test_on_one_rna_there_is_no_test_however_often_it_is_drawn(text, n):
    result = GlobalImportanceAnalysis(MODEL, one_rna(n)).importance(parse_construct(text))
    assert result.samples == 1
    assert all(map(math.isnan, (result.standard_error, *result.ci95, result.p_value, result.effect_size)))
    assert "one RNA" in result.ci_text
    assert result.standard_deviation > 0


def test_a_scaffold_that_covers_the_rna_makes_all_backgrounds_one():
    result = GlobalImportanceAnalysis(MODEL, sample_of("profile", 200)).importance(parse_construct(f"context:{RNA}@1+UGCAUG@*"))
    assert (result.samples, result.arrangements) == (1, 36)


def test_letters_of_a_context_that_are_drawn_are_no_further_rna():
    text = f"context:R{RNA[1:]}@1+UGCAUG@18"
    assert GlobalImportanceAnalysis(MODEL, sample_of("profile", 200)).importance(parse_construct(text)).samples == 1


def test_few_different_rnas_count_once_each():
    sample = few_rnas(5, 1000)
    result = GlobalImportanceAnalysis(MODEL, sample).importance(parse_construct("UGCAUG@18"))
    assert result.samples == 5
    assert result.mean == pytest.approx(result.local.astype(float).mean())
    means = np.array([result.local[result.units == unit].mean() for unit in range(5)])
    assert result.standard_error == pytest.approx(means.std(ddof=1) / math.sqrt(5), rel=0.15)  # each is drawn about 200 times


def test_more_draws_of_the_same_rnas_make_no_effect_more_certain():
    errors = [
        GlobalImportanceAnalysis(MODEL, few_rnas(10, n)).importance(parse_construct("UGCAUG@*")).standard_error
        for n in (400, 40_000)
    ]
    assert errors[1] > 0.6 * errors[0]


def test_the_interval_over_few_rnas_covers_the_mean_of_where_they_come_from():
    """Files of 12 RNAs from one population: the interval is for the population, not for the file."""
    population = random_probes(20_000, 1, LENGTH)
    construct = parse_construct("UGCAUG@18")
    everywhere = MODEL.predict(construct.embed(population, sample_of("uniform", 20_000).draws)) - MODEL.predict(population)
    rng, covered = np.random.default_rng(2), 0
    for _ in range(200):
        file = OwnSequences(tuple(decode(population[rng.choice(len(population), 12)])))
        sample = draw_sample(file, profile(), 500, rng)
        low, high = GlobalImportanceAnalysis(MODEL, sample).importance(construct).ci95
        covered += bool(low <= everywhere.mean() <= high)
    assert 180 <= covered <= 200


class Effect(PairedEffect):
    def __init__(self, differences, units=None):
        self._differences, self._units = np.asarray(differences, float), units

    @property
    def differences(self):
        return self._differences

    @property
    def units(self):
        return self._units


def test_where_none_repeats_clusters_change_nothing():
    values = np.random.default_rng(0).normal(1, 2, 50)
    one, other = Effect(values), Effect(values, np.arange(50))
    assert other.standard_error == pytest.approx(one.standard_error)
    assert (other.samples, other.p_value) == (50, pytest.approx(one.p_value))
    a, b = convergence(one), convergence(other)
    assert np.array_equal(a.n, b.n)
    assert a.high == pytest.approx(b.high)


def test_measuring_everything_twice_is_no_evidence():
    values = np.random.default_rng(0).normal(1, 2, 50)
    one, twice = Effect(values), Effect(np.tile(values, 2), np.tile(np.arange(50), 2))
    assert twice.standard_error == pytest.approx(one.standard_error)
    assert twice.ci95 == pytest.approx(one.ci95)
    last, expected = (convergence(effect) for effect in (twice, one))
    assert (last.n[-1], last.mean[-1], last.high[-1]) == pytest.approx((50, one.mean, one.ci95[1]))
    assert expected.high == pytest.approx(last.high)


def test_comparisons_interactions_and_ratios_count_rnas_too():
    rng = np.random.default_rng(0)
    units = np.repeat(np.arange(8), 100)
    a, b = (Effect(rng.normal(mean, 1, 8)[units] + rng.normal(0, 0.1, 800), units) for mean in (3, 2))
    everywhere = Effect(rng.normal(1, 1, 800))
    single = Effect(rng.normal(1, 1, 30), np.zeros(30, int))
    assert compare("a", "b", a, b).samples == 8
    assert interaction("a", a, [b, single]).samples == 8
    assert ratio(a, b).samples == 8
    assert compare("a", "b", a, everywhere).samples == 800
    one = compare("a", "b", single, single)
    assert (one.samples, one.mean) == (1, 0)
    assert math.isnan(one.p_value)


def test_a_scan_counts_rnas_too():
    sample = few_rnas(6, 300)
    analysis = GlobalImportanceAnalysis(MODEL, sample)
    scan = exhaustive_scan(analysis, k=3)
    for place in (0, 30, 63):
        alone = analysis.importance(parse_construct(f"{scan.kmers[place]}@18"))
        assert scan.samples == alone.samples == 6
        assert scan.mean[place] == pytest.approx(alone.mean, abs=1e-5)
        assert scan.standard_error[place] == pytest.approx(alone.standard_error, rel=1e-3)


def test_different_rnas_stay_as_they_were():
    assert units_of(random_probes(100)) is None
    assert sample_of("profile", 1000).caution is None
    assert set(units_of(np.repeat(random_probes(3), 4, axis=0)).tolist()) == {0, 1, 2}


def test_arrangements_that_are_too_many_or_not_equally_likely_are_not_listed():
    draws = one_rna(3).draws
    for text in ("UGC@*+UGC@*+UGC@*", "occlude:3-9", "stem:3-6/12-15:gu+UGC@*", "context:R@1+UGC@*", "NNRRRRRRRRRRRRR@3"):
        assert all_arrangements(parse_construct(text), draws, 5000) is None, text


def test_each_arrangement_is_scored_once():
    spy = Spy(MODEL)
    GlobalImportanceAnalysis(spy, one_rna(1000)).importance(parse_construct("UGCAUG@*"))
    assert [len(asked) for asked in spy.asked] == [1000, 35]  # at one place UGCAUG is there already
