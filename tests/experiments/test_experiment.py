from dataclasses import dataclass
from typing import ClassVar

import pytest

from rbind_core.errors import ExperimentError
from rbind_core.experiments.experiment import Experiment, arm, fit_series, run, setting
from rbind_core.statistics import compare
from tests.experiments.scripted import Scripted


@dataclass(frozen=True)
class TwoPlaces(Experiment):
    """The least that an experiment needs."""

    name: ClassVar = "two-places"
    motif: str = setting("", "Motif", "What is put in.")
    gap: int = setting(5, "Gap", "In nt.", 1, 9)

    def arms(self):
        return [arm("one", f"{self.motif}@1", "a", 1), arm("other", f"{self.motif}@{1 + self.gap}", "a", 2)]

    def comparisons(self, results):
        return [compare("other", "one", results["other"], results["one"])]


def test_settings_come_from_the_user_then_from_the_model_then_from_the_experiment(model):
    assert TwoPlaces.for_model(model).settings == {"motif": "UGCAUG", "gap": 5}
    assert TwoPlaces.for_model(model, motif="GGG", gap=9).settings == {"motif": "GGG", "gap": 9}
    assert TwoPlaces.for_model(model, motif="", gap=None).settings == {"motif": "UGCAUG", "gap": 5}


@pytest.mark.parametrize("gap", [0, 10, -(10**9)])
def test_a_setting_beyond_its_limits_is_refused(gap, model):
    with pytest.raises(ExperimentError, match=f"Gap = {gap}: use 1 to 9"):
        TwoPlaces.for_model(model, gap=gap)


def test_a_result_goes_by_arm_and_says_what_its_comparisons_say():
    result = run(TwoPlaces("UGC"), Scripted({"UGC@1": 1, "UGC@6": 3}))
    assert [arm.label for arm in result.arms] == ["one", "other"]
    assert {label: round(i.mean, 3) for label, i in result.by_label.items()} == {"one": 1, "other": 3}
    assert result.comparisons[0].holm == result.comparisons[0].p_value < 1e-10
    assert result.sentences == [result.comparisons[0].sentence]
    assert result.fits == {}


def test_a_line_goes_through_each_series_that_has_two_different_x():
    arms = [
        *(arm(f"a{x}", f"A@{x}", "a", x) for x in (1, 2, 3)),
        *(arm(f"b{x}", f"C@{x}", "b", x) for x in (1, 2)),
        arm("c1", "G@1", "c", 1),
        arm("no x", "U@1", "a"),
    ]
    fits = fit_series(arms, [1, 3, 5, 4, 3, 9, 100])
    assert set(fits) == {"a", "b"}
    assert (fits["a"].slope, fits["a"].intercept, fits["a"].points) == pytest.approx((2, -1, 3))
    of_sites = fit_series(arms, [1, 3, 5, 4, 3, 9, 100], from_none=True)["a"]
    assert (of_sites.slope, of_sites.intercept, of_sites.points) == pytest.approx((1.7, -0.3, 4)), "no site does nothing"
    assert (fits["b"].slope, fits["b"].points) == pytest.approx((-1, 2))
