from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from rbind_core.analyses.attribution import CORRECTED, INTEGRATED, METHODS, SALIENCY, attribution
from rbind_core.analyses.mutagenesis import mutagenesis
from rbind_core.errors import ExperimentError, SequenceError
from rbind_core.model.gradient import scores_and_gradients
from rbind_core.model.inputs import ModelInputs, read_inputs
from rbind_core.model.network import folded
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.rna.sequences import SHORTEST, encode, one_hot
from tests.toys import random_weights, rna

PROBE = "AGAUGCAUGCUUUACCGAUUAGGAUCUGCAUGACCAUGUAC"


class OpenEverywhere:
    """A ResidualBind whose rectifiers are open for every input, so that the score is a linear function of it."""

    def __init__(self) -> None:
        random = folded(random_weights(), (1, 2, 4))
        self.network = replace(
            random,
            first=replace(random.first, bias=random.first.bias + 10),
            residual=tuple(replace(layer, kernel=0.1 * layer.kernel, bias=layer.bias + 40) for layer in random.residual),
            hidden=replace(random.hidden, kernel=0.1 * random.hidden.kernel, bias=random.hidden.bias + 100),
        )

    def predict(self, codes):
        return scores_and_gradients(self.network, one_hot(codes))[0]


def test_where_the_model_is_linear_all_methods_say_what_mutagenesis_says():
    """Minus the mean of three effects is 4/3 of the distance of the letter's weight to the mean of all four weights."""
    model = OpenEverywhere()
    contributions = mutagenesis(model, PROBE).contributions
    scale = float(np.abs(contributions).max())
    assert scale > 0.02
    for method in (CORRECTED, INTEGRATED):
        values = attribution(model.network, PROBE, method).values
        assert 4 / 3 * values == pytest.approx(contributions, abs=0.01 * scale)


def test_saliency_is_the_gradient_at_the_letters_that_are_there():
    network = folded(random_weights(), (1, 2, 4))
    codes = encode(PROBE)
    _, gradients = scores_and_gradients(network, read_inputs(ModelInputs(codes), slice(None), 4))
    expected = gradients[0, np.arange(len(PROBE)), codes[0]]
    assert attribution(network, PROBE, SALIENCY).values == pytest.approx(expected, rel=1e-6)
    corrected = expected - gradients[0].mean(axis=1)
    assert attribution(network, PROBE, CORRECTED).values == pytest.approx(corrected, rel=1e-5, abs=1e-7)


@settings(max_examples=8)
@given(rna(min_size=SHORTEST))
def test_integrated_gradients_are_complete_so_padding_has_no_part(sequence):
    found = attribution(load_predictor(find_model("RBFOX1"), "numpy").network, sequence, INTEGRATED)
    assert found.values.shape == (len(sequence),)
    assert found.completeness_error == pytest.approx(found.values.sum() - found.score + found.baseline_score)
    assert abs(found.completeness_error) <= 0.01 * max(1, abs(found.score - found.baseline_score))


@pytest.mark.parametrize("name", ["RBFOX1_PU", "VTS1_PHIME"])
def test_structure_is_held_fixed_so_that_only_letters_have_a_share(name):
    predictor = load_predictor(find_model(name))
    found = attribution(predictor.network, PROBE, INTEGRATED)
    assert found.score == pytest.approx(predictor.predict(encode(PROBE))[0], abs=1e-4)
    assert found.score != pytest.approx(found.baseline_score, abs=0.1)
    assert abs(found.completeness_error) <= 0.01 * max(1, abs(found.score - found.baseline_score))


def test_for_a_real_model_every_method_agrees_with_mutagenesis_on_the_motif():
    predictor = load_predictor(find_model("RBFOX1"))
    contributions = mutagenesis(predictor, PROBE).contributions
    for method in METHODS:
        found = attribution(predictor.network, PROBE, method)
        assert found.correlation(contributions) > 0.5
        assert found.correlation(contributions) == pytest.approx(np.corrcoef(found.values, contributions)[0, 1])
        assert np.isnan(found.correlation(np.zeros(len(PROBE))))


def test_only_integrated_gradients_have_a_baseline():
    network = folded(random_weights(), (1, 2, 4))
    assert attribution(network, PROBE, SALIENCY).completeness_error is None
    assert attribution(network, PROBE, SALIENCY).record(np.arange(41.0)).keys() == {"attributions", "pearson_with_ism"}
    record = attribution(network, PROBE, INTEGRATED).record(np.arange(41.0))
    assert record["steps"] >= 64
    assert record["baseline"] == "a quarter of each letter at each position"


def test_what_is_wrong_is_said():
    network = folded(random_weights(), (1, 2, 4))
    with pytest.raises(ExperimentError, match=r"'lime' is not a method of attribution; there are saliency, corrected-saliency, "):
        attribution(network, PROBE, "lime")
    with pytest.raises(SequenceError):
        attribution(network, "ACG", SALIENCY)
