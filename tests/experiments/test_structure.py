import numpy as np
import pytest

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.errors import ConstructError, ExperimentError
from rbind_core.experiments.experiment import run
from rbind_core.experiments.structure import StemLoop
from tests.constructs.strategies import assert_stems_pair
from tests.experiments.scripted import Scripted, texts
from tests.toys import sample_of

LOOP, STEM = "stem:7-16/24-33+GCUGGC@18", "stem:7-16/24-33+GCUGGC@10"
OPEN_LOOP, OPEN_STEM = "stem:7-16/24-33:open+GCUGGC@18", "stem:7-16/24-33:open+GCUGGC@10"
MOVED = "stem:7-16/24-33:fixed+GCCAGC@26+GCUGGC@10"
SWAPS = {form: f"stem:7-16/24-33:{form}+GCUGGC@18" for form in ("swap", "swap5", "swap3")}


def scripted(vts1, scatter=0.5, **means):
    places = {"loop": LOOP, "stem": STEM, "open_loop": OPEN_LOOP, "open_stem": OPEN_STEM, "moved": MOVED} | SWAPS
    return run(StemLoop.for_model(vts1), Scripted({places[place]: mean for place, mean in means.items()}, scatter))


def test_loop_stem_and_controls_are_where_the_paper_has_loop_and_stem(vts1):
    assert texts(StemLoop.for_model(vts1)) == {
        "in the loop": LOOP,
        "in the stem": STEM,
        "at the loop's place without a hairpin": OPEN_LOOP,
        "with the letters of the stem, without a hairpin": OPEN_STEM,
        "in the loop, letters of each pair swapped": SWAPS["swap"],
        "in the loop, 5' strand swapped, no pairs": SWAPS["swap5"],
        "in the loop, 3' strand swapped, no pairs": SWAPS["swap3"],
        "in the stem, opposite letters moved by one, not paired": MOVED,
        "opposite letters in the stem, motif left out": "stem:7-16/24-33:fixed+GCCAGC@25",
        "opposite letters moved by one, motif left out": "stem:7-16/24-33:fixed+GCCAGC@26",
    }
    loop, stem, *_ = StemLoop.for_model(vts1).arms()
    (hairpin,) = loop.construct.stems
    assert hairpin.strand == set(range(7, 17))
    assert hairpin.covered - hairpin.strand == set(range(24, 34))
    assert loop.construct.patterns[0].covered == set(range(18, 24))
    assert stem.construct.patterns[0].covered == set(range(10, 16))


def test_other_proteins_have_their_own_top_6mer(model):
    assert texts(StemLoop.for_model(model))["in the loop"] == "stem:7-16/24-33+UGCAUG@18"


def test_every_effect_is_against_the_same_strands_without_the_motif(vts1):
    for arm in StemLoop.for_model(vts1).arms():
        assert arm.construct.null_text == str(arm.construct).partition("+")[0]


@pytest.mark.parametrize("background", ["profile", "shuffle", "dinucleotide"])
def test_the_stem_pairs_in_every_sequence_with_and_without_the_motif(background, additive, vts1):
    analysis = GlobalImportanceAnalysis(additive, sample_of(background, 100))
    for arm in StemLoop.for_model(vts1).arms()[:2]:
        for codes in analysis.register(arm.construct):
            assert_stems_pair(arm.construct, codes)


def test_the_letters_of_stem_and_control_are_the_same_on_average(additive, vts1):
    """At each place of both strands, over many RNAs, with the motif and without."""
    analysis = GlobalImportanceAnalysis(additive, sample_of("profile", 4000))
    arms = {arm.label: arm.construct for arm in StemLoop.for_model(vts1).arms()}
    for paired, unpaired in ((StemLoop.LOOP, StemLoop.OPEN_LOOP), (StemLoop.STEM, StemLoop.OPEN_STEM)):
        for one, other in zip(analysis.register(arms[paired]), analysis.register(arms[unpaired]), strict=True):
            shares = [np.stack([(codes == letter).mean(axis=0) for letter in range(4)]) for codes in (one, other)]
            np.testing.assert_allclose(*shares, atol=1e-12 + 1 / 4000)


def test_what_is_said_are_the_contrasts_and_never_loop_against_stem(vts1):
    kept = {"loop": 2, "swap": 2, "swap5": 1, "swap3": 1}
    result = scripted(vts1, stem=0.5, open_loop=1, **kept)
    assert [round(c.mean, 3) for c in result.comparisons] == [1, 1, 0.5, 0.5]
    verdict, loop, changes, _, _, mixed = result.sentences
    assert verdict.startswith("Pairing helps: pairing around the motif raises its effect by more than 10 %")
    assert "+1.00" in loop
    assert "+1.00" in changes
    assert mixed.startswith("Loop minus stem is +1.50, which mixes pairing with letters: in the stem, GCCAGC@25 stands opposite")
    assert not any("in the stem" in c.second for c in result.comparisons)


def test_loop_and_control_without_the_swaps_are_no_verdict(vts1):
    """Both have to say so: each leaves another way out for letters."""
    for means in ({"loop": 2, "open_loop": 1, "swap": 0, "swap5": 1, "swap3": 1}, {"loop": 1, "open_loop": 1, "swap": 2}):
        assert StemLoop.pairing(scripted(vts1, **means)).around == 0


def test_equal_places_are_no_sign_of_pairing(vts1):
    equal = dict.fromkeys(("loop", "stem", "open_loop", "open_stem", "moved", "swap", "swap5", "swap3"), 1)
    assert scripted(vts1, 0.05, **equal).sentences[0].startswith("No sign that pairing matters")
    assert scripted(vts1, 3, **equal).sentences[0].startswith("Undecided")


@pytest.mark.parametrize(
    ("settings", "opposite"),
    [
        ({"motif": "GCNGGC"}, ["GCCNGC@25", "GCCNGC@26"]),
        ({"motif": "GCRAAC"}, ["GUUYGC@25", "GUUYGC@26"]),
        ({"motif": "GA", "stem": "7-16/24-33:gu"}, ["UY@29", "UY@30"]),
        ({"stem_start": 14}, ["AGC@24", "AGC@25"]),  # half of the motif stands in the loop
        ({"stem_start": 24}, ["GCCAGC@11", "GCCAGC@10"]),
        ({"stem_start": 28}, ["GCCAGC@7", "GCCAGC@8"]),
    ],
)
def test_what_stands_opposite_follows_from_the_stem(settings, opposite, vts1):
    found = texts(StemLoop.for_model(vts1, **settings))
    patterns = [text.partition("+")[2] for label, text in found.items() if "motif left out" in label]
    assert patterns == opposite


def test_where_the_motif_does_not_stand_in_the_stem_there_is_no_contrast_of_it(vts1):
    result = run(StemLoop.for_model(vts1, stem_start=35), Scripted({}))
    assert len(result.arms) == 7
    assert len(result.comparisons) == 2
    assert len(result.sentences) == 3


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
