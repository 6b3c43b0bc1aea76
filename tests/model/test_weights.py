import hashlib

import numpy as np
import pytest

from rbind_core.errors import ModelError
from rbind_core.model.weights import put_weights, read_weights, weights_of, write_weights
from tests.toys import random_weights


class Variable:
    def __init__(self, path, value):
        self.path, self.value = path, np.asarray(value, np.float32)
        self.shape = self.value.shape

    def assign(self, value):
        self.value = value

    def __array__(self, dtype=None, copy=None):
        return self.value


class Network:
    """What a Keras model shows of itself to the weights module."""

    def __init__(self, **values):
        self.weights = [Variable(path.replace("__", "/"), value) for path, value in values.items()]


def test_weights_read_back_as_they_were_written(tmp_path):
    weights = random_weights()
    digest = write_weights(tmp_path / "w.safetensors", weights)
    again = read_weights(tmp_path / "w.safetensors", digest)
    assert again.keys() == weights.keys()
    assert all(np.array_equal(again[name], weights[name]) for name in weights)
    assert digest == hashlib.sha256((tmp_path / "w.safetensors").read_bytes()).hexdigest()


def test_writing_leaves_no_other_file(tmp_path):
    write_weights(tmp_path / "w.safetensors", random_weights())
    assert [path.name for path in tmp_path.iterdir()] == ["w.safetensors"]


def test_the_same_weights_give_the_same_file_in_whatever_order_they_come(tmp_path):
    weights = random_weights()
    backwards = dict(reversed(weights.items()))
    assert write_weights(tmp_path / "a", weights) == write_weights(tmp_path / "b", backwards)


def test_a_changed_byte_is_noticed(tmp_path):
    path = tmp_path / "w.safetensors"
    digest = write_weights(path, random_weights())
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match="wrong SHA-256"):
        read_weights(path, digest)


@pytest.mark.parametrize("content", [b"", b"not weights", b"\xff" * 100])
def test_another_kind_of_file_is_refused(content, tmp_path):
    (tmp_path / "w.safetensors").write_bytes(content)
    with pytest.raises(ModelError, match="not a safetensors file"):
        read_weights(tmp_path / "w.safetensors")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        read_weights(tmp_path / "w.safetensors")


def test_weights_go_into_a_network_and_come_out_again():
    network = Network(score__kernel=[[0.0], [0.0]])
    put_weights(network, {"score/kernel": np.array([[1.0], [2.0]], np.float32)})
    assert {name: array.tolist() for name, array in weights_of(network).items()} == {"score/kernel": [[1.0], [2.0]]}


def test_weights_that_do_not_fit_are_refused_by_name():
    network = Network(score__kernel=[[0.0], [0.0]])
    with pytest.raises(ModelError, match=r"score/kernel is missing; expected shape \(2, 1\)"):
        put_weights(network, {})
    with pytest.raises(ModelError, match=r"score/kernel is of shape \(3,\); expected shape \(2, 1\)"):
        put_weights(network, {"score/kernel": np.zeros(3, np.float32)})
