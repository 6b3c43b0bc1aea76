"""The fast scan of real models against exhaustive ones: recorded for six RBPs at k = 6, made anew for one at k = 5."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rbind_core.analyses import BackgroundChoice, prepare
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


def test_both_scans_made_anew_find_the_same_5mers():
    model = find_model("RNCMPT00239")
    analysis = prepare(model, load_predictor(model), BackgroundChoice(samples=200))
    everything, fast = exhaustive_scan(analysis, k=5), fast_scan(analysis, k=5)
    assert everything.predictions == 4**5 * 200
    assert fast.kmers == everything.kmers[:20]
    np.testing.assert_allclose(fast.mean, everything.mean[:20], atol=1e-6)


def test_the_cards_of_these_models_list_what_the_scan_finds():
    for experiment, recorded in RECORDED.items():
        assert [k["kmer"] for k in find_model(experiment).top_kmers[:10]] == [kmer for kmer, _, _ in recorded["kmers"][:10]]
