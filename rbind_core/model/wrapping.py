"""Wrapping of the user's own models: what they return is checked here and nowhere else.

A Keras model returns (n, 1) where (n,) is meant, and NumPy would silently broadcast one against the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import ModelError
from rbind_core.model.predictor import Predictor, ResidualBindPredictor
from rbind_core.rna.sequences import Codes

OwnModel = Predictor | Callable[[Codes], Any]
"""What can be taken in: an object with a method `predict`, or a function; see `wrap`."""

_checked: set[type] = {ResidualBindPredictor}


class CheckedPredictor:
    """A user's own model whose scores are checked: one finite number per sequence.

    Parameters
    ----------
    model : has a method `predict`, or is a function, from (n, 41) uint8 codes to n scores.

    Raises
    ------
    ModelError
        If it is neither.
    """

    def __init__(self, model: Any) -> None:
        score = getattr(model, "predict", model)
        if not callable(score):
            raise ModelError(f"a model must be a function or have a method 'predict'; got {type(model).__name__}")
        self.model = model
        self._score: Callable[[Codes], Any] = score

    def predict(self, codes: Codes) -> NDArray[np.float32]:
        """Score sequences; the model is not called for none.

        Parameters
        ----------
        codes : (n, 41) uint8, 4 = padding.

        Returns
        -------
        NDArray
            (n,) float32.

        Raises
        ------
        ModelError
            If the model returns anything but (n,) or (n, 1) finite real numbers; the message has the shape or the value.
        """
        return checked_scores(self._score(codes), len(codes)) if len(codes) else np.empty(0, np.float32)


def is_checked(predictor: type) -> type:
    """Decorator for a class whose scores need no check; its subclasses are checked.

    Parameters
    ----------
    predictor : with a method `predict`.
    """
    _checked.add(predictor)
    return predictor


_checked.add(CheckedPredictor)


def wrap(model: OwnModel) -> Predictor:
    """Wrap a model: a user's own model is checked from now on, a bundled or wrapped one is returned as it is.

    Parameters
    ----------
    model : has a method `predict`, or is a function, from (n, 41) uint8 codes to (n,) or (n, 1) real numbers, as a NumPy
        array or anything that NumPy can read, such as a tensor.

    Returns
    -------
    Predictor
        Its `predict` returns (n,) float32.

    Raises
    ------
    ModelError
        If it is neither; `predict` raises it where scores have another shape, are not real numbers or not finite.
    """
    return cast(Predictor, model) if type(model) in _checked else CheckedPredictor(model)


def checked_scores(scores: Any, n: int) -> NDArray[np.float32]:
    """Check what a model returned for n sequences.

    Parameters
    ----------
    scores : array, tensor or list.
    n : number of sequences, at least 1.

    Returns
    -------
    NDArray
        (n,) float32.

    Raises
    ------
    ModelError
        If there is not one finite real number per sequence.
    """
    allowed = f"for {n:,} sequence{'s' if n > 1 else ''} it must return ({n},) or ({n}, 1) finite real numbers"
    try:
        values = np.asarray(scores)
    except Exception as error:  # tensors and ragged lists fail in ways of their own
        raise ModelError(f"what the model returned cannot be read as an array ({type(error).__name__}); {allowed}") from None
    if values.dtype.kind not in "fiu":
        raise ModelError(f"the model returned values of type {values.dtype} ({type(scores).__name__}); {allowed}")
    if values.shape not in ((n,), (n, 1)):
        raise ModelError(f"the model returned scores of shape {values.shape}; {allowed}")
    with np.errstate(over="ignore"):
        flat = values.reshape(n).astype(np.float32, copy=False)
    finite = np.isfinite(flat)
    if not finite.all():
        first = int(np.argmin(finite))
        raise ModelError(f"the model returned {values.reshape(n)[first]} for sequence {first + 1:,} of {n:,}; {allowed}")
    return flat
