from functools import partial

import numpy as np
import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.backgrounds import PAPER_NAMES
from rbind_core.experiments.affinity import Affinity
from rbind_core.experiments.experiment import Experiment, arm
from rbind_core.experiments.robustness import robustness
from rbind_core.experiments.sites import Sites
from rbind_core.experiments.structure import StemLoop
from rbind_core.statistics import compare
from tests.experiments.scripted import Scripted

LOOP, STEM = "stem:7-16/24-33+GCUGGC@18", "stem:7-16/24-33+GCUGGC@10"
OPEN_LOOP, OPEN_STEM = "GCUGGC@18", "GCUGGC@10"
PLACES = {
    "in the loop": LOOP,
    "in the stem": STEM,
    "at the loop's place without a hairpin": OPEN_LOOP,
    "at the stem's place without a hairpin": OPEN_STEM,
}
CLEAR = {LOOP: 3, STEM: 1, OPEN_LOOP: 2, OPEN_STEM: 0}  # three clear differences: loop and stem above their open places
NOTHING = dict.fromkeys(CLEAR, 1)


class FourPlaces(Experiment):
    """An experiment with three planned comparisons."""

    name, title, question, figure = "four", "Four places", "Where does it do most?", "none"

    def arms(self):
        return [arm(label, text) for label, text in PLACES.items()]

    def comparisons(self, results):
        loop, stem, open_loop, open_stem = PLACES
        pairs = [(loop, stem), (loop, open_loop), (stem, open_stem)]
        return [compare(f"the motif {a}", f"the motif {b}", results[a], results[b]) for a, b in pairs]


def under_all(others=None, usual=CLEAR, experiment=None, scatter=0.5):
    """An experiment with the same importances under all backgrounds but those that are given."""
    means = dict.fromkeys(PAPER_NAMES, usual) | (others or {})
    return robustness(experiment or FourPlaces(), lambda choice: Scripted(means[choice.background], scatter), BackgroundChoice())


def test_each_of_the_papers_backgrounds_is_drawn_with_the_same_seed_and_n():
    asked = []

    def analyse(choice):
        asked.append(choice)
        return Scripted({})

    robustness(Sites(motif="UGC", weaker="-"), analyse, BackgroundChoice("shuffle", 77, 5, "measured"))
    assert asked == [BackgroundChoice(name, 77, 5, "measured") for name in PAPER_NAMES]


def test_the_same_answer_everywhere_agrees():
    found = under_all()
    assert found.agrees
    assert (found.reversed_claims, found.lost_claims) == ([], [])
    assert found.verdict == (
        "Agree: the 3 effects that are clear under the profile background point the same way under all 7 backgrounds. "
        "Global importances differ from those under profile by 0.00 (0%) on average, by 0.00 at most (in the loop, shuffle)."
    )


def test_a_difference_that_turns_round_is_a_disagreement():
    found = under_all({"quartile4": CLEAR | {STEM: 4}})
    assert not found.agrees
    assert found.reversed_claims == [("quartile4", "the motif in the loop v the motif in the stem")]
    assert found.lost_claims == []
    assert found.verdict.startswith(
        "Differ: of the 3 effects that are clear under the profile background, reversed: "
        "the motif in the loop v the motif in the stem (quartile 4 (highest)). "
    )


def test_one_difference_of_18_that_is_no_longer_clear_is_said_but_agrees():
    found = under_all({"shuffle": CLEAR | {OPEN_LOOP: 3}})
    assert found.agrees
    assert found.lost_claims == [("shuffle", "the motif in the loop v the motif at the loop's place without a hairpin")]
    assert found.verdict.startswith("Agree: none of the 3 effects that are clear under the profile background is reversed")
    assert "no longer clear: the motif in the loop v the motif at the loop's place without a hairpin (shuffle)" in found.verdict


def test_two_of_18_that_are_no_longer_clear_are_a_disagreement():
    found = under_all({name: CLEAR | {OPEN_LOOP: 3} for name in ("shuffle", "quartile1")})
    assert not found.agrees
    assert found.verdict.startswith("Differ: of the 3 effects that are clear under the profile background, no longer clear: ")
    assert "quartile 1 (lowest)" in found.verdict


def test_a_reversal_is_named_even_beside_much_that_is_lost():
    found = under_all({"shuffle": CLEAR | {STEM: 4}, "quartile1": NOTHING})
    assert len(found.lost_claims) == 3
    assert "reversed: the motif in the loop v the motif in the stem (shuffle)." in found.verdict


def test_many_losses_are_listed_up_to_three():
    found = under_all({"shuffle": NOTHING, "quartile1": NOTHING})
    assert len(found.lost_claims) == 6
    assert "(shuffle) and 3 more. " in found.verdict


def test_where_nothing_is_clear_there_is_nothing_to_agree_on():
    found = under_all({"shuffle": CLEAR}, usual=NOTHING)
    assert found.verdict.startswith("Nothing is clear under the profile background, so there is nothing to agree on. ")
    assert (found.reversed_claims, found.lost_claims) == ([], [])


def test_a_single_clear_effect_is_spoken_of_as_one():
    one = {LOOP: 2, STEM: 1, OPEN_LOOP: 2, OPEN_STEM: 1}
    assert "Agree: the one effect that is clear under the profile background points the same way" in under_all(usual=one).verdict


def test_without_planned_comparisons_the_effects_themselves_are_held_against_each_other():
    affinity = Affinity(affinities="UGC 1, AGC 2, GGC 4")
    usual = {"UGC@18": 2, "AGC@18": -1, "GGC@18": 0}
    found = under_all({"shuffle": usual | {"AGC@18": 1}}, usual, affinity)
    assert found.reversed_claims == [("shuffle", "AGC")]
    assert found.verdict.startswith("Differ: of the 2 effects that are clear")


def test_the_verdict_says_by_how_much_importances_differ():
    found = under_all({"dinucleotide": CLEAR | {OPEN_STEM: 1.2}}, scatter=1e-3)
    assert found.means.shape == (7, 4)
    assert found.means[0] == pytest.approx([3, 1, 2, 0], abs=1e-5)
    # 1.2 in one of 6 x 4 is 0.05 on average, 3 % of the mean of 3, 1, 2 and 0
    assert found.verdict.endswith(
        "Global importances differ from those under profile by 0.05 (3%) on average, "
        "by 1.20 at most (at the stem's place without a hairpin, dinucleotide shuffle)."
    )


def test_where_no_effect_is_at_all_there_is_no_share():
    assert "by 0.00 on average, by 0.00 at most" in under_all(usual={}, scatter=0).verdict


def test_an_experiment_runs_under_all_backgrounds_of_a_real_setup(additive, model):
    found = robustness(Sites.for_model(model), partial(prepare, model, additive), BackgroundChoice(samples=40))
    assert tuple(found.results) == PAPER_NAMES
    assert found.experiment == Sites.for_model(model)
    assert np.isfinite(found.means).all()


SITES = {"UGC@4": 1, "UGC@11": 1, "UGC@18": 1, "UGC@4+UGC@11": 2, "UGC@4+UGC@11+UGC@18": 3}
MORE = SITES | {"UGC@4+UGC@11+UGC@18": 5}


@pytest.mark.parametrize(
    ("elsewhere", "agrees", "says"),
    [
        (SITES, True, "Agree: the one verdict that is clear under the profile background (UGC: additive) is the same under all 7"),
        (
            MORE,
            False,
            "that is clear under the profile background (UGC: additive), decided otherwise: UGC (shuffle)",
        ),
        (dict.fromkeys(SITES, 0), False, "(UGC: additive), undecided: UGC (shuffle)"),
    ],
)
def test_a_verdict_agrees_where_it_is_the_same(elsewhere, agrees, says):
    found = under_all({"shuffle": elsewhere}, SITES, Sites(motif="UGC", weaker="-"), scatter=0.1)
    assert found.agrees is agrees
    assert says in found.verdict


def test_without_a_verdict_there_is_nothing_to_agree_on():
    found = under_all({"shuffle": SITES}, dict.fromkeys(SITES, 0), Sites(motif="UGC", weaker="-"), scatter=0.1)
    assert found.agrees is None


def test_the_hairpin_has_its_verdict_compared_and_not_its_contrasts():
    hairpin = StemLoop(motif="GCUGGC")
    kept = {f"stem:7-16/24-33{form}+GCUGGC@18": 2 for form in ("", ":swap")}
    usual = kept | {f"stem:7-16/24-33:{form}+GCUGGC@18": 1 for form in ("open", "swap5", "swap3")}
    assert under_all({}, usual, hairpin, 0.1).agrees
    otherwise = under_all({"quartile1": dict.fromkeys(usual, 1)}, usual, hairpin, 0.1)
    assert otherwise.reversed_claims == [("quartile1", "pairing")]
