import numpy as np
import pytest

from rbind_core.atlas.entries import effects_of
from rbind_core.figures.profile import FIGURES, backgrounds_figure, mutations_figure
from tests.atlas.toy_rows import row_of_the_counter

EVERY = [*FIGURES.values(), backgrounds_figure, mutations_figure]


def trace(figure, name):
    return next(one for one in figure.data if one.name == name)


@pytest.mark.parametrize("draw", EVERY, ids=lambda draw: draw.__name__)
def test_every_figure_names_its_model_and_n(draw):
    title = draw(row_of_the_counter()).layout.title
    assert title.text.startswith("TOYBP (TOY00001): ")
    assert "N = 24, seed 0" in title.subtitle.text.replace("<br>", " ")


def test_a_confidence_interval_is_named_where_one_is_drawn():
    for draw in EVERY:
        said = draw(row_of_the_counter()).layout.title.subtitle.text.replace("<br>", " ")
        assert said.endswith("95 % CI") == (draw is not mutations_figure)


def test_points_and_intervals_are_those_of_the_row():
    row = row_of_the_counter()
    points = trace(FIGURES["gcbias"](row), "global importance")
    effects = list(effects_of(row, "gcbias").values())
    np.testing.assert_allclose(points.y, [effect.mean for effect in effects])
    low, high = effects[0].ci95
    assert points.customdata[0][1:3] == pytest.approx([low, high])


def test_the_map_of_mutations_is_centred_on_zero():
    row = row_of_the_counter()
    cells = next(one for one in mutations_figure(row).data if one.type == "heatmap")
    np.testing.assert_allclose(cells.z, np.array(row["kmer_effects"]).T)
    assert cells.zmin == -cells.zmax


def test_the_dashed_line_of_two_sites_is_the_sum_of_each_alone():
    row = row_of_the_counter()
    effects = effects_of(row, "spacing")
    added = trace(FIGURES["spacing"](row), "sum of each alone")
    gap = int(added.x[-1])
    alone = next(arm for arm in row["arms"] if arm["series"] == "second site alone" and arm["x"] == gap)
    assert added.y[-1] == pytest.approx(effects["one site"].mean + alone["global_importance"])
