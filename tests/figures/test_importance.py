import numpy as np
import pytest

from rbind_core.analyses.gia import Importance
from rbind_core.constructs import parse_construct
from rbind_core.figures.importance import importance_figure


@pytest.fixture
def results():
    rng = np.random.default_rng(0)
    without = rng.normal(size=200).astype(np.float32)
    return [
        Importance(parse_construct(text), without, without + np.float32(shift) + rng.normal(size=200).astype(np.float32))
        for text, shift in (("UGCAUG@18", 3), ("UGCAUG@4+UGCAUG@18", 6))
    ]


def triangles(figure):
    return next(trace for trace in figure.data if trace.name == "global importance")


def test_the_triangle_is_the_mean_with_its_interval(results):
    drawn = triangles(importance_figure(results, "TOYBP", "profile background, N = 200, seed 0"))
    assert drawn.marker.symbol == "triangle-up"
    np.testing.assert_allclose(drawn.y, [r.mean for r in results])
    np.testing.assert_allclose(drawn.y + drawn.error_y.array, [r.ci95[1] for r in results])
    np.testing.assert_allclose(drawn.y - drawn.error_y.array, [r.ci95[0] for r in results])


@pytest.mark.parametrize("shape", ["box", "violin"])
@pytest.mark.parametrize("every_point", [True, False])
def test_local_importances_are_drawn_as_asked(results, shape, every_point):
    figure = importance_figure(results, "TOYBP", "", shape, every_point)
    drawn = [trace for trace in figure.data if trace.type == shape]
    assert len(drawn) == 2
    np.testing.assert_array_equal(drawn[1].y, results[1].local)
    points = drawn[0].boxpoints if shape == "box" else drawn[0].points
    assert (points == "all") == every_point


def test_the_figure_says_what_it_shows(results):
    layout = importance_figure(results, "TOYBP (TOY1)", "profile background, N = 200, seed 0").layout
    assert "TOYBP (TOY1)" in layout.title.text
    assert layout.title.subtitle.text == "profile background, N = 200, seed 0"
    assert "z-score" in layout.yaxis.title.text
    assert [name.replace("<br>", "").replace(" ", "") for name in layout.xaxis.ticktext] == ["UGCAUG@18", "UGCAUG@4+UGCAUG@18"]


def named(results, *texts):
    return [Importance(parse_construct(text), r.without, r.with_) for text, r in zip(texts, results, strict=True)]


def test_a_construct_is_called_by_its_name_with_its_text_on_hover(results):
    figure = importance_figure(named(results, "one = UGCAUG@18", "two of them, far apart = UGCAUG@4+UGCAUG@18"), "TOYBP", "")
    assert figure.layout.xaxis.ticktext == ("one", "two of them,<br>far apart")
    assert [row[0] for row in triangles(figure).customdata] == ["UGCAUG@18", "UGCAUG@4+UGCAUG@18"]


def test_what_users_give_is_escaped(results):
    title = importance_figure(results, "<b>TOY</b>", "own sequences (<i>.fa) & more").layout.title
    assert title.text == "&lt;b&gt;TOY&lt;/b&gt;: importance"
    assert title.subtitle.text == "own sequences (&lt;i&gt;.fa) &amp; more"


def test_eight_constructs_have_eight_colours(results):
    figure = importance_figure(results * 4, "TOYBP", "")
    assert len({trace.line.color for trace in figure.data if trace.type == "box"}) == 8


@pytest.mark.parametrize("shape", ["box", "violin"])
def test_a_single_sequence_has_a_figure_without_bars(shape):
    one = np.ones(1, np.float32)
    figure = importance_figure([Importance(parse_construct("UGCAUG@18"), one, 2 * one)], "TOYBP", "", shape)
    assert triangles(figure).error_y.array[0] == 0


def test_long_settings_are_broken_so_that_a_phone_shows_them(results):
    settings = "dinucleotide shuffle background of designed probes, N = 1,000, seed 0"
    lines = importance_figure(results, "TOYBP", settings).layout.title.subtitle.text.split("<br>")
    assert " ".join(lines) == settings
    assert len(lines) == 2
    assert "N = 1,000" in lines[1]
