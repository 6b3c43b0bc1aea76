from dataclasses import replace

import numpy as np
import pytest

from rbind_core.figures import probes as figures
from rbind_core.figures.probes import probes_figure
from rbind_core.motifs.scan import best_sites
from rbind_core.probes import ProbeFilter, ProbeTable, drawn_rows, rank
from rbind_core.rna.sequences import decode, encode, gc_content
from tests.toys import random_probes

NONE = np.empty(0, np.int64)


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    codes = random_probes(200)
    predicted = rng.normal(size=200).astype(np.float32)
    sites = best_sites(codes, np.eye(4)[encode("UGCAUG", 6)[0]])
    measured = (predicted + rng.normal(size=200)).astype(np.float32)
    return ProbeTable("measured set B", codes, measured, predicted, sites, gc_content(codes), 200)


def draw(table, chosen=ProbeFilter(), picked=NONE, most=50, label="TOY<BP (TOY1)"):  # noqa: B008
    ranking = rank(table, chosen, most=10)
    return probes_figure(table, ranking, drawn_rows(ranking, most, np.random.default_rng(0)), picked, label), ranking


def named(figure, name):
    [trace] = [trace for trace in figure.data if trace.name and trace.name.startswith(name)]
    return trace


def said(figure):
    return figure.layout.title.subtitle.text.replace("<br>", " ")


def test_measured_probes_are_filled_and_stand_at_their_scores(table):
    figure, ranking = draw(table)
    listed = named(figure, "listed (10)")
    assert (listed.x == table.measured[ranking.listed]).all()
    assert (listed.y == table.predicted[ranking.listed]).all()
    assert [row[0] for row in listed.customdata] == decode(table.codes[ranking.listed])
    assert listed.marker.symbol == "circle"
    assert "measured %{x:.2f}" in listed.hovertemplate
    assert named(figure, "others (random 40 of 190)")
    assert "measured binding (z-score" in figure.layout.xaxis.title.text


def test_designed_probes_are_hollow_and_nothing_is_called_measured(table):
    figure, _ = draw(replace(table, measured=None, label="designed probes"))
    listed = named(figure, "listed")
    assert listed.marker.symbol == "circle-open"
    assert "bits" in figure.layout.xaxis.title.text
    assert "measured" not in figure.to_json().replace("designed probes", "")
    assert not any(trace.name == "equal" for trace in figure.data)


def test_the_title_has_both_correlations_with_n_and_intervals(table):
    figure, ranking = draw(table, ProbeFilter(predicted=(0, None)))
    assert figure.layout.title.text.startswith("TOY&lt;BP (TOY1): ")
    whole, part = table.correlation(), ranking.correlation
    assert f"All N = 200 measured set B: {whole.text}" in said(figure)
    assert f"N = {len(ranking.rows)} (predicted score at least 0): {part.text}" in said(figure)
    assert "95 % CI" in said(figure)
    assert len(named(figure, "filtered out").x) == 200 - len(ranking.rows)


def test_a_sample_is_called_one(table):
    assert "N = 200, a random sample of 3,000 measured set B: " in said(draw(replace(table, library_size=3000))[0])


def test_many_probes_are_counted_in_cells_each_once(table, monkeypatch):
    monkeypatch.setattr(figures, "MOST_POINTS", 100)
    figure, _ = draw(table)
    cells = named(figure, "all 200, as counts")
    assert np.nansum(cells.customdata) == 200


def test_the_chosen_probe_has_a_ring(table):
    figure, _ = draw(table, picked=np.array([7]))
    ring = named(figure, "chosen probe")
    assert (ring.x[0], ring.y[0]) == (table.measured[7], table.predicted[7])
    assert not [t for t in draw(table)[0].data if t.name == "chosen probe"]


def test_no_probe_at_all_is_drawn_too(table):
    figure, _ = draw(table, ProbeFilter(predicted=(99, None)))
    assert "too few or too equal for a correlation" in said(figure)
    assert len(named(figure, "listed (0)").x) == 0
