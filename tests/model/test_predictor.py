import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from rbind_core.errors import ModelError
from rbind_core.model.architecture import Architecture, build
from rbind_core.model.predictor import BATCH, ResidualBindPredictor, precisions
from rbind_core.model.weights import put_weights, weights_of
from rbind_core.rna.sequences import PADDING, encode, one_hot
from tests.toys import random_probes, random_weights

ENGINES = ["openvino", "numpy"]


@pytest.mark.parametrize("dilations", [(1, 2, 4), (1, 2, 4, 8)])
def test_both_engines_give_what_keras_gives(dilations):
    """Batch normalisation has statistics of its own here, as after training, and most sequences are padded."""
    model = build(Architecture(dilations))
    weights = random_weights(dilations=dilations)
    assert {v.path: tuple(v.shape) for v in model.variables if "seed" not in v.path} == {
        name: array.shape for name, array in weights.items()
    }
    put_weights(model, weights)
    codes = np.concatenate([random_probes(60, shortest=11), encode(["", "A", "U" * 41])])
    assert (codes == PADDING).any(axis=1).sum() > 40
    expected = model.predict(one_hot(codes), verbose=0)[:, 0]
    assert expected.std() > 0.05
    for engine in ENGINES:
        predictor = ResidualBindPredictor(weights_of(model), dilations, engine)
        assert np.abs(predictor.predict(codes) - expected).max() < 1e-4


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("n", [0, 1, BATCH, BATCH + 1])
def test_a_score_does_not_depend_on_what_is_scored_beside_it(engine, n):
    predictor = ResidualBindPredictor(random_weights(), engine=engine)
    codes = random_probes(n)
    scores = predictor.predict(codes)
    assert scores.shape == (n,)
    assert scores.dtype == np.float32
    for row in range(0, n, 100):
        assert scores[row] == pytest.approx(predictor.predict(codes[row : row + 1])[0], abs=1e-5)


def test_a_predictor_may_be_shared_between_threads():
    predictor = ResidualBindPredictor(random_weights())
    parts = [random_probes(300, seed) for seed in range(6)]
    expected = [predictor.predict(part) for part in parts]
    with ThreadPoolExecutor(6) as pool:
        for _ in range(3):
            for scores, alone in zip(pool.map(predictor.predict, parts), expected, strict=True):
                assert scores == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("shape", [(41,), (3, 40), (3, 41, 4)])
def test_another_shape_is_refused_by_name(shape):
    predictor = ResidualBindPredictor(random_weights(), engine="numpy")
    with pytest.raises(ValueError, match=r"codes must have shape \(n, 41\); got \("):
        predictor.predict(np.zeros(shape, np.uint8))


def test_without_openvino_numpy_takes_its_place(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openvino", None)
    assert ResidualBindPredictor(random_weights()).engine == "numpy"


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="reads the threads of this process as Linux shows them")
def test_no_thread_is_bound_to_a_core_so_that_processes_side_by_side_share_all_of_them(monkeypatch):
    monkeypatch.setenv("RBIND_CORES", "1")
    predictor = ResidualBindPredictor(random_weights())  # its threads live as long as it does
    predictor.predict(random_probes(300))
    everywhere = os.sched_getaffinity(0)
    assert all(os.sched_getaffinity(int(thread.name)) == everywhere for thread in Path("/proc/self/task").iterdir())


@pytest.mark.skipif("bfloat16" not in precisions(), reason="this processor has no bfloat16")
def test_bfloat16_is_close_to_float32_and_not_the_same():
    weights, codes = random_weights(), random_probes(200)
    exact, low = (ResidualBindPredictor(weights, precision=precision).predict(codes) for precision in ("float32", "bfloat16"))
    assert 0 < np.abs(low - exact).max() < 0.05 * exact.std() + 0.05


def test_a_precision_that_is_not_there_is_refused_by_name():
    with pytest.raises(ModelError, match="precision 'bfloat16' is not there on this computer; allowed are float32"):
        ResidualBindPredictor(random_weights(), engine="numpy", precision="bfloat16")
