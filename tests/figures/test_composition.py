import numpy as np
import pytest

from rbind_core.backgrounds import NAMES, composition_of
from rbind_core.figures.composition import dinucleotides_figure, gc_figure, positions_figure
from rbind_core.figures.theme import PALETTES
from tests.toys import random_probes, sample_of

SETTINGS = "GC 30 % background, N = 100, seed 0"


@pytest.fixture
def library():
    return composition_of(random_probes(400))


@pytest.fixture
def background():
    return composition_of(sample_of("gc").codes)


def test_the_bars_of_a_position_are_the_shares_of_its_letters(background, library):
    figure = positions_figure(background, library, "designed probes", SETTINGS, "colour-blind-safe")
    assert figure.layout.barmode == "stack"
    ours, theirs = figure.data[:4], figure.data[4:]
    np.testing.assert_allclose(np.stack([bar.y for bar in ours], axis=1), 100 * background.positions)
    np.testing.assert_allclose(np.stack([bar.y for bar in theirs], axis=1), 100 * library.positions)
    assert [bar.marker.color for bar in ours] == [PALETTES["colour-blind-safe"][letter] for letter in "ACGU"]
    assert ours[0].x[[0, -1]].tolist() == [1, 41]
    assert [note.text for note in figure.layout.annotations] == ["background", "designed probes"]


def test_gc_content_is_drawn_with_its_means(background, library):
    bars, line = gc_figure(background, library, "designed probes", SETTINGS).data
    np.testing.assert_allclose(bars.y, 100 * background.gc_histogram)
    np.testing.assert_allclose(line.y, 100 * library.gc_histogram)
    assert bars.x[[0, -1]].tolist() == [2.5, 97.5]
    assert bars.name == f"background, mean {100 * background.mean_gc:.0f} %"
    assert line.name == f"designed probes, mean {100 * library.mean_gc:.0f} %"


def test_dinucleotides_are_drawn_in_alphabetical_order(background, library):
    bars, markers = dinucleotides_figure(background, library, "designed probes", SETTINGS).data
    assert list(bars.x[:5]) == ["AA", "AC", "AG", "AU", "CA"]
    assert bars.y[1] == pytest.approx(100 * background.dinucleotides[0, 1])
    assert markers.y[4] == pytest.approx(100 * library.dinucleotides[1, 0])


@pytest.mark.parametrize("draw", [positions_figure, gc_figure, dinucleotides_figure])
@pytest.mark.parametrize("name", NAMES)
def test_every_background_can_be_drawn_and_says_what_it_shows(draw, name, library):
    figure = draw(composition_of(sample_of(name).codes), library, "designed probes", SETTINGS)
    assert figure.layout.title.text
    assert figure.layout.title.subtitle.text == SETTINGS
    assert "(%)" in figure.layout.yaxis.title.text
    assert all(np.isfinite(trace.y).all() for trace in figure.data)
