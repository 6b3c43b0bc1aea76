import numpy as np
import pytest

from rbind_core.model.fused_normalisation import FusedBatchNormalization


@pytest.fixture
def layers():
    from keras import layers

    plain, fused = layers.BatchNormalization(), FusedBatchNormalization()
    for layer in (plain, fused):
        layer.build((None, 7, 3))
        rng = np.random.default_rng(0)
        layer.set_weights([rng.uniform(0.5, 2, 3) for _ in range(4)])
    return plain, fused


def test_training_and_inference_are_those_of_keras(layers):
    import tensorflow as tf

    plain, fused = layers
    x = tf.constant(np.random.default_rng(1).normal(2, 3, (64, 7, 3)).astype(np.float32))
    assert np.array_equal(plain(x, training=False), fused(x, training=False))
    gradients = []
    for layer in layers:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, training=True)
            loss = tf.reduce_sum(y**3)
        gradients.append((y, *tape.gradient(loss, [x, *layer.trainable_variables])))
    for ours, theirs in zip(*gradients, strict=True):
        scale = np.abs(theirs).max()
        assert np.array(ours) / scale == pytest.approx(np.array(theirs) / scale, abs=1e-4)


def test_the_moving_statistics_follow_the_batch(layers):
    _, fused = layers
    x = np.random.default_rng(2).normal(5, 2, (64, 7, 3)).astype(np.float32)
    for _ in range(600):
        fused(x, training=True)
    assert fused.moving_mean.numpy() == pytest.approx(x.mean(axis=(0, 1)), rel=0.02)
    assert fused.moving_variance.numpy() == pytest.approx(x.var(axis=(0, 1)), rel=0.02)
