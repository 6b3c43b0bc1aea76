"""Figures of the sequence page besides the map of one RNA: several RNAs, gradients, pairs of mutations, drawn structure."""

import numpy as np
import pytest

from rbind_core.analyses.attribution import METHODS, attribution
from rbind_core.analyses.epistasis import epistasis
from rbind_core.analyses.mutagenesis import Mutagenesis, mutagenesis
from rbind_core.figures.attribution import attribution_figure
from rbind_core.figures.epistasis import NORM, STRONGEST, epistasis_figure
from rbind_core.figures.fold_drawing import fold_drawing
from rbind_core.figures.stacked_sequences import stacked_figure
from rbind_core.figures.theme import PALETTES
from rbind_core.model.network import folded
from rbind_core.rna.structure import fold
from tests.toys import random_weights

PROBE = "AGAUGCAUGCUUUACCGAUUAGGAUCUGCAUG"
SHORT = "GGGCGGCGAAAGCCGCCC"


def trace(figure, name=None, kind=None):
    return next(t for t in figure.data if (name is None or t.name == name) and (kind is None or t.type == kind))


@pytest.fixture
def results(additive) -> list[Mutagenesis]:
    return [mutagenesis(additive, PROBE), mutagenesis(additive, SHORT)]


def test_several_rnas_have_one_scale_and_their_own_rows(results):
    drawn = trace(stacked_figure(["one", "two"], results, "TOYBP"), kind="heatmap")
    rows = np.asarray(drawn.z, float)
    assert rows.shape == (12, 41)
    assert rows[1:5, :32] == pytest.approx(results[0].effects.T)
    assert rows[7:11, :18] == pytest.approx(results[1].effects.T)
    assert np.isnan(rows[[0, 5, 6, 11]]).all()
    assert np.isnan(rows[1:5, 32:]).all()
    assert len(drawn.y) == 13
    assert drawn.zmax == -drawn.zmin == max(np.abs(result.effects).max() for result in results)


def test_a_click_on_several_rnas_tells_which_one_and_hover_is_exact(results):
    marks = trace(stacked_figure(["one", "two"], results, "TOYBP"), "sequences")
    assert list(np.unique(marks.customdata)) == [0, 1]
    assert sum(np.asarray(marks.customdata) == 1) == 5 * len(SHORT)
    assert f"A1C: {results[0].effects[0, 1]:+.3f}" in marks.text


def test_logos_of_several_rnas_stay_between_their_names_and_their_maps(results):
    figure = stacked_figure(["one", "two"], results, "TOYBP", view="signed")
    edges = trace(figure, kind="heatmap").y
    for letter in "ACGU":
        y = np.asarray(trace(figure, letter).y)
        y = y[np.isfinite(y)]
        in_first, in_second = (edges[0] <= y) & (y <= edges[1] + 1e-6), (edges[6] <= y) & (y <= edges[7] + 1e-6)
        assert (in_first | in_second).all()


def test_names_of_users_are_escaped(results):
    texts = [a.text for a in stacked_figure(["<b>x", "two"], results, "TOYBP").layout.annotations]
    assert "&lt;b&gt;x" in texts[0]
    assert f"predicted score {results[0].wild_type:.2f}" in texts[0]


def test_gradients_stand_below_mutagenesis_each_with_its_correlation(results):
    network = folded(random_weights(), (1, 2, 4))
    found = [attribution(network, PROBE, method) for method in METHODS]
    figure = attribution_figure(results[0], found, "TOYBP (TOY1)")
    bars = [t for t in figure.data if t.type == "bar"]
    assert [b.yaxis or "y" for b in bars] == ["y", "y2", "y3", "y4"]
    assert bars[0].y == pytest.approx(results[0].contributions)
    for bar, one, note in zip(bars[1:], found, figure.layout.annotations[1:], strict=True):
        assert bar.y == pytest.approx(one.values)
        assert f"Pearson r {one.correlation(results[0].contributions):.2f}" in note.text


def test_the_map_of_pairs_is_centred_on_zero_and_names_the_letters(counter):
    result = epistasis(counter, PROBE)
    figure = epistasis_figure(result, "TOYBP", STRONGEST, (5, 6))
    drawn = trace(figure, kind="heatmap")
    assert drawn.zmin == -drawn.zmax
    assert np.isnan(np.diag(drawn.z)).all()
    marks = trace(figure, "pairs")
    texts = dict(zip(marks.customdata, marks.text, strict=True))
    assert len(texts) == 32 * 31 / 2 == len(marks.x) / 2
    values, letters = result.strongest
    assert texts["4-5"] == f"{result.mutation(4, letters[3, 4, 0])} + {result.mutation(5, letters[3, 4, 1])}: {values[3, 4]:+.3f}"
    assert "5-5" not in texts
    assert {(s.x0, s.y0) for s in figure.layout.shapes} == {(4.5, 5.5), (5.5, 4.5)}


def test_norms_of_pairs_start_at_zero(counter):
    result = epistasis(counter, PROBE)
    drawn = trace(epistasis_figure(result, "TOYBP", NORM), kind="heatmap")
    assert (drawn.zmin, drawn.zmax) == (0, pytest.approx(result.norms.max()))


@pytest.mark.parametrize("palette", PALETTES)
def test_the_drawn_structure_has_every_nucleotide_and_pair(palette):
    structure = fold(SHORT)
    figure = fold_drawing(structure, "TOYBP", palette)
    nucleotides, pairs = trace(figure, "nucleotides"), trace(figure, "base pairs")
    assert [text[3] for text in nucleotides.text] == list(SHORT)
    assert list(nucleotides.marker.color) == [PALETTES[palette][letter] for letter in SHORT]
    assert nucleotides.customdata[0] == f"G1: P(paired) {structure.paired[0]:.3f}<br>pairs with C18"
    assert np.isfinite(pairs.x).sum() == 2 * len(structure.pairs)
    assert [a.text for a in figure.layout.annotations] == ["<b>5'</b>", "<b>3'</b>"]


def test_the_drawn_structure_may_show_importance(results):
    figure = fold_drawing(fold(SHORT), "TOYBP", importance=results[1].heights)
    marker = trace(figure, "nucleotides").marker
    assert marker.color == pytest.approx(results[1].heights)
    assert (marker.cmin, marker.cmax) == (0, results[1].heights.max())


def test_what_cannot_pair_is_drawn_too():
    assert not np.isfinite(trace(fold_drawing(fold("A" * 20), "TOYBP"), "base pairs").x).any()
