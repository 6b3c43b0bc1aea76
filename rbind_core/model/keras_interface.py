"""Undocumented parts of Keras and TensorFlow that training uses, tested with Keras 3.15.1 and TensorFlow 2.21.

Batch normalisation of (n, length, channels) runs in TensorFlow's fused kernel: the same numbers, in half the time per step. It
reads the variables of Keras' own layer and calls a kernel of TensorFlow's version 1 interface.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from keras import layers


class FusedBatchNormalization(layers.BatchNormalization):
    """Keras' batch normalisation with its training step in one kernel; variables and inference are Keras' own."""

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Normalise by the statistics of the batch in training, otherwise by the moving ones.

        Parameters
        ----------
        inputs : (n, length, channels) float32.
        training : True in a training step.
        mask : unused.

        Returns
        -------
        Tensor
            (n, length, channels) float32.
        """
        if not training:
            return super().call(inputs, training=training, mask=mask)
        normalised, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            tf.expand_dims(inputs, 1), self.gamma, self.beta, epsilon=self.epsilon, is_training=True
        )[:3]
        self.moving_mean.assign(self.moving_mean * self.momentum + mean * (1 - self.momentum))
        self.moving_variance.assign(self.moving_variance * self.momentum + variance * (1 - self.momentum))
        return tf.squeeze(normalised, 1)
