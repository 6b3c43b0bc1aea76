import numpy as np
import pytest

from rbind_core.figures.who import MOST_BINS, all_proteins_figure, binned, changes_figure
from rbind_core.rna.sequences import LENGTH
from rbind_core.who.ranking import compare, who_binds
from tests.who.toys import FOX, planted_rna, random_rna, toy_networks

NAME = "<b>x</b>"


def ask(rna):
    return who_binds(rna, toy_networks(), np.random.default_rng(0))


@pytest.fixture(scope="module")
def found():
    return ask(planted_rna())


def texts(figure) -> str:
    title = figure.layout.title
    return f"{title.text} {title.subtitle.text}".replace("<br>", " ")


def test_the_map_has_a_row_for_each_protein_and_is_darkest_at_the_site(found):
    figure = all_proteins_figure(found, found.rows, NAME)
    heat_map, sites = figure.data
    assert len(heat_map.y) == len(found.rows)
    assert np.shape(heat_map.z) == (len(found.rows), found.track.windows)
    place = found.rows[0].place
    assert heat_map.x[np.argmax(heat_map.customdata[0])] == place.start + (LENGTH - 1) // 2
    assert heat_map.zmin == 0
    assert np.nanmax(heat_map.z) <= heat_map.zmax + 1e-6
    assert [one[0] for one in sites.customdata] == [row.experiment for row in found.rows]
    assert sites.x[0] == (place.start + place.end) // 2
    assert "RBFOX1" in heat_map.y[0]


def test_the_title_names_the_rna_and_says_what_is_drawn(found):
    said = texts(all_proteins_figure(found, found.rows, NAME))
    assert said.startswith("&lt;b&gt;x&lt;/b&gt;: all proteins")
    assert "260 windows of 41 nt" in said
    assert "20,000 windows of dinucleotide shuffles" in said
    assert "2 of 4 proteins" in texts(all_proteins_figure(found, found.rows[:2], NAME))


def test_of_a_part_only_its_windows_and_sites_are_drawn(found):
    heat_map, sites = all_proteins_figure(found, found.rows, NAME, (150, 250)).data
    assert (min(heat_map.x), max(heat_map.x)) == (150, 250)
    assert FOX not in [one[0] for one in sites.customdata]
    heat_map, _ = all_proteins_figure(found, found.rows, NAME, (1, 3)).data  # no window has its middle there
    assert len(heat_map.x) == 1


def test_a_long_rna_is_drawn_in_bins_that_keep_each_peak():
    found = ask(random_rna(2_000, 1)[:900] + planted_rna(300) + random_rna(2_000, 2)[:900])
    heat_map, _ = all_proteins_figure(found, found.rows, NAME).data
    assert len(heat_map.x) <= MOST_BINS
    assert np.max(heat_map.customdata[0]) == pytest.approx(found.rows[0].score)
    assert "best of each 4 windows drawn" in texts(all_proteins_figure(found, found.rows, NAME))


def test_bins_hold_the_best_window_and_none_where_there_is_none():
    starts = np.arange(1, 2 * MOST_BINS + 1)
    scores = np.stack([starts.astype(np.float32), np.full(len(starts), np.nan, np.float32)], axis=1)
    middles, best = binned(starts, scores)
    assert middles[:2].tolist() == [1.5 + 20, 3.5 + 20]
    assert best[:2, 0].tolist() == [2, 4]
    assert np.isnan(best[:, 1]).all()


def test_two_rnas_are_drawn_with_the_largest_difference_on_top(found):
    differences = compare(ask(random_rna(300, 5)), found)
    figure = changes_figure(differences, ("one", NAME))
    _, first, second = figure.data
    assert (first.name, second.name) == ("one", "&lt;b&gt;x&lt;/b&gt;")
    assert second.x[0] - first.x[0] == pytest.approx(differences[0].change)
    assert figure.layout.yaxis.categoryarray[-1] == first.y[0]
    assert "scales of two proteins cannot be compared" in texts(figure)


def test_windows_without_a_score_are_left_blank():
    found = ask(planted_rna() + "N" + random_rna(60, 1))
    heat_map, _ = all_proteins_figure(found, found.rows, NAME).data
    assert np.isnan(heat_map.z[0]).sum() == LENGTH
