import numpy as np
import pytest

from rbind_core.model.architecture import Architecture, build
from rbind_core.model.keras_interface import FusedBatchNormalization


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


def test_keras_still_names_what_the_fused_layer_reads(layers):
    for name in ("gamma", "beta", "moving_mean", "moving_variance", "epsilon", "momentum"):
        assert hasattr(layers[0], name), f"Keras' BatchNormalization has no {name} any more, which FusedBatchNormalization reads"


def test_tensorflow_still_has_the_fused_kernel():
    import tensorflow as tf

    assert hasattr(tf.compat.v1.nn, "fused_batch_norm"), "TensorFlow has dropped the kernel that trains twice as fast"


def test_weights_have_the_names_of_the_files_and_leave_out_the_state_of_dropout():
    model = build(Architecture())
    names = [variable.path for variable in model.weights]
    assert {"conv/kernel", "residual1_norm/moving_mean", "score/bias"} <= set(names), "Keras names weights in another way"
    assert not [name for name in names if "seed" in name], "Keras counts seeds among the weights, which are stored in files"


def test_the_state_of_a_training_stands_in_the_same_order_whatever_was_made_before():
    import keras

    def state():
        model = build(Architecture())
        model.compile(keras.optimizers.Adam(), loss="mse")
        model.optimizer.build(model.trainable_variables)
        return [(v.shape, v.dtype) for v in (*model.variables, *model.optimizer.variables)]

    assert state() == state(), "Keras orders variables in another way, so checkpoints no longer go on where they were"
