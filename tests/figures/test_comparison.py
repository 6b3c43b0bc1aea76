from dataclasses import replace

import numpy as np
import pytest

from rbind_core.atlas.similar import SHARE, Z_SCORE, compare_scans, specific_kmers
from rbind_core.figures.comparison import SPECIFIC, correlations_figure, kmer_scatter_figure, logos_figure
from rbind_core.figures.theme import CONSTRUCT_COLOURS, legible
from rbind_core.model.registry import find_model
from tests.toy_scans import FAVOURITES, write_toy_atlas


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    return write_toy_atlas(tmp_path_factory.mktemp("atlas") / "atlas.parquet")


@pytest.fixture(scope="module")
def models():
    return [find_model(name) for name in FAVOURITES]


@pytest.fixture(scope="module")
def pair(atlas, models):
    return compare_scans(models[:2], atlas)


def points(figure):
    return {trace.name: trace for trace in figure.data if trace.type == "scattergl"}


def text_of(figure):
    layout = figure.layout
    return " ".join([layout.title.text, layout.title.subtitle.text, layout.xaxis.title.text, layout.yaxis.title.text]).replace(
        "<br>", " "
    )


def test_every_6_mer_is_one_point_with_its_exact_values(pair):
    drawn = points(kmer_scatter_figure(pair))
    names = [row[0] for trace in drawn.values() for row in trace.customdata]
    assert sorted(names) == sorted(pair.kmers)
    for trace in drawn.values():
        columns = [pair.column(row[0]) for row in trace.customdata]
        assert np.array(trace.x) == pytest.approx(pair.means[0, columns])
        assert np.array(trace.y) == pytest.approx(pair.means[1, columns])
        assert trace.customdata[:, 1:].astype(float) == pytest.approx(pair.margins[:, columns].T, abs=1e-4)
        assert "95 % CI" in trace.hovertemplate


def test_it_says_what_it_shows_without_its_page(pair):
    said = text_of(kmer_scatter_figure(pair))
    assert "MBNL1 (RNCMPT00038) against RBFOX1 (RNCMPT00168)" in said
    assert f"Pearson r = {pair.correlations[0, 1]:.2f} over N = 4,096 6-mers" in said
    assert "N = 200 background RNAs (profile), seed 0" in said
    assert "global importance in RBFOX1 (RNCMPT00168), z-score units" in said
    assert "global importance in MBNL1 (RNCMPT00038), z-score units" in said


def test_on_the_other_scale_the_axes_name_the_best_6_mer(atlas, models):
    said = text_of(kmer_scatter_figure(compare_scans(models[:2], atlas, SHARE)))
    assert "RBFOX1 (RNCMPT00168), share of own best 6-mer, UGCAUG" in said
    assert Z_SCORE not in said


def test_specific_6_mers_are_coloured_and_some_are_named(pair):
    figure = kmer_scatter_figure(pair, CONSTRUCT_COLOURS[2:4])
    drawn = points(figure)
    for number, name in enumerate(("RBFOX1", "MBNL1")):
        trace = drawn[f"specific to {name}"]
        assert [row[0] for row in trace.customdata] == [k.kmer for k in specific_kmers(pair, number, SPECIFIC)]
        assert trace.marker.color == CONSTRUCT_COLOURS[2 + number]
    named = [text for trace in figure.data if trace.mode == "text" for text in trace.text]
    assert any("UGCAUG" in text for text in named)
    assert any("GCUUGC" in text for text in named)
    assert len(named) <= 8


def test_names_do_not_stand_on_one_another(atlas, models):
    same = compare_scans(models[2:4], atlas)
    figure = kmer_scatter_figure(same)
    x, y = (np.ptp(axis.range) for axis in (figure.layout.xaxis, figure.layout.yaxis))
    for trace in (trace for trace in figure.data if trace.mode == "text"):
        places = np.stack([np.array(trace.x) / x, np.array(trace.y) / y], axis=1)
        for one in range(len(places)):
            for other in range(one):
                distance = np.abs(places[one] - places[other])
                assert distance[0] > 0.17 or distance[1] > 0.045


def test_the_line_of_equality_stays_inside_both_axes(pair):
    figure = kmer_scatter_figure(pair)
    (line,) = (trace for trace in figure.data if trace.name == "equal")
    assert line.x == line.y
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        assert axis.range[0] <= line.x[0] < line.x[1] <= axis.range[1]


def test_found_and_picked_6_mers_are_marked_and_nothing_fades_on_a_click(pair):
    figure = kmer_scatter_figure(pair, motif="GCAUG", picked="AAAAAA")
    drawn = points(figure)
    assert len(drawn["holds GCAUG (8)"].customdata) == 8
    assert [row[0] for row in drawn["AAAAAA"].customdata] == ["AAAAAA"]
    assert any("AAAAAA" in text for trace in figure.data if trace.mode == "text" for text in trace.text)
    assert all(trace.unselected.marker.opacity == trace.marker.opacity for trace in drawn.values())


def test_a_picked_6_mer_is_named_once(pair):
    figure = kmer_scatter_figure(pair, picked="UGCAUG")
    assert sum("UGCAUG" in text for trace in figure.data if trace.mode == "text" for text in trace.text) == 1


def test_two_models_of_a_protein_are_told_apart(atlas, models):
    assert "specific to HNRNPL (RNCMPT00091)" in points(kmer_scatter_figure(compare_scans(models[4:], atlas)))


def test_correlations_are_written_in_their_cells(atlas, models):
    comparison = compare_scans(models[:5], atlas)
    heat, text = correlations_figure(comparison).data
    assert np.array(heat.z) == pytest.approx(comparison.correlations)
    assert (heat.zmin, heat.zmid, heat.zmax) == (-1, 0, 1)
    assert list(text.text) == [f"{r:.2f}" for r in comparison.correlations.ravel()]
    assert heat.customdata[0][1] == "RBFOX1 (RNCMPT00168) and MBNL1 (RNCMPT00038)"
    assert text.x[1] == 1
    assert text.y[1] == 0


def test_every_model_has_its_logo_with_its_test_pearson(models):
    figure = logos_figure(models[:3])
    titles = [annotation.text for annotation in figure.layout.annotations]
    assert titles == [f"{m.label}: test Pearson {m.pearson_test:.3f}" for m in models[:3]]
    assert {trace.yaxis for trace in figure.data} == {"y", "y2", "y3"}
    assert [annotation.font.color for annotation in figure.layout.annotations] == [legible(c) for c in CONSTRUCT_COLOURS[:3]]


def test_a_model_without_motif_or_pearson_has_an_empty_place(models):
    bare = replace(models[0], motif=[], metrics={}, protein="<b>X")
    figure = logos_figure([bare, models[1]])
    assert {trace.yaxis for trace in figure.data} == {"y2"}
    assert figure.layout.annotations[0].text == "&lt;b&gt;X (RNCMPT00168): no test Pearson"


def test_names_given_by_users_are_escaped(atlas, models):
    odd = replace(compare_scans(models[:2], atlas), models=(replace(models[0], protein="<img src=x>"), models[1]))
    for figure in (kmer_scatter_figure(odd), correlations_figure(odd), logos_figure(odd.models)):
        assert "<img" not in figure.to_json().replace("\\u003c", "<")
