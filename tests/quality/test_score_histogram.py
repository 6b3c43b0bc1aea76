import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rbind_core.errors import DataError
from rbind_core.quality.score_histogram import DENSITY, Density, bin_scores, read_densities, write_densities

scores = st.floats(-1e6, 1e6, width=32)


def some_scores(n: int = 5000):
    rng = np.random.default_rng(0)
    predicted = rng.standard_gamma(2, n).astype(np.float32)
    return (predicted + rng.normal(size=n)).astype(np.float32), predicted


def assert_same(one: Density, other: Density) -> None:
    assert (one.scale, one.n) == (other.scale, other.n)
    assert one.pearson == pytest.approx(other.pearson, abs=0, nan_ok=True)
    for name in ("measured_edges", "predicted_edges", "counts"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert getattr(one, name).dtype == getattr(other, name).dtype


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(*[arrays(np.float32, n, elements=scores)] * 2)), st.integers(1, 20))
def test_every_probe_is_counted_exactly_once(pair, bins):
    measured, predicted = pair
    density = bin_scores(measured, predicted, "log", bins)
    assert density.counts.shape == (bins, bins)
    assert density.counts.sum() == density.n == len(measured)
    for edges in (density.measured_edges, density.predicted_edges):
        assert edges.shape == (bins + 1,)
        assert (np.diff(edges) > 0).all()


@given(arrays(np.float32, (2, 30), elements=scores), st.sampled_from(["log", "clip"]))
def test_what_is_written_is_read_back_exactly(tmp_path_factory, pair, scale):
    density = bin_scores(*pair, scale, 8)
    folder = tmp_path_factory.mktemp("model")
    write_densities(folder, [density])
    assert_same(read_densities(folder)[scale], density)


def test_counts_are_measured_by_predicted():
    measured, predicted = some_scores()
    density = bin_scores(measured, predicted, "log")
    inside_x, inside_y = (
        (values > edges[1]) & (values < edges[-2])
        for values, edges in ((measured, density.measured_edges), (predicted, density.predicted_edges))
    )
    inside = inside_x & inside_y
    expected, _, _ = np.histogram2d(
        measured[inside].astype(float), predicted[inside].astype(float), [density.measured_edges, density.predicted_edges]
    )
    np.testing.assert_array_equal(density.counts[1:-1, 1:-1], expected[1:-1, 1:-1])
    assert density.pearson == pytest.approx(np.corrcoef(measured, predicted)[0, 1], abs=1e-6)


def test_one_wild_probe_does_not_spread_the_limits():
    measured, predicted = some_scores(100_000)
    measured[0] = 1e5
    density = bin_scores(measured, predicted, "log")
    assert density.measured_edges[-1] < 30
    assert density.counts[-1].sum() >= 1


def test_probes_without_a_score_are_left_out_and_none_at_all_is_an_error():
    measured, predicted = some_scores(100)
    measured[:30] = np.nan
    assert bin_scores(measured, predicted, "clip").n == 70
    with pytest.raises(DataError, match="no probe has both"):
        bin_scores(np.full(3, np.nan), np.zeros(3), "log")


def test_constant_scores_have_no_correlation_and_survive_the_file(tmp_path):
    density = bin_scores(np.zeros(50), np.ones(50), "log")
    assert np.isnan(density.pearson)
    write_densities(tmp_path, [density])
    assert_same(read_densities(tmp_path)["log"], density)


def test_both_scales_share_a_file(tmp_path):
    densities = [bin_scores(*some_scores(), scale) for scale in ("log", "clip")]
    write_densities(tmp_path / "new", densities)
    assert list(read_densities(tmp_path / "new")) == ["log", "clip"]
    assert [path.name for path in (tmp_path / "new").iterdir()] == [DENSITY]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: "[1, 2]",
        lambda text: '{"log": 3}',
        lambda text: '{"log": {}}',
        lambda text: text.replace('"n":5000', '"n":4999'),
        lambda text: text.replace('"cells":[', '"cells":[7,'),
        lambda text: text.replace('"cells":[', '"cells":[-99999999,'),
        lambda text: json.dumps({"log": json.loads(text)["log"] | {"cells": None}}),
        lambda text: "\udcff",
    ],
)
def test_a_damaged_file_is_like_none(tmp_path, damage):
    path = write_densities(tmp_path, [bin_scores(*some_scores(), "log")])
    path.write_bytes(damage(path.read_text()).encode(errors="surrogateescape"))
    assert read_densities(tmp_path) == {}


def test_a_missing_file_is_empty(tmp_path):
    assert read_densities(tmp_path / "nowhere") == {}


def test_a_whole_set_b_takes_little_room(tmp_path):
    path = write_densities(tmp_path, [bin_scores(*some_scores(121_031), "log")])
    assert path.stat().st_size < 8000
