"""Weights on disk: one safetensors file per model is the truth, and everything else is derived from it.

Each tensor has the name of its Keras variable (`conv/kernel`, `residual1_norm/gamma`, ...), so the same file feeds
Keras and the fast predictor, and reading it needs neither TensorFlow nor pickles.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import ModelError

if TYPE_CHECKING:
    import keras

Weights = dict[str, NDArray[np.float32]]


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
        If the file is missing, damaged or not the expected one.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path.name} cannot be read ({error.strerror})") from None
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError(f"{path.name} is damaged (wrong SHA-256)")
    try:
        return load(content)
    except SafetensorError as error:
        raise ModelError(f"{path.name} is not a safetensors file ({error})") from None


def write_weights(path: Path, weights: Weights) -> str:
    """Write a weights file whole or not at all.

    Parameters
    ----------
    path : where to.
    weights : variable name to float32 array.

    Returns
    -------
    str
        SHA-256 of the file.
    """
    from safetensors.numpy import save

    content = save({name: np.ascontiguousarray(array, np.float32) for name, array in sorted(weights.items())})
    part = path.with_suffix(".part")
    part.write_bytes(content)
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
        Variable name to float32 array, without the state of the dropout generators.
    """
    return {v.path: np.asarray(v) for v in model.variables if "seed_generator" not in v.path}


def put_weights(model: keras.Model, weights: Weights) -> None:
    """Put weights into a Keras model.

    Parameters
    ----------
    model : a ResidualBind of the same architecture.
    weights : variable name to float32 array.

    Raises
    ------
    ModelError
        If a variable is missing or has another shape.
    """
    for variable in model.variables:
        if "seed_generator" in variable.path:
            continue
        array = weights.get(variable.path)
        if array is None or array.shape != tuple(variable.shape):
            found = "missing" if array is None else f"of shape {array.shape}"
            raise ModelError(f"weight {variable.path} is {found}; expected shape {tuple(variable.shape)}")
        variable.assign(array)
