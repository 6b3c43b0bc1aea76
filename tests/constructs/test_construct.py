import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.constructs import Construct, Draws, Pattern, Stem, parse_construct
from rbind_core.constructs.placement import place
from rbind_core.rna.sequences import ALPHABET, IUPAC, LENGTH, PADDING, decode, encode
from tests.constructs.strategies import (
    any_texts,
    assert_stems_pair,
    can_be_placed,
    draws_for,
    may_change,
    random_patterns,
    scaffold_positions,
    scaffold_texts,
    seeds,
)
from tests.toys import construct_texts, pattern_texts, random_probes, rna


def embedded(text, n=20, seed=0):
    """A construct, full-length probes, the draws, and the probes with the construct."""
    construct, codes = parse_construct(text), random_probes(n, seed, shortest=LENGTH)
    draws = draws_for(codes, seed)
    return construct, codes, draws, construct.embed(codes, draws)


# What embedding leaves alone.


@given(any_texts(), seeds)
def test_embedding_changes_no_position_that_no_element_covers(text, seed):
    construct, codes, draws, after = embedded(text, seed=seed)
    untouched = ~(may_change(construct, draws) | scaffold_positions(construct))
    assert np.array_equal(after[untouched], codes[untouched])


@given(any_texts(), seeds)
def test_embedding_leaves_its_input_unchanged(text, seed):
    construct = parse_construct(text)
    codes = random_probes(20, seed, shortest=LENGTH if construct.stems else 30)
    draws = draws_for(codes, seed)
    arrays = (codes, draws.letters, draws.placements, draws.replacements)
    before = [array.tobytes() for array in arrays]
    construct.embed(codes, draws)
    assert [array.tobytes() for array in arrays] == before


@given(any_texts(), st.integers(10, LENGTH))
def test_padding_beyond_the_construct_stays_padding(text, length):
    construct = parse_construct(text)
    length = max([length, *(stem.last_position for stem in construct.stems)])
    codes = encode("A" * length)
    after = construct.embed(codes, draws_for(codes))
    assert (after[:, max(length, construct.last_position) :] == PADDING).all()
    assert (after[:, :length] != PADDING).all()


@given(rna(alphabet="N"), seeds)
def test_a_pattern_of_n_changes_nothing_padding_included(letters, seed):
    codes = random_probes(20, seed)
    for start in (LENGTH - len(letters) + 1, "*"):
        construct = parse_construct(f"{letters}@{start}")
        assert np.array_equal(construct.embed(codes, draws_for(codes)), codes)
    assert parse_construct(f"{letters}@1").last_position == 0


def test_n_in_a_stem_leaves_both_strands_as_they_are():
    _, codes, draws, hairpins = embedded("stem:7-16/24-33")
    assert np.array_equal(parse_construct("stem:7-16/24-33+NNNNNN@10+NNN@25").embed(codes, draws), hairpins)


# What embedding sets.


@given(construct_texts(), seeds)
def test_embedding_puts_allowed_letters_where_the_last_pattern_says(text, seed):
    _, _, _, after = embedded(text, seed=seed)
    expected = {}
    for part in text.split("+"):
        letters, start = part.split("@")
        expected |= {int(start) - 1 + i: letter for i, letter in enumerate(letters) if letter != "N"}
    for position, letter in expected.items():
        assert set(after[:, position]) <= {ALPHABET.index(c) for c in IUPAC[letter]}


@given(scaffold_texts().filter(can_be_placed), pattern_texts("ACGU"), seeds)
def test_the_last_fixed_pattern_stands_in_full(text, pattern, seed):
    """In a stem too, unless it pairs with itself; then its own 5' part wins."""
    fixed = "+".join(part for part in text.split("+") if not part.endswith("@*"))
    construct, _, _, after = embedded(f"{fixed}+{pattern}" if fixed else pattern, seed=seed)
    last = construct.patterns[-1]
    for i, letter in enumerate(last.letters):
        position = last.start + i
        before_it = any(
            stem.partner(position) in last.covered for stem in construct.stems if position in stem.covered - stem.strand
        )
        if not before_it:
            assert (after[:, position - 1] == ALPHABET.index(letter)).all()


@given(scaffold_texts().filter(can_be_placed), seeds)
def test_all_designed_pairs_form_whatever_stands_in_the_strands(text, seed):
    """Patterns in either strand or across the loop, fixed or at random positions, windows, contexts, G-U pairs."""
    construct, _, _, after = embedded(text, seed=seed)
    assert_stems_pair(construct, after)


@pytest.mark.parametrize("inside", ["GCUGGC@10", "GCUGGC@25", "UGCAUGCAUGCAUGC@11", "UGCAUG@*", "occlude:5-30", "RYN@8"])
@pytest.mark.parametrize("option", ["", ":gu"])
def test_the_strands_of_the_papers_hairpin_pair_whatever_stands_in_them(inside, option):
    construct, _, _, after = embedded(f"stem:7-16/24-33{option}+{inside}", n=200)
    assert_stems_pair(construct, after)


def test_the_partner_of_a_motif_in_a_stem_is_its_reverse_complement():
    _, _, _, after = embedded("stem:7-16/24-33+GCUGGC@10")
    assert {s[9:15] for s in decode(after)} == {"GCUGGC"}
    assert {s[24:30] for s in decode(after)} == {"GCCAGC"}
    _, _, _, after = embedded("stem:7-16/24-33+GCUGGC@25")
    assert {s[24:30] for s in decode(after)} == {"GCUGGC"}
    assert {s[9:15] for s in decode(after)} == {"GCCAGC"}


@given(st.lists(random_patterns(), min_size=1, max_size=3), st.lists(pattern_texts("ACGU"), max_size=1), seeds)
def test_a_pattern_at_random_positions_stands_in_full_in_each_sequence(moving, fixed, seed):
    text = "+".join([*fixed, *moving])
    if not can_be_placed(text):
        text = "+".join(moving)
    construct, _, draws, after = embedded(text, seed=seed)
    patterns = [p for p in construct.patterns if p.start is None]
    starts = place([len(p.letters) for p in patterns], construct.allowed_starts, draws.placements)
    for row, sequence in zip(starts, decode(after), strict=True):
        for pattern, start in zip(patterns, row, strict=True):
            shown = sequence[start - 1 : start - 1 + len(pattern.letters)]
            assert all(letter in IUPAC[code] for letter, code in zip(shown, pattern.letters, strict=True))
    for pattern in construct.patterns:
        if pattern.start is not None:
            assert {s[pattern.start - 1 : pattern.start - 1 + len(pattern.letters)] for s in decode(after)} == {pattern.letters}


def test_a_pattern_at_random_positions_keeps_off_fixed_ones_and_their_partners():
    construct = parse_construct("stem:1-4/10-13+AAA@2+occlude:20-22+context:C@30+UG@*")
    assert (np.flatnonzero(~construct.free_positions) + 1).tolist() == [2, 3, 4, 10, 11, 12, 20, 21, 22]


def test_a_random_position_depends_on_the_sequence_alone_not_on_the_other_letters():
    _, _, draws, _ = embedded("A@1", n=50)
    codes = np.zeros((50, LENGTH), np.uint8)
    first = parse_construct("UGC@*").embed(codes, draws) != 0
    second = parse_construct("GGG@*").embed(codes, draws) != 0
    assert np.array_equal(first, second)
    assert len({tuple(row) for row in first}) > 20


def test_an_occluded_window_is_replaced_by_the_draws_replacements():
    _, codes, draws, after = embedded("occlude:12-14")
    assert np.array_equal(after[:, 11:14], draws.replacements[:, 11:14])
    assert np.array_equal(np.delete(after, [11, 12, 13], axis=1), np.delete(codes, [11, 12, 13], axis=1))


def test_a_context_is_in_every_sequence_and_patterns_stand_on_it_in_whatever_order():
    for text in ("context:ACGUACGU@10+GG@12", "GG@12+context:ACGUACGU@10"):
        _, _, _, after = embedded(text)
        assert {s[9:17] for s in decode(after)} == {"ACGGACGU"}


def test_constructs_share_the_letters_drawn_for_a_sequence():
    codes = random_probes(50)
    draws = draws_for(codes)
    alone = parse_construct("RYW@10").embed(codes, draws)
    joined = parse_construct("UGCAUG@20+RYW@10").embed(codes, draws)
    assert np.array_equal(alone[:, 9:12], joined[:, 9:12])


@given(any_texts(), seeds)
def test_sequences_are_embedded_independently_of_each_other(text, seed):
    construct, codes, draws, after = embedded(text, seed=seed)
    backwards = Draws(*(array[::-1] for array in vars(draws).values()))
    assert np.array_equal(construct.embed(codes[::-1], backwards)[::-1], after)
    assert np.array_equal(construct.embed(codes[:7], draws.first(7)), after[:7])


# The null, and what a construct knows of itself.


@pytest.mark.parametrize(
    ("text", "null", "says"),
    [
        ("UGCAUG@18", None, "background"),
        ("occlude:4-9", None, "background"),
        ("stem:7-16/24-33", None, "background"),  # the hairpin itself is the question
        ("context:ACGU@3+stem:7-16/24-33", None, "background"),
        ("stem:7-16/24-33+GCUGGC@18", "stem:7-16/24-33", "stem:7-16/24-33"),
        ("UGC@1+context:ACGU@3+occlude:5-6+stem:7-9/20-22:gu", "context:ACGU@3+stem:7-9/20-22:gu", None),
    ],
)
def test_the_null_is_the_scaffold_without_the_rest(text, null, says):
    construct = parse_construct(text)
    assert (str(construct.null) if construct.null else None) == null
    assert construct.null_text == (says or null)


def test_each_element_alone_stands_in_the_same_scaffold():
    alone = parse_construct("UGC@1+stem:7-9/20-22+occlude:30-31+A@*").each_alone()
    assert list(map(str, alone)) == ["stem:7-9/20-22+UGC@1", "stem:7-9/20-22+occlude:30-31", "stem:7-9/20-22+A@*"]
    assert parse_construct("stem:7-9/20-22").each_alone() == []


@pytest.mark.parametrize(
    ("text", "random"),
    [
        ("UGCAUG@18", False),
        ("UNNUG@18", False),
        ("stem:7-9/20-22+context:ACGN@30+A@1", False),
        ("UGCAUG@*", True),
        ("RGC@4", True),
        ("occlude:4-9+A@1", True),
        ("stem:7-9/20-22:gu", True),
        ("context:ACGR@1+A@9", True),
    ],
)
def test_a_construct_knows_whether_chance_has_a_part_in_it(text, random):
    construct = parse_construct(text)
    assert construct.is_random == random
    codes = np.full((300, LENGTH), 2, np.uint8)
    after = construct.embed(codes, draws_for(codes))
    assert (len(np.unique(after, axis=0)) > 1) == random


def test_the_later_pattern_wins_and_a_note_says_so():
    construct = parse_construct("AAAA@1+CC@3")
    assert construct.letters()[:5] == "AACC."
    assert construct.overlap_notes() == ["AAAA@1 and CC@3 overlap at positions 3-4; the later one, CC@3, wins"]
    assert "overlap at position 4;" in parse_construct("AAAA@1+CC@4").overlap_notes()[0]


def test_a_note_says_so_where_a_pattern_rewrites_the_partner_of_another():
    construct = parse_construct("stem:7-16/24-33+AAAA@7+CC@31")
    assert construct.overlap_notes() == ["AAAA@7 and CC@31 overlap at positions 31-32; the later one, CC@31, wins"]
    codes = random_probes(5, shortest=41)
    after = decode(construct.embed(codes, draws_for(codes)))
    assert {s[6:10] for s in after} == {"AGGA"}
    assert {s[29:33] for s in after} == {"UCCU"}


def test_a_window_that_overlaps_a_pattern_is_noted_and_a_scaffold_is_not():
    assert len(parse_construct("AAAA@1+occlude:4-6").overlap_notes()) == 1
    assert parse_construct("context:CCCC@1+AAAA@1+stem:1-4/20-23").overlap_notes() == []


def test_patterns_that_only_touch_or_meet_at_n_do_not_overlap():
    assert parse_construct("AAAA@1+CC@5").overlap_notes() == []
    assert parse_construct("AAAA@1+NNC@3").overlap_notes() == []
    assert parse_construct("AAAA@1+NNC@3").letters()[:5] == "AAAAC"


def test_the_letters_of_a_construct_are_those_it_fixes():
    letters = parse_construct("stem:7-9/20-22+context:ACGU@2+G@3+A@*+occlude:30-31").letters()
    assert letters == ".AGGU" + "." * 36


def test_the_last_position_counts_only_what_is_set():
    assert parse_construct("UGNNNN@33+AAA@4").last_position == 34
    assert parse_construct("stem:7-9/20-22+A@4").last_position == 22
    assert parse_construct("A@*").last_position == LENGTH
    assert Construct(()).last_position == 0


def test_a_name_is_for_people_and_does_not_count_in_comparisons():
    elements = (Stem(7, 9, 20, 22), Pattern("UGC", 4))
    assert Construct(elements, "one") == Construct(elements, "two")
    assert hash(Construct(elements, "one")) == hash(Construct(elements))
    assert Construct(elements).label == str(Construct(elements))


def test_a_pattern_at_random_positions_in_a_hairpin_never_pairs_with_itself():
    construct, _, _, after = embedded("stem:7-16/20-29+UGCAUG@*")
    assert all("UGCAUG" in sequence for sequence in decode(after))
    starts = np.flatnonzero(construct.allowed_starts[0]) + 1
    assert 15 not in starts  # 15-20 holds 15, 16 and 20, which pairs with 16
    assert {9, 24, 30, 36} <= set(starts)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("stem:7-16/20-29+UGCAUG@15", "UGCAUG@15 stands in both strands of stem:7-16/20-29"),
        ("context:ACGUACGUACGU@22+stem:7-16/24-33", "the second strand is paired with what stands in the first"),
    ],
)
def test_what_a_stem_overwrites_is_said(text, says):
    assert says in " ".join(parse_construct(text).overlap_notes())
    assert parse_construct("context:ACGUACGUACGU@7+stem:7-16/24-33+UGCAUG@17").overlap_notes() == []
