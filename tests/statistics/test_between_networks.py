"""The spread between networks: an interval for another network, tested where the truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.statistics.between_networks import between_networks


def spread(values):
    return between_networks([f"n{i}" for i in range(len(values))], ["panel"] * len(values), values)


@pytest.mark.parametrize("networks", [3, 5, 8])
def test_the_interval_holds_another_network_in_95_of_100_cases(networks):
    rng = np.random.default_rng(networks)
    draws = rng.normal(2.0, 0.7, size=(4000, networks + 1))
    inside = [low <= draw[-1] <= high for draw in draws for low, high in [spread(draw[:-1]).interval95]]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.012)


def test_it_is_wider_than_an_interval_of_the_mean():
    values = [1.0, 2.0, 3.0]
    low, high = spread(values).interval95
    assert (high - low) / 2 == pytest.approx(4.3027 * 1.0 * (4 / 3) ** 0.5, rel=1e-4)


def test_two_networks_give_no_interval():
    assert spread([1.0, 2.0]).interval95 is None
    assert spread([1.0, 2.0]).record()["between_networks"]["interval95"] is None


def test_networks_that_disagree_in_sign_are_counted():
    found = spread([-0.2, 0.5, 0.9, 0.4, -0.1])
    assert found.agree == 3
    assert found.sentence() == "positive in 3 of 5 networks, -0.20 to 0.90"
    assert spread([-1.0, -2.0, -3.0]).sentence() == "negative in 3 of 3 networks, -3.00 to -1.00"


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=12))
def test_the_interval_holds_the_mean_and_no_order_matters(values):
    found, turned = spread(values), spread(values[::-1])
    low, high = found.interval95
    assert low <= found.mean <= high
    assert turned.interval95 == pytest.approx(found.interval95, abs=1e-9)
    assert found.agree == turned.agree


def test_the_record_names_each_network():
    record = between_networks(["served", "panel-1", "panel-2"], ["fine-tuned", "panel head", "panel head"], [4, 3, 5]).record()
    assert record["networks"][0] == {"name": "served", "kind": "fine-tuned", "value": 4.0}
    assert record["between_networks"]["agree"] == 3
    assert record["between_networks"]["sd"] == pytest.approx(1.0)
