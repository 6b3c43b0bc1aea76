import numpy as np
import pytest

from rbind_core.analyses.gia import Importance
from rbind_core.constructs import parse_construct
from rbind_core.figures.convergence import convergence_figure
from rbind_core.figures.theme import CONSTRUCT_COLOURS, IMPORTANCE_AXIS
from rbind_core.statistics import convergence


def importance(text, n=500, shift=3.0, seed=0):
    without = np.random.default_rng(seed).normal(size=n).astype(np.float32)
    with_ = without + np.random.default_rng(seed + 1).normal(shift, 1, n).astype(np.float32)
    return Importance(parse_construct(text), without, with_)


@pytest.fixture
def importances():
    return [importance("UGCAUG@18"), importance("two sites = UGCAUG@4,11", shift=6, seed=5)]


def lines(figure):
    return [trace for trace in figure.data if trace.showlegend]


def test_a_line_for_each_construct_in_its_colour_with_its_name(importances):
    drawn = lines(convergence_figure(importances, "TOYBP", "profile background"))
    assert [line.name for line in drawn] == ["UGCAUG@18", "two sites"]
    assert [line.line.color for line in drawn] == list(CONSTRUCT_COLOURS[:2])
    assert "UGCAUG@4+UGCAUG@11" in drawn[1].hovertemplate


def test_lines_and_bands_are_those_of_the_statistics(importances):
    figure = convergence_figure(importances, "TOYBP", "")
    found = convergence(importances[0])
    np.testing.assert_array_equal(lines(figure)[0].x, found.n)
    np.testing.assert_allclose(lines(figure)[0].y, found.mean)
    np.testing.assert_allclose(figure.data[0].y, np.concatenate([found.high, found.low[::-1]]))
    assert lines(figure)[0].y[-1] == pytest.approx(importances[0].mean)


def test_n_is_on_a_logarithmic_axis_and_the_first_intervals_do_not_set_the_scale(importances):
    layout = convergence_figure(importances, "TOYBP <1>", "profile background, N = 500, seed 0").layout
    assert layout.xaxis.type == "log"
    assert layout.yaxis.title.text == IMPORTANCE_AXIS
    assert "TOYBP &lt;1&gt;" in layout.title.text
    low, high = layout.yaxis.range
    first = convergence(importances[0])
    assert first.low[0] < low
    assert low < min(i.mean for i in importances)
    assert high > max(i.mean for i in importances)


def test_one_sequence_has_nothing_to_average():
    figure = convergence_figure([importance("UGCAUG@18", n=1)], "TOYBP", "")
    assert len(figure.data) == 0
    assert "one sequence" in figure.layout.annotations[0].text
