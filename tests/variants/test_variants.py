"""Variants: read in every form, measured in their own RNA and over backgrounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.backgrounds import OwnSequences, draw_sample
from rbind_core.data.library import designed_library, profile
from rbind_core.errors import ExperimentError, SequenceError
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.rna.sequences import LENGTH, SHORTEST, decode, encode
from rbind_core.statistics import holm
from rbind_core.variants import (
    FEWEST_SINGLES,
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
    ref = sequence[position - 1 : position - 1 + length]
    return Variant(sequence, position, ref, draw(rna(length, length).filter(lambda alt: alt != ref)))


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
        letter = LONG[position - 1]
        variant = read_variant(LONG, f"{letter}{position}{'C' if letter == 'A' else 'A'}")
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
    assert effect.context_percentile == 50
    assert effect.context_spread < 1e-4
    assert "Nothing special about this context (percentile 50)" in effect.sentence


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
    [effect] = variant_effects(analysis(MotifCounter(), n=1000), [change], flank=1)
    assert effect.own.mean == -1
    assert effect.marginalised.mean > -0.5
    assert effect.context_matters
    assert effect.verdict == "yes"
    assert effect.context_percentile < 2
    assert "The context matters: its effect lies outside 95 % of single background RNAs (percentile " in effect.sentence


class Interacting:
    """Score = weights of the first half times weights of the second, so that every context changes every effect."""

    def __init__(self) -> None:
        self.first, self.second = np.random.default_rng(3).normal(size=(2, LENGTH // 2, 5))

    def predict(self, codes):
        half = LENGTH // 2
        rows = np.arange(half)
        return (self.first[rows, codes[:, :half]].sum(axis=1) * self.second[rows, codes[:, half : 2 * half]].sum(axis=1)).astype(
            np.float32
        )


def fresh_variants(sequences, rng):
    for sequence in sequences:
        at = int(rng.integers(1, LENGTH // 2))
        yield Variant(sequence, at, sequence[at - 1], str(rng.choice([letter for letter in "ACGU" if letter != sequence[at - 1]])))


def share_of_yes(gia, fresh, seed=5):
    effects = [variant_effects(gia, [v])[0] for v in fresh_variants(decode(fresh), np.random.default_rng(seed))]
    assert 30 < np.mean([effect.context_percentile for effect in effects]) < 70
    return np.mean([effect.context_matters for effect in effects])


@pytest.mark.parametrize("n", [60, 200, 2000])
def test_of_rnas_with_nothing_special_one_in_twenty_is_called_special_whatever_n_is(n):
    fresh = sample_of("profile", 400, seed=99).codes.reshape(10, 40, LENGTH)
    drawn = [GlobalImportanceAnalysis(Interacting(), sample_of("profile", n, seed)) for seed in range(10)]
    assert 0.02 < np.mean([share_of_yes(gia, codes) for gia, codes in zip(drawn, fresh, strict=True)]) < 0.08


def test_an_rna_unlike_all_backgrounds_is_called_special_whatever_n_is():
    second = Interacting().second
    best = "".join("ACGU"[letter] for letter in second[:, :4].argmax(axis=1))
    own = Variant(SEQUENCE[: LENGTH // 2] + best + "A", 3, SEQUENCE[2], "C")
    for n in (60, 2000):
        [effect] = variant_effects(analysis(Interacting(), n=n), [own])
        assert effect.context_matters
        assert effect.context_percentile in (0, 100)
        assert effect.context_spread == pytest.approx(effect.marginalised.standard_deviation)


def test_too_few_background_rnas_decide_nothing():
    assert FEWEST_SINGLES == 39
    for n, decided in ((FEWEST_SINGLES - 1, False), (FEWEST_SINGLES, True)):
        [effect] = variant_effects(analysis(Interacting(), n=n), [read_variant(LONG[:LENGTH], "A1C")])
        assert (effect.context_matters is not None) == decided
        assert effect.record["beyond_95_percent_of_backgrounds"] == effect.context_matters
    few = OwnSequences(tuple(decode(sample_of("profile", 10).codes)))
    gia = GlobalImportanceAnalysis(Interacting(), draw_sample(few, profile(), 500, np.random.default_rng(0)))
    [effect] = variant_effects(gia, [read_variant(LONG[:LENGTH], "A1C")])
    assert len(effect.singles) == 10  # those that repeat are no further evidence
    assert effect.context_matters is None
    assert "10 of them are too few" in effect.sentence


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


@pytest.mark.parametrize(
    ("text", "changes", "says"),
    [
        ("c.8G>A", ["G8A"], ["c.8G>A was read as position 8 of the given RNA; c. counts from the start codon, so check it."]),
        ("g.8G>A", ["G8A"], ["g. counts along the genome"]),
        ("m.8G>A", ["G8A"], ["m. counts along the mitochondrial genome"]),
        ("r.(8g>a)", ["G8A"], []),
        ("8G->A", ["G8A"], []),
        ("7_8TG>AA", ["UG7AA"], []),
        ("NM_000277.1:c.8G>A", ["G8A"], ["so check it; NM_000277.1 in front of it was ignored."]),
        ("NM_000277.1(PAH):r.8g>a", ["G8A"], ["NM_000277.1(PAH) in front of it was ignored"]),
        ("SMN1:c.8G>A (p.Val3Met)", ["G8A"], ["(p.Val3Met) beside SMN1:c.8G>A was ignored.", "SMN1 in front"]),
        ("chrX:g.8G>A", ["G8A"], ["chrX in front of it was ignored"]),
        ("chr1-8-G-A", ["G8A"], ["it looks like a position on a chromosome, so check it; chr1 in front"]),
        ("chr1:8:G:A", ["G8A"], ["it looks like a position on a chromosome"]),
        ("1_8_G/A", ["G8A"], ["it looks like a position on a chromosome"]),
        ("c.[8G>A;11T>C]", ["G8A", "U11C"], ["was read as 2 changes, one at a time", "c.8G>A was", "c.11T>C was"]),
        ("n.8G>A;n.11T>C", ["G8A", "U11C"], []),
        ("c.8G>A\nc.9C>A\nc.10A>G\nc.11T>C", ["G8A", "C9A", "A10G", "U11C"], ["4 changes such as c.8G>A were read as positions"]),
    ],
)
def test_what_stands_before_a_change_is_said_and_ignored(text, changes, says):
    read = read_variants(SEQUENCE, text)
    assert [v.change for v in read.variants] == changes
    assert bool(read.notes) == bool(says)
    for one in says:
        assert one in " ".join(read.notes)


@pytest.mark.parametrize("front", ["", "NM_000277.1:", "SMN1:"])
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("p.T21A", "describes a protein; give the change of the RNA, as in r.21u>c"),
        ("p.C9A", "describes a protein"),
        ("p.Gly8Ala", "describes a protein"),
        ("p.(Gly8Ala)", "describes a protein"),
        ("Gly8Ala", "describes a protein"),
        ("x.8G>A", "x. is not known"),
        ("c.-8G>A", "-8 is no position of the given RNA, but one before the start codon"),
        ("c.*8G>A", "*8 is no position of the given RNA, but one behind the stop codon"),
        ("c.8+2G>A", "8+2 is no position of the given RNA, but one of an intron"),
        ("c.9-1G>A", "9-1 is no position of the given RNA, but one of an intron"),
        ("-8G>A", "-8 is no position of the given RNA"),
        ("9-8G>A", "9-8 is no position of the given RNA"),
        ("c.8del", "only substitutions"),
        ("c.8delinsA", "only substitutions"),
        ("7_8G>A", "1 letters do not reach from 7 to 8"),
    ],
)
def test_what_is_no_change_of_the_given_rna_is_never_read_as_one(front, change, says):
    with pytest.raises(SequenceError) as refused:
        read_variants(SEQUENCE, front + change)
    assert says in str(refused.value)
    read = read_variants(SEQUENCE, f"{front}{change}\nG8A")
    assert [v.change for v in read.variants] == ["G8A"]
    assert says in read.notes[0]


def test_a_change_of_an_accession_of_proteins_is_refused():
    with pytest.raises(SequenceError, match="describes a protein"):
        read_variants(SEQUENCE, "NP_000268.1:G8A")


@pytest.mark.parametrize(
    ("text", "labels", "says"),
    [
        (
            "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\nr\t8\trs1\tG\tA,T\t.\nr\t9\t.\tC\tA\t.",
            ["rs1 G8A", "rs1 G8U", "C9A"],
            ["POS"],
        ),
        ("r\t8\trs1\tG\tA\t.\tPASS\t.", ["rs1 G8A"], ["POS of the VCF lines was read as the position in the given RNA"]),
        ("r\t8\trs1\tG\tA,<DEL>\t.", ["rs1 G8A"], ["is not a nucleotide"]),
        ('"name","pos","ref","alt"\n"a","8","G","A"', ["a G8A"], []),
        ("name;pos;ref;alt\na;8.0;G;A\n", ["a G8A"], []),
        ("a;8;G;A\nb;9;C;A", ["a G8A", "b C9A"], []),
        ("hgvs\tgene\nn.8G>A\tx\n", ["G8A"], []),
        ("id,change\nrs1,G8A\n", ["rs1 G8A"], []),
        ("G8A\nG8G\nC9A", ["G8A", "C9A"], ["line 2 is left out: G8G changes nothing; give another letter than G"]),
        ("G8A\nrs1,8,G,A\nUG7UA", ["G8A"], ["line 2 is left out: G8A is the same change as on line 1", "UG7UA is the same"]),
    ],
)
def test_tables_as_people_have_them(text, labels, says):
    read = read_variants(SEQUENCE, text)
    assert [v.label for v in read.variants] == labels
    assert bool(read.notes) == bool(says)
    for one in says:
        assert one in " ".join(read.notes)


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


def test_of_fresh_rnas_few_have_a_context_that_matters():
    model = find_model("RBFOX1")
    gia = prepare(model, load_predictor(model), BackgroundChoice(samples=100))
    fresh = prepare(model, gia.model, BackgroundChoice(samples=150, seed=12345)).sample.codes
    assert share_of_yes(gia, fresh) < 0.1
