import math
from dataclasses import dataclass
from statistics import mean, stdev

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import linregress, ttest_1samp, ttest_rel

from rbind_core.analyses.gia import GlobalImportanceAnalysis, Importance
from rbind_core.constructs import parse_construct
from rbind_core.rna.sequences import encode
from rbind_core.statistics import (
    Comparison,
    PairedEffect,
    compare,
    compare_with_first,
    convergence,
    holm,
    interaction,
    linear_fit,
    p_value_text,
    ratio,
    with_holm,
)
from tests.toys import AdditiveModel, sample_of


@dataclass(frozen=True)
class Effect(PairedEffect):
    """Differences as they are given."""

    given: np.ndarray

    @property
    def differences(self):
        return self.given


def effect(n=50, centre=0.0, seed=0):
    return Effect(np.random.default_rng(seed).normal(centre, 1, n).astype(np.float32))


# One effect.


@pytest.mark.parametrize("n", [2, 5, 1000])
def test_an_effect_agrees_with_scipy(n):
    one = effect(n, 0.3)
    values = one.differences.astype(float)
    reference = ttest_1samp(values, 0)
    interval = reference.confidence_interval(0.95)
    assert one.samples == n
    assert one.mean == pytest.approx(mean(values))
    assert one.standard_deviation == pytest.approx(stdev(values))
    assert one.standard_error == pytest.approx(stdev(values) / math.sqrt(n))
    assert one.ci95 == pytest.approx((interval.low, interval.high))
    assert one.p_value == pytest.approx(reference.pvalue)
    assert one.effect_size == pytest.approx(mean(values) / stdev(values))


def test_a_single_difference_has_a_mean_but_no_statistics():
    one = Effect(np.array([1.5], np.float32))
    assert (one.mean, one.samples) == (1.5, 1)
    unknown = (one.standard_deviation, one.standard_error, *one.ci95, one.p_value, one.effect_size)
    assert all(map(math.isnan, unknown))
    assert one.p_text == "no p-value"


@pytest.mark.parametrize(("value", "p"), [(0, 1.0), (2, 0.0), (-2, 0.0)])
def test_a_constant_effect_is_certain(value, p):
    one = Effect(np.full(10, value, np.float32))
    assert (one.mean, one.standard_error, one.ci95, one.p_value) == (value, 0.0, (value, value), p)
    assert math.isnan(one.effect_size)


def test_large_values_in_float32_are_averaged_without_loss():
    values = np.full(100_000, 16_777_216, np.float32)
    values[::2] += 2
    assert Effect(values).mean == 16_777_217


@pytest.mark.parametrize(
    ("p", "says"),
    [(0.0123, "p = 0.012"), (1.0, "p = 1"), (3.2e-40, "p = 3.2e-40"), (0.0, "p < 1e-300"), (math.nan, "no p-value")],
)
def test_p_values_are_written_so_that_none_is_zero(p, says):
    assert p_value_text(p) == says


# Comparisons.


@given(st.integers(2, 60), st.floats(-2, 2), st.integers(0, 1000))
def test_a_comparison_is_the_paired_t_test_of_scipy(n, shift, seed):
    a, b = effect(n, shift, seed), effect(n, 0, seed + 1)
    comparison = compare("a", "b", a, b)
    x, y = a.differences.astype(float), b.differences.astype(float)
    reference = ttest_rel(x, y)
    interval = reference.confidence_interval(0.95)
    assert comparison.mean == pytest.approx((x - y).mean(), abs=1e-5)
    assert comparison.p_value == pytest.approx(reference.pvalue, rel=1e-3)
    assert comparison.ci95 == pytest.approx((interval.low, interval.high), abs=1e-5)
    assert math.isnan(comparison.holm)
    assert not comparison.is_significant  # not before it is corrected


def test_pairing_finds_a_small_difference_under_large_scatter():
    background = np.random.default_rng(0).normal(0, 10, 200)
    noise = np.random.default_rng(1).normal(0.1, 0.1, 200)
    assert compare("a", "b", Effect(background + noise), Effect(background)).p_value < 1e-20


def test_a_single_sequence_goes_with_each_of_the_others():
    one, many = Effect(np.array([2.0])), effect(1000)
    comparison = compare("one", "many", one, many)
    assert comparison.samples == 1000
    assert np.allclose(comparison.differences, 2.0 - many.differences, rtol=0, atol=1e-6)
    assert compare("many", "one", many, one).mean == pytest.approx(-comparison.mean)


def test_effects_of_different_backgrounds_cannot_be_compared():
    with pytest.raises(ValueError, match="broadcast"):
        compare("a", "b", effect(10), effect(11))


def test_each_effect_is_compared_with_the_first_and_corrected_over_the_set():
    effects = [effect(40, centre, seed) for seed, centre in enumerate((0, 0.1, 0.5, 1))]
    comparisons = compare_with_first(list("abcd"), effects)
    assert [(c.first, c.second) for c in comparisons] == [("b", "a"), ("c", "a"), ("d", "a")]
    alone = [compare("x", "a", one, effects[0]).p_value for one in effects[1:]]
    assert [c.p_value for c in comparisons] == alone
    assert [c.holm for c in comparisons] == holm(alone)
    assert compare_with_first(["a"], effects[:1]) == []


# Holm's correction.


def holm_by_definition(p_values):
    """Reject in order of p as long as p(i) <= alpha / (m - i + 1); the corrected p is the smallest alpha that still rejects."""
    known = sorted(p for p in p_values if not math.isnan(p))
    m = len(known)

    def smallest_alpha(p):
        return min(1.0, max(q * (m - i) for i, q in enumerate(known) if q <= p))

    return [math.nan if math.isnan(p) else smallest_alpha(p) for p in p_values]


@pytest.mark.parametrize(
    ("p_values", "corrected"),
    [
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),  # the example of R's p.adjust and of many textbooks
        ([0.01, 0.02, 0.03], [0.03, 0.04, 0.04]),
        ([0.5, 0.6], [1.0, 1.0]),
        ([0.04], [0.04]),
        ([0.0, 1.0], [0.0, 1.0]),
        ([0.02, 0.02, 0.02], [0.06, 0.06, 0.06]),
        ([], []),
    ],
)
def test_holms_correction_gives_known_examples(p_values, corrected):
    assert holm(p_values) == pytest.approx(corrected)


@given(st.lists(st.one_of(st.floats(0, 1), st.just(math.nan), st.sampled_from([0.01, 0.02, 0.05])), max_size=12))
def test_holms_correction_agrees_with_its_definition_and_keeps_nan(p_values):
    assert holm(p_values) == pytest.approx(holm_by_definition(p_values), nan_ok=True)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holms_correction_never_lowers_a_p_value_and_keeps_their_order(p_values):
    corrected = holm(p_values)
    assert all(before <= after <= 1 for before, after in zip(p_values, corrected, strict=True))
    ranks = sorted(range(len(p_values)), key=p_values.__getitem__)
    in_order = [corrected[i] for i in ranks]
    assert in_order == sorted(in_order)


def test_a_comparison_without_a_p_value_does_not_count_in_the_correction():
    unknown = Comparison("x", "y", np.array([1.0]))
    known = Comparison("a", "b", np.random.default_rng(0).normal(1, 1, 20))
    corrected = with_holm([unknown, known, unknown])
    assert math.isnan(corrected[0].holm)
    assert corrected[1].holm == known.p_value


# What comparisons say.


def say(centre, n=200):
    (comparison,) = with_holm([compare("the loop", "the stem", effect(n, centre), Effect(np.zeros(n, np.float32)))])
    return comparison


def test_a_sentence_says_higher_lower_or_not_measurably():
    higher, lower, same = say(1), say(-1), say(0)
    assert "higher global importance than the stem, +" in higher.sentence
    assert "lower global importance than the stem, -" in lower.sentence
    assert "no measurable difference from the stem" in same.sentence
    for comparison in (higher, lower, same):
        low, high = comparison.ci95
        assert comparison.sentence.startswith("the loop")
        assert f"{comparison.mean:+.2f}" in comparison.sentence
        assert f"95 % CI {low:+.2f} to {high:+.2f}, {p_value_text(comparison.holm)} after Holm's correction" in comparison.sentence


def test_what_is_clear_alone_but_not_among_many_is_not_called_a_difference():
    barely = Effect(np.array([1.0, 2, 3, -0.5, 2, 1, -0.5, 1]))
    nothing = Effect(np.zeros(8))
    assert 0.01 < compare("a", "b", barely, nothing).p_value < 0.05
    alone = with_holm([compare("a", "b", barely, nothing)])[0]
    among = with_holm([compare("a", "b", barely, nothing), *[compare("x", "y", nothing, nothing)] * 5])[0]
    assert "higher global importance" in alone.sentence
    assert "no measurable difference" in among.sentence


def test_on_one_sequence_a_comparison_states_no_uncertainty():
    comparison = with_holm([compare("the loop", "the stem", Effect(np.array([3.0])), Effect(np.array([1.0])))])[0]
    assert comparison.sentence == (
        "the loop changes predicted binding by +2.00 compared with the stem; on one sequence there is no uncertainty to state."
    )
    assert not comparison.is_significant


# Interaction.


class ProductModel:
    """Score = 2 for a U at position 5, 3 for a U at position 20, and 0.5 more where both are there."""

    def predict(self, codes):
        first, second = codes[:, 4] == 3, codes[:, 19] == 3
        return (2.0 * first + 3.0 * second + 0.5 * (first & second)).astype(np.float32)


def interaction_of(model, sample, text):
    analysis = GlobalImportanceAnalysis(model, sample)
    construct = parse_construct(text)
    return interaction(text, analysis.importance(construct), analysis.interaction_parts(construct))


@pytest.mark.parametrize("name", ["profile", "shuffle", "quartile4", "context"])
@pytest.mark.parametrize("text", ["UGCAUG@4+UGCAUG@18", "UGC@4+RYW@10+GCGCGC@35", "stem:7-9/20-22+UGC@1+GGG@30"])
def test_patterns_of_an_additive_model_do_not_interact(name, text):
    found = interaction_of(AdditiveModel(), sample_of(name), text)
    assert found.differences == pytest.approx(np.zeros(found.samples), abs=1e-3)


def test_an_interaction_is_the_product_term_where_neither_is_there_yet():
    sample = sample_of("profile", 400)
    found = interaction_of(ProductModel(), sample, "U@5+U@20")
    first, second = sample.codes[:, 4] == 3, sample.codes[:, 19] == 3
    # f(both) - f(x) - (f(first) - f(x)) - (f(second) - f(x)), by hand
    assert np.array_equal(found.differences, np.where(first | second, 0.0, 0.5))
    assert found.mean == pytest.approx(0.5 * (~first & ~second).mean())
    assert math.isnan(found.holm)  # nothing is corrected before the set is known
    assert found.p_value < 1e-10
    assert found.second == "the sum of each alone"


def test_a_fixed_pattern_and_a_random_one_on_one_sequence_can_be_added_up():
    """Both letters of the random one count alike: U stands at 20 already, a C there takes 3, and 3.5 with U at 5."""
    found = interaction_of(ProductModel(), sample_of("context", 60), "U@5+Y@20")
    assert found.samples == 1
    assert found.mean == pytest.approx(-0.25)
    assert math.isnan(found.p_value)


# Convergence.


@pytest.mark.parametrize(("n", "centre"), [(2, 0), (3, 1), (100, 0), (1000, 1e4)])
def test_each_point_of_the_convergence_is_the_effect_of_the_first_sequences(n, centre):
    values = np.random.default_rng(0).normal(centre, 1, n)
    found = convergence(Effect(values))
    assert found.n[0] == 2
    assert found.n[-1] == n
    assert (np.diff(found.n) > 0).all()
    for i, count in enumerate(found.n):
        part = Effect(values[:count])
        assert found.mean[i] == pytest.approx(part.mean)
        assert (found.low[i], found.high[i]) == pytest.approx(part.ci95, rel=1e-9, abs=1e-9)


def test_the_last_point_of_the_convergence_is_the_whole():
    whole = effect(777, 0.4)
    found = convergence(whole, points=7)
    assert len(found.n) == 7
    assert (found.mean[-1], found.low[-1], found.high[-1]) == pytest.approx((whole.mean, *whole.ci95))


def test_a_constant_effect_converges_at_once():
    found = convergence(Effect(np.full(50, 3.7)))
    for values in (found.mean, found.low, found.high):
        assert values == pytest.approx(np.full(len(found.n), 3.7))


def test_a_single_sequence_has_no_convergence():
    assert [len(v) for v in vars(convergence(effect(1))).values()] == [0, 0, 0, 0]


# Lines.


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=3, max_size=30, unique_by=lambda xy: round(xy[0], 3)))
def test_a_line_agrees_with_scipy(points):
    x, y = zip(*points, strict=True)
    assume(np.ptp(y) > 1e-3)
    fit, reference = linear_fit(x, y), linregress(x, y)
    assert (fit.slope, fit.intercept) == pytest.approx((reference.slope, reference.intercept))
    assert fit.r_squared == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2, abs=1e-9)
    assert fit.p_value == pytest.approx(reference.pvalue)
    assert fit.points == len(points)


def test_the_interval_of_a_slope_is_that_of_the_textbook():
    """Slope 0.6, residual sum of squares 2.4 over 3 degrees of freedom, sum of squares of x 10; t(3, 0.975) = 3.1824."""
    fit = linear_fit([1, 2, 3, 4, 5], [2, 4, 5, 4, 5])
    margin = 3.182446 * math.sqrt(2.4 / 3 / 10)
    assert (fit.slope, fit.intercept, fit.r_squared) == pytest.approx((0.6, 2.2, 0.6))
    assert fit.slope_ci95 == pytest.approx((0.6 - margin, 0.6 + margin))


def test_two_points_have_a_line_but_no_uncertainty():
    fit = linear_fit([1, 2], [3, 5])
    assert (fit.slope, fit.intercept, fit.r_squared, fit.points) == (2, 1, 1, 2)
    assert all(map(math.isnan, (fit.p_value, *fit.slope_ci95)))
    assert fit.text == "R² = 1.000, slope 2.00 (2 points)"


def test_a_line_says_what_it_is():
    text = linear_fit([1, 2, 3, 4, 5], [2, 4, 5, 4, 5]).text
    assert text == "R² = 0.600, slope 0.60, p = 0.12 (5 points)"


def test_a_flat_line_has_no_r_squared():
    fit = linear_fit([1, 2, 3], [4, 4, 4])
    assert (fit.slope, fit.intercept) == (0, 4)
    assert all(map(math.isnan, (fit.r_squared, fit.p_value, *fit.slope_ci95)))


@pytest.mark.parametrize("x", [[], [1], [2, 2, 2]])
def test_a_line_needs_two_different_x(x):
    with pytest.raises(ValueError, match="at least two different x"):
        linear_fit(x, x)


def test_an_importance_is_such_an_effect():
    scores = encode("ACGUACGU", 8)[0].astype(np.float32)
    one = Importance(parse_construct("A@1"), scores, 2 * scores)
    assert np.array_equal(one.differences, scores)
    assert (one.mean, one.null_mean) == (1.5, 1.5)


# Ratios of two paired effects.


def test_a_ratio_to_a_constant_has_the_error_of_its_numerator():
    effect, constant = Effect(np.array([1.0, 2.0, 6.0])), Effect(np.full(3, -2.0))
    found = ratio(effect, constant)
    assert found.value == -1.5
    assert found.standard_error == pytest.approx(effect.standard_error / 2)
    low, high = found.ci95
    assert (low + high) / 2 == pytest.approx(-1.5)


def test_a_ratio_of_proportional_effects_is_exact():
    one = Effect(np.array([1.0, 2.0, 6.0]))
    assert ratio(Effect(3 * one.differences), one).value == 3
    assert ratio(Effect(3 * one.differences), one).standard_error == pytest.approx(0, abs=1e-12)


def test_there_is_no_ratio_to_nothing():
    assert math.isnan(ratio(Effect(np.ones(3)), Effect(np.zeros(3))).value)


def test_the_interval_of_a_ratio_covers_the_truth_in_about_95_per_cent():
    rng = np.random.default_rng(8)
    covered = 0
    for _ in range(1000):
        shared = rng.normal(size=200)
        low, high = ratio(Effect(3 + shared + rng.normal(size=200)), Effect(2 + 0.5 * shared + 0.5 * rng.normal(size=200))).ci95
        covered += low < 1.5 < high
    assert 925 <= covered <= 975


@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=8), st.integers(0, 5))
def test_holms_correction_counts_tests_whose_p_values_are_larger_and_not_given(p_values, more):
    assert holm(p_values, tests=len(p_values) + more) == pytest.approx(holm([*p_values, *[1.0] * more])[: len(p_values)])
