"""The best window of stretches of RNA, as if each window were scored by itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.rna.sequences import LENGTH, encode
from rbind_core.who.windows import best_of, scores_of, stack_of
from tests.motif_panel import MOTIFS, motif_network, random_rna
from tests.toys import rna

HEADS = len(MOTIFS)


@pytest.fixture(scope="module")
def scorer():
    return motif_network().scorer()


def test_the_toy_panel_counts_motifs(scorer):
    """What the tests of `who` rest on."""
    sequences = [random_rna(41, seed) for seed in range(300)] + ["UGCAUGCAUG" + "A" * 25 + "UUUUUU", "GGACAAAA", "CUGGCA" * 6]
    expected = [[sum(s.startswith(motif, at) for at in range(len(s))) for motif in MOTIFS.values()] for s in sequences]
    assert scorer.predict_all(encode(sequences)) == pytest.approx(np.array(expected), abs=1e-3)


@given(sequences=st.lists(rna(min_size=11, max_size=90, alphabet="ACGUUUUN"), max_size=6))
def test_best_windows_are_those_of_each_window_by_itself(scorer, sequences):
    found = best_of(scorer, [stack_of(one) for one in sequences], HEADS)
    assert found.score.shape == (len(sequences), HEADS)
    for number, sequence in enumerate(sequences):
        last = max(len(sequence) - LENGTH, 0)
        windows = [window for at in range(last + 1) if "N" not in (window := sequence[at : at + LENGTH])]
        if not windows:
            assert np.isnan(found.score[number]).all()
            assert (found.place[number] == -1).all()
            continue
        alone = scorer.predict_all(encode(windows))
        assert found.score[number] == pytest.approx(alone.max(axis=0), abs=1e-3)
        picked = alone[found.place[number], np.arange(HEADS)]
        assert picked == pytest.approx(found.score[number], abs=1e-3)


def test_a_stack_larger_than_a_batch_is_scored_in_pieces(scorer):
    long = random_rna(5000, 0, "AC") + "UGCAUGUGCAUGUGCAUG" + random_rna(5000, 1, "AC")
    found = best_of(scorer, [stack_of("A" * 50), stack_of(long), stack_of("N" * 60), stack_of(long[4900:5100])], HEADS)
    assert found.score[:, 0] == pytest.approx([0, 3, np.nan, 3], abs=1e-3, nan_ok=True)
    assert long[found.place[1, 0] :][:LENGTH].count("UGCAUG") == 3


@pytest.mark.parametrize("count", [1, 124, 126, 1000])
def test_scores_are_the_same_bit_for_bit_however_many_cores_there_are(count, monkeypatch):
    windows = encode([random_rna(41, seed) for seed in range(count)])
    from rbind_core.model.predictor import ResidualBindPredictor
    from tests.toys import random_weights

    found = []
    for cores in ("1", "2", "3"):
        monkeypatch.setenv("RBIND_CORES", cores)
        found.append(scores_of(ResidualBindPredictor(random_weights()), windows))
    assert (found[0] == found[1]).all()
    assert (found[0] == found[2]).all()
