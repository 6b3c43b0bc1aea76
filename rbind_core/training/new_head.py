"""The trunk as a start for new scores: its features with a new last layer."""

from __future__ import annotations

import numpy as np

from rbind_core.data.dataset import Dataset
from rbind_core.model.architecture import Architecture, build
from rbind_core.model.weights import Weights, put_weights
from rbind_core.rna.sequences import one_hot
from rbind_core.system.paths import TRUNK
from rbind_core.training.trunk import open_trunk

RIDGE = 100.0  # ridge penalty of the last layer's initial fit


def trunk_with_new_head(dataset: Dataset) -> Weights:
    """Fit a last layer on the trunk's features to new scores by ridge regression.

    Parameters
    ----------
    dataset : its training part is used.

    Returns
    -------
    Weights
        Of a ResidualBind with one output, to start training from.

    Raises
    ------
    ModelError
        If the trunk is missing or damaged.
    """
    import keras

    panel = open_trunk(TRUNK)
    trunk = build(Architecture(outputs=len(panel.heads)))
    put_weights(trunk, panel.weights)
    features_of = keras.Model(trunk.input, trunk.get_layer("score").input)
    probes, targets = one_hot(dataset.codes[dataset.training]), dataset.scores[dataset.training].astype(np.float64)
    features = features_of.predict(probes, batch_size=2048, verbose=0).astype(np.float64)
    centred = features - features.mean(axis=0)
    kernel = np.linalg.solve(centred.T @ centred + RIDGE * np.eye(centred.shape[1]), centred.T @ targets)
    bias = targets.mean() - features.mean(axis=0) @ kernel
    return panel.weights | {"score/kernel": kernel[:, None].astype(np.float32), "score/bias": np.array([bias], np.float32)}
