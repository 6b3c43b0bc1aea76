"""Sites together against the sum of each alone: models whose answer is known, both ways."""

import json

import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis, Importance
from rbind_core.experiments.additivity import ADDITIVE, LESS, MORE, UNDECIDED, additivity, additivity_verdict
from rbind_core.experiments.experiment import run
from rbind_core.experiments.records import result_record
from rbind_core.experiments.sites import Sites, Spacing
from rbind_core.model.measured_scores import measured_scores
from tests.experiments.scripted import sample_without_gc
from tests.toys import AdditiveModel, MotifCounter, sample_of


class PowerOfCount(MotifCounter):
    """The number of motifs to some power: 1 adds up, 2 is more than the sum, 1/2 is less; a wobble keeps it from being exact."""

    def __init__(self, power: float, sign: float = 1.0) -> None:
        super().__init__("UGCAUG")
        self.power, self.sign = power, sign

    def predict(self, codes):
        wobble = 0.1 * np.sin(codes.astype(float) @ np.arange(41))
        return (self.sign * super().predict(codes) ** self.power + wobble).astype(np.float32)


def of_sites(model, copies=3, n=300, motif="UGCAUG"):
    return run(Sites(motif=motif, weaker="-", copies=copies), GlobalImportanceAnalysis(model, sample_without_gc(n)))


def of(result):
    (one,) = result.experiment.additivity(result).values()
    return one


@pytest.mark.parametrize(
    ("power", "copies", "per_cent", "verdict"),
    [
        (1, 3, 0, ADDITIVE),
        (1, 5, 0, ADDITIVE),
        (2, 3, 200, MORE),  # 9 against 3
        (2, 2, 100, MORE),
        (0.5, 3, 100 * (np.sqrt(3) / 3 - 1), LESS),
        (1.1, 3, 100 * (3**0.1 - 1), ADDITIVE),  # 11.6 % more
    ],
)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_deviation_is_in_per_cent_of_the_sum_whichever_way_sites_work(power, copies, per_cent, verdict, sign):
    one = of(of_sites(PowerOfCount(power, sign), copies))
    assert one.per_cent_of_sum == pytest.approx(per_cent, abs=4)
    low, high = one.ci95
    assert low <= one.per_cent_of_sum <= high
    assert one.verdict == verdict


def test_an_additive_model_is_exactly_additive_whatever_its_weights():
    result = run(Sites(motif="GGACUA", weaker="-"), GlobalImportanceAnalysis(AdditiveModel(), sample_of("profile", 200)))
    one = of(result)
    assert one.per_cent_of_sum == pytest.approx(0, abs=0.01)
    assert one.verdict == ADDITIVE


def test_a_high_r_squared_does_not_make_sites_additive():
    result = of_sites(PowerOfCount(1.3))
    assert result.fits["UGCAUG"].r_squared > 0.95
    assert of(result).verdict == MORE
    assert "more than the sum. Together they differ from the sum of each alone at the same places" in result.sentences[0]


class Noise:
    """Scores that have nothing to do with the RNA, the same each time."""

    def predict(self, codes):
        return (np.sin(1e4 * (codes.astype(float) @ np.sqrt(np.arange(1, 42))))).astype(np.float32)


@pytest.mark.parametrize("model", [MotifCounter("GGGGGG"), Noise()])
def test_sites_that_do_nothing_are_undecided(model):
    one = of(of_sites(model, motif="AAAUAA"))
    assert one.verdict == UNDECIDED
    assert not one.has_sum
    assert "not clearly different from 0" in one.sentence("x")


def test_on_one_rna_nothing_is_decided():
    result = run(Sites(motif="UGCAUG", weaker="-"), GlobalImportanceAnalysis(MotifCounter(), sample_of("context", 50)))
    assert of(result).verdict == UNDECIDED
    assert "one RNA says nothing" in result.sentences[0]


@pytest.mark.parametrize(
    ("ci95", "verdict"),
    [
        ((-20, 20), ADDITIVE),
        ((-3, 19), ADDITIVE),
        ((15, 21), UNDECIDED),
        ((-21, 5), UNDECIDED),
        ((21, 25), MORE),
        ((-90, -20.1), LESS),
        ((-50, 80), UNDECIDED),
        ((np.nan, np.nan), UNDECIDED),
    ],
)
def test_the_verdict_is_read_off_the_interval(ci95, verdict):
    assert additivity_verdict(ci95) == verdict
    assert additivity_verdict(ci95, has_sum=False) == UNDECIDED


def test_the_interval_covers_the_truth():
    """95 % of intervals hold the deviation of a model whose sites interact by a known amount."""
    rng, held, tries = np.random.default_rng(0), 0, 400
    for _ in range(tries):
        alone = [rng.normal(1, 0.5, 100) for _ in range(3)]
        together = 1.5 * sum(alone) + rng.normal(0, 1, 100)
        zero = np.zeros(100, np.float32)
        low, high = additivity(Importance(None, zero, together), [Importance(None, zero, one) for one in alone]).ci95
        held += low <= 50 <= high
    assert 0.92 <= held / tries <= 0.98


@pytest.mark.parametrize(("highest", "beyond"), [(2.5, True), (3.5, False)])
def test_scores_beyond_what_was_measured_are_marked(highest, beyond):
    analysis = GlobalImportanceAnalysis(MotifCounter(), sample_without_gc())
    result = run(Sites(motif="UGCAUG", weaker="-"), analysis)
    assert of(result).beyond_measured is None
    scores = measured_scores(np.linspace(0, highest, 5000))
    alone = [result.by_label["UGCAUG ×1"], *(result.by_label[f"UGCAUG alone at {start}"] for start in (11, 18))]
    one = additivity(result.by_label["UGCAUG ×3"], alone, scores)
    assert one.mean_score == 3
    assert one.beyond_measured is beyond
    assert ("extrapolates" in one.range_sentence) is beyond


def test_the_record_has_the_main_motif_and_each():
    result = run(Sites(motif="UGCAUG", weaker="AGAAUG"), GlobalImportanceAnalysis(PowerOfCount(2), sample_without_gc(200)))
    record = result_record(result)
    assert json.loads(json.dumps(record["additivity"])) == record["additivity"]
    assert record["additivity_by_motif"]["UGCAUG"] == record["additivity"]
    assert record["additivity"]["verdict"] == MORE
    assert set(record["additivity"]) >= {"per_cent_of_sum", "ci95", "verdict", "beyond_measured"}
    assert record["additivity_by_motif"]["AGAAUG"]["verdict"] == UNDECIDED


@pytest.mark.parametrize(("power", "verdict"), [(1, ADDITIVE), (2, MORE), (0.5, LESS)])
def test_two_sites_at_wide_gaps_are_held_against_their_sum_too(power, verdict):
    result = run(Spacing(motif="UGCAUG"), GlobalImportanceAnalysis(PowerOfCount(power), sample_without_gc(200)))
    record = result_record(result)["additivity"]
    assert record["verdict"] == verdict
    assert record["per_cent_of_sum"] == pytest.approx(100 * (2**power / 2 - 1), abs=4)


def test_where_no_wide_gap_fits_spacing_has_no_verdict():
    result = run(Spacing(motif="UGCAUG", start=28), GlobalImportanceAnalysis(MotifCounter(), sample_without_gc()))
    assert result_record(result)["additivity"] is None
