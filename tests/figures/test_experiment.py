import math
import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.backgrounds import LABELS, PAPER_NAMES
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.experiments.experiment import run
from rbind_core.experiments.robustness import Robustness
from rbind_core.figures.experiment import experiment_figure, robustness_figure
from rbind_core.figures.experiment.affinities import name_places
from rbind_core.figures.importance import MOST_POINTS
from rbind_core.figures.theme import IMPORTANCE_AXIS, PALETTES, TRANSPARENT
from rbind_core.model.measured_scores import measured_scores
from tests.toys import TOY_CONTEXT, AdditiveModel, MotifCounter, sample_of

LABEL, SETTINGS = "TOYBP (TOY1)", "profile background, N = 200, seed 0"
OF_EACH = {
    "sites": {"motif": "UGCAUG", "weaker": "AGAAUG"},
    "own": {"constructs": "one = UGCAUG@18; UGCAUG@4,11"},
    "kd": {"affinities": "UGCAUGU 0.83, AGCAUGU 4.8, CGCAUGU 6.1, UGUAUGU 280"},
    "occlusion": {"sequence": TOY_CONTEXT, "window": 4},
}


def result_of(name, background="profile", n=200, model=None):
    experiment = EXPERIMENTS[name](**OF_EACH.get(name, {"motif": "UGCAUG"}))
    return run(experiment, GlobalImportanceAnalysis(model or AdditiveModel(), sample_of(background, n)))


@pytest.fixture(scope="module")
def results():
    return {name: result_of(name) for name in EXPERIMENTS}


@pytest.fixture(scope="module")
def robust():
    def under_all(name):
        return Robustness({background: result_of(name, background, 60) for background in PAPER_NAMES})

    return {name: under_all(name) for name in ("sites", "spacing", "kd", "kmer-ism", "occlusion")}


def traces(figure, kind=None, name=None, axis=None):
    return [
        t
        for t in figure.data
        if (kind is None or t.type == kind) and (name is None or t.name == name) and (axis is None or t.yaxis == axis)
    ]


def written(figure):
    return [annotation.text for annotation in figure.layout.annotations]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_has_a_figure_that_says_what_it_shows(results, name):
    figure = experiment_figure(results[name], LABEL, SETTINGS)
    layout = figure.layout
    assert layout.title.text.replace("<br>", " ") == f"{LABEL}: {results[name].experiment.title}"
    assert layout.title.subtitle.text.replace("<br>", " ").endswith(SETTINGS)
    assert IMPORTANCE_AXIS in [layout.yaxis.title.text] or name == "kmer-ism"
    assert (layout.paper_bgcolor, layout.plot_bgcolor) == (TRANSPARENT, TRANSPARENT)
    figure.layout.template = None  # Streamlit's own has place holders for its colours
    assert "black" not in figure.to_json()
    assert '"#000' not in figure.to_json()


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_users_give_is_escaped(results, name):
    title = experiment_figure(results[name], "<b>&", "<i>").layout.title
    assert title.text.startswith("&lt;b&gt;&amp;")
    assert title.subtitle.text.endswith("&lt;i&gt;")


@pytest.mark.parametrize("name", [n for n, kind in EXPERIMENTS.items() if kind.drawn_as == "boxes" and n != "sites"])
def test_boxes_are_local_and_triangles_global_importances(results, name):
    result = results[name]
    figure = experiment_figure(result, LABEL, SETTINGS)
    drawn = [result.importances[number] for number in result.drawn]
    for box, importance in zip(traces(figure, "box"), drawn, strict=True):
        np.testing.assert_array_equal(box.y, importance.local)
    (triangles,) = traces(figure, name="global importance")
    np.testing.assert_allclose(triangles.y, [i.mean for i in drawn])
    np.testing.assert_allclose(triangles.y + triangles.error_y.array, [i.ci95[1] for i in drawn])


def test_every_local_importance_is_drawn_on_demand(results):
    figure = experiment_figure(results["gcbias"], LABEL, SETTINGS, every_point=True)
    assert {box.boxpoints for box in traces(figure, "box")} == {"all"}


def test_boxes_of_very_many_are_drawn_from_their_quartiles(counter):
    result = result_of("gcbias", n=MOST_POINTS + 1)
    box = traces(experiment_figure(result, LABEL, SETTINGS), "box")[1]
    local = result.importances[1].local
    assert box.y is None
    assert (box.q1[0], box.median[0], box.q3[0]) == pytest.approx(np.percentile(local, [25, 50, 75]))
    reach = 1.5 * (box.q3[0] - box.q1[0])
    inside = local[(local >= box.q1[0] - reach) & (local <= box.q3[0] + reach)]
    assert (box.lowerfence[0], box.upperfence[0]) == pytest.approx((inside.min(), inside.max()))


def test_two_motifs_have_two_panels_with_their_own_scales(results):
    figure = experiment_figure(results["sites"], LABEL, SETTINGS)
    assert len(traces(figure, "box", axis="y")) == len(traces(figure, "box", axis="y2")) == 3
    assert figure.layout.yaxis2.matches is None
    assert {"UGCAUG", "AGAAUG"} <= set(written(figure))


def test_the_fit_is_drawn_with_its_r_squared(results):
    result = results["sites"]
    figure = experiment_figure(result, LABEL, SETTINGS)
    for line, fit in zip(traces(figure, name="fit"), result.fits.values(), strict=True):
        np.testing.assert_allclose(line.y, fit.intercept + fit.slope * np.array([0, 1, 2, 3]))
        assert line.x.tolist() == [-1, 0, 1, 2], "from no site on"
        assert any(f"R² = {fit.r_squared:.3f}" in text for text in written(figure))


def test_the_sum_of_each_alone_stands_beside_all_sites(results):
    result = results["sites"]
    figure = experiment_figure(result, LABEL, SETTINGS)
    for motif, one in result.experiment.additivity(result).items():
        (mark,) = traces(figure, name=f"sum of each {motif} alone")
        assert mark.y[0] == pytest.approx(one.added.mean)
        assert one.verdict in mark.hovertemplate


@pytest.mark.parametrize(("highest", "is_drawn"), [(1.0, True), (60.0, False)])
def test_the_end_of_the_measured_range_is_marked_where_sites_come_near_it(highest, is_drawn):
    result = replace(result_of("sites", model=MotifCounter()), measured=measured_scores(np.linspace(-1, highest, 4000)))
    figure = experiment_figure(result, LABEL, SETTINGS)
    assert ("↑ beyond 99.9 %<br>of measured scores" in written(figure)) is is_drawn
    level = result.measured.percentile_99_9 - result.importances[0].null_mean
    dashed = [shape for shape in figure.layout.shapes if shape.line.dash == "dash" and shape.yref == "y"]
    assert [shape.y0 for shape in dashed] == pytest.approx([level] if is_drawn else [])


def test_the_median_of_one_strong_site_crosses_the_panel_of_the_weaker(results):
    result = results["sites"]
    strong, weak, axis = ("UGCAUG", "AGAAUG", "y2")
    if result.by_label["AGAAUG ×1"].mean > result.by_label["UGCAUG ×1"].mean:
        strong, weak, axis = (weak, strong, "y")
    (line,) = traces(experiment_figure(result, LABEL, SETTINGS), name=f"one {strong}")
    assert line.yaxis == axis
    np.testing.assert_allclose(line.y, np.median(result.by_label[f"{strong} ×1"].local))


@pytest.mark.parametrize("name", ["spacing", "position", "occlusion"])
def test_curves_are_global_importances_with_their_band(results, name):
    result = results[name]
    figure = experiment_figure(result, LABEL, SETTINGS)
    curve = next(t for t in figure.data if t.mode == "lines+markers")
    arms = [(a, i) for a, i in zip(result.arms, result.importances, strict=True) if a.series == result.arms[1].series]
    np.testing.assert_allclose(curve.x, [arm.x for arm, _ in arms])
    np.testing.assert_allclose(curve.y, [importance.mean for _, importance in arms])
    band = traces(figure, name=f"{curve.name}, 95 % CI")[0]
    np.testing.assert_allclose(band.y[: len(arms)], [importance.ci95[1] for _, importance in arms])


def test_the_cost_of_closeness_is_seen_beside_the_sum_of_each_alone(results):
    result = results["spacing"]
    figure = experiment_figure(result, LABEL, SETTINGS)
    (sums,) = traces(figure, name="sum of each alone")
    by_label, motif = result.by_label, result.experiment.motif
    for gap, total in zip(sums.x, sums.y, strict=True):
        second = f"alone at {result.experiment.start + len(motif) + int(gap)}"
        assert total == pytest.approx(by_label["one site"].mean + by_label[second].mean, rel=1e-5)
    assert sums.line.dash == "dash"
    assert figure.layout.legend.yref == "container"  # below the plot, so that it covers no data


def test_the_axis_of_an_occlusion_is_the_rna(results):
    result = results["occlusion"]
    figure = experiment_figure(result, LABEL, SETTINGS, palette="colour-blind-safe")
    labels = figure.layout.xaxis.ticktext
    assert "".join(re.sub(r"<[^>]*>|\d", "", label) for label in labels if label) == TOY_CONTEXT
    assert PALETTES["colour-blind-safe"]["G"] in labels[0]
    worst = int(np.argmin([i.mean for i in result.importances]))
    assert result.arms[worst].label in written(figure)
    curve = next(t for t in figure.data if t.mode == "lines+markers")
    assert curve.customdata[0][0] == f"1-4 ({TOY_CONTEXT[:4]}) replaced"


def test_affinities_are_named_points_with_their_line(results):
    result = results["kd"]
    figure = experiment_figure(result, LABEL, SETTINGS)
    (points,) = traces(figure, name="global importance")
    np.testing.assert_allclose(points.x, np.log([0.83, 4.8, 6.1, 280]))
    assert list(points.text) == ["UGCAUGU", "AGCAUGU", "CGCAUGU", "UGUAUGU"]
    assert "measured K_D 0.83 nM" in points.customdata[0][0]
    fit = result.fits["K_D"]
    (text,) = written(figure)
    assert f"R² = {fit.r_squared:.3f}" in text
    assert f"p = {fit.p_value:.2g}" in text
    assert figure.layout.xaxis.title.text.startswith("measured")
    assert "predicted" in figure.layout.yaxis.title.text


def test_names_of_points_that_lie_close_stand_apart():
    x, y = np.array([0.0, 1.57, 1.59, 1.81, 7.5]), np.array([4.0, 2.1, 3.5, 3.1, 0.0])
    places = name_places(x, y, ["AGCAUGU"] * 5)
    assert len(places) == 5
    crowded = name_places(np.zeros(4), np.zeros(4), ["AGCAUGU"] * 4)
    assert len(set(crowded)) == 4


def test_the_map_is_centred_on_zero_with_equal_limits(results):
    result = results["kmer-ism"]
    effects = result.experiment.effects(result)
    figure = experiment_figure(result, LABEL, SETTINGS)
    (drawn,) = traces(figure, "heatmap")
    np.testing.assert_allclose(drawn.z, effects.T)
    assert drawn.zmax == -drawn.zmin == pytest.approx(np.abs(effects).max())
    assert list(drawn.y) == list("ACGU")
    assert figure.layout.yaxis2.categoryarray == tuple("UGCA")
    first = result.comparisons[0]
    assert drawn.customdata[list("ACGU").index(first.first[-1])][0].startswith(f"{first.first}: {first.mean:+.3f}<br>95 % CI")
    assert "Holm" in drawn.customdata[list("ACGU").index(first.first[-1])][0]
    (rings,) = traces(figure, name="wild type")
    assert "".join(rings.y) == "UGCAUG"


def test_letters_of_the_logo_are_as_high_as_the_l2_norm(results):
    result = results["kmer-ism"]
    norms = np.sqrt((result.experiment.effects(result) ** 2).sum(axis=1))
    figure = experiment_figure(result, LABEL, SETTINGS, palette="colour-blind-safe")
    (letter,) = traces(figure, name="C")
    assert letter.fillcolor == PALETTES["colour-blind-safe"]["C"]
    assert np.nanmax(letter.y) == pytest.approx(norms[2])
    assert figure.layout.xaxis.range == figure.layout.xaxis2.range


def test_seven_backgrounds_side_by_side_have_one_scale(robust):
    figure = robustness_figure(robust["sites"], LABEL, SETTINGS)
    titles = [text.replace("<br>", " ") for text in written(figure)]
    assert [t for t in titles if t in LABELS.values()] == [LABELS[name] for name in PAPER_NAMES]
    assert {figure.layout[f"yaxis{n}"].matches for n in range(2, 8)} == {"y"}
    for shown, result in zip(traces(figure, name="global importance"), robust["sites"].results.values(), strict=True):
        np.testing.assert_allclose(shown.y, [result.importances[number].mean for number in result.drawn])
    named = [t.name for t in traces(figure, "box") if t.showlegend]
    assert named == [arm.label for arm in robust["sites"].results["profile"].arms if not arm.is_control]


@pytest.mark.parametrize("name", ["spacing", "kd", "occlusion"])
def test_seven_backgrounds_have_seven_colours(robust, name):
    figure = robustness_figure(robust[name], LABEL, SETTINGS)
    named = [t for t in figure.data if t.showlegend]
    assert [t.name.split(":")[0] for t in named] == [LABELS[background] for background in PAPER_NAMES]
    assert len({t.marker.color for t in named}) == len({t.marker.symbol for t in named}) == 7


def test_seven_maps_have_one_scale(robust):
    maps = traces(robustness_figure(robust["kmer-ism"], LABEL, SETTINGS), "heatmap")
    assert len(maps) == 7
    assert len({(m.zmin, m.zmax) for m in maps}) == 1
    assert sum(bool(m.showscale) for m in maps) == 1


@pytest.mark.parametrize("name", ["sites", "spacing", "kmer-ism", "position"])
def test_a_single_sequence_has_no_uncertainty_but_a_figure(name):
    result = result_of(name, "context", 3)
    assert math.isnan(result.importances[0].standard_error)
    assert experiment_figure(result, LABEL, SETTINGS).to_json()


def test_colours_of_constructs_are_eight_different_ones():
    from rbind_core.constructs import MAX_CONSTRUCTS
    from rbind_core.figures.theme import CONSTRUCT_COLOURS

    assert len(CONSTRUCT_COLOURS) == MAX_CONSTRUCTS
    rgb = [np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) for colour in CONSTRUCT_COLOURS]
    assert min(np.linalg.norm(a - b) for a, b in combinations(rgb, 2)) > 40
