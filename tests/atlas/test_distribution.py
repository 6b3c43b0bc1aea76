import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binomtest

from rbind_core.atlas.distribution import MOST_BINS, Distribution, Quantity, bin_edges, interval_text
from rbind_core.atlas.studies import STUDIES

RATIO = Quantity("ratio", "ratio", "axis", "It rises", reference=1.0, bin_width=0.1)
SHARE = Quantity("share", "share", "axis", "It is high", reference=0.95, bin_width=0.025, span=(0.5, 1.0), is_null=False)
QUANTITIES = [RATIO, SHARE, *(q for study in STUDIES.values() for figure in study.figures.values() for q in figure)]
finite = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


def of(values, quantity=RATIO, margins=None) -> Distribution:
    values = np.sort(np.asarray(values, float))
    names = tuple(f"E{i}" for i in range(len(values)))
    nothing = np.full(len(values), np.nan)
    margins = nothing if margins is None else np.asarray(margins, float)
    return Distribution(quantity, names, names, values, margins / 2, margins, bin_edges(values, quantity))


def test_the_share_above_and_its_interval_are_wilsons():
    one = of([0.9, *np.full(9, 1.1)])
    assert (one.n, one.above, one.share) == (10, 9, 0.9)
    assert one.share_ci95 == pytest.approx((0.5958, 0.9821), abs=1e-4)  # Newcombe 1998, and any table


@given(finite)
def test_the_interval_holds_the_share_and_is_in_closed_form(values):
    one, z2 = of(values), 1.959963984540054**2
    low, high = one.share_ci95
    n, p = one.n, one.share
    centre, half = (p + z2 / (2 * n)) / (1 + z2 / n), np.sqrt(z2) / (1 + z2 / n) * np.sqrt(p * (1 - p) / n + z2 / (4 * n**2))
    assert (low, high) == pytest.approx((centre - half, centre + half), abs=1e-9)
    assert 0 <= low <= p <= high <= 1


@given(finite, st.sampled_from(QUANTITIES))
def test_every_model_is_in_exactly_one_bin_and_the_reference_parts_them(values, quantity):
    one = of(values, quantity)
    members = [place for number in range(len(one.counts)) for place in one.members(number)]
    assert sorted(members) == list(range(one.n))
    assert one.counts.sum() == one.n
    assert [len(one.members(number)) for number in range(len(one.counts))] == one.counts.tolist()
    assert quantity.reference in one.edges
    right = one.edges[:-1] >= quantity.reference
    assert one.counts[right].sum() == one.above
    assert right.any()
    assert not right.all()


@given(finite, st.sampled_from(QUANTITIES))
def test_bins_are_equally_wide_and_few(values, quantity):
    edges = bin_edges(values, quantity)
    widths = np.diff(edges)
    assert np.allclose(widths, widths[0])
    assert len(widths) <= MOST_BINS
    power = np.log2(widths[0] / quantity.bin_width)
    assert power == pytest.approx(round(power), abs=1e-6)


def test_a_wild_value_does_not_stretch_the_bins():
    one = of([0.9, 1.1, 1.15, 1.2, 1.25, 1.3, 9.0])
    assert one.edges[-1] < 2
    assert one.holds_beyond == (False, True)
    assert one.bin_text(len(one.counts) - 1).startswith("more than 1.")
    assert one.bin_text(0) == "0.9 to 1"
    assert one.members(len(one.counts) - 1)[-1] == 6


def test_a_natural_range_gives_the_same_bins_whatever_the_values():
    one = of([0.1, 0.97, 1.0], SHARE)
    np.testing.assert_allclose(one.edges, np.linspace(0.5, 1, 21))
    assert one.bin_text(0) == "0.525 and less"
    assert one.bin_text(19) == "0.975 to 1"
    assert one.counts[[0, 18, 19]].tolist() == [1, 1, 1]


def test_a_value_on_the_reference_is_not_above_it():
    one = of([1.0] * 7)
    assert (one.above, one.counts.tolist()) == (0, [7, 0])
    assert np.isnan(one.p_value)  # nobody is on either side
    assert one.share_ci95[0] == 0


@pytest.mark.parametrize("value", [0.2, 1.0, 7.0])
def test_one_model_is_enough_for_a_sentence(value):
    one = of([value])
    assert one.sentence.startswith(f"It rises in {int(value > 1)} of 1 models")
    assert "sign test" not in one.sentence
    assert len(one.edges) >= 3


def test_the_sign_test_is_exact_and_leaves_ties_out():
    one = of([1.0, 0.5, *np.full(9, 1.5)])
    assert one.p_value == pytest.approx(2 * (1 + 10) / 2**10)
    assert one.p_value == binomtest(9, 10).pvalue
    assert np.isnan(of([1.1] * 5).p_value)
    assert of([1.1] * 6).p_value == pytest.approx(2 / 2**6)


def test_a_reference_that_is_no_null_is_not_tested():
    one = of([0.99] * 20, SHARE)
    assert np.isnan(one.p_value)
    assert "sign test" not in one.sentence


def test_clearly_above_is_by_the_models_own_interval():
    one = of([0.7, 0.95, 1.05, 1.1, 1.5], margins=[0.1, 0.1, 0.1, 0.05, np.nan])
    assert (one.clearly_above, one.clearly_below) == (1, 1)
    assert "clearly, by their own 95 % CI, in 1, and clearly the reverse in 1" in one.sentence
    assert one.value_text(3) == "1.10 (95 % CI 1.05 to 1.15)"
    assert one.value_text(4) == "1.50"
    assert one.interval_text(4) == ""


def test_without_any_interval_none_is_claimed():
    assert not of([1.5, 2]).has_intervals
    assert "clearly" not in of([1.5, 2]).sentence


def test_a_model_is_found_by_its_name():
    one = of([1, 2, 3])
    assert one.place("E1") == 1
    assert one.place("E9") is None
    assert one.label(1) == "E1 (E1)"


@given(st.lists(st.floats(0.5, 3), min_size=1, max_size=30))
def test_names_of_bins_hold_their_values(values):
    one = of(values)
    assume(not any(one.holds_beyond))
    for number in range(len(one.counts)):
        low, high = (float(text) for text in one.bin_text(number).split(" to "))
        assert all(low - 1e-9 <= one.values[place] <= high + 1e-9 for place in one.members(number))


def test_an_interval_is_written_without_a_negative_zero():
    assert interval_text(0.5, 0.501) == "0.00 to 1.00"
    assert interval_text(-1, 0.25) == "-1.25 to -0.75"
    assert interval_text(1, float("nan")) == ""
