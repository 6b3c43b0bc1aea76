"""The ResidualBind network in Keras (Koo et al. 2021, Methods). The only module besides training that needs TensorFlow."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rbind_core.rna.sequences import LENGTH

if TYPE_CHECKING:
    import keras

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

FILTERS = 96
FIRST_KERNEL = 11
RESIDUAL_KERNEL = 3
POOL = 10
HIDDEN = 256


@dataclass(frozen=True)
class Architecture:
    """Dimensions of a ResidualBind.

    `dilations` are those of the residual module; (1, 2, 4) is the paper's text, (1, 2, 4, 8) the authors' repository.
    `channels` is 4 for sequence, 6 with paired/unpaired, 9 with five structural contexts.
    `outputs` is 1 for a model of one RBP, one per experiment for a trunk.
    """

    dilations: tuple[int, ...] = (1, 2, 4)
    channels: int = 4
    outputs: int = 1
    length: int = LENGTH


@dataclass(frozen=True)
class Dropout:
    """Dropout rates used in training: within convolutions, after pooling, after the hidden layer (paper's by default)."""

    convolution: float = 0.1
    pooling: float = 0.2
    hidden: float = 0.5


def build(architecture: Architecture, dropout: Dropout | None = None, seed: int = 0) -> keras.Model:
    """Build ResidualBind with Glorot-initialised weights.

    Parameters
    ----------
    dropout : rates, used only in training; the paper's when None.
    seed : of the initial weights and of dropout.

    Returns
    -------
    keras.Model
        (n, 41, channels) float32 -> (n, outputs) float32, in z-score units; 188,289 parameters by default.
    """
    from keras import Model, initializers, layers

    from rbind_core.model.keras_interface import FusedBatchNormalization

    dropout = dropout or Dropout()
    rng = np.random.default_rng(seed)  # by default Keras draws from Python's global generator, which other threads use too

    def drop(rate: float) -> keras.Layer:
        return layers.Dropout(rate, seed=int(rng.integers(2**31)))

    def glorot() -> keras.Initializer:
        return initializers.GlorotUniform(int(rng.integers(2**31)))

    inputs = layers.Input((architecture.length, architecture.channels), name="rna")
    x = layers.Conv1D(FILTERS, FIRST_KERNEL, padding="same", use_bias=False, kernel_initializer=glorot(), name="conv")(inputs)
    x = FusedBatchNormalization(name="conv_norm")(x)
    x = layers.ReLU()(x)
    x = drop(dropout.convolution)(x)

    residual = x
    for number, dilation in enumerate(architecture.dilations):
        if number:
            residual = layers.ReLU()(residual)
            residual = drop(dropout.convolution)(residual)
        residual = layers.Conv1D(
            FILTERS,
            RESIDUAL_KERNEL,
            padding="same",
            dilation_rate=dilation,
            use_bias=False,
            kernel_initializer=glorot(),
            name=f"residual{number + 1}",
        )(residual)
        residual = FusedBatchNormalization(name=f"residual{number + 1}_norm")(residual)
    x = layers.ReLU()(layers.Add()([x, residual]))

    x = layers.AveragePooling1D(POOL)(x)
    x = drop(dropout.pooling)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(HIDDEN, use_bias=False, kernel_initializer=glorot(), name="hidden")(x)
    x = layers.BatchNormalization(name="hidden_norm")(x)
    x = layers.ReLU()(x)
    x = drop(dropout.hidden)(x)
    outputs = layers.Dense(architecture.outputs, kernel_initializer=glorot(), name="score")(x)
    return Model(inputs, outputs, name="residualbind")
