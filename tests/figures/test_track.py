import numpy as np
import pytest

from rbind_core.analyses.mutation_map import mutation_map
from rbind_core.analyses.sliding import Track, best_sites, slide
from rbind_core.figures.track import DRAWN, drawn_windows, map_figure, track_figure
from rbind_core.rna.sequences import LENGTH
from tests.toys import AdditiveModel, MotifCounter

RNA = "A" * 60 + "UGCAUG" + "A" * 60
NAME = "<b>x</b>"


def texts(figure) -> str:
    title = figure.layout.title
    return f"{title.text} {title.subtitle.text}".replace("<br>", " ")


COUNTER = MotifCounter()


def drawn(sequence=RNA, models=(COUNTER,), labels=("TOYBP (TOY1)",), stride=1):
    tracks = [slide(model, sequence, stride) for model in models]
    sites = best_sites(tracks[0], 3)
    return track_figure(tracks, labels, NAME, sites, sites[0].start), tracks, sites


def test_every_window_is_drawn_at_its_middle_with_its_place_on_hover():
    figure, (track,), _ = drawn()
    (line,) = figure.data
    np.testing.assert_array_equal(line.x, track.starts + 20)
    np.testing.assert_array_equal(line.y, track.scores)
    assert list(line.customdata[4]) == [5, 45]
    assert "TOYBP (TOY1)" in line.hovertemplate


def test_sites_are_numbered_and_the_chosen_window_is_shaded():
    figure, _, sites = drawn()
    assert [(note.text, note.y) for note in figure.layout.annotations] == [(f"<b>{s.rank}</b>", s.score) for s in sites]
    (window,) = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert (window.x0, window.x1) == (sites[0].start - 0.5, sites[0].end + 0.5)


def test_the_title_names_model_and_rna_and_says_what_is_drawn():
    said = texts(drawn()[0])
    assert said.startswith("TOYBP (TOY1) along &lt;b&gt;x&lt;/b&gt;")
    assert f"{len(RNA)} nt, {len(RNA) - LENGTH + 1} windows of 41 nt" in said
    assert "1-2: best windows that do not overlap" in said
    assert "every 5 nt" in texts(drawn(stride=5)[0])
    assert "41 with ambiguous letters left out" in texts(drawn(f"{RNA}N{RNA}")[0])


def test_two_models_share_the_axis_and_it_is_said_what_that_means():
    figure, tracks, _ = drawn(models=(MotifCounter(), AdditiveModel()), labels=("TOYBP (TOY1)", "OTHER (TOY2)"))
    assert [trace.name for trace in figure.data] == ["TOYBP (TOY1)", "OTHER (TOY2)"]
    np.testing.assert_array_equal(figure.data[1].y, tracks[1].scores)
    assert figure.data[0].line.color != figure.data[1].line.color
    assert figure.layout.showlegend
    assert "each line in standard deviations of its own experiment" in texts(figure)


def test_one_short_window_can_be_drawn():
    assert len(drawn("ACGUACGUACGU")[0].data[0].x) == 1


@pytest.mark.parametrize("count", [DRAWN, DRAWN + 1, 99_960])
def test_a_long_line_keeps_the_lowest_and_the_highest_of_every_stretch(count):
    scores = np.random.default_rng(0).normal(size=count).astype(np.float32)
    scores[count // 2 : count // 2 + 500] = np.nan
    shown = drawn_windows(scores)
    assert len(shown) <= DRAWN
    assert (np.diff(shown) > 0).all()
    assert {int(np.nanargmax(scores)), int(np.nanargmin(scores))} <= set(shown.tolist())
    assert np.isnan(scores[shown]).any(), "what was left out stays a gap"


def test_thinning_is_said():
    scores = np.zeros(20_000, np.float32)
    track = Track("A" * 20_040, np.arange(1, 20_001), scores)
    figure = track_figure([track], ["TOYBP"], "x", [], 1)
    assert "drawn: the lowest and the highest of each 7 windows, the CSV has all" in texts(figure)
    assert figure.layout.xaxis.rangeslider.visible


def test_the_axis_says_what_the_z_scores_are_of():
    track = Track("A" * 60, np.arange(1, 21), np.zeros(20, np.float32))
    for scale in ("log intensity", "the teacher's scores"):
        figure = track_figure([track], ["TOYBP"], "x", [], 1, scale)
        assert figure.layout.yaxis.title.text == f"predicted binding (z-score of {scale})"


def test_the_map_is_centred_on_zero_with_equal_limits():
    result = mutation_map(AdditiveModel(), RNA)
    figure = map_figure(result, "TOYBP (TOY1)", NAME)
    size, heat_map = figure.data
    np.testing.assert_array_equal(heat_map.z, result.effects.T)
    assert heat_map.zmax == -heat_map.zmin == np.abs(result.effects).max()
    np.testing.assert_array_equal(size.y, result.heights)
    assert heat_map.text[1][60] == "U61C"
    assert "&lt;b&gt;" in texts(figure)


def test_a_map_without_any_effect_can_be_drawn():
    assert map_figure(mutation_map(MotifCounter(), "N" * 50), "TOYBP", "x").data[1].zmax == 1
