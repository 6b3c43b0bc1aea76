import numpy as np
import pandas as pd
import pytest

from rbind_core.figures.benchmark import (
    density_figure,
    methods_figure,
    points_figure,
    scales_figure,
    scatter_figure,
    structure_figure,
)
from rbind_core.quality.published_methods import CLIP, LOG, METHODS
from rbind_core.quality.score_histogram import bin_scores
from rbind_core.rna.iupac import matched_probes
from tests.toys import random_probes


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    numbers = {name: rng.uniform(0.2, 0.9, 6) for name in (CLIP, *METHODS, LOG)}
    names = {"experiment": [f"RNCMPT{i:05}" for i in range(6)], "protein": ["A1", "B2", "C3", "D4", "E5", "<b>F6"]}
    return pd.DataFrame(names | numbers)


def violins(figure):
    return [trace for trace in figure.data if trace.type == "violin"]


def markers(figure):
    return [trace for trace in figure.data if trace.type == "scatter" and "markers" in (trace.mode or "")]


def test_all_methods_are_drawn_ours_first(table):
    figure = methods_figure(table, "RNCMPT00002")
    drawn = violins(figure)
    np.testing.assert_array_equal(drawn[0].y, table[CLIP])
    np.testing.assert_array_equal(drawn[1].y, table["ThermoNet"])
    assert len(drawn) == 5
    assert drawn[0].marker.symbol == "circle"
    assert {trace.marker.symbol for trace in drawn[1:]} == {"circle-open"}
    assert drawn[0].customdata[0] == "A1 (RNCMPT00000)"
    assert "6 experiments" in figure.layout.title.text
    assert f"<b>{table[CLIP].median():.3f}</b>" in figure.layout.xaxis.ticktext[0]
    np.testing.assert_array_equal(markers(figure)[0].y, table.loc[2, [CLIP, *METHODS]].astype(float))


def test_only_experiments_with_our_number_are_drawn(table):
    table.loc[:2, CLIP] = np.nan
    assert [len(trace.y) for trace in violins(methods_figure(table))] == [3] * 5


def test_without_the_clip_scale_ours_stand_apart_and_say_so(table):
    table[CLIP] = np.nan
    figure = methods_figure(table, "RNCMPT00002")
    np.testing.assert_array_equal(violins(figure)[0].y, table[LOG])
    assert violins(figure)[0].marker.symbol == "circle-open"
    assert "log scale" in figure.layout.xaxis.ticktext[0]
    assert "another scale" in figure.layout.title.subtitle.text
    assert len(markers(figure)[0].y) == len(METHODS)  # the line does not join the two scales
    assert len(figure.layout.shapes) == 1


def test_an_empty_table_is_drawn_too(table):
    none = table.iloc[:0]
    assert "0 experiments" in methods_figure(none).layout.title.text
    scatter_figure(none, "RCK")
    scales_figure(none)


def test_pairs_are_drawn_against_the_diagonal(table):
    figure = scatter_figure(table, "RCK", "RNCMPT00001")
    others, chosen = markers(figure)
    assert list(chosen.x) == [table.loc[1, "RCK"]]
    assert list(chosen.y) == [table.loc[1, CLIP]]
    assert len(others.x) == 5
    diagonal = next(trace for trace in figure.data if trace.name == "diagonal")
    assert list(diagonal.x) == list(diagonal.y) == list(figure.layout.xaxis.range) == list(figure.layout.yaxis.range)
    assert f"{(table[CLIP] > table['RCK']).sum()} of 6" in figure.layout.title.subtitle.text


def test_names_are_escaped(table):
    assert "&lt;b&gt;F6 (RNCMPT00005)" in violins(methods_figure(table))[0].customdata
    assert "&lt;b&gt;F6" in markers(scatter_figure(table, "RCK", "RNCMPT00005"))[1].text[0]
    density = bin_scores(np.arange(9.0), np.arange(9.0), "log")
    assert "&lt;i&gt;X" in density_figure(density, "<i>X").layout.title.text


@pytest.mark.parametrize(("scale", "axis"), [("log", "z-score of log intensity"), ("clip", "z-score of clipped intensity")])
def test_a_density_says_what_it_shows_and_shows_every_probe(scale, axis):
    rng = np.random.default_rng(0)
    measured = rng.normal(size=4000)
    density = bin_scores(measured, measured + rng.normal(size=4000), scale)
    figure = density_figure(density, "TOYBP (TOY1)")
    layout, heat = figure.layout, figure.data[0]
    assert "TOYBP (TOY1)" in layout.title.text
    for part in (f"{scale}-transformed", "N = 4,000", f"Pearson {density.pearson:.3f}"):
        assert part in layout.title.subtitle.text
    assert layout.xaxis.title.text == f"measured binding ({axis})"
    assert layout.yaxis.title.text == f"predicted binding ({axis})"
    assert np.nansum(heat.customdata) == 4000
    np.testing.assert_array_equal(np.nan_to_num(heat.customdata), density.counts.T)  # measured from left to right
    np.testing.assert_allclose(10**heat.z, heat.customdata)


def test_points_are_coloured_by_mismatches_and_counted():
    codes = random_probes(5000)
    scores = np.random.default_rng(0).normal(size=5000)
    probes = matched_probes(codes, scores, scores, "UGCAUG", np.random.default_rng(0), 600)
    figure = points_figure(probes, "TOYBP (TOY1)")
    drawn = [trace for trace in figure.data if trace.type == "scattergl"]
    assert sum(len(trace.x) for trace in drawn) == 600
    assert drawn[-1].name == f"0 mismatches ({probes.of_each[0]:,} of {probes.of_each[0]:,})"
    assert len(drawn[-1].x) == probes.of_each[0]
    assert len({trace.marker.color for trace in drawn}) == 3
    assert "N = 5,000" in figure.layout.title.subtitle.text


def test_structure_is_drawn_beside_sequence_alone_with_its_gain():
    table = pd.DataFrame(
        {
            "experiment": ["E1", "E2"],
            "protein": ["RBFOX1", "VTS1"],
            "sequence": [0.8, np.nan],
            "PU": [0.82, 0.7],
            "PHIME": [np.nan, np.nan],
            "PU_gain": [0.02, np.nan],
            "PHIME_gain": [np.nan, np.nan],
        }
    )
    sequence, pu, phime = structure_figure(table).data
    assert list(sequence.y) == [0.8]
    assert list(pu.y) == [0.82, 0.7]
    assert len(phime.y) == 0
    assert "+0.0200" in pu.customdata[0][1]
    assert "nan" not in pu.customdata[1][1]


def test_scales_are_drawn_where_both_are_known(table):
    table.loc[0, CLIP] = np.nan
    clip, log = violins(scales_figure(table))
    np.testing.assert_array_equal(clip.y, table[CLIP][1:])
    np.testing.assert_array_equal(log.y, table[LOG][1:])
