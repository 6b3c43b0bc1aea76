import numpy as np
import pytest

from rbind_core.atlas.distribution import Distribution, Quantity, bin_edges
from rbind_core.figures.distributions import ABOVE_COLOUR, BELOW_COLOUR, ON_HOVER, histograms

LOW = Quantity("low", "5' end", "effect size", "It rises", reference=1.0, bin_width=0.1)
HIGH = Quantity("high", "3' end", "effect size", "It rises", reference=1.0, bin_width=0.1)
VALUES = {LOW: [0.75, 0.85, 0.9, 1.05], HIGH: [1.15, 1.18, 1.25, 7.0]}


def distributions(values=None, protein="<b>"):
    values = values or VALUES
    edges = bin_edges(np.concatenate(list(values.values())), LOW)
    return [
        Distribution(
            quantity,
            tuple(f"E{i}" for i in range(len(own))),
            (protein,) * len(own),
            np.array(own),
            np.full(len(own), 0.05),
            np.full(len(own), 0.1),
            edges,
        )
        for quantity, own in values.items()
    ]


def bars(figure):
    return [trace for trace in figure.data if trace.type == "bar"]


def mark(figure, number=0):
    return [trace for trace in figure.data if trace.type == "scatter"][number]


def test_each_quantity_has_a_panel_and_every_model_is_drawn():
    found = distributions()
    figure = histograms(found, "Title", "settings")
    assert len(bars(figure)) == 2
    for trace, one in zip(bars(figure), found, strict=True):
        np.testing.assert_array_equal(trace.y, one.counts)
        np.testing.assert_allclose(trace.x, (one.edges[:-1] + one.edges[1:]) / 2)
    assert figure.layout.xaxis.range == figure.layout.xaxis2.range
    assert figure.layout.xaxis2.title.text == "effect size"


def test_what_it_shows_is_said_without_its_page():
    layout = histograms(distributions(), "Title", "best 6-mer; N = 1,000").layout
    assert layout.title.text == "Title"
    assert layout.title.subtitle.text == "best 6-mer; N = 1,000"
    assert [a.text for a in layout.annotations] == ["5' end: above 1 in 1 of 4 models", "3' end: above 1 in 4 of 4 models"]


def test_the_reference_parts_the_colours_and_has_a_line_and_a_tick():
    figure = histograms(distributions(), "Title", "")
    for trace in bars(figure):
        assert {c for x, c in zip(trace.x, trace.marker.color, strict=True) if x > 1} == {ABOVE_COLOUR}
        assert {c for x, c in zip(trace.x, trace.marker.color, strict=True) if x < 1} == {BELOW_COLOUR}
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(1, 1), (1, 1)]
    assert "1" in figure.layout.xaxis.ticktext


def test_a_bar_names_its_models_first_few_with_values_and_intervals():
    one = distributions({HIGH: [1.11 + i / 1000 for i in range(9)]})
    (trace,) = bars(histograms(one, "Title", ""))
    text = trace.hovertext[int(np.argmax(trace.y))]
    assert text.startswith("<b>1.1 to 1.2: 9 models</b><br>&lt;b&gt; (E0) 1.11 (95 % CI 1.01 to 1.21)")
    assert text.count("95 % CI") == ON_HOVER
    assert text.endswith("and 3 more; click to list them")


def test_bars_know_what_they_are_when_clicked():
    for trace, name in zip(bars(histograms(distributions(), "Title", "")), ("low", "high"), strict=True):
        assert [tuple(data) for data in trace.customdata] == [(name, number) for number in range(len(trace.y))]


def test_outermost_bars_say_that_they_hold_all_beyond():
    values = {HIGH: [1.1, 1.12, 1.15, 1.2, 1.25, 1.3, 7.0]}
    figure = histograms(distributions(values), "Title", "")
    (trace,) = bars(figure)
    assert trace.marker.pattern.shape[-1] == "/"
    assert set(trace.marker.pattern.shape[:-1]) == {""}
    assert trace.hovertext[-1].startswith("<b>more than ")
    assert figure.layout.xaxis.ticktext[-1].startswith("> ")


def test_the_chosen_model_is_marked_at_its_value_and_escaped():
    figure = histograms(distributions(), "Title", "", "E2")
    assert mark(figure, 0).x == (0.9, 0.9)
    assert mark(figure, 1).x == (1.25, 1.25)
    assert mark(figure).text[1].strip() == "&lt;b&gt; 0.90"
    assert mark(figure).customdata is None


def test_a_chosen_model_beyond_the_bins_is_marked_in_the_outermost_one():
    values = {HIGH: [1.1, 1.12, 1.15, 1.2, 1.25, 1.3, 7.0]}
    found = distributions(values)
    x = mark(histograms(found, "Title", "", "E6")).x[0]
    assert found[0].edges[-2] < x < found[0].edges[-1]


def test_a_model_that_is_not_among_them_is_not_marked():
    figure = histograms(distributions(), "Title", "", "NOBODY")
    assert len(figure.data) == len(bars(figure))


@pytest.mark.parametrize("values", [[1.0], [0.2], [5.0], [1.0] * 30, [-1e5, 1, 1e5], list(np.linspace(0, 4, 100))])
def test_ticks_are_few_and_differ_whatever_the_values(values):
    figure = histograms(distributions({HIGH: values}), "Title", "", "E0")
    axis = figure.layout.xaxis
    assert len(axis.tickvals) == len(set(axis.ticktext)) <= 11
    assert "1" in axis.ticktext
    positions = sorted(axis.tickvals)
    assert np.all(np.diff(positions) > 0)
