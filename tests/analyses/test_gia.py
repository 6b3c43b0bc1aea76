import math
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_1samp

from rbind_core.analyses.gia import GlobalImportanceAnalysis, Importance
from rbind_core.analyses.mutagenesis import mutagenesis
from rbind_core.backgrounds import NAMES, OWN_NAMES, PAPER_NAMES, BackgroundSample
from rbind_core.constructs import parse_construct
from rbind_core.motifs import fast_scan
from rbind_core.rna.sequences import LENGTH, PADDING, encode
from rbind_core.statistics import compare
from tests.constructs.strategies import (
    any_texts,
    assert_stems_pair,
    can_be_placed,
    may_change,
    scaffold_positions,
    scaffold_texts,
)
from tests.toys import AdditiveModel, Spy, construct_texts, sample_of

BEYOND_THE_END = "UGCAUG@36"  # the probes of the toy library are 30-41 nt
padded_backgrounds = [name for name in PAPER_NAMES if name != "profile"]


def importance_of(model, sample, text):
    return GlobalImportanceAnalysis(model, sample).importance(parse_construct(text))


# Defect 1 of the reference code: padding turns into A's once a pattern is embedded.


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pattern", ["NNNNNN@18", "NNNNNN@36", "N" * LENGTH + "@1", "NNNNNN@18+NNNNNN@36"])
def test_a_no_op_pattern_has_an_effect_of_exactly_zero(name, pattern, additive):
    sample = sample_of(name)
    assert (sample.codes == PADDING).any() == (name in {*padded_backgrounds, *OWN_NAMES})
    result = importance_of(additive, sample, pattern)
    assert (result.local == 0).all()
    assert result.mean == 0.0
    if result.samples > 1:  # on a single RNA there is nothing to test
        assert (result.standard_error, result.p_value) == (0.0, 1.0)


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
    draws = sample.draws
    arrays = (sample.codes, sample.full_length, draws.letters, draws.placements, draws.replacements)
    before = [array.tobytes() for array in arrays]
    analysis = GlobalImportanceAnalysis(additive, sample)
    texts = ("UGCAUG@18", BEYOND_THE_END, "RYN@1+WWW@39", "NNN@39", "UGC@*+stem:7-16/24-33:gu", "context:ACGU@2+occlude:3-40")
    analysis.importances([parse_construct(text) for text in texts])
    fast_scan(GlobalImportanceAnalysis(additive, sample), k=3, top=3)
    mutagenesis(additive, "ACGUACGUACGUACG")
    assert [array.tobytes() for array in arrays] == before
    assert not any(array.flags.writeable for array in arrays)


# Still defect 2: one register for the null and the construct.


@given(st.one_of(scaffold_texts().filter(can_be_placed), any_texts()), st.sampled_from(NAMES))
def test_null_and_construct_differ_only_where_patterns_and_windows_stand_and_at_their_partners(text, name):
    sample, construct = sample_of(name, 25), parse_construct(text)
    null, embedded = GlobalImportanceAnalysis(AdditiveModel(), sample).register(construct)
    allowed = may_change(construct, sample.draws)
    if construct.null is None:  # nothing else, or no scaffold: then all of it is the question
        allowed = allowed | scaffold_positions(construct)
    assert np.array_equal(null[~allowed], embedded[~allowed])


@given(scaffold_texts().filter(can_be_placed), st.sampled_from(NAMES))
def test_the_null_is_the_background_with_the_scaffold_in_place(text, name):
    sample, construct = sample_of(name, 25), parse_construct(text)
    analysis = GlobalImportanceAnalysis(AdditiveModel(), sample)
    null, _ = analysis.register(construct)
    background, _ = analysis.background_for(construct.last_position)
    outside = ~scaffold_positions(construct)
    assert np.array_equal(null[:, outside], background[:, outside])
    if construct.null is not None:
        assert_stems_pair(construct.null, null)


@given(scaffold_texts().filter(can_be_placed), st.sampled_from(NAMES))
def test_the_local_importance_is_the_difference_of_the_two_sequences_that_are_compared(text, name):
    model, sample, construct = AdditiveModel(), sample_of(name, 25), parse_construct(text)
    analysis = GlobalImportanceAnalysis(model, sample)
    null, embedded = analysis.register(construct)
    result = analysis.importance(construct)
    difference, n = model.predict(embedded) - model.predict(null), len(result.local)
    if result.arrangements:  # all there are in one RNA, among them those that were drawn
        assert all(np.abs(result.local - drawn).min() < 1e-4 for drawn in difference)
        assert result.without == pytest.approx(np.full(n, model.predict(null)[0]))
    else:
        assert result.local == pytest.approx(difference[:n], abs=1e-4)
        assert result.without == pytest.approx(model.predict(null)[:n])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scaffold", ["stem:7-16/24-33", "stem:1-6/35-40:gu", "context:ACGUACGUACGUACGUACGU@10", "context:RYRY@1"])
def test_n_in_a_scaffold_has_an_effect_of_exactly_zero(name, scaffold, additive):
    result = importance_of(additive, sample_of(name), f"{scaffold}+NNNNNN@12+NNN@*")
    assert not result.local.any()


def test_the_effect_of_a_scaffold_is_not_in_that_of_a_motif_in_it():
    """A model that likes the pair of position 7 with 33, whatever stands elsewhere."""

    class LikesThePair:
        def predict(self, codes):
            return 5.0 * (codes[:, 6] + codes[:, 32] == 3).astype(np.float32)

    sample = sample_of("profile", 400)
    assert not importance_of(LikesThePair(), sample, "stem:7-16/24-33+GCUGGC@18").local.any()
    assert not importance_of(LikesThePair(), sample, "stem:7-16/24-33+GCUGGC@7").local.any()  # paired anew
    assert importance_of(LikesThePair(), sample, "stem:7-16/24-33").mean > 3


def test_a_motif_in_a_stem_weighs_its_partner_strand_too(additive):
    """Closed form: what is put in minus what is taken out, over the motif and its reverse complement."""
    sample, construct = sample_of("profile"), parse_construct("stem:7-16/24-33+GCUGGC@10")
    null = construct.null.embed(sample.codes, sample.draws)
    put_in = dict(zip([*range(9, 15), *range(24, 30)], encode("GCUGGCGCCAGC", 12)[0], strict=True))
    expected = [sum(additive.weights[i, code] - additive.weights[i, row[i]] for i, code in put_in.items()) for row in null]
    assert importance_of(additive, sample, str(construct)).local == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("name", ["profile", "shuffle", "uniform"])
def test_an_occluded_context_is_scored_with_the_replacements_minus_the_context(name, additive):
    """f(with random window) - f(context), in closed form."""
    context = "ACGUACGUACGUACGUACGUACGUACGUACGUACGUACGUA"
    sample = sample_of(name, 300)
    result = importance_of(additive, sample, f"context:{context}@1+occlude:12-14")
    was, window = encode(context)[0], [11, 12, 13]
    expected = [sum(additive.weights[i, row[i]] - additive.weights[i, was[i]] for i in window) for row in sample.draws.replacements]
    assert result.local == pytest.approx(expected, abs=1e-3)
    assert result.without == pytest.approx(np.full(300, additive.predict(encode(context))[0]))


def test_constructs_with_the_same_scaffold_score_it_once(additive):
    spy = Spy(additive)
    analysis = GlobalImportanceAnalysis(spy, sample_of("profile"))
    hairpins = parse_construct("stem:7-16/24-33").embed(analysis.sample.codes, analysis.sample.draws)
    analysis.importances([parse_construct(f"stem:7-16/24-33+{t}") for t in ("GCUGGC@18", "UGCAUG@18", "A@1")])
    assert sum(np.array_equal(asked, hairpins) for asked in spy.asked) == 1


def test_many_scaffolds_one_after_the_other_are_told_apart(additive):
    """More than are remembered, there and back."""
    sample = sample_of("shuffle")
    texts = [f"stem:{i}-{i + 3}/{i + 10}-{i + 13}+UGC@{i}" for i in range(1, 15)]
    analysis = GlobalImportanceAnalysis(additive, sample)
    for text in [*texts, *texts[::-1]]:
        assert np.array_equal(analysis.importance(parse_construct(text)).local, importance_of(additive, sample, text).local)


def test_the_same_scaffold_is_scored_anew_where_a_construct_reaches_further(additive):
    """Then more probes are in their full-length form."""
    sample = sample_of("shuffle")
    analysis = GlobalImportanceAnalysis(additive, sample)
    for text in ("context:ACGU@3+UGC@10", "context:ACGU@3+UGC@39"):
        assert np.array_equal(analysis.importance(parse_construct(text)).without, importance_of(additive, sample, text).without)


# Random parts are marginalised out, and one fixed sequence is one experiment.


def test_a_pattern_at_random_positions_is_averaged_over_all_starts(additive):
    """Closed form on one sequence: the mean over the 36 starts of the weights put in minus those taken out."""
    sample = sample_of("uniform", 40)
    result = importance_of(additive, sample, f"context:{'A' * LENGTH}@1+UGCAUG@*")
    codes = encode("UGCAUG", 6)[0]
    effects = [sum(additive.weights[s + i, c] - additive.weights[s + i, 0] for i, c in enumerate(codes)) for s in range(36)]
    assert set(np.round(result.local.astype(float), 3)) == set(np.round(np.float32(effects).astype(float), 3))
    assert result.mean == pytest.approx(np.mean(effects), abs=1e-5)
    assert (result.samples, result.arrangements) == (1, 36)


@pytest.mark.parametrize("text", ["UGCAUG@18", "stem:3-6/12-15+UGCAUG@18", "context:ACGU@3+UGCAUG@18", "UGNNUG@4"])
def test_on_one_fixed_sequence_a_fixed_construct_is_measured_once(text, additive):
    result = importance_of(additive, sample_of("context", 1000), text)
    assert result.samples == 1
    assert all(map(math.isnan, (result.standard_error, *result.ci95, result.p_value)))


def test_a_context_that_covers_the_window_is_one_fixed_sequence_too(additive):
    result = importance_of(additive, sample_of("profile", 50), f"context:{'ACGU' * 10}A@1+UGCAUG@18")
    assert result.samples == 1


@pytest.mark.parametrize(
    "text", ["UGCAUG@*", "RGCAUG@18", "occlude:4-9", "stem:3-6/12-15:gu+UGCAUG@18", "context:RCGU@3+UGCAUG@18"]
)
def test_on_one_fixed_sequence_a_random_construct_is_one_experiment_too(text, additive):
    """What is drawn again in the same RNA is no further RNA."""
    result = importance_of(additive, sample_of("context", 200), text)
    assert result.samples == 1
    assert len(result.local) > 1
    assert all(map(math.isnan, (result.standard_error, *result.ci95, result.p_value, result.effect_size)))


def test_a_short_fixed_sequence_that_is_extended_is_one_sequence_still(additive):
    """Its missing tail is drawn from the profile, and marginalised out; it is no further RNA."""
    sample = sample_of("context", 200)
    assert sample.too_short_for(41).all()
    result = importance_of(additive, sample, BEYOND_THE_END)
    assert (result.samples, len(result.local), result.arrangements) == (1, 200, 0)
    assert result.standard_deviation > 0
    assert math.isnan(result.standard_error)


def test_a_measurement_on_one_fixed_sequence_goes_with_each_draw_of_another(additive):
    sample = sample_of("context", 1000)
    fixed, random = (importance_of(additive, sample, text) for text in ("UGCAUG@18", "UGCAUG@*"))
    comparison = compare("anywhere", "at 18", random, fixed)
    assert comparison.samples == 1
    assert comparison.mean == pytest.approx(random.mean - fixed.mean, abs=1e-5)


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


def test_the_first_sequences_of_a_sample_are_shared_not_copied(additive):
    sample = sample_of("shuffle", 30)
    part = sample.first(10)
    assert len(part) == 10
    assert np.shares_memory(part.codes, sample.codes)
    assert np.array_equal(part.full_length, sample.full_length[:10])
    for text in ("UGCAUG@*", "RYN@36", "stem:7-16/24-33:gu+occlude:8-20"):
        assert np.array_equal(importance_of(additive, part, text).local, importance_of(additive, sample, text).local[:10])


def test_one_analysis_does_not_wait_for_the_scores_of_another():
    """As it would with a cached property, up to Python 3.11."""
    may_end = threading.Event()

    class Slow(AdditiveModel):
        def predict(self, codes):
            may_end.wait(20)
            return super().predict(codes)

    construct = parse_construct("UGCAUG@18")
    slow, quick = (GlobalImportanceAnalysis(model, sample_of("profile", 20)) for model in (Slow(), AdditiveModel()))
    waiting = threading.Thread(target=slow.importance, args=(construct,))
    waiting.start()
    found = []
    beside = threading.Thread(target=lambda: found.append(quick.importance(construct)))
    beside.start()
    beside.join(5)
    assert len(found) == 1
    may_end.set()
    waiting.join(20)
