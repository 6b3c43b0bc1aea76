import math

import numpy as np
import pytest
from hypothesis import given
from scipy.stats import ttest_1samp

from rbind_core.backgrounds import NAMES, BackgroundSample
from rbind_core.constructs import parse_construct
from rbind_core.gia import GlobalImportanceAnalysis, Importance
from rbind_core.motifs import top_kmers
from rbind_core.mutagenesis import mutagenesis
from rbind_core.sequences import LENGTH, PADDING, encode
from tests.toys import AdditiveModel, Spy, construct_texts, sample_of

BEYOND_THE_END = "UGCAUG@36"  # the probes of the toy library are 30-41 nt
padded_backgrounds = [name for name in NAMES if name != "profile"]


def importance_of(model, sample, text):
    return GlobalImportanceAnalysis(model, sample).importance(parse_construct(text))


# Defect 1 of the reference code: padding turns into A's once a pattern is embedded.


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pattern", ["NNNNNN@18", "NNNNNN@36", "N" * LENGTH + "@1", "NNNNNN@18+NNNNNN@36"])
def test_a_no_op_pattern_has_an_effect_of_exactly_zero(name, pattern, additive):
    sample = sample_of(name)
    assert (sample.codes == PADDING).any() == (name != "profile")
    result = importance_of(additive, sample, pattern)
    assert (result.local == 0).all()
    assert (result.mean, result.standard_error, result.p_value) == (0.0, 0.0, 1.0)


@given(construct_texts(alphabet="N"))
def test_any_construct_of_n_has_no_effect_under_any_background(text):
    for name in NAMES:
        assert not importance_of(AdditiveModel(), sample_of(name, 20), text).local.any()


@pytest.mark.parametrize("name", NAMES)
def test_n_around_a_pattern_changes_nothing(name, additive):
    sample = sample_of(name)
    alone = importance_of(additive, sample, "UGCAUG@18")
    among_n = importance_of(additive, sample, "NNUGCAUGNN@16+NNNNNN@36")
    assert np.array_equal(alone.local, among_n.local)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pattern", ["UGCAUG@18", BEYOND_THE_END, "UGCAUG@4+GCGCGC@35"])
def test_local_importance_is_the_weights_put_in_minus_those_taken_out(name, pattern, additive):
    """The closed form of the additive model: nothing but the construct's positions contributes, padding least of all."""
    sample, construct = sample_of(name), parse_construct(pattern)
    result = importance_of(additive, sample, pattern)
    ends = (sample.codes != PADDING).sum(axis=1)
    for row, local in enumerate(result.local):
        before = sample.full_length[row] if ends[row] < construct.last_position else sample.codes[row]
        expected = sum(
            additive.weights[i, "ACGU".index(letter)] - additive.weights[i, before[i]]
            for i, letter in enumerate(construct.letters())
            if letter != "."
        )
        assert local == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("name", padded_backgrounds)
def test_a_construct_beyond_the_end_meets_the_same_extended_sequence_on_both_sides(name, additive):
    """What the model is asked to score with and without the construct differs at the construct's positions alone."""
    sample, construct = sample_of(name), parse_construct(BEYOND_THE_END)
    assert sample.too_short_for(construct.last_position).sum() > len(sample) / 2
    spy = Spy(additive)
    result = importance_of(spy, sample, BEYOND_THE_END)
    asked = np.concatenate(spy.asked)
    score_of = dict(zip(map(bytes, asked), additive.predict(asked), strict=True))
    outside = np.array([letter == "." for letter in construct.letters()])

    extended = np.where(sample.too_short_for(LENGTH)[:, None], sample.full_length, sample.codes)
    for row, before in enumerate(extended):
        assert result.without[row] == score_of[bytes(before)]
        partners = [a for a in asked if np.array_equal(a[outside], before[outside]) and (a[~outside] == encode("UGCAUG", 6)).all()]
        assert len(partners) == 1
        assert result.with_[row] == score_of[bytes(partners[0])]


def test_sequences_that_are_long_enough_are_not_extended(additive):
    sample = sample_of("shuffle")
    result = importance_of(additive, sample, "UGCAUG@18")
    assert np.array_equal(result.without, additive.predict(sample.codes))


# Defect 2: building one construct overwrites the background of the next.


@pytest.mark.parametrize("name", NAMES)
def test_a_background_is_bit_for_bit_unchanged_after_any_analysis(name, additive):
    sample = sample_of(name)
    before = [array.tobytes() for array in (sample.codes, sample.full_length, sample.draws)]
    analysis = GlobalImportanceAnalysis(additive, sample)
    analysis.importances([parse_construct(t) for t in ("UGCAUG@18", BEYOND_THE_END, "RYN@1+WWW@39", "NNN@39")])
    top_kmers(additive, sample, k=2, top=3)
    mutagenesis(additive, "ACGUACGUACGUACG")
    assert [array.tobytes() for array in (sample.codes, sample.full_length, sample.draws)] == before
    assert not any(array.flags.writeable for array in (sample.codes, sample.full_length, sample.draws))


# Defect 6: comparisons are paired, seeded and independent of what else is compared.


def test_local_importance_is_with_minus_without_on_the_same_sequences(counter):
    sample = sample_of("profile")
    construct = parse_construct("UGCAUG@18")
    result = importance_of(counter, sample, "UGCAUG@18")
    assert np.array_equal(result.without, counter.predict(sample.codes))
    assert np.array_equal(result.with_, counter.predict(construct.embed(sample.codes, sample.draws)))
    assert np.array_equal(result.local, result.with_ - result.without)
    assert result.mean > 0.9


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(name, additive):
    first, again, other = (importance_of(additive, sample_of(name, seed=s), "RGCAUG@36") for s in (3, 3, 4))
    assert np.array_equal(first.local, again.local)
    assert not np.array_equal(first.local, other.local)


def test_compared_constructs_share_their_background(additive):
    spy = Spy(additive)
    analysis = GlobalImportanceAnalysis(spy, sample_of("dinucleotide"))
    one, two = analysis.importances([parse_construct("UGCAUG@18"), parse_construct("AGAAUG@10")])
    assert np.array_equal(one.without, two.without)
    backgrounds = [asked for asked in spy.asked if np.array_equal(asked, analysis.sample.codes)]
    assert len(backgrounds) == 1  # scored once, not once a construct


@pytest.mark.parametrize("name", ["profile", "shuffle", "quartile2"])
def test_an_importance_depends_on_its_own_construct_only(name, additive):
    texts = ["UGCAUG@18", BEYOND_THE_END, "NNNNNN@36", "RYW@12", "GCGCGC@35"]
    constructs = [parse_construct(text) for text in texts]
    sample = sample_of(name)
    forwards = GlobalImportanceAnalysis(additive, sample).importances(constructs)
    backwards = GlobalImportanceAnalysis(additive, sample).importances(constructs[::-1])[::-1]
    for text, a, b in zip(texts, forwards, backwards, strict=True):
        alone = importance_of(additive, sample, text)
        assert np.array_equal(a.local, b.local)
        assert np.array_equal(a.local, alone.local)
        assert np.array_equal(a.without, alone.without)


def test_a_second_copy_of_a_counted_motif_adds_one(counter):
    sample = sample_of("profile", 200)
    analysis = GlobalImportanceAnalysis(counter, sample)
    one, two = analysis.importances([parse_construct("UGCAUG@4"), parse_construct("UGCAUG@4+UGCAUG@18")])
    assert two.mean - one.mean == pytest.approx(1, abs=0.05)


# Statistics.


@pytest.mark.parametrize("n", [2, 5, 100])
def test_statistics_agree_with_scipy(n, additive):
    result = importance_of(additive, sample_of("profile", n), "UGCAUG@18")
    reference = ttest_1samp(result.local.astype(float), 0)
    interval = reference.confidence_interval(0.95)
    assert result.samples == n
    assert result.mean == pytest.approx(result.local.astype(float).mean())
    assert result.standard_error == pytest.approx(result.local.astype(float).std(ddof=1) / math.sqrt(n))
    assert result.ci95 == pytest.approx((interval.low, interval.high))
    assert result.p_value == pytest.approx(reference.pvalue)
    assert result.null_mean == pytest.approx(result.without.astype(float).mean())


def test_a_single_sequence_has_a_mean_but_no_statistics(additive):
    result = importance_of(additive, sample_of("profile", 1), "UGCAUG@18")
    assert math.isfinite(result.mean)
    assert all(map(math.isnan, (result.standard_error, *result.ci95, result.p_value)))


def test_a_constant_effect_is_certain():
    scores = np.zeros(10, np.float32)
    result = Importance(parse_construct("A@1"), scores, scores + 2)
    assert (result.mean, result.standard_error, result.ci95, result.p_value) == (2.0, 0.0, (2.0, 2.0), 0.0)


def test_a_sample_knows_its_size():
    sample = sample_of("profile", 17)
    assert isinstance(sample, BackgroundSample)
    assert len(sample) == 17
