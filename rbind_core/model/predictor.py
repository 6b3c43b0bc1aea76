"""The fast predictor: a trained ResidualBind without TensorFlow.

Batch normalisation is folded into the layer before it, and the rest runs on OpenVINO in float32, or on NumPy where
OpenVINO is missing. Both give what Keras gives, to 1e-4 (tests/model/test_predictor.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rbind_core.cores import cores
from rbind_core.model.inputs import ModelInputs, read_inputs
from rbind_core.model.weights import Weights
from rbind_core.sequences import LENGTH, Codes

BATCH_NORMALISATION_EPSILON = 1e-3  # Keras' default
POOL = 10
BATCH = 125  # sequences a core works on at a time: their activations stay in its cache


class Predictor(Protocol):
    """Anything that scores RNA: the trained models, and the closed-form toy models of the tests."""

    def predict(self, codes: Codes) -> NDArray[np.float32]:
        """Score sequences.

        Parameters
        ----------
        codes : (n, 41) uint8, 4 = padding.

        Returns
        -------
        NDArray
            (n,) float32, predicted binding as a z-score of log intensity.
        """
        ...


@dataclass(frozen=True)
class _Layer:
    """A convolution (width, in, out) or dense layer (in, out) with its batch normalisation folded in."""

    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]
    dilation: int = 1


@dataclass(frozen=True)
class _Network:
    first: _Layer
    residual: tuple[_Layer, ...]
    hidden: _Layer
    score: _Layer


def _folded(weights: Weights, name: str, normalisation: str, dilation: int = 1) -> _Layer:
    gamma, beta, mean, variance = (
        weights[f"{normalisation}/{part}"].astype(np.float64) for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    scale = gamma / np.sqrt(variance + BATCH_NORMALISATION_EPSILON)
    kernel = weights[f"{name}/kernel"] * scale
    return _Layer(kernel.astype(np.float32), (beta - mean * scale).astype(np.float32), dilation)


def _fold(weights: Weights, dilations: tuple[int, ...]) -> _Network:
    residual = tuple(
        _folded(weights, f"residual{i}", f"residual{i}_norm", dilation) for i, dilation in enumerate(dilations, start=1)
    )
    hidden = _folded(weights, "hidden", "hidden_norm")
    return _Network(_folded(weights, "conv", "conv_norm"), residual, hidden, _Layer(weights["score/kernel"], weights["score/bias"]))


class ResidualBindPredictor:
    """A trained ResidualBind as a function from RNA to predicted binding; safe to share between threads.

    A model that reads structure has every sequence folded anew, so its predictions follow each mutation and construct.

    Parameters
    ----------
    weights : variable name to float32 array, of a model with one output.
    dilations : of the residual module.
    engine : 'openvino', 'numpy', or 'auto' for OpenVINO where it is installed.
    """

    def __init__(self, weights: Weights, dilations: tuple[int, ...] = (1, 2, 4), engine: str = "auto") -> None:
        network = _fold(weights, dilations)
        self.engine = engine if engine != "auto" else ("openvino" if _has_openvino() else "numpy")
        self._score = _openvino_engine(network) if self.engine == "openvino" else _numpy_engine(network)
        self._lock = threading.Lock()  # one request at a time: all cores work on it already

    def predict(self, codes: Codes) -> NDArray[np.float32]:
        """Score sequences.

        Parameters
        ----------
        codes : (n, 41) uint8, 4 = padding.

        Returns
        -------
        NDArray
            (n,) float32, predicted binding as a z-score of log intensity.

        Raises
        ------
        ValueError
            If the array does not have 41 columns.
        """
        if codes.ndim != 2 or codes.shape[1] != LENGTH:
            raise ValueError(f"codes must have shape (n, {LENGTH}); got {codes.shape}")
        return self.predict_inputs(ModelInputs(codes))

    def predict_inputs(self, probes: ModelInputs) -> NDArray[np.float32]:
        """Score probes that may have been folded already.

        Parameters
        ----------
        probes : codes, and profiles where they are known; a model that reads structure folds what has none.

        Returns
        -------
        NDArray
            (n,) float32, predicted binding as a z-score of log intensity.
        """
        with self._lock:
            return self._score(probes)


def _has_openvino() -> bool:
    try:
        import openvino  # noqa: F401
    except ImportError:
        return False
    return True


def _openvino_engine(network: _Network) -> Callable[[ModelInputs], NDArray[np.float32]]:
    import openvino
    from openvino import opset13 as ops

    def convolve(x: Any, layer: _Layer) -> Any:
        kernel = np.ascontiguousarray(layer.kernel.transpose(2, 1, 0))  # OpenVINO keeps channels before positions
        padding = (layer.kernel.shape[0] - 1) * layer.dilation // 2
        x = ops.convolution(x, ops.constant(kernel), [1], [padding], [padding], [layer.dilation])
        return ops.add(x, ops.constant(layer.bias[None, :, None]))

    def connect(x: Any, layer: _Layer) -> Any:
        return ops.add(ops.matmul(x, ops.constant(layer.kernel), False, False), ops.constant(layer.bias[None]))

    channels = network.first.kernel.shape[1]
    rna = ops.parameter([-1, LENGTH, channels], np.float32, name="rna")
    x = ops.relu(convolve(ops.transpose(rna, [0, 2, 1]), network.first))
    residual = x
    for number, layer in enumerate(network.residual):
        residual = convolve(ops.relu(residual) if number else residual, layer)
    x = ops.avg_pool(ops.relu(ops.add(x, residual)), [POOL], [0], [0], [POOL], True)
    x = ops.reshape(ops.transpose(x, [0, 2, 1]), ops.constant(np.array([-1, len(network.hidden.kernel)])), False)
    x = connect(ops.relu(connect(x, network.hidden)), network.score)
    threads = cores()
    settings = {
        "INFERENCE_PRECISION_HINT": "f32",  # some processors would use bfloat16 unasked
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": threads,  # one batch a core is faster than all cores on one batch
        "ENABLE_CPU_PINNING": False,  # processes side by side, each on one core, would all be pinned to the first one
    }
    queue = openvino.AsyncInferQueue(
        openvino.Core().compile_model(openvino.Model([x], [rna], "residualbind"), "CPU", settings), 2 * threads
    )

    def score(probes: ModelInputs) -> NDArray[np.float32]:
        scores = np.empty(len(probes), np.float32)
        batch = max(1, min(BATCH, -(-len(probes) // threads)))

        def keep(request: Any, rows: slice) -> None:
            scores[rows] = request.get_output_tensor().data[:, 0]

        queue.set_callback(keep)
        for start in range(0, len(probes), batch):
            rows = slice(start, min(start + batch, len(probes)))
            queue.start_async([read_inputs(probes, rows, channels)], rows)
        queue.wait_all()
        return scores

    return score


def _numpy_engine(network: _Network) -> Callable[[ModelInputs], NDArray[np.float32]]:
    def convolve(x: NDArray[np.float32], layer: _Layer) -> NDArray[np.float32]:
        width, length = len(layer.kernel), x.shape[1]
        padding = (width - 1) * layer.dilation // 2
        padded = np.pad(x, ((0, 0), (padding, padding), (0, 0)))
        total = np.broadcast_to(layer.bias, (*x.shape[:2], layer.kernel.shape[2])).copy()
        for tap in range(width):
            total += padded[:, tap * layer.dilation : tap * layer.dilation + length] @ layer.kernel[tap]
        return total

    def score_batch(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        x = np.maximum(convolve(batch, network.first), 0)
        residual = x
        for number, layer in enumerate(network.residual):
            residual = convolve(np.maximum(residual, 0) if number else residual, layer)
        x = np.maximum(x + residual, 0)
        blocks = x.shape[1] // POOL
        x = x[:, : blocks * POOL].reshape(len(x), blocks, POOL, -1).mean(axis=2).reshape(len(x), -1)
        x = np.maximum(x @ network.hidden.kernel + network.hidden.bias, 0)
        return (x @ network.score.kernel + network.score.bias)[:, 0]

    channels = network.first.kernel.shape[1]

    def score(probes: ModelInputs) -> NDArray[np.float32]:
        batches = [
            score_batch(read_inputs(probes, slice(start, start + BATCH), channels)) for start in range(0, len(probes), BATCH)
        ]
        return np.concatenate(batches) if batches else np.empty(0, np.float32)

    return score
