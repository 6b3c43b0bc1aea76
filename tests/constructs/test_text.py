import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.constructs import (
    MAX_CONSTRUCTS,
    MAX_ELEMENTS,
    Construct,
    Context,
    Occlusion,
    Pattern,
    Stem,
    parse_construct,
    parse_constructs,
    parse_pattern,
)
from rbind_core.constructs.text import MAX_RANDOM
from rbind_core.errors import ConstructError
from rbind_core.rna.sequences import LENGTH
from tests.constructs.strategies import any_texts, names


@given(any_texts())
def test_a_construct_reads_back_from_its_own_text(text):
    construct = parse_construct(text)
    assert str(construct) == text
    assert construct.text == text
    assert parse_construct(str(construct)) == construct


@given(any_texts(), names)
def test_a_named_construct_reads_back_with_its_name(text, name):
    construct = parse_construct(f"{name} = {text}")
    again = parse_construct(construct.text)
    assert (again, again.name) == (construct, construct.name)
    assert construct.label == construct.name == " ".join(name.split())
    assert construct == parse_construct(text)  # a name does not count


@given(st.lists(any_texts(), min_size=1, max_size=MAX_CONSTRUCTS))
def test_several_constructs_read_back_from_their_texts(texts):
    constructs = parse_constructs(";".join(texts))
    assert [str(c) for c in constructs] == texts
    assert parse_constructs(" ; ".join(c.text for c in constructs) + ";") == constructs


def test_each_kind_of_element_is_read():
    construct = parse_construct("one of each = context:ACGU@10+stem:7-8/24-25:gu+stem:11-12/16-17+UGC@4,*+occlude:30-32")
    assert construct == Construct(
        (
            Context("ACGU", 10),
            Stem(7, 8, 24, 25, wobble=True),
            Stem(11, 12, 16, 17),
            Pattern("UGC", 4),
            Pattern("UGC", None),
            Occlusion(30, 32),
        )
    )
    assert construct.name == "one of each"


def test_a_list_of_positions_is_as_many_patterns():
    assert parse_construct("UGCAUG@4,11,*") == parse_construct("UGCAUG@4+UGCAUG@11+UGCAUG@*")
    assert str(parse_construct("UGCAUG@4, 11 ,*")) == "UGCAUG@4+UGCAUG@11+UGCAUG@*"


def test_a_context_without_a_position_starts_at_the_first():
    assert str(parse_construct("context:ACGU")) == "context:ACGU@1"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" tgc atg @ 4 + UGCAUG@11 ", "UGCAUG@4+UGCAUG@11"),
        ("STEM : 7-16 / 24-33 : GU", "stem:7-16/24-33:gu"),
        ("Context:acg t@ 3+Occlude: 4 - 9", "context:ACGU@3+occlude:4-9"),
        ("UGC\nAUG@4", "UGCAUG@4"),
    ],
)
def test_lower_case_t_and_white_space_are_accepted(typed, read):
    assert str(parse_construct(typed)) == read


def test_what_stands_on_the_limit_fits():
    assert parse_construct("stem:7-16/20-29").stems[0].loop == 3
    assert parse_pattern("UGCAUG", 36).last_position == LENGTH
    assert parse_pattern("A" * LENGTH, 1).last_position == LENGTH
    assert len(parse_construct("+".join(["A@*"] * MAX_RANDOM)).patterns) == MAX_RANDOM
    assert len(parse_construct("A@" + ",".join(map(str, range(1, MAX_ELEMENTS + 1)))).elements) == MAX_ELEMENTS
    assert str(parse_construct("occlude:1-41")) == "occlude:1-41"
    assert parse_construct("A" * 20 + "@*+" + "C" * 21 + "@*").free_positions.all()
    assert parse_construct("n" * 40 + " = A@1").name == "n" * 40


@pytest.mark.parametrize(
    "text", ["stem:1-3/30-32+stem:5-7/20-22", "stem:1-3/10-12+stem:20-22/30-32", "stem:5-7/20-22+stem:1-3/30-32"]
)
def test_stems_may_be_nested_or_stand_side_by_side(text):
    assert len(parse_construct(text).stems) == 2


refused = [
    ("", "the pattern is empty; give patterns as in UGCAUG@4+UGCAUG@11"),
    ("   ", "the pattern is empty"),
    ("UGCAUG GCUUGU@18", "UGCAUG GCUUGU: 2 words in one pattern; join patterns with '+'"),
    ("context:UGCAUG GCUUGU@10", "2 words in one context"),
    ("@18", "the pattern is empty; use A, C, G, U or IUPAC letters"),
    ("UGCAUG@18+", "the pattern is empty"),
    ("+UGCAUG@18", "the pattern is empty"),
    ("UGCAUG@4++UGCAUG@18", "the pattern is empty"),
    ("UGCAUG", "UGCAUG: the position is missing"),
    ("UGXAUG@18", "UGXAUG: X is not a nucleotide; use A, C, G, U or IUPAC letters"),
    ("UGßAUG@18", "UGßAUG: ß is not a nucleotide"),  # 'ß'.upper() would be SS, which is C or G twice
    ("ugcaüg@4", "ü is not a nucleotide"),
    ("UGC-AUG@4", "UGC-AUG: - is not a nucleotide"),
    ("UGCAUG@", "'' is not a position; use 1 to 36, or * for random positions"),
    ("UGCAUG@4,,11", "'' is not a position; use 1 to 36"),
    ("UGCAUG@4,", "'' is not a position"),
    ("UGCAUG@1.5", "'1.5' is not a position; use 1 to 36"),
    ("UGCAUG@four", "'four' is not a position"),
    ("UGCAUG@**", "'**' is not a position"),
    ("UGCAUG@٣", "'٣' is not a position; use 1 to 36"),  # an Arabic digit, which int() would read
    ("UGCAUG@²", "'²' is not a position"),
    ("UGCAUG@99999999999999999999999", "'99999999999999999999' is not a position; use 1 to 36"),
    ("UGCAUG@999999999", "UGCAUG@999999999 runs off the end"),
    ("UGCAUG@0", "UGCAUG@0: position 0 does not exist; positions count from 1 to 36"),
    ("UGCAUG@-3", "UGCAUG@-3: position -3 does not exist; positions count from 1 to 36"),
    ("UGCAUG@4,37", "UGCAUG@37 runs off the end of the 41 nt; the last position that fits UGCAUG is 36"),
    ("A" * 42 + "@1", "AAAAAAAAAAAA...: 42 nt long; a pattern has at most 41 nt"),
    ("A" * 42 + "@*", "42 nt long; a pattern has at most 41 nt"),
    ("+".join(["A@1"] * 30), "30 patterns in one construct; at most 20 are allowed"),
    ("A@1" + ",1" * 20, "21 patterns in one construct; at most 20 are allowed"),
    ("+".join(["A@*"] * 7), "7 patterns at random positions; at most 6 are allowed"),
    ("A" * 21 + "@*," + "*", "no place is left for 42 nt at random positions; the other patterns leave 41 of 41 positions free"),
    ("UGCAUG@*+occlude:1-36", "UGCAUG@*: no place is left for 6 nt at random positions; the other patterns leave 5 of 41"),
    ("UGCAUG@*+A@6,12,18,24,30,36", "no place is left for 6 nt"),  # 35 positions are free, but never six in a row
    ("UGCAUG@*+stem:1-19/23-41+" + "A" * 22 + "@1", "the other patterns leave 0 of 41"),  # partners in a stem are taken too
    ("loop:7-16", "'loop' is not known; use stem:, context:, occlude:"),
    (":7-16", "'' is not known"),
    ("stem:7-16", "stem:7-16: a stem has two strands; give them as in stem:7-16/24-33"),
    ("stem:", "a stem has two strands"),
    ("stem:7-16/", "'' is not a range of positions; give it as in stem:7-16/24-33"),
    ("stem:7/24", "'7' is not a range of positions"),
    ("stem:7-16/24-33/35-38", "'24-33/35-38' is not a range of positions"),
    ("stem:7–16/24–33", "'7–16' is not a range of positions"),  # an en dash, as word processors write
    ("stem:٧-16/24-33", "is not a range of positions"),
    ("stem:7-9999999999/24-33", "'7-9999999999' is not a range of positions"),
    ("stem:7-16/24-33:au", "'au' is not an option of a stem; leave it out, or use gu to allow G-U pairs"),
    ("stem:7-16/24-33:", "'' is not an option of a stem"),
    ("stem:7-16/19-28", "stem:7-16/19-28: the loop has 2 nt; a hairpin loop has at least 3"),
    ("stem:7-16/17-26", "the loop has 0 nt; a hairpin loop has at least 3"),
    ("stem:7-16/16-25", "the strands overlap or stand in the wrong order; the second one starts at 20 or later"),
    ("stem:24-33/7-16", "the strands overlap or stand in the wrong order"),
    ("stem:7-16/24-32", "the strands have 10 and 9 nt; they must be equally long"),
    ("stem:7-16/33-42", "stem:7-16/33-42: 33-42 leaves the sequence; positions count from 1 to 41"),
    ("stem:0-9/24-33", "0-9 leaves the sequence"),
    ("stem:16-7/24-33", "stem:16-7/24-33: 16-7 runs backwards; the first position comes first"),
    ("stem:1-5/20-24+stem:10-14/30-34", "cross each other (a pseudoknot)"),
    ("stem:10-14/30-34+stem:1-5/20-24", "stem:10-14/30-34 and stem:1-5/20-24 cross each other (a pseudoknot)"),
    ("stem:1-5/20-24+stem:5-8/12-15", "stem:1-5/20-24 and stem:5-8/12-15 share position 5; a nucleotide pairs with one other"),
    ("stem:1-5/20-24+stem:24-27/35-38", "share position 24"),
    ("stem:7-16/24-33+stem:7-16/24-33", "share position 7"),
    ("context:", "the context is empty"),
    ("context:@4", "the context is empty"),
    ("context:ACGX@4", "ACGX: X is not a nucleotide"),
    ("context:" + "A" * 42, "42 nt long; a context has at most 41 nt"),
    ("context:ACGU@39", "ACGU@39 runs off the end of the 41 nt; the last position that fits ACGU is 38"),
    ("context:ACGU@*", "'*' is not a position"),
    ("occlude:4-50", "occlude:4-50: 4-50 leaves the sequence; positions count from 1 to 41"),
    ("occlude:9-4", "occlude:9-4: 9-4 runs backwards"),
    ("occlude:4", "'4' is not a range of positions; give it as in occlude:18-23"),
    ("occlude:", "'' is not a range of positions"),
    ("a<b> = UGCAUG@4", "a<b>: a name cannot hold '<'; use letters, digits, spaces"),
    ("a=b = UGCAUG@4", "a name cannot hold '='"),
    ("a;b = UGCAUG@4", "a name cannot hold ';'"),
    ("= UGCAUG@4", "the name before '=' has 0 letters; use 1 to 40, or leave out the '='"),
    ("n" * 41 + " = UGCAUG@4", "the name before '=' has 41 letters; use 1 to 40"),
    ("name =", "the pattern is empty"),
]


@pytest.mark.parametrize(("text", "says"), refused)
def test_what_cannot_be_read_is_refused_with_the_reason(text, says):
    with pytest.raises(ConstructError) as refusal:
        parse_construct(text)
    assert says in str(refusal.value)


@pytest.mark.parametrize(("text", "says"), [("", "the construct is empty"), (" ; ;", "the construct is empty")])
def test_no_construct_at_all_is_refused(text, says):
    with pytest.raises(ConstructError, match=says):
        parse_constructs(text)


def test_too_many_constructs_are_refused():
    with pytest.raises(ConstructError, match="9 constructs; at most 8 can be compared at once"):
        parse_constructs(";".join(["A@1"] * 9))


pieces = st.sampled_from(
    [
        *"ACGUNRYxß@+;:=,*/-0123456789 \n\t<>²٣",
        "stem:",
        "stem:7-16/24-33",
        "context:",
        "occlude:",
        ":gu",
        "UGCAUG@",
        "18",
        "999999999",
    ]
)


def read_or_refusal(parse, text):
    """What was read, or the reason why not."""
    try:
        return parse(text)
    except ConstructError as error:
        return str(error)


@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=25).map("".join)))
def test_random_text_is_read_or_refused_in_one_line(text):
    found = read_or_refusal(parse_construct, text)
    if isinstance(found, str):
        assert len(found.splitlines()) == 1
        several = read_or_refusal(parse_constructs, text)
        assert not isinstance(several, str) or len(several.splitlines()) == 1
    else:
        assert parse_construct(found.text) == found
        assert parse_constructs(text) == [found]


@given(st.text(max_size=10), st.one_of(st.integers(), st.text(max_size=10)))
def test_any_letters_and_position_are_read_or_refused(letters, start):
    found = read_or_refusal(lambda _: parse_pattern(letters, start), "")
    if isinstance(found, Pattern):
        assert re.fullmatch("[ACGURYSWKMBDHVN]+", found.letters)
        assert found.start is None or 1 <= found.start <= LENGTH - len(found.letters) + 1


def test_two_patterns_at_random_positions_do_not_go_with_a_stem():
    with pytest.raises(ConstructError, match="2 patterns at random positions with a stem: they could pair with each other"):
        parse_construct("stem:7-16/24-33+UGCAUG@*,*")
