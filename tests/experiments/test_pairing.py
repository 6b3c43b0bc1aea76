"""What pairing does, apart from letters: models that know no pairs get no verdict, models that read pairs get the right one."""

import json

import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.experiments import letters_only
from rbind_core.experiments.experiment import run
from rbind_core.experiments.pairing import HELPS, HURTS, NO_SIGN, UNDECIDED
from rbind_core.experiments.records import result_record
from rbind_core.experiments.structure import StemLoop
from rbind_core.rna.sequences import LENGTH, encode
from tests.toys import AdditiveModel, sample_of

FIVE = np.arange(6, 16)  # columns of the strands of the default stem
THREE = 38 - FIVE


@pytest.fixture(autouse=True)
def short_scans(monkeypatch):
    """The model of letters alone is read off few RNAs."""
    monkeypatch.setattr(letters_only, "SCAN_SAMPLES", 1)


class ByLetters:
    """A random model of letters alone around a motif, in one of several ways of making a score of the matches of all windows."""

    KINDS = ("additive", "best site", "best site above a threshold", "sum above a threshold", "saturating sum")

    def __init__(self, kind: str, motif: str, rng: np.random.Generator) -> None:
        self.kind, self.threshold, self.scale = kind, rng.uniform(1, 5), rng.uniform(1, 8)
        self.weights = rng.normal(0, 0.5, (6, 5))
        self.weights[np.arange(6), encode(motif)[0, :6]] += rng.uniform(1, 2.5)
        self.places = rng.normal(0, 0.3, (LENGTH, 5))

    def predict(self, codes):
        x = sum(self.weights[i][codes[:, i : LENGTH - 5 + i]] for i in range(6))
        above = np.maximum(x - self.threshold, 0)
        match self.kind:
            case "additive":
                score = x.sum(axis=1) + self.places[np.arange(LENGTH), codes].sum(axis=1)
            case "best site":
                score = x.max(axis=1)
            case "best site above a threshold":
                score = above.max(axis=1)
            case "sum above a threshold":
                score = above.sum(axis=1)
            case _:
                score = self.scale * np.tanh(above.sum(axis=1) / self.scale)
        return score.astype(np.float32)


class ByPairs:
    """UGCAUG counts 1; Watson-Crick pairs of the stem around it, or its own, add to that; so may each pair by itself."""

    def __init__(self, around: float = 0.0, paired: float = 0.0, pair: float = 0.0) -> None:
        self.around, self.paired, self.pair = around, paired, pair

    def predict(self, codes):
        motif = encode("UGCAUG")[0, :6]
        pairs = codes[:, FIVE] + codes[:, THREE] == 3
        score = self.pair * pairs.sum(axis=1).astype(float)
        for start in range(LENGTH - 5):
            there = (codes[:, start : start + 6] == motif).all(axis=1)
            own = np.isin(FIVE, np.arange(start, start + 6)) | np.isin(THREE, np.arange(start, start + 6))
            share = pairs[:, own].mean(axis=1) if own.any() else np.zeros(len(codes))
            score += there * (1 + self.around * pairs[:, ~own].mean(axis=1) + self.paired * share)
        return (score + 0.05 * np.sin(codes.astype(float) @ np.arange(LENGTH))).astype(np.float32)


def of(model, motif="UGCAUG", n=200, background="profile", seed=0, **settings):
    experiment = StemLoop(motif=motif, **settings)
    return run(experiment, GlobalImportanceAnalysis(model, sample_of(background, n, seed)))


def random_hairpin(rng):
    """A motif, near palindromes among them, a stem and where the motif stands."""
    letters = "".join(rng.choice(list("ACGU"), 3))
    palindrome = letters + letters[::-1].translate(str.maketrans("ACGU", "UGCA"))
    motif = palindrome if rng.random() < 0.25 else "".join(rng.choice(list("ACGU"), 6))
    pairs, first = int(rng.integers(7, 11)), int(rng.integers(3, 8))
    loop = int(rng.integers(7, 9))
    second = first + pairs + loop
    stem = f"{first}-{first + pairs - 1}/{second}-{second + pairs - 1}"
    return {"motif": motif, "stem": stem, "loop_start": first + pairs, "stem_start": first}


@pytest.mark.parametrize("kind", ByLetters.KINDS)
def test_a_model_that_knows_no_pairs_gets_no_verdict(kind):
    """40 random models, motifs and hairpins of each of five kinds, 200 in all."""
    verdicts = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        settings = random_hairpin(rng)
        background = str(rng.choice(["profile", "shuffle", "dinucleotide"]))
        result = of(ByLetters(kind, settings["motif"], rng), n=100, background=background, seed=seed, **settings)
        verdicts.append(StemLoop.pairing(result).verdict)
    assert sum(verdict in (HELPS, HURTS) for verdict in verdicts) <= 2, verdicts


def test_a_model_of_places_and_letters_gives_exactly_nothing_where_letters_are_kept():
    found = StemLoop.pairing(of(AdditiveModel()))
    assert found.verdict == NO_SIGN
    for name in ("loop_minus_open", "compensatory", "motif_paired"):
        assert found.contrasts[name].difference.differences == pytest.approx(0, abs=2e-3)
    low, high = found.contrasts["stem_minus_letters"].difference.ci95
    assert low < 0 < high


def test_the_naive_contrast_sees_letters_where_there_are_no_pairs():
    """The letters opposite the motif are a second site."""
    rng = np.random.default_rng(1)
    found = StemLoop.pairing(of(ByLetters("sum above a threshold", "UGCAUGCA"[:6], rng)))
    assert found.naive.ci95[1] < 0
    assert found.verdict not in (HELPS, HURTS)


@pytest.mark.parametrize(
    ("model", "verdict"),
    [
        (ByPairs(around=1), HELPS),
        (ByPairs(around=-0.5), HURTS),
        (ByPairs(around=1, paired=-1), HELPS),  # a protein that wants its motif in the loop of a hairpin
        (ByPairs(paired=-0.9), HURTS),
        (ByPairs(paired=0.9), HELPS),
        (ByPairs(pair=0.1), HELPS),
        (ByPairs(pair=0.1, paired=-1), HELPS),  # counts pairs, and the motif where it is unpaired
        (ByPairs(pair=-0.1), HURTS),
        (ByPairs(), NO_SIGN),
        (ByPairs(around=0.02), NO_SIGN),
    ],
)
@pytest.mark.parametrize("background", ["profile", "quartile4"])
def test_a_model_that_reads_pairs_gets_the_right_verdict(model, verdict, background):
    assert StemLoop.pairing(of(model, background=background)).verdict == verdict


def test_signs_and_sizes_of_the_contrasts_are_those_of_the_model():
    """A quarter of the pairs of the open strands form by chance; swapped and moved ones never do."""
    of_around = StemLoop.pairing(of(ByPairs(around=1), n=1000)).contrasts
    assert of_around["compensatory"].difference.mean == pytest.approx(1, abs=0.05)
    assert of_around["loop_minus_open"].difference.mean == pytest.approx(0.75, abs=0.07)
    assert of_around["loop_minus_open"].baseline.mean == pytest.approx(0, abs=0.1)
    of_paired = StemLoop.pairing(of(ByPairs(paired=-1), n=1000)).contrasts
    assert of_paired["motif_paired"].difference.mean == pytest.approx(-1, abs=0.15)


def test_where_pairs_count_by_themselves_the_verdict_says_so():
    found = StemLoop.pairing(of(ByPairs(pair=0.1, paired=-1)))
    assert (found.around, found.of_the_motif, found.of_the_strands) == (0, 0, 1)
    assert found.contrasts["strands"].difference.mean == pytest.approx(1, abs=0.05)
    assert found.sentence.startswith("Pairing helps: pairing of the strands raises the score of the RNA by itself")


@pytest.mark.parametrize("background", ["context", "profile"])
def test_one_rna_gives_no_verdict(background):
    n = 1 if background == "profile" else 60
    assert StemLoop.pairing(of(ByPairs(around=1), n=n, background=background)).verdict == UNDECIDED


def test_a_motif_that_does_nothing_gives_no_verdict():
    assert StemLoop.pairing(of(ByPairs(around=1), motif="AAAAAA")).verdict == UNDECIDED


def test_the_record_has_contrasts_baseline_and_verdict():
    result = of(ByPairs(around=1))
    record = result_record(result)["pairing"]
    assert json.loads(json.dumps(record)) == record
    assert record["verdict"] == HELPS
    for name in ("loop_minus_open", "stem_minus_letters", "compensatory", "motif_paired", "strands"):
        one = record[name]
        low, high = one["ci95"]
        assert low <= one["value"] <= high
        assert one["N"] == 200
        assert set(record["baseline"][name]) == {"value", "ci95", "N"}
    assert "p_value" not in json.dumps(record)
    assert record["baseline"]["model"].startswith("letters alone")


def test_a_motif_outside_the_stem_has_no_contrast_there():
    record = result_record(of(ByPairs(around=1), stem_start=35))["pairing"]
    assert record["stem_minus_letters"] is None
    assert record["motif_paired"] is None
    assert record["verdict"] == HELPS
