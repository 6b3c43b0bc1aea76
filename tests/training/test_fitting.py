from dataclasses import replace

import numpy as np
import pytest

from rbind_core.model.architecture import Architecture, build
from rbind_core.model.inputs import ModelInputs
from rbind_core.model.progress import reporting
from rbind_core.model.weights import weights_of
from rbind_core.rna.sequences import gc_content
from rbind_core.training.fitting import Recipe, fit, pearson_of_columns
from tests.toys import random_probes

RECIPE = Recipe(epochs=3, peak_learning_rate=0.03, batch=64, seed=1)


def gc_scores(codes):
    """Binding that rises with the GC content: the simplest thing that there is to learn."""
    gc = gc_content(codes)
    return ((gc - gc.mean()) / gc.std()).astype(np.float32)[:, None]


CODES, VALIDATION = ModelInputs(random_probes(400, 1)), ModelInputs(random_probes(100, 2))
TARGETS, VALIDATION_TARGETS = gc_scores(CODES.codes), gc_scores(VALIDATION.codes)


def small_network(seed=0, regularised=True):
    """Has every kind of state that a checkpoint must carry, and trains in no time."""
    from keras import Model, layers, utils

    utils.set_random_seed(seed)
    inputs = layers.Input((41, 4))
    x = layers.Conv1D(4, 3, activation="relu", name="conv")(inputs)
    if regularised:
        x = layers.Dropout(0.1)(layers.BatchNormalization(name="norm")(x))
    return Model(inputs, layers.Dense(1, name="score")(layers.GlobalAveragePooling1D()(x)))


def train(folder, recipe=RECIPE, targets=TARGETS, validation_targets=VALIDATION_TARGETS, model=None, **more):
    model = model or small_network()
    return fit(model, CODES, targets, VALIDATION, validation_targets, recipe, folder / "run.npz", **more)


def assert_same_weights(a, b):
    assert a.keys() == b.keys()
    for name in a:
        assert a[name] == pytest.approx(b[name], abs=1e-5), name


class Killed(Exception):
    pass


def kill_after(epoch):
    def report(done):
        if done.epoch == epoch:
            raise Killed

    return report


def test_a_few_epochs_learn_gc_content(tmp_path):
    _, history = train(tmp_path, replace(RECIPE, epochs=6))
    assert history[-1].validation_pearson > 0.9
    assert history[-1].loss < history[0].loss
    assert [h.epoch for h in history] == [1, 2, 3, 4, 5, 6]
    assert {h.epochs for h in history} == {6}


def test_residualbind_itself_can_be_trained(tmp_path):
    model = build(Architecture(outputs=2))
    recipe = Recipe(epochs=2, peak_learning_rate=3e-3, batch=50)
    both = np.hstack([TARGETS, -TARGETS])
    weights, history = train(tmp_path, recipe, both, np.hstack([VALIDATION_TARGETS, -VALIDATION_TARGETS]), model)
    assert history[-1].validation_pearson > 0.3
    assert weights["score/kernel"].shape == (256, 2)
    assert all(np.isfinite(array).all() for array in weights.values())


@pytest.mark.parametrize("epoch", [1, 2])
def test_a_run_that_was_killed_goes_on_as_if_it_had_not_been(epoch, tmp_path):
    unbroken_weights, unbroken = train(tmp_path / "unbroken")
    with pytest.raises(Killed):
        train(tmp_path / "killed", report=kill_after(epoch))
    reports = []
    weights, history = train(tmp_path / "killed", model=small_network(seed=9), report=reports.append)
    assert [report.epoch for report in reports] == list(range(epoch + 1, 4))  # the rest only
    assert_same_weights(weights, unbroken_weights)
    for resumed, whole in zip(history, unbroken, strict=True):
        assert (resumed.epoch, resumed.epochs) == (whole.epoch, whole.epochs)
        assert (resumed.loss, resumed.validation_pearson) == pytest.approx((whole.loss, whole.validation_pearson), abs=1e-5)


def test_a_finished_run_is_not_trained_again(tmp_path):
    weights, history = train(tmp_path)
    again, same_history = train(tmp_path, model=small_network(seed=9), report=kill_after(1))
    assert same_history == history
    assert_same_weights(again, weights)


def test_the_seed_of_the_recipe_decides_the_order_of_the_probes(tmp_path):
    first, _ = train(tmp_path / "1", model=small_network(regularised=False))
    again, _ = train(tmp_path / "2", model=small_network(regularised=False))
    other, _ = train(tmp_path / "3", replace(RECIPE, seed=2), model=small_network(regularised=False))
    assert_same_weights(first, again)
    assert np.abs(first["conv/kernel"] - other["conv/kernel"]).max() > 1e-4


def test_missing_targets_are_ignored(tmp_path):
    """In one batch without dropout, probes without a score must make no difference at all."""
    recipe = replace(RECIPE, batch=1000)
    known = np.arange(len(CODES)) % 2 == 0
    gaps = np.where(known[:, None], TARGETS, np.nan).astype(np.float32)
    with_gaps, _ = train(tmp_path / "gaps", recipe, gaps, model=small_network(regularised=False))
    model = small_network(regularised=False)
    without, _ = fit(
        model, CODES.take(np.flatnonzero(known)), TARGETS[known], VALIDATION, VALIDATION_TARGETS, recipe, tmp_path / "without.npz"
    )
    assert_same_weights(with_gaps, without)
    assert np.abs(with_gaps["conv/kernel"] - weights_of(small_network(regularised=False))["conv/kernel"]).max() > 1e-3


def test_the_weights_of_the_best_epoch_are_kept(tmp_path):
    """The validation part asks for the opposite of what is trained, so training makes it worse after the first epochs."""
    model, after_epoch = small_network(), []
    weights, history = train(
        tmp_path,
        replace(RECIPE, epochs=5),
        validation_targets=-VALIDATION_TARGETS,
        model=model,
        report=lambda _: after_epoch.append({name: array.copy() for name, array in weights_of(model).items()}),
    )
    scores = [h.validation_pearson for h in history]
    best = int(np.argmax(scores))
    assert best < len(scores) - 1
    assert_same_weights(weights, after_epoch[best])
    assert np.abs(after_epoch[best]["conv/kernel"] - after_epoch[-1]["conv/kernel"]).max() > 1e-3


def test_validation_pearson_is_that_of_the_network_after_the_epoch(tmp_path):
    model = small_network()
    _, history = train(tmp_path, model=model)
    predicted = model.predict(VALIDATION.arrays(), verbose=0)[:, 0]
    assert history[-1].validation_pearson == pytest.approx(np.corrcoef(predicted, VALIDATION_TARGETS[:, 0])[0, 1], abs=1e-4)


def test_pearson_is_that_of_numpy_column_by_column_without_missing_rows():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(50, 3)), rng.normal(size=(50, 3))
    b[::7, 1] = np.nan
    known = np.isfinite(b)
    expected = [np.corrcoef(a[known[:, i], i], b[known[:, i], i])[0, 1] for i in range(3)]
    assert pearson_of_columns(a, b) == pytest.approx(expected)


def test_pearson_of_a_constant_is_zero():
    assert pearson_of_columns(np.ones((5, 1)), np.arange(5.0)[:, None]).tolist() == [0]


def test_training_stops_early_but_not_while_the_learning_rate_still_rises(tmp_path):
    """Validation asks for the opposite of training, so no epoch is better than the first of those that count."""
    recipe = replace(RECIPE, epochs=10, patience=2)
    _, history = train(tmp_path, recipe, validation_targets=-VALIDATION_TARGETS, model=small_network(regularised=False))
    assert len(history) == 3 + 1 + 2  # 30 % warm-up, the best that counts, and two without a better one


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off"])
def test_a_checkpoint_that_a_power_cut_damaged_is_as_none(content, tmp_path):
    whole, _ = train(tmp_path / "whole")
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "run.npz").write_bytes(content)
    weights, history = train(tmp_path / "cut")
    assert len(history) == 3
    assert_same_weights(weights, whole)


def test_every_probe_of_every_epoch_is_reported(tmp_path):
    seen = []
    with reporting(seen.append):
        train(tmp_path)
    assert sum(seen) == 3 * len(CODES)
    assert max(seen) == RECIPE.batch
