import numpy as np

from rbind_core.figures.sequence import mutagenesis_figure
from rbind_core.mutagenesis import mutagenesis
from rbind_core.structure import fold

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


def test_pairing_stands_under_its_own_position(additive):
    structure = fold(PROBE)
    figure = mutagenesis_figure(mutagenesis(additive, PROBE), structure, "TOYBP")
    bars = next(trace for trace in figure.data if trace.type == "bar")
    np.testing.assert_array_equal(bars.y, structure.paired)
    assert list(bars.x) == list(range(1, len(PROBE) + 1))


def test_a_model_that_sees_no_difference_is_drawn_too():
    class Indifferent:
        def predict(self, codes):
            return np.zeros(len(codes), np.float32)

    drawn = heat_map(mutagenesis_figure(mutagenesis(Indifferent(), PROBE), None, "TOYBP"))
    assert drawn.zmax > 0
