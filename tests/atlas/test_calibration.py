"""Does the interval hold another network? Toys whose truth is known, both ways."""

import numpy as np
import pytest

from rbind_core.atlas.calibration import calibration
from rbind_core.atlas.files import Atlas, read_atlas, write_atlas
from rbind_core.errors import DataError
from rbind_core.experiments.headline import HEADLINE
from tests.atlas.toy_rows import row_of_the_counter

NETWORKS = ["served", "trunk", "panel-1", "panel-2", "panel-3", "tuned-2"]


def atlas_of(tmp_path, draw, experiments=60) -> Atlas:
    rows = []
    for number in range(experiments):
        spreads = [{"study": "headline", "label": name, "values": draw(number).tolist()} for name in HEADLINE]
        row = {"experiment": f"TOY{number:05}", "protein": f"P{number // 2}", "grade": "A"}
        rows.append(row_of_the_counter() | row | {"networks": NETWORKS, "spreads": spreads})
    write_atlas(tmp_path / "atlas.parquet", rows, {})
    return read_atlas(tmp_path / "atlas.parquet")


def test_networks_of_one_distribution_are_held_and_experiments_that_lie_apart_are_not(tmp_path):
    rng = np.random.default_rng(0)
    found = calibration(atlas_of(tmp_path, lambda number: rng.normal(10 * number, 1, len(NETWORKS))))
    assert found.cases == 60 * 5 * 6
    assert found.pairs == 60 * 5
    assert list(found.of_kind.values()) == pytest.approx([0.95, 0.95], abs=0.03)
    assert found.of_experiments == 0


def test_a_kind_that_always_lies_apart_is_found_out(tmp_path):
    rng = np.random.default_rng(1)
    apart = np.array([6.0, 0, 0, 0, 0, 0])
    found = calibration(atlas_of(tmp_path, lambda number: rng.normal(0, 1, len(NETWORKS)) + apart))
    assert found.of_kind["panel head"] > 0.95
    assert found.of_kind["fine-tuned"] < 0.8
    assert "in the 95 % interval made from the others in" in found.sentence


def test_taught_models_and_an_atlas_without_committees_do_not_count(tmp_path):
    with pytest.raises(DataError, match="holds no effects in several networks yet"):
        calibration(Atlas.empty())
