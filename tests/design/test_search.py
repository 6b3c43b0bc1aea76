"""Design: greedy on models with a known optimum, constraints that always hold, and an end that is explained."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rbind_core.data.library import designed_library
from rbind_core.design import Constraints, Objective, design, percent_below, read_gc, read_motifs, read_positions
from rbind_core.design.constraints import occurrences, positions_text
from rbind_core.errors import ExperimentError, RBindError, SequenceError
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.rna.sequences import ALPHABET, LENGTH, decode, encode
from tests.toys import AdditiveModel, MotifCounter, rna

ANYTHING = Constraints()


class Gradual:
    """Score = the best agreement of any window with a motif, so that every step towards it counts."""

    def __init__(self, motif: str = "UGCAUG") -> None:
        self.motif = encode(motif, len(motif))[0]

    def predict(self, codes):
        windows = np.lib.stride_tricks.sliding_window_view(codes, len(self.motif), axis=1)
        return (windows == self.motif).sum(axis=2).max(axis=1).astype(np.float32)


def seeded(seed: int = 0):
    return np.random.default_rng(seed)


def best_of(model, length):
    return "".join(ALPHABET[letter] for letter in model.weights[:length, :4].argmax(axis=1))


@given(rna(min_size=11))
def test_where_positions_add_up_greedy_finds_the_global_optimum(start):
    model = AdditiveModel()
    found = design(Objective(model), start, ANYTHING, seeded(), steps=60)
    assert found.final.sequence == best_of(model, len(start))
    assert len(found.steps) - 1 == len(found.changed)
    assert found.stopped_by.startswith("a local optimum")


def test_the_lowest_is_the_other_end():
    model = AdditiveModel()
    found = design(Objective(model, minimise=True), "A" * LENGTH, ANYTHING, seeded(), steps=60)
    assert encode(found.final.sequence)[0].tolist() == model.weights[:, :4].argmin(axis=1).tolist()
    assert "goes lower" in found.stopped_by


def test_against_another_the_difference_is_what_counts():
    a, b = AdditiveModel(1), AdditiveModel(2)
    found = design(Objective(a, b, weight=0.5), "C" * LENGTH, ANYTHING, seeded(), steps=60)
    expected = (a.weights - 0.5 * b.weights)[:, :4].argmax(axis=1)
    assert encode(found.final.sequence)[0].tolist() == expected.tolist()
    final = found.final
    assert final.objective == pytest.approx(final.score - 0.5 * final.against, abs=1e-4)


def test_a_motif_is_planted_letter_by_letter():
    found = design(Objective(Gradual()), "A" * 30, ANYTHING, seeded())
    assert "UGCAUG" in found.final.sequence
    assert [step.score for step in found.steps] == [1 + n for n in range(len(found.steps))] or found.final.score == 6


def test_the_path_can_be_walked_again():
    found = design(Objective(AdditiveModel()), None, ANYTHING, seeded(3), steps=12)
    assert found.stopped_by == "the limit of 12 steps"
    letters = list(found.start.sequence)
    for step in found.steps[1:]:
        assert letters[step.position - 1] == step.before
        letters[step.position - 1] = step.after
        assert "".join(letters) == step.sequence
        assert step.score == pytest.approx(AdditiveModel().predict(encode(step.sequence))[0], abs=1e-4)


def test_each_greedy_step_goes_up():
    found = design(Objective(AdditiveModel()), None, ANYTHING, seeded(1), steps=30)
    assert (np.diff([step.score for step in found.steps]) > 0).all()


def test_the_same_seed_gives_the_same_and_another_one_does_not():
    def sequence(seed, **options):
        return design(Objective(MotifCounter()), None, ANYTHING, seeded(seed), steps=5, **options)

    assert sequence(0, temperature=1.0, restarts=2) == sequence(0, temperature=1.0, restarts=2)
    assert sequence(0) != sequence(1)


constraint_sets = st.builds(
    Constraints,
    gc=st.sampled_from([(0.0, 1.0), (0.3, 0.6), (0.0, 0.4), (0.6, 0.8)]),
    forbidden=st.lists(st.sampled_from(["AAA", "GG", "UGCAUG", "YYYY", "ANA"]), max_size=2, unique=True).map(tuple),
    kept=st.frozensets(st.integers(1, 30), max_size=8),
    most_changes=st.one_of(st.none(), st.integers(3, 30)),
)


@given(st.one_of(st.none(), rna(min_size=30)), constraint_sets, st.booleans(), st.integers(0, 5))
@settings(max_examples=60)
def test_constraints_hold_or_one_sentence_says_why_not(start, constraints, minimise, seed):
    try:
        found = design(Objective(AdditiveModel(), minimise=minimise), start, constraints, seeded(seed), steps=40)
    except ExperimentError:
        return  # what is said then is in the test of what cannot be
    first, final = found.start.sequence, found.final.sequence
    gc = sum(letter in "GC" for letter in final) / len(final)
    assert constraints.gc[0] - 1e-9 <= gc <= constraints.gc[1] + 1e-9
    assert not any(occurrences(encode(final), motif).any() for motif in constraints.forbidden)
    assert all(first[position - 1] == final[position - 1] for position in constraints.kept)
    assert constraints.most_changes is None or len(found.changed) <= constraints.most_changes
    if start is not None:
        assert first == start


@pytest.mark.parametrize(
    ("constraints", "says"),
    [
        (Constraints(forbidden=("UGCAUG",)), "forbidden UGCAUG: .* would go higher by 1.00, but is not allowed"),
        (Constraints(most_changes=2), "at most 2 changes: "),
        (Constraints(kept=frozenset(range(1, 31)) - {1, 2}), "keep 3-30: "),
        (Constraints(gc=(0.0, 0.0)), "GC content 0 to 0: "),
    ],
)
def test_the_end_names_the_constraint_that_brought_it(constraints, says):
    found = design(Objective(Gradual()), "A" * 30, constraints, seeded())
    assert re.match(says, found.stopped_by)


def test_a_start_that_breaks_a_constraint_is_mended_first():
    found = design(Objective(Gradual()), "A" * 30, Constraints((0.4, 0.6), ("AAAA",)), seeded(), steps=40)
    assert "AAAA" not in found.final.sequence
    assert "UGCAUG" in found.final.sequence


def test_annealing_leaves_a_local_optimum_and_gives_the_best_it_saw():
    class Trap:
        """Letters A and C are worth 1 each, but all G is worth most, and half-way nothing is."""

        def predict(self, codes):
            g = (codes == 2).sum(axis=1)
            return np.where(g > 2, 2.0 * g, -1.0 * g).astype(np.float32)

    greedy = design(Objective(Trap()), "A" * 20, ANYTHING, seeded(), steps=60)
    warm = design(Objective(Trap()), "A" * 20, ANYTHING, seeded(), steps=60, temperature=3.0, restarts=3)
    assert greedy.final.score == 0
    assert warm.final.score == 40
    assert warm.final.score == max(step.score for step in warm.steps) == max(warm.runs)
    assert len(warm.runs) == 4


@pytest.mark.parametrize(
    ("start", "constraints", "options", "says"),
    [
        (None, Constraints(kept=frozenset(range(1, 42))), {}, "all 41 positions are kept"),
        ("A" * 20, Constraints(kept=frozenset({30})), {}, "the RNA has 20 nt; keep positions from 1 to 20"),
        ("A" * 20, Constraints((0.9, 1), kept=frozenset(range(1, 11))), {}, "only 0.00 to 0.50 can be reached"),
        ("A" * 20, Constraints((0.51, 0.54)), {}, "no RNA of 20 nt has a GC content between 0.51 and 0.54"),
        ("A" * 20, Constraints(forbidden=("AAA",), kept=frozenset({4, 5, 6})), {}, "AAA is forbidden, but stands at 4-6"),
        ("A" * 20, Constraints(forbidden=("NN",)), {}, "every RNA of 20 nt holds it"),
        ("A" * 20, Constraints((0.5, 1), most_changes=3), {}, "cannot be met by 20 steps"),
        ("A" * 20, Constraints((0.5, 1)), {"steps": 4}, "cannot be met by 4 steps"),
        ("A" * 20, ANYTHING, {"restarts": 2}, "set a temperature above 0"),
        ("A" * 20, ANYTHING, {"steps": 0}, "steps = 0: use 1 to 200"),
        ("A" * 20, ANYTHING, {"temperature": 9.0}, "temperature = 9: use 0 to 5"),
        ("ACGU", ANYTHING, {}, "allowed are 11-41 nt"),
        ("ACGX" * 5, ANYTHING, {}, "is not a nucleotide"),
    ],
)
def test_what_cannot_be_is_one_sentence(start, constraints, options, says):
    with pytest.raises(RBindError, match=says) as error:
        design(Objective(MotifCounter()), start, constraints, seeded(), **options)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Constraints((0.6, 0.3)), "the lower end first"),
        (lambda: Constraints(most_changes=0), "allow at least 1"),
        (lambda: Constraints(kept=frozenset({0})), "positions count from 1 to 41"),
        (lambda: Constraints(forbidden=("AX",)), "X is not a nucleotide"),
        (lambda: read_gc("lots"), "'lots' is not a range"),
        (lambda: read_positions("a"), "'a' is not a position"),
        (lambda: read_positions("9-3"), "runs backwards"),
        (lambda: read_positions("40-42"), "positions count from 1 to 41"),
        (lambda: read_motifs("AAAA, AXA"), "X is not a nucleotide"),
        (lambda: read_motifs(" ".join(["A" * n for n in range(1, 30)])), "29 forbidden motifs"),
    ],
)
def test_a_constraint_that_makes_no_sense_is_refused(make, says):
    with pytest.raises((ExperimentError, SequenceError), match=says):
        make()


def test_constraints_are_read_from_text():
    assert read_gc("0.3-0.6") == read_gc("30 - 60 %") == (0.3, 0.6)
    assert read_gc("") == (0.0, 1.0)
    assert read_motifs("aaaa, GGT;AAAA") == ("AAAA", "GGU")
    assert read_positions("1-3, 7") == {1, 2, 3, 7}
    assert positions_text(read_positions("1-3,7,8,10")) == "1-3,7-8,10"
    assert read_positions("") == frozenset()


def test_where_a_score_stands():
    assert percent_below(np.array([1.0, 2, 3, 4]), 3.5) == 75


def test_rbfox1_likes_a_designed_rna_with_gcaug_better_than_any_probe():
    predictor = load_predictor(find_model("RBFOX1"))
    found = design(Objective(predictor), None, ANYTHING, seeded())
    assert "GCAUG" in found.final.sequence
    assert percent_below(predictor.predict(designed_library().codes), found.final.score) > 99.9
    assert decode(encode(found.final.sequence)) == [found.final.sequence]
