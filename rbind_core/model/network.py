"""The layers of a trained ResidualBind, with batch normalisation folded into the layer before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.model.weights import Weights

BATCH_NORMALISATION_EPSILON = 1e-3  # Keras' default
POOL = 10


@dataclass(frozen=True)
class Layer:
    """A convolution (width, in, out) or dense layer (in, out) with its batch normalisation folded in."""

    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]
    dilation: int = 1

    @property
    def padding(self) -> int:
        """Zeros on either side of the positions, for a convolution that keeps their number."""
        return (len(self.kernel) - 1) * self.dilation // 2


@dataclass(frozen=True)
class Network:
    """The layers of a ResidualBind, first to last; with several outputs it is a panel."""

    first: Layer
    residual: tuple[Layer, ...]
    hidden: Layer
    score: Layer

    @property
    def channels(self) -> int:
        """Number of input channels: 4 for sequence, and 2 or 5 for structure."""
        return self.first.kernel.shape[1]


def folded(weights: Weights, dilations: tuple[int, ...]) -> Network:
    """Fold batch normalisation into the layers, to compute what the Keras model does after training.

    Parameters
    ----------
    weights : of a network with one output or several.
    dilations : of the residual module.

    Raises
    ------
    KeyError
        If a variable is missing.
    """
    residual = tuple(
        _folded(weights, f"residual{i}", f"residual{i}_norm", dilation) for i, dilation in enumerate(dilations, start=1)
    )
    hidden = _folded(weights, "hidden", "hidden_norm")
    return Network(_folded(weights, "conv", "conv_norm"), residual, hidden, Layer(weights["score/kernel"], weights["score/bias"]))


def _folded(weights: Weights, name: str, normalisation: str, dilation: int = 1) -> Layer:
    gamma, beta, mean, variance = (
        weights[f"{normalisation}/{part}"].astype(np.float64) for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    scale = gamma / np.sqrt(variance + BATCH_NORMALISATION_EPSILON)
    kernel = weights[f"{name}/kernel"] * scale
    return Layer(kernel.astype(np.float32), (beta - mean * scale).astype(np.float32), dilation)


def convolve(x: NDArray[np.float32], layer: Layer) -> NDArray[np.float32]:
    """Convolve along the positions, with zeros beyond both ends.

    Parameters
    ----------
    x : (n, length, in) float32.

    Returns
    -------
    NDArray
        (n, length, out) float32.
    """
    length = x.shape[1]
    padded = np.pad(x, ((0, 0), (layer.padding, layer.padding), (0, 0)))
    total = np.broadcast_to(layer.bias, (*x.shape[:2], layer.kernel.shape[2])).copy()
    for tap, kernel in enumerate(layer.kernel):
        total += padded[:, tap * layer.dilation : tap * layer.dilation + length] @ kernel
    return total
