"""The fast scan of real models against exhaustive ones: recorded for six RBPs, made anew for one where nothing may be skipped."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from rbind_core.experiments import BackgroundChoice, prepare
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.motifs import exhaustive_scan, fast_scan
from tests.toys import Spy

RECORDED = json.loads((Path(__file__).parent / "exhaustive_scans.json").read_text())["scans"]
EXHAUSTIVE = 4**6 * 1000  # sequences


@pytest.mark.parametrize("experiment", RECORDED)
def test_the_fast_scan_gives_the_top_20_of_the_exhaustive_one_with_less_than_a_tenth_of_the_predictions(experiment):
    model, recorded = find_model(experiment), RECORDED[experiment]
    assert model.weights_sha256 == recorded["weights_sha256"], "the model was trained anew: record its exhaustive scan again"
    spy = Spy(load_predictor(model))
    scan = fast_scan(prepare(model, spy, BackgroundChoice()))
    assert scan.kmers == [kmer for kmer, _, _ in recorded["kmers"]]
    np.testing.assert_allclose(scan.mean, [mean for _, mean, _ in recorded["kmers"]], atol=1e-4)
    np.testing.assert_allclose(scan.standard_error, [error for _, _, error in recorded["kmers"]], atol=1e-4)
    assert sum(len(asked) for asked in spy.asked) < EXHAUSTIVE / 10


@pytest.mark.skipif(os.environ.get("RBIND_REQUIRE_ALL") != "1", reason="minutes long: made anew in continuous integration only")
@pytest.mark.timeout(1200)
def test_an_exhaustive_scan_made_anew_is_the_recorded_one():
    model = find_model("RNCMPT00239")
    scan = exhaustive_scan(prepare(model, load_predictor(model), BackgroundChoice()))
    assert len(scan.kmers) == 4096
    assert scan.predictions == EXHAUSTIVE
    recorded = RECORDED[model.experiment]["kmers"]
    assert scan.kmers[:20] == [kmer for kmer, _, _ in recorded]
    np.testing.assert_allclose(scan.mean[:20], [mean for _, mean, _ in recorded], atol=1e-4)


def test_the_cards_of_these_models_list_what_the_scan_finds():
    for experiment, recorded in RECORDED.items():
        assert [k["kmer"] for k in find_model(experiment).top_kmers[:10]] == [kmer for kmer, _, _ in recorded["kmers"][:10]]
