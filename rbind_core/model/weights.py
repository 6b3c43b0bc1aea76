"""Weights on disk: one safetensors file per model, from which everything else is derived.

Each tensor has the name of its Keras variable (`conv/kernel`, `residual1_norm/gamma`, ...), so the same file serves
Keras and the fast predictor, and reading it needs neither TensorFlow nor pickles.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import ModelError
from rbind_core.model.architecture import FIRST_KERNEL, POOL, RESIDUAL_KERNEL
from rbind_core.rna.sequences import LENGTH
from rbind_core.system.files import read_at_most

if TYPE_CHECKING:
    import keras

Weights = dict[str, NDArray[np.float32]]
MOST_BYTES = 100_000_000  # bytes of a file; ResidualBind's have fewer than 2,000,000


def read_weights(path: Path, sha256: str | None = None) -> Weights:
    """Read a weights file.

    Parameters
    ----------
    path : a safetensors file.
    sha256 : expected digest; not checked when None.

    Returns
    -------
    Weights
        Variable name to float32 array.

    Raises
    ------
    ModelError
        If the file is missing, damaged, too large, not float32 or float16, or not the expected one.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    content = read_at_most(path, MOST_BYTES)
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError(f"{path.name} is damaged (wrong SHA-256)")
    try:
        weights = load(content)
    except SafetensorError as error:
        raise ModelError(f"{path.name} is not a safetensors file ({error})") from None
    except KeyError as error:  # a type unknown to NumPy, such as bfloat16
        raise ModelError(f"{path.name} holds numbers of type {error}; allowed are float32 and float16") from None
    for name, array in weights.items():
        if array.dtype not in (np.float32, np.float16):
            raise ModelError(f"{path.name} holds {name[:60]} as {array.dtype}; allowed are float32 and float16")
    return {name: array.astype(np.float32, copy=False) for name, array in weights.items()}


def write_weights(path: Path, weights: Weights, dtype: type[np.floating] = np.float32) -> str:
    """Write a weights file atomically.

    Parameters
    ----------
    path : where to.
    dtype : float32, or float16 for networks of which only effects are shown.

    Returns
    -------
    str
        SHA-256 of the file.
    """
    from safetensors.numpy import save

    content = save({name: np.ascontiguousarray(array, dtype) for name, array in sorted(weights.items())})
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # a card must never name weights that a power cut has lost
    part.replace(path)
    return hashlib.sha256(content).hexdigest()


def weights_of(model: keras.Model) -> Weights:
    """Take the weights out of a Keras model.

    Parameters
    ----------
    model : a ResidualBind.

    Returns
    -------
    Weights
        Without the state of the dropout generators.
    """
    return {variable.path: np.asarray(variable) for variable in model.weights}


def put_weights(model: keras.Model, weights: Weights) -> None:
    """Put weights into a Keras model.

    Parameters
    ----------
    model : a ResidualBind of the same architecture.

    Raises
    ------
    ModelError
        If a variable is missing or has another shape.
    """
    for variable in model.weights:
        array = weights.get(variable.path)
        if array is None or array.shape != tuple(variable.shape):
            found = "missing" if array is None else f"of shape {array.shape}"
            raise ModelError(f"weight {variable.path} is {found}; expected shape {tuple(variable.shape)}")
        variable.assign(array)


def check_weights(weights: Weights, dilations: tuple[int, ...], channels: int, outputs: int = 1) -> None:
    """Refuse weights that do not fit the network that a card describes.

    Parameters
    ----------
    dilations : of the residual module.

    Raises
    ------
    ModelError
        If a variable is missing, superfluous, of another shape, or not finite.
    """
    filters, hidden = _width(weights, "conv/kernel"), _width(weights, "hidden_norm/beta")
    residual = [f"residual{number}" for number in range(1, len(dilations) + 1)]
    shapes: dict[str, tuple[int, ...]] = {"conv/kernel": (FIRST_KERNEL, channels, filters)}
    shapes |= {f"{name}/kernel": (RESIDUAL_KERNEL, filters, filters) for name in residual}
    shapes |= {"hidden/kernel": (LENGTH // POOL * filters, hidden), "score/kernel": (hidden, outputs), "score/bias": (outputs,)}
    for layer, width in (("conv", filters), *((name, filters) for name in residual), ("hidden", hidden)):
        shapes |= {f"{layer}_norm/{part}": (width,) for part in ("gamma", "beta", "moving_mean", "moving_variance")}
    for name, shape in shapes.items():
        found = weights.get(name)
        if found is None:
            raise ModelError(f"the weights lack {name}")
        if found.shape != shape or not np.isfinite(found).all():
            what = f"of shape {found.shape}; expected {shape}" if found.shape != shape else "not all numbers"
            raise ModelError(f"the weights {name} are {what}")
    if unknown := sorted(set(weights) - set(shapes)):
        raise ModelError(f"the weights hold {unknown[0][:60]}, which the network of the card does not have")


def _width(weights: Weights, name: str) -> int:
    """Last dimension of an array; 0 where there is none."""
    found = weights.get(name)
    return found.shape[-1] if found is not None and found.ndim else 0
