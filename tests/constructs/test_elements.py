import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.constructs import Context, Occlusion, Pattern, Stem, parse_construct
from rbind_core.constructs.elements import covered_by, write_letters
from rbind_core.errors import ConstructError
from rbind_core.rna.sequences import ALPHABET, IUPAC, LENGTH, PADDING, decode, encode
from tests.constructs.strategies import WATSON_CRICK, WOBBLE, draws_for, pairs_of, seeds, stems
from tests.toys import random_probes


@pytest.mark.parametrize(
    ("element", "covered", "last"),
    [
        (Pattern("UGNAUN", 4), {4, 5, 7, 8}, 8),
        (Pattern("UGC", None), set(), LENGTH),
        (Pattern("NNN", 4), set(), 0),
        (Context("NACGN", 10), {11, 12, 13}, 13),
        (Context("N", 1), set(), 0),
        (Occlusion(4, 6), {4, 5, 6}, 6),
        (Stem(2, 4, 10, 12), {2, 3, 4, 10, 11, 12}, 12),
    ],
)
def test_an_element_knows_what_it_covers(element, covered, last):
    assert (element.covered, element.last_position) == (covered, last)


def test_n_is_not_covered():
    assert covered_by("ANNU", 38) == {38, 41}


def test_letters_are_written_where_each_sequence_wants_them():
    codes = encode(["A" * LENGTH] * 3)
    written, is_set = write_letters(codes, "CNG", np.array([1, 5, 39]), draws_for(codes))
    assert [s[start : start + 3] for s, start in zip(decode(written), (0, 4, 38), strict=True)] == ["CAG"] * 3
    assert [np.flatnonzero(row).tolist() for row in is_set] == [[0, 2], [4, 6], [38, 40]]
    assert np.array_equal(written[~is_set], codes[~is_set])


@pytest.mark.parametrize("code", IUPAC)
def test_the_letters_of_an_iupac_code_are_drawn_equally_often(code):
    codes = random_probes(9000)
    written, _ = write_letters(codes, code, np.full(len(codes), 5), draws_for(codes))
    counts = np.bincount(written[:, 4], minlength=5)
    allowed = [ALPHABET.index(letter) for letter in IUPAC[code]]
    assert np.abs(counts[allowed] - 9000 / len(allowed)).max() < 200  # 4 standard deviations are at most 190
    assert code == "N" or counts[allowed].sum() == 9000


def test_a_stem_knows_its_strands_loop_and_partners():
    stem = Stem(7, 16, 24, 33)
    assert (stem.loop, str(stem)) == (7, "stem:7-16/24-33")
    assert [stem.partner(p) for p in (7, 16, 24, 33)] == [33, 24, 16, 7]
    assert stem.strand == set(range(7, 17))


def test_a_stem_pairs_and_changes_nothing_else():
    codes = random_probes(50, shortest=41)
    stem = Stem(7, 16, 24, 33)
    paired = stem.pair(codes)
    for before, after in zip(decode(codes), decode(paired), strict=True):
        partner = str.maketrans("ACGU", "UGCA")
        assert after[23:33] == before[6:16][::-1].translate(partner)
        assert after[:23] + after[33:] == before[:23] + before[33:]
    assert np.array_equal(stem.pair(paired), paired)


@given(stems(), seeds)
def test_a_stem_pairs_wherever_it_is_and_leaves_its_input_unchanged(text, seed):
    (stem,) = parse_construct(text).stems
    codes = random_probes(20, seed, shortest=41)
    before = codes.copy()
    paired = stem.pair(codes, draws_for(codes, seed))
    for here, there in pairs_of(stem):
        assert set(zip(paired[:, here], paired[:, there], strict=True)) <= (WOBBLE if stem.wobble else WATSON_CRICK)
    others = [p - 1 for p in range(1, LENGTH + 1) if p not in stem.covered or p in stem.strand]
    assert np.array_equal(paired[:, others], codes[:, others])
    assert np.array_equal(codes, before)


def test_about_half_of_the_g_and_u_wobble():
    codes = random_probes(4000, shortest=41)
    paired = Stem(5, 9, 20, 24, wobble=True).pair(codes, draws_for(codes))
    five, three = paired[:, 4:9], paired[:, 19:24][:, ::-1]
    for letter, watson_crick, wobble in [(2, 1, 3), (3, 0, 2)]:
        partners = three[five == letter]
        assert set(partners.tolist()) == {watson_crick, wobble}
        assert abs((partners == wobble).mean() - 0.5) < 0.03  # 4 standard deviations
    assert (three[five == 0] == 3).all()
    assert (three[five == 1] == 2).all()


@pytest.mark.parametrize("position", [5, 9, 20, 24])
def test_only_the_partner_of_what_is_kept_is_rewritten(position):
    codes, stem = random_probes(50, shortest=41), Stem(5, 9, 20, 24)
    kept = np.zeros((1, LENGTH), bool)
    kept[0, position - 1] = True
    paired = stem.pair(codes, None, kept)
    partner = stem.partner(position)
    assert set(zip(paired[:, position - 1], paired[:, partner - 1], strict=True)) <= WATSON_CRICK
    others = np.arange(1, LENGTH + 1) != partner
    assert np.array_equal(paired[:, others], codes[:, others])


def test_where_both_partners_are_kept_the_5_prime_strand_leads():
    codes, stem = random_probes(50, shortest=41), Stem(5, 9, 20, 24)
    assert np.array_equal(stem.pair(codes, None, np.ones((1, LENGTH), bool)), stem.pair(codes))


@given(st.integers(5, 9))
def test_kept_positions_may_differ_from_sequence_to_sequence(position):
    codes, stem = random_probes(2, shortest=41), Stem(5, 9, 20, 24)
    kept = np.zeros((2, LENGTH), bool)
    kept[1, position - 1] = True
    paired = stem.pair(codes, None, kept)
    assert np.array_equal(paired[0], codes[0])
    assert (paired[1, position - 1], paired[1, stem.partner(position) - 1]) in WATSON_CRICK


def test_padding_outside_a_stem_stays_padding():
    codes = encode("ACGUACGUACGUACGUACGUACGUA")
    assert (Stem(1, 3, 10, 12).pair(codes)[:, 25:] == PADDING).all()


def built(form, codes, wobble=False):
    stem = Stem(5, 9, 20, 24, wobble, form)
    strands = stem.build(codes, draws_for(codes))
    untouched = [p - 1 for p in range(1, LENGTH + 1) if p not in stem.covered]
    assert np.array_equal(strands[:, untouched], codes[:, untouched])
    here, there = np.array(pairs_of(stem)).T
    return codes[:, here], strands[:, here], strands[:, there]


@pytest.mark.parametrize("wobble", [False, True])
def test_both_strands_swapped_still_pair_and_one_alone_never_does(wobble):
    codes = random_probes(400, shortest=41)
    own, five, three = built("", codes, wobble)
    assert np.array_equal(own, five)
    partners = three
    for form, expected in {"swap": (partners, own), "swap5": (partners, partners), "swap3": (own, own)}.items():
        _, five, three = built(form, codes, wobble)
        assert np.array_equal(five, expected[0])
        assert np.array_equal(three, expected[1])
        pairs = set(zip(five.ravel().tolist(), three.ravel().tolist(), strict=True))
        assert (pairs <= WOBBLE) == (form == "swap")
        assert form == "swap" or not pairs & WOBBLE


def test_an_open_stem_has_the_strand_that_another_rna_would_have():
    codes = random_probes(400, shortest=41)
    _, _, partners = built("", codes)
    own, five, three = built("open", codes)
    assert np.array_equal(five, own)
    differ = (np.roll(own, -1, axis=0) != own).any(axis=1)  # where the other RNA has the same strand, letters are drawn
    assert np.array_equal(three[differ], np.roll(partners, -1, axis=0)[differ])
    assert 0.2 < (five + three == 3).mean() < 0.3, "by chance"


def test_where_all_rnas_are_the_same_the_other_strand_is_drawn():
    codes = np.repeat(random_probes(1, shortest=41), 300, axis=0)
    _, five, three = built("open", codes)
    assert 0.2 < (five + three == 3).mean() < 0.3
    assert len(np.unique(three, axis=0)) > 200
    assert parse_construct("stem:5-9/20-24:open+GC@12").is_random


def test_a_fixed_stem_pairs_and_a_pattern_in_it_leaves_the_other_strand():
    codes = random_probes(100, shortest=41)
    construct = parse_construct("stem:5-9/20-24:fixed+GGG@6")
    null, embedded = construct.null.embed(codes, draws_for(codes)), construct.embed(codes, draws_for(codes))
    assert_pairs = [(null[:, here] + null[:, there] == 3).all() for here, there in pairs_of(construct.stems[0])]
    assert all(assert_pairs)
    assert set(np.flatnonzero((null != embedded).any(axis=0)) + 1) == {6, 7, 8}


@pytest.mark.parametrize("text", ["stem:7-16/24-33:open", "stem:7-16/24-33:gu:swap5", "stem:7-16/24-33:fixed"])
def test_forms_of_a_stem_are_read_as_they_are_written(text):
    assert str(parse_construct(text)) == text
    assert str(parse_construct(text.upper().replace("STEM", "stem"))) == text


@pytest.mark.parametrize("options", ["open:swap", "gu:gu", "shut", ""])
def test_other_options_of_a_stem_are_refused(options):
    with pytest.raises(ConstructError, match=r"of a stem|at most"):
        parse_construct(f"stem:7-16/24-33:{options}")
