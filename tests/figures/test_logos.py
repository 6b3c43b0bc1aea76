import numpy as np
import pytest

from rbind_core.analyses.attribution import Attribution
from rbind_core.analyses.mutagenesis import Mutagenesis, mutagenesis
from rbind_core.errors import RBindError
from rbind_core.figures.logos import (
    letter_traces,
    logo_of_attribution,
    logo_of_mutagenesis,
    logo_traces,
    save_figure,
    wild_type_heights,
)
from rbind_core.figures.theme import PALETTES
from rbind_core.rna.sequences import ALPHABET

PROBE = "AGAUGCAUGCUUUACCGAUUAGGAUCUGCAUG"
HEIGHTS = np.array([[0.5, 1.0, 0.0, 0.25], [0.0, 0.0, 2.0, 0.0]])


def extent(trace, position):
    inside = np.abs(trace.x - position) <= 0.5
    return np.nanmin(trace.y[inside]), np.nanmax(trace.y[inside])


def test_letters_stand_on_one_another_with_the_tallest_on_top():
    traces = dict(zip(ALPHABET, logo_traces(HEIGHTS), strict=True))
    assert extent(traces["U"], 1) == pytest.approx((0, 0.25))
    assert extent(traces["A"], 1) == pytest.approx((0.25, 0.75))
    assert extent(traces["C"], 1) == pytest.approx((0.75, 1.75))
    assert extent(traces["G"], 2) == pytest.approx((0, 2))


def test_negative_letters_hang_upside_down_from_the_zero_line():
    traces = dict(zip(ALPHABET, letter_traces([(10.0, -HEIGHTS)], PALETTES["classic"]), strict=True))
    assert extent(traces["U"], 1) == pytest.approx((9.75, 10))
    assert extent(traces["C"], 1) == pytest.approx((8.25, 9.25))


def test_letters_are_filled_and_have_no_line_of_their_own():
    assert {(trace.mode, trace.fill) for trace in logo_traces(HEIGHTS)} == {("none", "toself")}


def test_a_letter_stays_in_its_own_column():
    for trace in logo_traces(HEIGHTS):
        known = trace.x[np.isfinite(trace.x)]
        assert (np.abs(known - known.round()) <= 0.46 + 1e-6).all()


@pytest.mark.parametrize("palette", PALETTES)
def test_colours_are_those_of_the_palette(palette):
    assert [trace.fillcolor for trace in logo_traces(HEIGHTS, palette)] == list(PALETTES[palette].values())


def test_only_wild_type_letters_have_a_height(additive):
    result = mutagenesis(additive, PROBE)
    heights = wild_type_heights(result)
    assert (heights > 0).sum(axis=1).max() == 1
    np.testing.assert_allclose(heights.sum(axis=1), result.heights, rtol=1e-6)


@pytest.fixture
def result() -> Mutagenesis:
    return Mutagenesis("ACGU", 1.5, np.array([[0, 1, 2, 3], [1, 0, 0, 0], [0, 0, 0, 1], [0, 2, 0, 0]], np.float32))


@pytest.mark.parametrize(("ending", "opening"), [(".svg", b"<?xml"), (".png", b"\x89PNG"), (".pdf", b"%PDF")])
def test_the_publication_logo_is_written_in_each_format(result, tmp_path, ending, opening):
    path = tmp_path / f"logo{ending}"
    save_figure(logo_of_mutagenesis(result, "TOYBP"), path)
    assert path.read_bytes().startswith(opening)


@pytest.mark.parametrize("name", ["logo.gif", "logo", "missing-folder/logo.svg"])
def test_a_logo_that_cannot_be_written_is_told_in_one_sentence(result, tmp_path, name):
    with pytest.raises(RBindError, match=r"not a known format|cannot be written"):
        save_figure(logo_of_mutagenesis(result, "TOYBP"), tmp_path / name)


def test_logos_of_attributions_and_of_signed_effects_may_hang(result):
    found = Attribution("saliency", "ACGU", np.array([1.0, -2.0, 0.5, 0.0]), 1.5)
    for figure, low in [(logo_of_attribution(found, "TOYBP"), -2), (logo_of_mutagenesis(result, "TOYBP", view="signed"), -2)]:
        assert figure.axes[0].get_ylim()[0] == pytest.approx(low)
