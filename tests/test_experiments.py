import numpy as np
import pytest

from rbind_core.backgrounds import NAMES
from rbind_core.data.library import designed_library
from rbind_core.errors import BackgroundError
from rbind_core.experiments import BackgroundChoice, open_background, prepare
from rbind_core.model.registry import find_model
from rbind_core.sequences import decode


@pytest.fixture
def model(toy_models):
    return find_model("TOYBP")


@pytest.mark.parametrize("name", NAMES)
def test_a_choice_fixes_the_background_sequences(name, model, additive):
    sample = prepare(model, additive, BackgroundChoice(name, 50, 3)).sample
    again = prepare(model, additive, BackgroundChoice(name, 50, 3)).sample
    other = prepare(model, additive, BackgroundChoice(name, 50, 4)).sample
    assert len(sample) == 50
    assert np.array_equal(sample.codes, again.codes)
    assert not np.array_equal(sample.codes, other.codes)


def test_quartiles_of_designed_probes_are_those_of_the_predicted_scores(model, additive):
    background = open_background(model, additive, BackgroundChoice("quartile4"))
    threshold = np.quantile(additive.predict(designed_library().codes), 0.75)
    drawn = background.draw(200, np.random.default_rng(0))
    assert (additive.predict(drawn) >= threshold - 1e-4).all()
    assert set(decode(drawn)) <= set(decode(designed_library().codes))
    assert "predicted scores" in background.description


@pytest.mark.parametrize("name", ["Profile", "QUARTILE1", "quartile 1"])
def test_backgrounds_may_be_named_with_capitals_and_spaces(name, model, additive):
    assert open_background(model, additive, BackgroundChoice(name)).name == name.lower().replace(" ", "")


def test_an_unknown_background_is_refused(model, additive):
    with pytest.raises(BackgroundError, match="'nonsense' is not a background"):
        prepare(model, additive, BackgroundChoice("nonsense"))
