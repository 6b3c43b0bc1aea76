"""Panels: ResidualBind networks with a head for each of many experiments, so that one pass scores all their proteins."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from rbind_core.errors import ModelError
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.weights import Weights, check_weights, read_weights, write_weights
from rbind_core.system.files import Stamp, replace_text, stamp

MEASURED, TAUGHT = "measured", "taught"


@dataclass(frozen=True)
class Panel:
    """A network with many heads: `heads` are ids of experiments in the order of the outputs; `card` says how it was made."""

    name: str
    heads: tuple[str, ...]
    dilations: tuple[int, ...]
    card: dict[str, Any] = field(compare=False, repr=False)
    weights: Weights = field(compare=False, repr=False)

    @property
    def sha256(self) -> str:
        """Digest of the weights file."""
        return str(self.card["sha256"])

    def network_of(self, experiment: str) -> Weights:
        """Weights of the network with the head of one experiment alone.

        Raises
        ------
        ModelError
            If the panel has no such head.
        """
        return self.network_of_all([experiment])

    def network_of_all(self, experiments: Sequence[str]) -> Weights:
        """Weights of the network with the heads of some experiments, in their order.

        Raises
        ------
        ModelError
            If the panel lacks one of them.
        """
        missing = next((each for each in experiments if each not in self.heads), None)
        if missing is not None:
            raise ModelError(f"{missing}: {self.name} has no head for this experiment")
        columns = [self.heads.index(each) for each in experiments]
        return self.weights | {
            "score/kernel": self.weights["score/kernel"][:, columns],
            "score/bias": self.weights["score/bias"][columns],
        }

    def predictor(self, experiments: Sequence[str] | None = None) -> ResidualBindPredictor:
        """The fast predictor, whose `predict_all` has a column for each of the experiments, all heads when None."""
        weights = self.weights if experiments is None else self.network_of_all(experiments)
        return ResidualBindPredictor(weights, self.dilations)


def read_panel(card: Path) -> Panel:
    """Read a panel, or the trunk, which is one; files that have not changed are read once.

    Parameters
    ----------
    card : the JSON file; the weights are beside it under the same name.

    Raises
    ------
    ModelError
        If a file is missing or damaged.
    """
    try:
        return _read(card, stamp(card))
    except OSError as error:
        raise ModelError(f"{card.name} is missing or cannot be read ({error.strerror})") from None


@lru_cache(maxsize=16)
def _read(path: Path, written: Stamp) -> Panel:
    try:
        card = json.loads(path.read_text())
        heads, digest, dilations = card["experiments"], card["sha256"], card["architecture"]["dilations"]
        if not isinstance(digest, str) or not (isinstance(heads, list) and heads and all(isinstance(h, str) for h in heads)):
            raise TypeError("experiments or sha256 make no sense")
        dilations = tuple(int(each) for each in dilations)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ModelError(f"{path.name} is damaged") from None
    weights = read_weights(path.with_suffix(".safetensors"), digest)
    check_weights(weights, dilations, 4, len(heads))
    return Panel(path.stem, tuple(heads), dilations, card, weights)


def write_panel(card: Path, content: dict[str, Any], weights: Weights, dtype: type[np.floating] = np.float16) -> Path:
    """Write a panel; the card comes last, so that a half-written one is never found.

    Parameters
    ----------
    card : the JSON file to write, with the weights beside it.
    content : of the card, with `experiments` and `architecture`; the digest is added.
    dtype : of the weights on disk.

    Returns
    -------
    Path
        The card.
    """
    card.parent.mkdir(parents=True, exist_ok=True)
    digest = write_weights(card.with_suffix(".safetensors"), weights, dtype)
    replace_text(card, json.dumps(content | {"sha256": digest}, indent=1) + "\n")
    return card
