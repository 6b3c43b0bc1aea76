import numpy as np
import pytest

from rbind_core.analyses.mutagenesis import mutagenesis
from rbind_core.figures.sequence import mutagenesis_figure
from rbind_core.rna.structure import fold
from tests.toys import AdditiveModel

PROBE = "AGAUGCAUGCUUUACCGAUUAGGAUCUGCAUG"


def heat_map(figure):
    return next(trace for trace in figure.data if trace.type == "heatmap")


def test_effects_are_drawn_with_equal_limits_on_both_sides_of_zero(additive):
    result = mutagenesis(additive, PROBE)
    drawn = heat_map(mutagenesis_figure(result, None, "TOYBP (TOY1)"))
    np.testing.assert_array_equal(drawn.z, result.effects.T)
    assert drawn.zmin == -drawn.zmax
    assert drawn.zmax == np.abs(result.effects).max()


def test_hover_names_each_mutation_with_its_exact_effect(additive):
    result = mutagenesis(additive, PROBE)
    text = heat_map(mutagenesis_figure(result, None, "TOYBP")).text
    assert text[1][0] == f"A1C: {result.effects[0, 1]:+.3f}"
    assert text[0][0] == "wild type A at 1"


def test_the_title_names_the_model_and_both_scores(additive):
    result = mutagenesis(additive, PROBE)
    title = mutagenesis_figure(result, fold(PROBE), "TOYBP (TOY1)", measured=2.5).layout.title
    assert "TOYBP (TOY1)" in title.text
    assert f"predicted score {result.wild_type:.2f}, measured 2.50 (z-score of log intensity)" in title.subtitle.text
    assert "kcal/mol" in title.subtitle.text


def test_without_a_measurement_none_is_claimed(additive):
    subtitle = mutagenesis_figure(mutagenesis(additive, PROBE), None, "TOYBP").layout.title.subtitle.text
    assert "measured" not in subtitle


def test_pairing_stands_under_its_own_position():
    structure = fold(PROBE)
    figure = mutagenesis_figure(mutagenesis(AdditiveModel(), PROBE), structure, "TOYBP")
    hover = next(trace for trace in figure.data if trace.name == "structure")
    np.testing.assert_array_equal(hover.customdata, np.stack([structure.paired, structure.unpaired], axis=1))
    assert list(hover.x) == list(range(1, len(PROBE) + 1))
    assert list(hover.text[:2]) == ["A1", "G2"]
    assert "%{x}" not in hover.hovertemplate  # would be the label of the axis, with its bracket
    paired = next(trace for trace in figure.data if trace.name == "P")
    tops = [np.nanmax(paired.y[np.abs(paired.x - position) < 0.5]) for position in (5, 20)]
    expected = [p if p <= 0.5 else 1.0 for p in structure.paired[[4, 19]]]  # the taller letter stands on the other
    assert tops == pytest.approx(expected)


def test_letters_that_hurt_hang_in_the_signed_view(additive):
    result = mutagenesis(additive, PROBE)
    figure = mutagenesis_figure(result, None, "TOYBP", view="signed")
    letters = {trace.name: trace for trace in figure.data if trace.name in tuple("ACGU")}
    assert (result.contributions < 0).any()
    for position, (letter, height) in enumerate(zip(PROBE, result.contributions, strict=True), start=1):
        y = letters[letter].y[np.abs(letters[letter].x - position) < 0.5]
        assert [np.nanmin(y), np.nanmax(y)] == pytest.approx([min(height, 0), max(height, 0)], abs=1e-6)
    assert figure.layout.yaxis.title.text == "− mean effect (z)"


def test_every_mutation_can_be_clicked_and_the_wild_type_cannot(additive):
    result = mutagenesis(additive, PROBE)
    assert "mutations" not in [trace.name for trace in mutagenesis_figure(result, None, "TOYBP").data]
    marks = next(t for t in mutagenesis_figure(result, None, "TOYBP", clickable=True).data if t.name == "mutations")
    clicked = {(x, "ACGU"[y]): mutation for x, y, mutation in zip(marks.x, marks.y, marks.customdata, strict=True)}
    assert clicked[1, "C"] == "A1C"
    assert [clicked[at, letter] for at, letter in enumerate(PROBE, start=1)] == [""] * len(PROBE)
    assert sum(map(bool, clicked.values())) == 3 * len(PROBE)
    assert f"A1C: {result.effects[0, 1]:+.3f}<br>click to accept" in marks.text


def test_a_model_that_sees_no_difference_is_drawn_too():
    class Indifferent:
        def predict(self, codes):
            return np.zeros(len(codes), np.float32)

    drawn = heat_map(mutagenesis_figure(mutagenesis(Indifferent(), PROBE), None, "TOYBP"))
    assert drawn.zmax > 0
