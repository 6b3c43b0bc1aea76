import numpy as np
import pytest

from rbind_core.rna.sequences import encode
from rbind_core.rna.structure import structure_profiles
from rbind_core.training.vts1.hairpin_designs import hairpin_designs
from rbind_core.training.vts1.motif_in_loops import MotifInLoops

CODES = hairpin_designs(600, "CNGG", np.random.default_rng(0))
PROFILES = structure_profiles(CODES, "PHIME")


def in_loop(codes, profiles):
    hit = (codes[:, :-3] == 1) & (codes[:, 2:-1] == 2) & (codes[:, 3:] == 2)
    loop = np.min([profiles[:, i : i + 38, 1] for i in range(4)], axis=0)
    return (hit * loop).max(axis=1)


def test_a_score_that_is_the_probability_of_a_loop_is_learned():
    scores = in_loop(CODES, PROFILES)
    model = MotifInLoops.fit("CNGG", CODES[:400], PROFILES[:400], scores[:400])
    predicted = model.predict(CODES[400:], PROFILES[400:])
    assert np.corrcoef(predicted, scores[400:])[0, 1] > 0.9


def test_nothing_but_the_mean_is_learned_where_scores_are_noise():
    scores = np.random.default_rng(1).normal(3, 1, 600)
    predicted = MotifInLoops.fit("CNGG", CODES, PROFILES, scores).predict(CODES, PROFILES)
    assert predicted.mean() == pytest.approx(scores.mean(), abs=1e-5)
    assert predicted.std() < 0.35


def test_motif_without_hairpin_is_told_from_motif_in_a_loop():
    model = MotifInLoops.fit("CNGG", CODES, PROFILES, in_loop(CODES, PROFILES))
    codes = encode(["AAAAGCGCGCGAACUGGAACGCGCGCAAAAAAAAAA", "AAAAAAAAAAAAACUGGAAAAAAAAAAAAAAAAAAA"])
    hairpin, unpaired = model.predict(codes, structure_profiles(codes, "PHIME"))
    assert hairpin > unpaired + 0.3
