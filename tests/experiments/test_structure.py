import pytest

from rbind_core.errors import ConstructError, ExperimentError
from rbind_core.experiments.canned import run
from rbind_core.experiments.structure import StemLoop
from rbind_core.gia import GlobalImportanceAnalysis
from tests.constructs.strategies import assert_stems_pair
from tests.experiments.scripted import Scripted, texts
from tests.toys import sample_of

LOOP, STEM = "stem:7-16/24-33+GCUGGC@18", "stem:7-16/24-33+GCUGGC@10"
OPEN_LOOP, OPEN_STEM = "GCUGGC@18", "GCUGGC@10"


def scripted(vts1, **means):
    places = {"loop": LOOP, "stem": STEM, "open_loop": OPEN_LOOP, "open_stem": OPEN_STEM}
    return run(StemLoop.for_model(vts1), Scripted({places[place]: mean for place, mean in means.items()}))


def test_loop_and_stem_are_where_the_paper_has_them(vts1):
    assert texts(StemLoop.for_model(vts1)) == {
        "in the loop": LOOP,
        "in the stem": STEM,
        "at the loop's place without a hairpin": OPEN_LOOP,
        "at the stem's place without a hairpin": OPEN_STEM,
    }
    loop, stem, *_ = StemLoop.for_model(vts1).arms()
    (hairpin,) = loop.construct.stems
    assert hairpin.strand == set(range(7, 17))
    assert hairpin.covered - hairpin.strand == set(range(24, 34))
    assert loop.construct.patterns[0].covered == set(range(18, 24))
    assert stem.construct.patterns[0].covered == set(range(10, 16))


def test_other_proteins_have_their_own_top_6mer(model):
    assert texts(StemLoop.for_model(model))["in the loop"] == "stem:7-16/24-33+UGCAUG@18"


def test_both_hairpins_have_the_same_null_and_the_open_places_the_background(vts1):
    assert [arm.construct.null_text for arm in StemLoop.for_model(vts1).arms()] == ["stem:7-16/24-33"] * 2 + ["background"] * 2


@pytest.mark.parametrize("background", ["profile", "shuffle", "dinucleotide"])
def test_the_stem_pairs_in_every_sequence_with_and_without_the_motif(background, additive, vts1):
    analysis = GlobalImportanceAnalysis(additive, sample_of(background, 100))
    for arm in StemLoop.for_model(vts1).arms()[:2]:
        for codes in analysis.register(arm.construct):
            assert_stems_pair(arm.construct, codes)


def test_the_effect_in_the_loop_is_that_without_a_hairpin_where_nothing_interacts(additive, vts1):
    """The additive model knows no structure: the hairpin cancels out, the partner strand does not."""
    result = run(StemLoop.for_model(vts1), GlobalImportanceAnalysis(additive, sample_of("profile", 100)))
    _, loop_v_open, stem_v_open = result.comparisons
    assert loop_v_open.differences == pytest.approx([0] * 100, abs=1e-3)
    assert abs(stem_v_open.differences).max() > 0.1


def test_comparisons_are_those_that_were_planned_and_say_higher_or_lower(vts1):
    result = scripted(vts1, loop=2, stem=0.5, open_loop=1, open_stem=3)
    assert [round(c.mean, 3) for c in result.comparisons] == [1.5, 1, -2.5]
    loop_v_stem, loop_v_open, stem_v_open, *_ = result.sentences
    assert "the motif in the loop: higher global importance than the motif in the stem, +1.50" in loop_v_stem
    assert "higher global importance than the motif at the loop's place without a hairpin, +1.00" in loop_v_open
    assert "the motif in the stem: lower global importance than the motif at the stem's place" in stem_v_open


def test_equal_places_are_said_not_to_differ(vts1):
    result = scripted(vts1, loop=1, stem=1, open_loop=1, open_stem=1)
    assert all("no measurable difference" in sentence for sentence in result.sentences[:3])


def test_what_stands_opposite_the_motif_is_said(vts1):
    assert "In the stem the other strand reads GCCAGC," in scripted(vts1).sentences[-1]


@pytest.mark.parametrize(
    "settings",
    [
        {"motif": "GCNGGC"},  # what stands opposite differs from sequence to sequence
        {"stem": "7-16/24-33:gu"},
        {"stem_start": 14},  # half of the motif stands in the loop
    ],
)
def test_what_stands_opposite_is_not_said_where_it_is_not_one_sequence(settings, vts1):
    result = run(StemLoop.for_model(vts1, **settings), Scripted({}))
    assert len(result.sentences) == 3
    assert not any("reads" in sentence for sentence in result.sentences)


def test_another_stem_with_gu_pairs_may_be_chosen(vts1):
    found = texts(StemLoop.for_model(vts1, stem="5-10/20-25:gu", loop_start=12, stem_start=5))
    assert found["in the loop"] == "stem:5-10/20-25:gu+GCUGGC@12"
    assert found["in the stem"] == "stem:5-10/20-25:gu+GCUGGC@5"


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"stem": "7-16/18-27"}, ConstructError, "the loop has 1 nt; a hairpin loop has at least 3"),
        ({"stem": "7-16"}, ConstructError, "a stem has two strands"),
        ({"loop_start": 37}, ConstructError, "the last position that fits GCUGGC is 36"),
        ({"loop_start": 0}, ExperimentError, "In the loop at = 0: use 1 to 41"),
        ({"stem_start": 42}, ExperimentError, "In the stem at = 42: use 1 to 41"),
    ],
)
def test_hairpins_that_cannot_be_are_refused(settings, error, says, vts1):
    with pytest.raises(error, match=says):
        StemLoop.for_model(vts1, **settings).arms()
