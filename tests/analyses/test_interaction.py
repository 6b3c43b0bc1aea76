"""The interaction of patterns: each alone at the very places that it takes when all are there."""

import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.constructs import parse_construct
from rbind_core.rna.sequences import LENGTH, decode
from rbind_core.statistics import interaction, with_holm
from tests.toys import AdditiveModel, sample_of

TEXTS = [
    "UGCAUG@*+UGCAUG@*",
    "UGCAUG@12+UGCAUG@*",
    "UGC@*+GGG@*+ACA@*+CCC@5",
    "RGCWUG@*+NNYRR@3+UGN@*",
    "stem:7-12/24-29+UGC@8+GGG@*",
    "stem:5-14/22-31:gu+UGCA@7+NGGAAN@*+CYU@1",
    "context:RCGUAC@3+UGC@*+GGG@*+occlude:35-38",
    "occlude:4-9+UGCAUG@*",
]


def measured(model, sample, text):
    construct = parse_construct(text)
    analysis = GlobalImportanceAnalysis(model, sample)
    together, parts = analysis.importance(construct), analysis.interaction_parts(construct)
    return together, parts, interaction(text, together, parts)


@pytest.mark.parametrize("background", ["profile", "shuffle", "context", "file"])
@pytest.mark.parametrize("text", TEXTS)
def test_an_additive_model_has_no_interaction_in_any_sequence(text, background):
    """Its weights depend on the position, so that a pattern counts differently at each place."""
    _, parts, found = measured(AdditiveModel(), sample_of(background, 200), text)
    assert len(parts) > 1
    assert np.abs(found.differences).max() < 1e-3  # scores of padded RNAs are in the hundreds, in float32


@pytest.mark.parametrize("text", ["UGCAUG@4+GCGCGC@20", "RGCAUG@4+occlude:20-24", "stem:7-12/24-29+UGC@8+GGG@33"])
def test_at_fixed_positions_the_parts_are_the_patterns_by_themselves(text):
    analysis = GlobalImportanceAnalysis(AdditiveModel(), sample_of("profile", 50))
    construct = parse_construct(text)
    for part, alone in zip(analysis.interaction_parts(construct), analysis.importances(construct.each_alone()), strict=True):
        assert part.construct == alone.construct
        assert np.array_equal(part.local, alone.local)


class Spied(AdditiveModel):
    def __init__(self):
        super().__init__()
        self.asked = []

    def predict(self, codes):
        self.asked.append(codes.copy())
        return super().predict(codes)


def test_each_alone_stands_where_it_stands_in_the_whole():
    model, sample = Spied(), sample_of("uniform", 60)
    construct = parse_construct("UGCAUG@18+GGGGGG@*")
    analysis = GlobalImportanceAnalysis(model, sample)
    _, whole = analysis.register(construct)
    analysis.interaction_parts(construct)
    second_alone = model.asked[-1]
    starts = construct.random_starts(sample.draws)[:, 0]
    assert len(second_alone) == len(starts)
    for row, start, joint in zip(decode(second_alone), starts, decode(whole), strict=True):
        assert row[start - 1 : start + 5] == joint[start - 1 : start + 5] == "GGGGGG"
        assert start + 6 <= 18 or start >= 24


class Neighbours(AdditiveModel):
    """Additive, and 1.5 more where both UGCAUG and GGACCG are there."""

    def predict(self, codes):
        both = np.array(["UGCAUG" in s and "GGACCG" in s for s in decode(codes)])
        return super().predict(codes) + np.float32(1.5) * both


@pytest.mark.parametrize("text", ["UGCAUG@*+GGACCG@*", "UGCAUG@10+GGACCG@*", "UGCAUG@10+GGACCG@20"])
def test_a_known_interaction_is_found_with_its_size(text):
    sample = sample_of("profile", 1000)
    _, _, found = measured(Neighbours(), sample, text)
    present = np.array([["UGCAUG" in s, "GGACCG" in s] for s in decode(sample.codes)])
    assert found.mean == pytest.approx(1.5, abs=0.05)
    assert present.any(axis=1).mean() < 0.05
    low, high = found.ci95
    assert low > 1.4
    assert high <= 1.55


class Rounded:
    """Additive up to noise that depends on the sequence, as rounding would: the interaction is 0 on average."""

    def __init__(self, seed):
        self.exact = AdditiveModel(seed)
        self.weights = np.random.default_rng(seed).integers(1, 2**31, LENGTH)

    def predict(self, codes):
        noise = ((codes.astype(np.int64) * self.weights).sum(axis=1) * 2654435761 % 2**32) / 2**32 - 0.5
        return (self.exact.predict(codes) + noise).astype(np.float32)


def contains_zero(interval):
    return bool(interval[0] <= 0 <= interval[1])


def test_no_interaction_is_found_in_at_least_95_percent_of_random_constructs():
    """With a free position in each; the model is additive but for noise, so that the interval has a width."""
    rng = np.random.default_rng(5)
    covered = covered_exactly = 0
    for number in range(200):
        patterns = ["".join(rng.choice(list("ACGURYN"), rng.integers(3, 7))) for _ in range(rng.integers(2, 4))]
        places = ["*", *(rng.choice(["*", str(1 + 17 * i)]) for i in range(1, len(patterns)))]
        text = "+".join(f"{pattern}@{place}" for pattern, place in zip(patterns, places, strict=True) if set(pattern) != {"N"})
        found = measured(Rounded(number), sample_of("profile", 100, number), text)[2]
        exact = measured(AdditiveModel(number), sample_of("profile", 100, number), text)[2]
        assert np.abs(exact.differences).max() < 1e-3
        covered += contains_zero(found.ci95)
        covered_exactly += contains_zero(exact.ci95)  # up to rounding, which has an interval too
    assert min(covered, covered_exactly) >= 190  # the seed is fixed


def test_an_interaction_is_corrected_with_the_others_of_its_set_only():
    sample = sample_of("profile", 300)
    texts = ["GGGG@10+CCCC@20", "GGGG@2+CCCC@8", "GGGG@30+CCCC@5", "UGC@4+AUG@20"]
    found = [measured(Rounded(3), sample, text)[2] for text in texts]
    assert all(np.isnan(one.holm) for one in found)
    corrected = with_holm(found)
    smallest = min(corrected, key=lambda one: one.p_value)
    assert smallest.holm == pytest.approx(min(1, 4 * smallest.p_value))
