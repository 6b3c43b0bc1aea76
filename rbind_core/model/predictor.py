"""The fast predictor: a trained ResidualBind without TensorFlow.

Batch normalisation is folded into the layer before it, and the rest runs on OpenVINO in float32, or on NumPy where
OpenVINO is missing. Both agree with Keras to 1e-4 (tests/model/test_predictor.py). On processors that support it,
bfloat16 is available on request: twice as fast, and accurate to about 0.03 per score.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import ModelError
from rbind_core.model.engines import openvino_loads
from rbind_core.model.inputs import ModelInputs, read_inputs
from rbind_core.model.network import POOL, Layer, Network, convolve, folded
from rbind_core.model.weights import Weights
from rbind_core.rna.sequences import LENGTH, Codes
from rbind_core.system.cores import cores

PRECISION_HINTS = {"float32": "f32", "bfloat16": "bf16"}
BATCH = 125  # sequences per core at a time, so that their activations stay in its cache


class Predictor(Protocol):
    """Interface of anything that scores RNA: the trained models, and the toy models of the tests."""

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


class ResidualBindPredictor:
    """A trained ResidualBind as a function from RNA to predicted binding; safe to share between threads.

    With several outputs it is a panel: `predict` gives the first, `predict_all` every one in the same pass.

    For a model that reads structure every sequence is folded, so that its predictions follow each mutation and construct.

    Parameters
    ----------
    weights : of a network with one output or several.
    dilations : of the residual module.
    engine : 'openvino', 'numpy', or 'auto' for OpenVINO where it is installed.
    precision : one of `precisions()`; displayed scores use float32.

    Raises
    ------
    ModelError
        If this computer does not support the precision.
    """

    def __init__(
        self, weights: Weights, dilations: tuple[int, ...] = (1, 2, 4), engine: str = "auto", precision: str = "float32"
    ) -> None:
        self.network = network = folded(weights, dilations)
        self.engine = engine if engine != "auto" else ("openvino" if openvino_loads() else "numpy")
        self.precision = precision
        allowed = precisions() if self.engine == "openvino" else ("float32",)
        if precision not in allowed:
            raise ModelError(f"precision {precision!r} is not there on this computer; allowed are {' and '.join(allowed)}")
        self._score = _openvino_engine(network, precision) if self.engine == "openvino" else _numpy_engine(network)
        self._lock = threading.Lock()  # one request at a time, since it uses all cores

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
        return self.predict_all(codes)[:, 0]

    def predict_all(self, codes: Codes) -> NDArray[np.float32]:
        """Score sequences by every output, in one pass.

        Parameters
        ----------
        codes : (n, 41) uint8, 4 = padding.

        Returns
        -------
        NDArray
            (n, outputs) float32, predicted binding as z-scores of log intensity.

        Raises
        ------
        ValueError
            If the array does not have 41 columns.
        """
        if codes.ndim != 2 or codes.shape[1] != LENGTH:
            raise ValueError(f"codes must have shape (n, {LENGTH}); got {codes.shape}")
        with self._lock:
            return self._score(ModelInputs(codes))

    def predict_inputs(self, probes: ModelInputs) -> NDArray[np.float32]:
        """Score probes that may have been folded already.

        Parameters
        ----------
        probes : with profiles or without; a model that reads structure folds those without.

        Returns
        -------
        NDArray
            (n,) float32, predicted binding as a z-score of log intensity.
        """
        with self._lock:
            return self._score(probes)[:, 0]


def precisions() -> tuple[str, ...]:
    """Precisions available on this computer: 'float32', and 'bfloat16' where OpenVINO and the processor support it."""
    if not openvino_loads():
        return ("float32",)
    import openvino

    has_bfloat16 = "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return ("float32", "bfloat16") if has_bfloat16 else ("float32",)


def _openvino_engine(network: Network, precision: str) -> Callable[[ModelInputs], NDArray[np.float32]]:
    import openvino
    from openvino import opset13 as ops

    def convolve(x: Any, layer: Layer) -> Any:
        kernel = np.ascontiguousarray(layer.kernel.transpose(2, 1, 0))  # OpenVINO keeps channels before positions
        x = ops.convolution(x, ops.constant(kernel), [1], [layer.padding], [layer.padding], [layer.dilation])
        return ops.add(x, ops.constant(layer.bias[None, :, None]))

    def connect(x: Any, layer: Layer) -> Any:
        return ops.add(ops.matmul(x, ops.constant(layer.kernel), False, False), ops.constant(layer.bias[None]))

    channels = network.channels
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
        "INFERENCE_PRECISION_HINT": PRECISION_HINTS[precision],  # some processors would use bfloat16 by default
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": threads,  # one batch per core is faster than all cores on one batch
        "ENABLE_CPU_PINNING": False,  # parallel processes with one core each would all be pinned to the first core
    }
    queue = openvino.AsyncInferQueue(
        openvino.Core().compile_model(openvino.Model([x], [rna], "residualbind"), "CPU", settings), 2 * threads
    )

    def score(probes: ModelInputs) -> NDArray[np.float32]:
        scores = np.empty((len(probes), network.score.kernel.shape[1]), np.float32)
        batch = max(1, min(BATCH, -(-len(probes) // threads)))

        def keep(request: Any, rows: slice) -> None:
            scores[rows] = request.get_output_tensor().data

        queue.set_callback(keep)
        try:
            for start in range(0, len(probes), batch):
                rows = slice(start, min(start + batch, len(probes)))
                queue.start_async([read_inputs(probes, rows, channels)], rows)
        finally:
            queue.wait_all()  # after Ctrl-C too: Python must not end while OpenVINO's threads call back
        return scores

    return score


def _numpy_engine(network: Network) -> Callable[[ModelInputs], NDArray[np.float32]]:
    def score_batch(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        x = np.maximum(convolve(batch, network.first), 0)
        residual = x
        for number, layer in enumerate(network.residual):
            residual = convolve(np.maximum(residual, 0) if number else residual, layer)
        x = np.maximum(x + residual, 0)
        blocks = x.shape[1] // POOL
        x = x[:, : blocks * POOL].reshape(len(x), blocks, POOL, -1).mean(axis=2).reshape(len(x), -1)
        x = np.maximum(x @ network.hidden.kernel + network.hidden.bias, 0)
        return x @ network.score.kernel + network.score.bias

    channels = network.channels

    def score(probes: ModelInputs) -> NDArray[np.float32]:
        batches = [
            score_batch(read_inputs(probes, slice(start, start + BATCH), channels)) for start in range(0, len(probes), BATCH)
        ]
        return np.concatenate(batches) if batches else np.empty((0, network.score.kernel.shape[1]), np.float32)

    return score
