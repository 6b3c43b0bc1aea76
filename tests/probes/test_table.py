from dataclasses import replace

import numpy as np
import pytest

from rbind_core.data.library import measured_probes
from rbind_core.errors import ExperimentError
from rbind_core.model.registry import find_model
from rbind_core.probes import motif_background, probe_table
from rbind_core.probes import table as table_module
from rbind_core.probes.table import site_letters
from rbind_core.rna.sequences import decode, gc_content
from tests.toys import MotifCounter, Spy


def test_every_probe_is_scored_and_scanned(table, library):
    assert len(table) == table.library_size == 300
    assert table.predicted == pytest.approx(MotifCounter().predict(library.codes))
    assert table.residual == pytest.approx(np.arange(300) - table.predicted)
    assert table.gc == pytest.approx(gc_content(library.codes))
    assert set(site_letters(table, np.arange(20))) == {"UGCAUG"}
    for row, letters in enumerate(site_letters(table, np.arange(300))):
        start = table.sites.start[row]
        assert decode(library.codes)[row][start - 1 : start + 5] == letters
    assert table.sites.score[:20] == pytest.approx(table.sites.score.max())
    assert table.counted == "300 probes of measured set B"


def test_designed_probes_are_held_against_the_motif_match_and_never_have_measured_scores(designed):
    assert designed.measured is None
    assert np.isnan(designed.residual).all()
    assert designed.against is designed.sites.score
    for order in ("measured", "residual", "error"):
        with pytest.raises(ExperimentError, match="nobody has measured them; use predicted, match or gc"):
            designed.values(order)
    assert designed.counted == "300 designed probes"


def test_an_unknown_order_names_the_known_ones(table):
    with pytest.raises(ExperimentError, match="'size' is not an order; choose from predicted, measured"):
        table.values("size")


def test_the_size_of_the_residual_has_no_sign(table):
    assert table.values("error") == pytest.approx(np.abs(table.measured - table.predicted))


def test_a_model_that_folds_scores_a_sample_and_says_so(model, library, monkeypatch):
    monkeypatch.setattr(table_module, "FOLDED_PROBES", 40)
    folding, spy = replace(model, channels=6), Spy(MotifCounter())
    sample = probe_table(folding, spy, library, np.random.default_rng(0))
    assert len(sample) == len(spy.asked[0]) == 40
    assert sample.measured == pytest.approx(sorted(sample.measured))
    assert (sample.codes == library.codes[sample.measured.astype(int)]).all()
    assert sample.counted.startswith("40 of 300 probes of measured set B, a random sample")
    again = probe_table(folding, MotifCounter(), library, np.random.default_rng(0))
    assert (again.codes == sample.codes).all()


def test_a_sequence_is_found_as_often_as_it_is_there(table):
    codes = table.codes.copy()
    codes[7] = codes[3]
    twice = replace(table, codes=codes)
    assert twice.same_as(decode(codes[3:4])[0]).tolist() == [3, 7]
    assert twice.same_as("ACGU" * 8).tolist() == twice.same_as("").tolist() == twice.same_as("A" * 50).tolist() == []


def test_the_background_is_a_distribution():
    assert motif_background().sum() == pytest.approx(1)
    assert motif_background() == pytest.approx([0.266, 0.236, 0.270, 0.228], abs=1e-3)


@pytest.mark.real_data
def test_probes_with_a_perfect_match_are_bound_more_in_set_b(data_folder):
    model = find_model("RBFOX1")
    counter = MotifCounter()
    table = probe_table(model, counter, measured_probes(model.measured_in, model.normalisation), np.random.default_rng(0))
    assert table.counted == "121,031 probes of measured set B"
    perfect = table.sites.score == table.sites.score.max()
    assert (table.predicted[perfect] > 0).all()  # UGCAUG is the motif's best word
    assert perfect.sum() == (table.predicted > 0).sum()
    assert table.measured[perfect].mean() > table.measured[~perfect].mean() + 2
