"""Scans for all heads in one pass: equal to a scan of each head alone."""

import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.backgrounds import Profile, draw_sample
from rbind_core.data.library import profile
from rbind_core.errors import ExperimentError
from rbind_core.model.panel import read_panel
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.motifs import exhaustive_scan
from rbind_core.motifs.panel_scan import best_kmers, panel_scan, top_of_each
from rbind_core.system.paths import TRUNK


@pytest.fixture(scope="module")
def trunk():
    return read_panel(TRUNK / "trunk.json")


@pytest.fixture(scope="module")
def sample():
    return draw_sample(Profile(profile()), profile(), 60, np.random.default_rng(1))


def test_each_head_has_the_scan_that_it_has_alone(trunk, sample):
    together = panel_scan(trunk.predictor(), sample, k=3)
    for head in (3, 40):
        alone = ResidualBindPredictor(trunk.network_of(trunk.heads[head]), trunk.dilations)
        expected = exhaustive_scan(GlobalImportanceAnalysis(alone, sample), 3)
        found = together.of(head)
        assert found.kmers[:5] == expected.kmers[:5]
        assert found.mean == pytest.approx(expected.mean, abs=1e-3)
        assert found.standard_error == pytest.approx(expected.standard_error, abs=1e-3)
        assert (found.samples, found.start, found.tested) == (expected.samples, expected.start, expected.tested)


def test_two_rounds_find_the_best_of_every_head(trunk, sample):
    """On the same RNAs both rounds measure the same, so the best of each head are those of an exhaustive scan."""
    first = panel_scan(trunk.predictor(), sample.first(40), k=4)
    second = best_kmers(trunk.predictor(), sample, first, top=5)
    whole = panel_scan(trunk.predictor(), sample, k=4)
    for head, found in enumerate(top_of_each(first, second, range(len(trunk.heads)), 5)):
        assert len(found.kmers) == 5
        assert found.mean == pytest.approx(np.sort(whole.mean[:, head])[::-1][:5], abs=0.15)
        assert found.kmers[0] in whole.of(head).kmers[:3]
    assert len(second.codes) < len(first.codes)


def test_a_kmer_that_does_not_fit_is_refused(trunk, sample):
    with pytest.raises(ExperimentError):
        panel_scan(trunk.predictor(), sample, k=6, start=37)
