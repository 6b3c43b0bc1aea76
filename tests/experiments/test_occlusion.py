import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.errors import ExperimentError, SequenceError
from rbind_core.experiments.experiment import run
from rbind_core.experiments.occlusion import WindowOcclusion
from rbind_core.rna.sequences import encode
from tests.experiments.scripted import texts
from tests.toys import MotifCounter, sample_of

RNA = "ACGUACGUACGUACGUAUGCAUGACGUACGUACGUACGUAC"  # UGCAUG at 18-23


def test_every_window_of_the_sequence_is_occluded_once():
    arms = WindowOcclusion(sequence=RNA).arms()
    assert [arm.label for arm in arms] == [f"{s}-{s + 5}" for s in range(1, 37)]
    assert str(arms[17].construct) == f"context:{RNA}@1+occlude:18-23"
    assert [arm.x for arm in arms] == list(range(1, 37))
    assert {arm.construct.null_text for arm in arms} == {f"context:{RNA}@1"}


@pytest.mark.parametrize(("length", "window", "windows"), [(41, 41, 1), (11, 6, 6), (11, 11, 1), (30, 1, 30)])
def test_windows_stay_within_the_sequence(length, window, windows):
    found = texts(WindowOcclusion(sequence=RNA[:length], window=window))
    assert len(found) == windows
    assert list(found)[-1] == f"{length - window + 1}-{length}"


def test_the_sequence_is_a_designed_probe_with_the_top_6mer_where_none_is_given(model):
    sequence = WindowOcclusion.for_model(model).sequence
    assert "UGCAUG" in sequence
    assert 30 <= len(sequence) <= 41
    assert WindowOcclusion.for_model(model, sequence=RNA).sequence == RNA


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"window": 42}, ExperimentError, "Window = 42: use 1 to 41"),
        ({"window": 0}, ExperimentError, "Window = 0: use 1 to 41"),
        ({"sequence": RNA[:12], "window": 13}, ExperimentError, "window = 13 nt: longer than the sequence of 12 nt; use 1 to 12"),
        ({"sequence": "ACGU"}, SequenceError, "4 nt long; allowed are 11-41 nt"),
        ({"sequence": RNA + "A"}, SequenceError, "42 nt long"),
        ({"sequence": "ACGUNACGUACGU"}, SequenceError, "'N' at position 5 is not a nucleotide"),
    ],
)
def test_windows_that_cannot_be_are_refused(settings, error, says, model):
    with pytest.raises(error, match=says):
        WindowOcclusion.for_model(model, **settings).arms()


@pytest.mark.parametrize("background", ["profile", "shuffle", "context"])
def test_each_window_is_scored_with_random_nucleotides_minus_the_sequence(background, additive):
    """Closed form, and the background does not matter where the sequence fills the window."""
    sample, codes = sample_of(background, 80), encode(RNA)[0]
    result = run(WindowOcclusion(sequence=RNA), GlobalImportanceAnalysis(additive, sample))
    for arm, importance in zip(result.arms, result.importances, strict=True):
        window = np.arange(int(arm.x) - 1, int(arm.x) + 5)
        taken_out = additive.weights[window, codes[window]].sum()
        put_in = additive.weights[window, sample.draws.replacements[:, window]].sum(axis=1)
        assert importance.local == pytest.approx(put_in - taken_out, abs=1e-3)


def test_the_window_of_a_counted_motif_is_named_with_its_loss():
    result = run(WindowOcclusion(sequence=RNA, window=10), GlobalImportanceAnalysis(MotifCounter(), sample_of("profile", 300)))
    sentence, stretch = result.sentences
    worst = min(result.importances, key=lambda importance: importance.mean)
    assert -1 <= worst.mean < -0.98
    first = int(result.arms[result.importances.index(worst)].x)
    assert (
        f"when {first}-{first + 9} ({RNA[first - 1 : first + 9]}) is replaced by random nucleotides: {worst.mean:+.2f}" in sentence
    )
    assert "from 1.00 for the whole sequence" in sentence
    halved = [arm.label for arm, one in zip(result.arms, result.importances, strict=True) if one.mean < worst.mean / 2]
    assert stretch == f"All windows from {halved[0]} to {halved[-1]} lower it by more than half of that."


def test_windows_away_from_the_motif_lose_nothing():
    result = run(WindowOcclusion(sequence=RNA), GlobalImportanceAnalysis(MotifCounter(), sample_of("profile", 100)))
    lost = [int(arm.x) for arm, importance in zip(result.arms, result.importances, strict=True) if importance.mean < -0.5]
    assert lost == list(range(13, 24))


def test_a_sequence_without_the_motif_has_nothing_to_lose():
    result = run(WindowOcclusion(sequence="A" * 41), GlobalImportanceAnalysis(MotifCounter(), sample_of("profile", 50)))
    assert result.sentences == ["No window lowers the prediction when it is replaced by random nucleotides."]
