from itertools import pairwise

import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.errors import ConstructError, ExperimentError
from rbind_core.experiments.experiment import run
from rbind_core.experiments.sites import Position, RandomPosition, Sites, Spacing
from rbind_core.rna.sequences import decode, encode
from tests.constructs.strategies import draws_for
from tests.experiments.scripted import Scripted, sample_without_gc, texts
from tests.toys import MotifCounter, sample_of


def counted(experiment, motif="UGCAUG"):
    """The experiment where predicted binding is the number of motifs."""
    return run(experiment, GlobalImportanceAnalysis(MotifCounter(motif), sample_without_gc()))


class CrowdedCounter(MotifCounter):
    """The number of motifs, minus one where two of them are closer than 3 nt."""

    def predict(self, codes):
        starts = [[match.start() for match in self.motif.finditer(s)] for s in decode(codes)]
        return super().predict(codes) - np.array([any(b - a < 9 for a, b in pairwise(s)) for s in starts])


# Number of sites.


def test_sites_are_those_of_the_paper(rbfox1):
    assert texts(Sites.for_model(rbfox1)) == {
        "UGCAUG ×1": "UGCAUG@4",
        "UGCAUG ×2": "UGCAUG@4+UGCAUG@11",
        "UGCAUG ×3": "UGCAUG@4+UGCAUG@11+UGCAUG@18",
        "AGAAUG ×1": "AGAAUG@4",
        "AGAAUG ×2": "AGAAUG@4+AGAAUG@11",
        "AGAAUG ×3": "AGAAUG@4+AGAAUG@11+AGAAUG@18",
        "UGCAUG alone at 11": "UGCAUG@11",
        "UGCAUG alone at 18": "UGCAUG@18",
        "AGAAUG alone at 11": "AGAAUG@11",
        "AGAAUG alone at 18": "AGAAUG@18",
    }
    assert [(arm.series, arm.x) for arm in Sites.for_model(rbfox1).arms() if not arm.is_control] == [
        *(("UGCAUG", n) for n in (1, 2, 3)),
        *(("AGAAUG", n) for n in (1, 2, 3)),
    ]


def test_sites_of_other_proteins_have_no_weaker_motif_unless_it_is_given(model):
    assert len(texts(Sites.for_model(model))) == 5
    assert len(texts(Sites.for_model(model, weaker="aga atg"))) == 10
    assert Sites.for_model(model, motif="ggg", weaker="").motifs == ["GGG"]


def test_up_to_five_sites_fit_and_do_not_overlap(model):
    assert texts(Sites.for_model(model, copies=5))["UGCAUG ×5"] == "UGCAUG@4+UGCAUG@11+UGCAUG@18+UGCAUG@25+UGCAUG@32"
    for arm in Sites(motif="UGCAUGU", weaker="-", copies=5).arms():
        assert arm.construct.overlap_notes() == []


def test_a_motif_given_twice_is_measured_once(rbfox1):
    assert len(texts(Sites.for_model(rbfox1, motif="AGAAUG"))) == 5
    assert Sites.for_model(rbfox1, motif="agaatg").motifs == ["AGAAUG"]


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"copies": 1}, ExperimentError, "Sites = 1: use 2 to 5"),
        ({"copies": 6}, ExperimentError, "Sites = 6: use 2 to 5"),
        ({"motif": "UGCAUGUU"}, ExperimentError, "UGCAUGUU: 8 nt long; sites start 7 nt apart here, so use at most 7 nt"),
        ({"weaker": "UGCAUGUU"}, ExperimentError, "UGCAUGUU: 8 nt long"),
        ({"motif": "UGX"}, ConstructError, "UGX: X is not a nucleotide"),
        ({"motif": "-"}, ConstructError, "- is not a nucleotide"),
    ],
)
def test_sites_that_cannot_be_measured_are_refused(settings, error, says, model):
    with pytest.raises(error, match=says):
        Sites.for_model(model, **settings).arms()


@pytest.mark.parametrize("copies", [2, 3, 5])
def test_each_site_of_a_counted_motif_adds_one(copies, rbfox1):
    result = counted(Sites.for_model(rbfox1, copies=copies))
    assert [result.importances[i].mean for i in result.drawn] == [*range(1, copies + 1), *[0] * copies]
    fit = result.fits["UGCAUG"]
    assert (fit.slope, fit.intercept, fit.r_squared, fit.points) == pytest.approx((1, 0, 1, copies + 1)), "no site is on it too"
    assert [c.mean for c in result.comparisons] == [1] * (copies - 1) + [0] * (copies - 1)
    assert [c.is_significant for c in result.comparisons] == [True] * (copies - 1) + [False] * (copies - 1)
    strong, weak, line, flat = result.sentences
    assert strong.startswith(f"{copies} sites of UGCAUG: additive. Together they differ from the sum of each alone at the same")
    assert weak.startswith(
        f"{copies} sites of AGAAUG: undecided, since the sum of each site alone, +0.00, is not clearly different"
    )
    assert "R² = 1.000, which says little; a further site adds 1.00 on average, the first one 1.00" in line
    assert flat == "AGAAUG: global importance is the same, 0.00, for every number of sites."


def test_sites_that_saturate_do_less_than_their_sum(model):
    means = {f"UGCAUG@{start}": 2 for start in (4, 11, 18)}
    scripted = Scripted(means | {"UGCAUG@4+UGCAUG@11": 3, "UGCAUG@4+UGCAUG@11+UGCAUG@18": 2.5})
    result = run(Sites.for_model(model), scripted)
    expected = np.corrcoef([0, 1, 2, 3], [0, 2, 3, 2.5])[0, 1] ** 2
    assert result.fits["UGCAUG"].r_squared == pytest.approx(expected, abs=1e-4)
    assert "differ from the sum of each alone at the same places, +6.00, by -58 %" in result.sentences[0]


def test_each_number_of_sites_is_compared_with_one_fewer(rbfox1):
    comparisons = counted(Sites.for_model(rbfox1)).comparisons
    assert [(c.first, c.second) for c in comparisons] == [
        ("UGCAUG ×2", "UGCAUG ×1"),
        ("UGCAUG ×3", "UGCAUG ×2"),
        ("AGAAUG ×2", "AGAAUG ×1"),
        ("AGAAUG ×3", "AGAAUG ×2"),
    ]


# Spacing.


def test_spacing_has_the_papers_constructs_and_a_full_sweep(model):
    spacing = Spacing.for_model(model)
    assert spacing.gaps == [-2, *range(16)]
    sequence = encode("A" * 41)
    letters = {label: letters_of(arm.construct, sequence) for label, arm in ((a.label, a) for a in spacing.arms())}
    assert letters["one site"] == "UGCAUG"
    assert letters["gap -2"] == "UGCAUGCAUG"
    assert letters["gap 0"] == "UGCAUGUGCAUG"
    assert letters["gap 3"] == "UGCAUGAAAUGCAUG"
    assert texts(spacing)["gap 3"] == "UGCAUG@4+UGCAUG@13"
    assert texts(spacing)["alone at 13"] == "UGCAUG@13"
    assert len(spacing.arms()) == 1 + 2 * 17


def letters_of(construct, sequence):
    """Letters from the first position that is set to the last."""
    embedded = decode(construct.embed(sequence, draws_for(sequence)))[0]
    letters = construct.letters()
    return embedded[len(letters) - len(letters.lstrip(".")) : len(letters.rstrip("."))]


@pytest.mark.parametrize(
    ("motif", "overlaps"), [("UGCAUG", [-2]), ("AAAA", [-3, -2, -1]), ("GCGCGC", [-4, -2]), ("UGCA", []), ("AUA", [-1])]
)
def test_sites_overlap_only_where_they_agree(motif, overlaps):
    spacing = Spacing(motif=motif, widest=3)
    assert spacing.gaps == [*overlaps, 0, 1, 2, 3]
    for gap, arm in zip(spacing.gaps, spacing.arms()[1:], strict=False):
        letters = arm.construct.letters()
        assert letters[3 : 3 + len(motif)] == letters[3 + len(motif) + gap : 3 + 2 * len(motif) + gap] == motif


@pytest.mark.parametrize(("start", "widest"), [(4, 26), (20, 10), (29, 1), (30, 0)])
def test_the_widest_gap_is_what_fits(start, widest):
    assert Spacing(motif="UGCAUG", start=start, widest=41).gaps[-1] == widest


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"start": 31}, "two sites of UGCAUG do not fit from position 31 on; start at 30 or before"),
        ({"motif": "A" * 21}, "do not fit into 41 nt; use a motif of at most 20 nt"),
        ({"start": 0}, "First site at = 0: use 1 to 41"),
        ({"start": 42}, "First site at = 42: use 1 to 41"),
        ({"widest": 2}, "Widest gap = 2: use 3 to 41"),
    ],
)
def test_two_sites_that_do_not_fit_are_refused(settings, says, model):
    with pytest.raises(ExperimentError, match=says):
        Spacing.for_model(model, **settings).arms()


def test_the_start_that_the_message_names_does_fit():
    assert Spacing(motif="A" * 20, start=2).gaps[-1] == 0
    with pytest.raises(ExperimentError, match="start at 2 or before"):
        Spacing(motif="A" * 20, start=3).arms()


def test_sites_that_add_up_cost_nothing_at_any_distance(model):
    result = counted(Spacing.for_model(model))
    assert [c.mean for c in result.comparisons] == [0] * 4
    assert result.by_label["gap -2"].mean == result.by_label["gap 7"].mean == 2
    assert "additive. Together they differ from the sum of each alone at the same places" in result.sentences[0]
    assert "less effect at 0 of the 4 gaps" in result.sentences[1]


def test_a_cost_of_close_sites_is_found_where_it_is(model):
    result = run(Spacing.for_model(model), GlobalImportanceAnalysis(CrowdedCounter(), sample_without_gc()))
    assert [(c.first, c.second) for c in result.comparisons] == [(f"gap {g}", "gaps of 3 nt and more") for g in (-2, 0, 1, 2)]
    assert [c.mean for c in result.comparisons] == pytest.approx([-1] * 4)
    assert all(c.is_significant for c in result.comparisons)
    assert "less effect at 4 of the 4 gaps" in result.sentences[1]


def test_spacing_without_wide_gaps_says_that_there_is_nothing_to_compare():
    result = counted(Spacing(motif="UGCAUG", start=28))
    assert result.comparisons == ()
    assert result.sentences == ["No gap of 3 nt or more fits, so there is nothing to compare close sites with."]


def test_spacing_can_be_measured_on_one_short_rna_beyond_its_end(additive, model):
    """Up to its end there is one sequence; beyond, its tail is drawn for each, but it is one RNA still."""
    result = run(Spacing.for_model(model, start=10), GlobalImportanceAnalysis(additive, sample_of("context", 50)))
    assert {i.samples for i in result.importances} == {1}
    assert {len(i.local) for i in result.importances} == {1, 50}
    assert [c.mean for c in result.comparisons] == pytest.approx([result.comparisons[0].mean, 0, 0, 0], abs=1e-3)


# Position.


def test_the_motif_goes_through_every_position(model):
    arms = Position.for_model(model).arms()
    assert [str(arm.construct) for arm in arms] == [f"UGCAUG@{start}" for start in range(1, 37)]
    assert [arm.x for arm in arms] == list(range(1, 37))


def test_the_ends_are_compared_with_the_middle(additive, model):
    sample = sample_of("profile", 50)
    result = run(Position.for_model(model), GlobalImportanceAnalysis(additive, sample))
    assert [(c.first, c.second) for c in result.comparisons] == [("at 1", "at 18"), ("at 36", "at 18")]
    means = [importance.mean for importance in result.importances]
    assert result.comparisons[1].mean == pytest.approx(means[35] - means[17], abs=1e-5)
    best, worst = int(np.argmax(means)) + 1, int(np.argmin(means)) + 1
    assert f"counts most at {best} ({max(means):.2f}) and least at {worst} ({min(means):.2f})" in result.sentences[0]
    assert "picked after the fact" in result.sentences[0]


def test_a_motif_as_long_as_the_window_has_one_position():
    result = counted(Position(motif="A" * 41))
    assert len(result.arms) == 1
    assert result.comparisons == ()


# Random positions.


def test_random_positions_stand_beside_a_fixed_one(model):
    assert texts(RandomPosition.for_model(model)) == {
        "at 18": "UGCAUG@18",
        "anywhere ×1": "UGCAUG@*",
        "anywhere ×2": "UGCAUG@*+UGCAUG@*",
        "anywhere ×3": "UGCAUG@*+UGCAUG@*+UGCAUG@*",
    }


def test_each_site_anywhere_of_a_counted_motif_adds_one(model):
    """Exactly, since sites at random positions never overlap."""
    result = counted(RandomPosition.for_model(model, copies=5))
    assert [i.mean for i in result.importances] == [1, 1, 2, 3, 4, 5]
    assert set(result.fits) == {"anywhere"}
    assert (result.fits["anywhere"].slope, result.fits["anywhere"].r_squared) == pytest.approx((1, 1))
    assert result.fits["anywhere"].points == 6, "no site is on it too"
    assert [(c.first, c.second, c.mean) for c in result.comparisons] == [
        ("anywhere ×1", "at 18", 0),
        *((f"anywhere ×{n}", f"anywhere ×{n - 1}", 1) for n in range(2, 6)),
    ]


def test_random_positions_without_room_are_refused():
    with pytest.raises(ConstructError, match="no place is left for 45 nt"):
        RandomPosition(motif="A" * 15).arms()
