"""Scores and their gradients with respect to the input, in NumPy: equal to those of a GradientTape, without TensorFlow.

The network is small: a forward and backward pass takes a millisecond per input (tests/model/test_gradient.py compares with Keras).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rbind_core.model.network import POOL, Layer, Network, convolve

_AT_ONCE = 32  # inputs whose activations are held at a time


def scores_and_gradients(network: Network, inputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Score inputs, which need not be one-hot, and compute the gradient of each score with respect to its input.

    Parameters
    ----------
    inputs : (n, 41, channels) float32.

    Returns
    -------
    (NDArray, NDArray)
        Scores (n,) float32 in z-score units of log intensity, and gradients (n, 41, channels) float32. Where a rectifier is exactly
        at zero, its gradient is 0, as in Keras.

    Raises
    ------
    ValueError
        If the number of channels is not the network's.
    """
    if inputs.ndim != 3 or inputs.shape[2] != network.channels:
        raise ValueError(f"inputs must have shape (n, length, {network.channels}); got {inputs.shape}")
    scores, gradients = np.empty(len(inputs), np.float32), np.empty(inputs.shape, np.float32)
    for start in range(0, len(inputs), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        scores[rows], gradients[rows] = _forth_and_back(network, inputs[rows].astype(np.float32, copy=False))
    return scores, gradients


def _forth_and_back(network: Network, inputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    first = np.maximum(convolve(inputs, network.first), 0)
    read = []  # input of each layer of the residual module
    residual = first
    for number, layer in enumerate(network.residual):
        read.append(np.maximum(residual, 0) if number else residual)
        residual = convolve(read[-1], layer)
    joined = np.maximum(first + residual, 0)
    n, length, filters = joined.shape
    blocks = length // POOL
    pooled = joined[:, : blocks * POOL].reshape(n, blocks, POOL, filters).mean(axis=2)
    hidden = np.maximum(pooled.reshape(n, -1) @ network.hidden.kernel + network.hidden.bias, 0)
    scores = (hidden @ network.score.kernel + network.score.bias)[:, 0]

    slope = (hidden > 0) * network.score.kernel[:, 0]
    slope = (slope @ network.hidden.kernel.T).reshape(n, blocks, filters) / POOL
    of_joined = np.zeros_like(joined)
    of_joined[:, : blocks * POOL] = np.repeat(slope, POOL, axis=1)  # the last positions do not fill a block and are not read
    of_joined *= joined > 0
    slope = of_joined
    for number in reversed(range(len(network.residual))):
        slope = _convolve_back(slope, network.residual[number])
        if number:
            slope *= read[number] > 0
    return scores, _convolve_back((of_joined + slope) * (first > 0), network.first)


def _convolve_back(slope: NDArray[np.float32], layer: Layer) -> NDArray[np.float32]:
    """Gradient with respect to the input of a convolution, (n, length, in), from that of its output."""
    length = slope.shape[1]
    padded = np.pad(slope, ((0, 0), (layer.padding, layer.padding), (0, 0)))
    total = np.zeros((*slope.shape[:2], layer.kernel.shape[1]), np.float32)
    for tap, kernel in enumerate(layer.kernel):
        start = 2 * layer.padding - tap * layer.dilation
        total += padded[:, start : start + length] @ kernel.T
    return total
