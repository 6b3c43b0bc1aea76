"""Variants: read in every form, measured in their own RNA and over backgrounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.data.library import designed_library
from rbind_core.errors import ExperimentError, SequenceError
from rbind_core.experiments import BackgroundChoice, prepare
from rbind_core.gia import GlobalImportanceAnalysis
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.sequences import LENGTH, SHORTEST, decode, encode
from rbind_core.statistics import holm
from rbind_core.variants import (
    MOST_VARIANTS,
    Variant,
    check_wild_type,
    example_variants,
    own_effect,
    read_mutant,
    read_variant,
    read_variants,
    variant_effects,
)
from tests.toys import AdditiveModel, MotifCounter, rna, sample_of

SEQUENCE = "GGAUCCUGCAUGAACCGGAUUACGACC"
HOLDS = SEQUENCE.index("UGCAUG") + 1
LONG = "ACGUUGCA" * 40


def substituted(sequence, position, alt):
    return sequence[: position - 1] + alt + sequence[position - 1 + len(alt) :]


@st.composite
def variants(draw, longest: int = LENGTH):
    sequence = draw(rna(min_size=SHORTEST, max_size=longest))
    length = draw(st.integers(1, 4))
    position = draw(st.integers(1, len(sequence) - length + 1))
    return Variant(sequence, position, sequence[position - 1 : position - 1 + length], draw(rna(length, length)))


# reading


@pytest.mark.parametrize("text", ["G8A", "g8a", " G8A ", "8G>A", "r.8g>a", "n.8G>A", "x,8,G,A", "x 8 G A", "8\tG\tA", "x, G8A"])
def test_one_change_in_any_form(text):
    [variant] = read_variants(SEQUENCE, text).variants
    assert (variant.position, variant.ref, variant.alt) == (8, "G", "A")


def test_dna_letters_are_read_as_rna():
    assert read_variant(SEQUENCE, "T7C") == Variant(SEQUENCE, 7, "U", "C")


def test_several_letters_are_one_change():
    variant = read_variant(SEQUENCE, "UGC7AAA")
    assert variant.mutant == substituted(SEQUENCE, 7, "AAA")


@pytest.mark.parametrize("separator", ["\t", ",", " ", ", "])
@pytest.mark.parametrize("header", [True, False])
def test_a_table_with_any_separator_with_or_without_a_header(separator, header):
    rows = [["first", "8", "G", "A"], ["second", "1", "G", "T"]]
    lines = ([["name", "position", "ref", "alt"]] if header else []) + rows
    read = read_variants(SEQUENCE, "\n".join(separator.join(line) for line in lines))
    assert [(v.name, v.change) for v in read.variants] == [("first", "G8A"), ("second", "G1U")]
    assert not read.rejected


def test_a_header_may_have_the_columns_in_another_order():
    [variant] = read_variants(SEQUENCE, "alt\tpos\tref\nA\t8\tG").variants
    assert variant.change == "G8A"


def test_several_short_forms_on_one_line():
    for text in ("G8A, G1C", "G8A; G1C", "G8A G1C"):
        assert [v.change for v in read_variants(SEQUENCE, text).variants] == ["G8A", "G1C"]


def test_one_bad_change_does_not_take_the_others_of_its_line_with_it():
    read = read_variants(SEQUENCE, "G8A, A1C, G2C")
    assert [v.change for v in read.variants] == ["G8A", "G2C"]
    assert [one.line for one in read.rejected] == [1]


def test_a_fasta_record_is_read_without_its_header():
    assert check_wild_type(f">wild type of something\n{SEQUENCE[:10]}\n{SEQUENCE[10:]}\n") == SEQUENCE
    assert read_variants(SEQUENCE, f">mutant\n{substituted(SEQUENCE, 8, 'A')}").variants[0].change == "G8A"
    with pytest.raises(SequenceError, match="2 sequences; give one here"):
        check_wild_type(f">a\n{SEQUENCE}\n>b\n{SEQUENCE}")


def test_bad_lines_are_left_out_and_said_with_their_number():
    read = read_variants(SEQUENCE, "name,position,ref,alt\na,8,G,A\n\n# remark\nb,8,C,A\nc,99,A,G\nd,x,A,G\ne,8,G,X")
    assert [v.name for v in read.variants] == ["a"]
    assert [one.line for one in read.rejected] == [5, 6, 7, 8]
    assert read.notes[0] == "line 5 is left out: C8A: at position 8 the RNA has G, not C"


def test_where_no_line_is_left_the_first_one_is_explained():
    with pytest.raises(SequenceError, match=r"no line can be used; line 1: C8A: at position 8 the RNA has G, not C"):
        read_variants(SEQUENCE, "C8A\nG9A\nA8C")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("A8G", "at position 8 the RNA has G, not A"),
        ("CC5AA", None),
        ("AC5GG", "at positions 5-6 the RNA has CC, not AC"),
        ("G99A", "position 99 is outside the RNA; positions count from 1 to 27"),
        ("G0A", "position 0 is outside"),
        ("UG7A", "2 nt become 1; only substitutions"),
        ("G8del", "only substitutions"),
        ("8_9insA", "only substitutions"),
        ("x,8,G,-", "only substitutions"),
        ("MKVLAAGIEFLL", "looks like a protein"),
        ("hello", "is not a substitution"),
        ("", "no substitution is given"),
        ("a,b,c,d,e", "5 columns; give name, position, ref, alt"),
    ],
)
def test_what_is_wrong_is_one_sentence(text, says):
    if says is None:
        assert read_variants(SEQUENCE, text).variants
        return
    with pytest.raises(SequenceError, match=says) as error:
        read_variants(SEQUENCE, text)
    assert "\n" not in str(error.value)


def test_too_many_changes_are_refused():
    with pytest.raises(SequenceError, match=f"more than {MOST_VARIANTS} changes"):
        read_variants(SEQUENCE, "G8A\n" * (MOST_VARIANTS + 1))


def test_a_mutant_gives_each_run_of_changes_and_all_together():
    mutant = substituted(substituted(SEQUENCE, 3, "CC"), 20, "C")
    read = read_variants(SEQUENCE, mutant.lower().replace("u", "t"))
    assert [v.position for v in read.variants] == [3, 20, 3]
    assert read.variants[-1].mutant == mutant
    assert read.variants[-1].name == "all together"


@pytest.mark.parametrize(
    ("mutant", "says"), [(SEQUENCE, "the same as the wild type"), (SEQUENCE + "A", "the mutant has 28 nt and the wild type 27")]
)
def test_a_mutant_that_cannot_be_compared(mutant, says):
    with pytest.raises(SequenceError, match=says):
        read_mutant(SEQUENCE, mutant)


@given(variants(longest=150))
def test_what_a_variant_writes_reads_as_itself(variant):
    assert read_variants(variant.sequence, variant.text).variants == (variant,)
    named = Variant(variant.sequence, variant.position, variant.ref, variant.alt, "a name")
    assert read_variants(named.sequence, named.text).variants == (named,)


@given(variants(longest=150))
def test_the_window_holds_the_change_and_is_centred_where_there_is_room(variant):
    assert len(variant.window) == min(len(variant.sequence), LENGTH)
    assert variant.window[variant.start - 1 :].startswith(variant.ref)
    assert variant.mutant == substituted(variant.window, variant.start, variant.alt)
    whole = substituted(variant.sequence, variant.position, variant.alt)
    assert variant.mutant == whole[variant.offset : variant.offset + LENGTH]


def test_the_window_of_a_long_rna_is_clamped_at_its_ends():
    def window(position):
        variant = read_variant(LONG, f"{LONG[position - 1]}{position}A")
        return variant.offset, variant.start

    assert window(1) == (0, 1)
    assert window(100) == (79, 21)
    assert window(len(LONG)) == (len(LONG) - LENGTH, LENGTH)


def test_a_wild_type_is_cleaned_and_checked():
    assert check_wild_type("ggat cctg\ncatg") == "GGAUCCUGCAUG"
    with pytest.raises(SequenceError):
        check_wild_type("ACGU")


# effects


def analysis(model, background="profile", n=60):
    return GlobalImportanceAnalysis(model, sample_of(background, n))


@given(variants(), st.integers(0, 20), st.sampled_from(["profile", "shuffle", "uniform"]))
def test_where_positions_add_up_the_context_does_not_matter(variant, flank, background):
    weights = AdditiveModel().weights
    before, after = encode(variant.window), encode(variant.mutant)
    expected = (weights[np.arange(LENGTH), after[0]] - weights[np.arange(LENGTH), before[0]]).sum()
    [effect] = variant_effects(analysis(AdditiveModel(), background), [variant], flank)
    assert effect.own.mean == pytest.approx(expected, abs=1e-3)
    assert effect.marginalised.local == pytest.approx(expected, abs=1e-3)  # float32, and padding weighs 50 a position


def test_what_adds_up_is_not_called_context():
    [effect] = variant_effects(analysis(AdditiveModel()), [read_variant("ACGU" * 10, "A21G")])
    assert effect.context_matters is False
    assert effect.verdict == "no"
    assert "no sign that the context matters" in effect.sentence


@given(variants(), st.sampled_from(["profile", "shuffle", "file"]))
def test_a_change_to_the_letter_that_is_there_is_exactly_zero(variant, background):
    same = Variant(variant.sequence, variant.position, variant.ref, variant.ref)
    [effect] = variant_effects(analysis(AdditiveModel(), background), [same])
    assert effect.own.mean == 0
    assert not effect.marginalised.local.any()
    assert effect.context_matters in (False, None)


def test_a_motif_within_the_flanks_is_lost_in_every_context():
    [effect] = variant_effects(analysis(MotifCounter()), [read_variant(SEQUENCE, f"G{HOLDS + 1}A")])
    assert effect.own.mean == -1
    assert effect.marginalised.mean == pytest.approx(-1, abs=0.1)
    assert (effect.own.without[0], effect.own.with_[0]) == (1, 0)


def test_a_motif_that_the_flanks_cut_is_context():
    change = read_variant(SEQUENCE, f"G{HOLDS + 1}A")
    [effect] = variant_effects(analysis(MotifCounter()), [change], flank=1)
    assert effect.own.mean == -1
    assert effect.marginalised.mean > -0.5
    assert effect.context_matters
    assert effect.verdict == "yes, strongly"
    assert "the context matters, by -0.9" in effect.sentence or "the context matters, by -1.0" in effect.sentence


def test_flanks_over_the_whole_rna_leave_nothing_to_average():
    sequence = "A" * 20 + "C" + "A" * 20
    [effect] = variant_effects(analysis(MotifCounter()), [read_variant(sequence, "C21A")], flank=20)
    assert effect.marginalised.samples == 1
    assert effect.context_matters is None
    assert "no context is left" in effect.sentence


def test_p_values_are_corrected_over_all_variants():
    changes = read_variants(SEQUENCE, "G8A, U20C, C9G, G1C").variants
    effects = variant_effects(analysis(MotifCounter("CAUGA")), changes)
    assert [e.p_holm for e in effects] == pytest.approx(holm([e.marginalised.p_value for e in effects]), nan_ok=True)


def test_the_marginalised_effect_is_that_of_its_construct():
    gia = analysis(AdditiveModel())
    [effect] = variant_effects(gia, [read_variant(SEQUENCE, "G8A")])
    assert str(effect.marginalised.construct) == f"context:{SEQUENCE[2:13]}@3+A@8"
    assert gia.importance(effect.marginalised.construct).mean == effect.marginalised.mean


def test_backgrounds_that_end_before_the_change_are_made_longer_on_both_sides():
    sequence = "ACGU" * 10
    [effect] = variant_effects(analysis(AdditiveModel(), "shuffle"), [read_variant(sequence, "U40A")])
    expected = np.subtract(*AdditiveModel().weights[39, [0, 3]])
    assert effect.marginalised.local == pytest.approx(expected, abs=1e-3)


def test_a_flank_out_of_range_is_refused():
    with pytest.raises(ExperimentError, match="flank = 21 nt: use 0 to 20"):
        variant_effects(analysis(MotifCounter()), [read_variant(SEQUENCE, "G8A")], 21)


def test_more_than_memory_should_hold_is_refused_before_it_is_scored():
    gia = analysis(MotifCounter(), n=20_000)
    with pytest.raises(
        ExperimentError, match="500 variants on 20,000 background RNAs are too many at once; use N = 10,000 or less"
    ):
        variant_effects(gia, [read_variant(SEQUENCE, "G8A")] * 500)


@pytest.mark.parametrize("motif", ["UGCAUG", "AAAAAA", "GGGGGG", "ACGU"])
def test_the_example_has_one_change_in_the_motif_and_one_beside_it(motif):
    sequence, changes = example_variants(motif)
    inside, outside = read_variants(sequence, "\n".join(changes)).variants
    assert len(sequence) == LENGTH
    assert motif in sequence
    assert motif not in substituted(sequence, inside.position, inside.alt)[: sequence.index(motif) + len(motif)]
    assert motif in outside.mutant


# the real model


def test_breaking_ugcaug_lowers_what_rbfox1_predicts_and_a_change_beside_it_does_little():
    model = find_model("RBFOX1")
    gia = prepare(model, load_predictor(model), BackgroundChoice(samples=200))
    sequence, changes = example_variants("UGCAUG")
    assert sequence in decode(designed_library().codes)
    inside, outside = variant_effects(gia, read_variants(sequence, "\n".join(changes)).variants)
    assert inside.own.mean < -1
    assert inside.marginalised.ci95[1] < -1
    assert abs(outside.own.mean) < 0.2 * abs(inside.own.mean)
    assert abs(outside.marginalised.mean) < 0.2 * abs(inside.marginalised.mean)
    assert own_effect(gia.model, inside.variant).mean == inside.own.mean
