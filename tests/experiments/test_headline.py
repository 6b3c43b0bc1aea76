import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.experiments.headline import HEADLINE, headline
from tests.atlas.toy_rows import row_of_the_counter, toy_model
from tests.toys import MotifCounter


def test_the_five_effects_of_a_counter_are_those_of_its_row_in_the_atlas():
    row = row_of_the_counter()
    analysis = prepare(toy_model(), MotifCounter(), BackgroundChoice("profile", row["samples"], row["seed"]))
    found = headline(toy_model(), "UGCAUG", analysis).effects
    assert found == pytest.approx({name: row[name] for name in HEADLINE})
    assert found["top_importance"] == pytest.approx(1, abs=0.1)
    assert found["sites_per_cent_of_sum"] == pytest.approx(0, abs=10)
