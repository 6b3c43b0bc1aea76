import re
from dataclasses import fields, replace

import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.backgrounds import NAMES, PAPER_NAMES
from rbind_core.constructs import parse_construct
from rbind_core.errors import ExperimentError
from rbind_core.experiments.catalogue import EXPERIMENTS, ROBUSTNESS, find_experiment
from rbind_core.experiments.experiment import run
from tests.experiments.scripted import Scripted, texts
from tests.toys import AdditiveModel, sample_of

AFFINITIES = "UGCAUGU 0.83, AGCAUGU 4.8, UGUAUGU 280"


@pytest.fixture(params=EXPERIMENTS)
def experiment(request, model):
    """Each experiment of the catalogue with the settings of the toy model."""
    given = {"affinities": AFFINITIES} if request.param == "kd" else {}
    return EXPERIMENTS[request.param].for_model(model, **given)


def test_the_catalogue_has_the_papers_experiments_by_their_ids_and_one_for_constructs_of_ones_own():
    assert list(EXPERIMENTS) == [
        *("sites", "spacing", "kd", "stemloop", "gcbias", "position", "random-position", "kmer-ism", "occlusion", "own"),
    ]
    assert ROBUSTNESS not in EXPERIMENTS


def test_an_experiment_is_found_by_its_id_and_an_unknown_one_is_refused():
    assert find_experiment(" SpAcing ") is EXPERIMENTS["spacing"]
    with pytest.raises(ExperimentError, match="'scattered' is not an experiment; use sites, spacing, kd"):
        find_experiment("scattered")


def test_an_experiment_says_what_it_asks_and_what_it_does_not_say(experiment):
    assert experiment.title
    assert experiment.question.endswith("?")
    assert "Koo et al. 2021" in experiment.figure
    assert experiment.says_not.endswith(".")
    assert experiment.drawn_as in ("boxes", "curve", "line", "heat map")
    uses_x = experiment.drawn_as != "boxes"
    assert not uses_x or (experiment.x_title and any(arm.x is not None for arm in experiment.arms()))


def test_every_setting_has_a_label_a_help_and_its_limits(experiment):
    for one in fields(experiment):
        assert one.metadata["label"]
        assert one.metadata["help"].endswith(".")
        if isinstance(one.default, int):
            assert one.metadata["low"] <= one.default <= one.metadata["high"]
        else:
            assert one.metadata["low"] is None


def test_whole_numbers_beyond_their_limits_are_refused_by_label(experiment):
    for one in fields(experiment):
        if isinstance(one.default, int):
            low, high = one.metadata["low"], one.metadata["high"]
            for wrong in (low - 1, high + 1):
                says = re.escape(f"{one.metadata['label']} = {wrong}: use {low} to {high}")
                with pytest.raises(ExperimentError, match=says):
                    replace(experiment, **{one.name: wrong})
            assert replace(experiment, **{one.name: low}).settings[one.name] == low


def test_an_empty_setting_counts_as_not_set(experiment, model):
    empty = {name: "" if isinstance(value, str) else None for name, value in experiment.settings.items()}
    if "affinities" in empty:
        empty["affinities"] = AFFINITIES
    assert type(experiment).for_model(model, **empty) == experiment


def test_an_experiment_is_rebuilt_from_its_settings(experiment, model):
    assert type(experiment).for_model(model, **experiment.settings) == experiment


def test_no_two_arms_have_the_same_label_or_construct(experiment):
    found = texts(experiment)  # checks labels
    assert len(set(found.values())) == len(found)


def test_every_arm_can_be_had_alone_from_its_text(experiment, additive):
    sample = sample_of("shuffle", 20)
    result = run(experiment, GlobalImportanceAnalysis(additive, sample))
    assert len(result.importances) == len(result.arms)
    for arm, importance in zip(result.arms, result.importances, strict=True):
        alone = GlobalImportanceAnalysis(additive, sample).importance(parse_construct(str(arm.construct)))
        assert (alone.local == importance.local).all()
        assert alone.construct == importance.construct == arm.construct


def test_every_experiment_says_something_under_every_background(experiment, additive):
    """Padded probes and one short fixed RNA included; nothing of it is a number that is none, where there is scatter."""
    for name in NAMES:
        result = run(experiment, GlobalImportanceAnalysis(additive, sample_of(name, 20)))
        assert result.sentences
        assert all(sentence[-1] == "." for sentence in result.sentences)
        if name != "context":
            assert not re.search(r"\bnan\b", " ".join(result.sentences))


def test_comparisons_are_corrected_over_the_whole_experiment(experiment):
    means = {text: i % 3 for i, text in enumerate(texts(experiment).values())}
    result = run(experiment, Scripted(means, n=20))
    if result.comparisons:
        lowest = min(result.comparisons, key=lambda c: c.p_value)
        assert lowest.holm == pytest.approx(min(1, lowest.p_value * len(result.comparisons)))
        assert all(c.holm >= c.p_value for c in result.comparisons)


@pytest.mark.parametrize("background", PAPER_NAMES)
def test_a_background_is_bit_for_bit_unchanged_after_any_experiment(background, experiment):
    sample = sample_of(background, 20)
    draws = sample.draws
    arrays = (sample.codes, sample.full_length, draws.letters, draws.placements, draws.replacements)
    before = [array.tobytes() for array in arrays]
    run(experiment, GlobalImportanceAnalysis(AdditiveModel(), sample))
    assert [array.tobytes() for array in arrays] == before


@pytest.mark.parametrize("background", PAPER_NAMES)
def test_arms_with_the_same_null_are_measured_on_the_same_sequences(background, experiment):
    """As long as they reach equally far; further on, more probes are in their full-length form."""
    analysis = GlobalImportanceAnalysis(AdditiveModel(), sample_of(background, 20))
    seen = {}
    for arm in experiment.arms():
        null, _ = analysis.register(arm.construct)
        extended = analysis.sample.too_short_for(arm.construct.last_position).tobytes()
        first = seen.setdefault((arm.construct.null_text, extended), null)
        assert (null == first).all()
