import numpy as np
import pytest

from rbind_core.constructs import parse_construct
from rbind_core.figures.importance import importance_figure
from rbind_core.gia import Importance


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
    np.testing.assert_allclose(drawn.y - drawn.error_y.arrayminus, [r.ci95[0] for r in results])


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
