import pytest

from rbind_core.model.architecture import Architecture, Dropout, build


def layers_of_kind(model, kind):
    return [layer for layer in model.layers if type(layer).__name__ == kind]


def test_the_paper_model_has_188289_parameters():
    assert build(Architecture()).count_params() == 188_289


@pytest.mark.parametrize("dilations", [(1, 2, 4), (1, 2, 4, 8)])
def test_the_residual_module_has_the_dilations_asked_for(dilations):
    model = build(Architecture(dilations))
    first, *residual = layers_of_kind(model, "Conv1D")
    assert (first.filters, first.kernel_size, first.use_bias) == (96, (11,), False)
    assert tuple(layer.dilation_rate[0] for layer in residual) == dilations
    assert all((layer.filters, layer.kernel_size, layer.use_bias) == (96, (3,), False) for layer in residual)


@pytest.mark.parametrize(("channels", "outputs"), [(4, 1), (6, 1), (9, 49)])
def test_input_channels_and_heads_are_as_asked_for(channels, outputs):
    model = build(Architecture(channels=channels, outputs=outputs))
    assert model.input_shape == (None, 41, channels)
    assert model.output_shape == (None, outputs)


def test_dropout_is_the_papers_unless_said_otherwise():
    assert [layer.rate for layer in layers_of_kind(build(Architecture()), "Dropout")] == [0.1, 0.1, 0.1, 0.2, 0.5]
    changed = build(Architecture(), Dropout(0.01, 0.02, 0.03))
    assert [layer.rate for layer in layers_of_kind(changed, "Dropout")] == [0.01, 0.01, 0.01, 0.02, 0.03]


def test_a_seed_fixes_the_initial_weights():
    first, again, other = (build(Architecture(), seed=seed).get_weights()[0] for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()
