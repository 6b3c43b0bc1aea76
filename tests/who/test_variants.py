"""What a change does to the best window that covers it, as if the whole RNA were scored twice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbind_core.errors import SequenceError
from rbind_core.rna.sequences import LENGTH, encode
from rbind_core.who.changes import changes_of
from rbind_core.who.variants import Change, Wanted, covering, places_of_singles, score_changes, singles_of, smallest
from tests.motif_panel import MOTIFS, RBFOX1, motif_network, random_rna
from tests.toys import rna

HEADS, EXPERIMENTS = len(MOTIFS), list(MOTIFS)


def effects(changes, wanted=None, networks=None, whole=True):
    return score_changes((networks or [motif_network()], HEADS, wanted or Wanted(0), whole), changes)


def best_by_hand(sequence, first, letters):
    """The best of all windows that hold one of some letters, or both neighbours of a gap."""
    last = max(len(sequence) - LENGTH, 0)
    wanted = set(range(first, first + letters)) or {first - 1, first} & set(range(1, len(sequence) + 1))
    hold = any if letters else all
    windows = [sequence[at : at + LENGTH] for at in range(last + 1) if hold(at < place <= at + LENGTH for place in wanted)]
    return motif_network().scorer().predict_all(encode(windows)).max(axis=0)


@st.composite
def changes(draw):
    sequence = draw(rna(min_size=24, max_size=110))
    first = draw(st.integers(1, len(sequence)))
    reference = sequence[first - 1 : first - 1 + draw(st.integers(0, 8))]
    alternative = draw(st.sampled_from(["", "A", "UGCAUG", "CUU", "G"]))
    front, reference, alternative = smallest(reference, alternative)
    return Change(sequence, first + front, reference, alternative)


@given(change=changes())
def test_every_window_that_covers_the_change_counts_and_no_other(change):
    found = effects([change])
    order = np.argsort(found.head[0])
    assert found.reference[0][order] == pytest.approx(
        best_by_hand(change.sequence, change.position, len(change.reference)), abs=1e-3
    )
    assert found.alternative[0][order] == pytest.approx(
        best_by_hand(change.changed, change.position, len(change.alternative)), abs=1e-3
    )


@given(sequence=rna(min_size=11, max_size=100), position=st.integers(1, 100), letters=st.integers(0, 5))
def test_there_is_always_a_window(sequence, position, letters):
    position = min(position, len(sequence))
    assert 1 <= len(covering(sequence, position, letters)) <= LENGTH + max(letters - 1, 0)


@given(reference=rna(max_size=6), alternative=rna(max_size=6))
def test_the_smallest_change_is_the_same_change(reference, alternative):
    front, short, other = smallest("AC" + reference + "GU", "AC" + alternative + "GU")
    whole = "AC" + reference + "GU"
    assert whole[:front] + other + whole[front + len(short) :] == "AC" + alternative + "GU"
    assert not short or not other or (short[0] != other[0] and short[-1] != other[-1])


def site_in(position=60, length=120):
    return random_rna(position, 0, "AC") + "UGCAUG" + random_rna(length - position - 6, 1, "AC")


def test_a_change_in_a_site_is_found_with_its_percentile():
    sequence = site_in()
    destroying, silent = Change(sequence, 62, "G", "A"), Change(sequence, 20, sequence[19], "U")
    found = effects([destroying, silent], Wanted(2, True))
    assert EXPERIMENTS[found.head[0, 0]] == RBFOX1
    assert found.difference[0, 0] == pytest.approx(-1, abs=1e-3)
    assert found.difference[1, 0] == pytest.approx(0, abs=1e-3)
    rbfox = list(effects([silent], Wanted(0, True)).head[0]).index(EXPERIMENTS.index(RBFOX1))
    assert effects([silent], Wanted(0, True)).percentile[0, rbfox] == pytest.approx(100 * (18 + 342 / 2) / 360, abs=0.1)
    assert found.percentile[0, 0] == pytest.approx(100 * 18 / 2 / 360, abs=0.01)  # 18 of 360 single changes destroy the site


def test_insertions_make_and_break_sites():
    sequence = site_in()
    broken, doubled = Change(sequence, 63, "", "A"), Change(sequence, 67, "", "UGCAUG")
    found = effects([broken, doubled], Wanted(1))
    assert [EXPERIMENTS[one] for one in found.head[:, 0]] == [RBFOX1] * 2
    assert found.difference[:, 0] == pytest.approx([-1, 1], abs=1e-3)


def test_networks_agree_or_do_not():
    sequence = site_in()
    networks = [motif_network(), motif_network(), motif_network({RBFOX1: -1})]
    found = effects([Change(sequence, 62, "G", "A")], Wanted(1), networks)
    assert found.agree[0, 0] == 2


def test_unknown_letters_around_a_change():
    blocked = Change("N" * 40 + "A" + "N" * 40, 41, "A", "C")
    half = Change("N" * 10 + site_in(), 73, "C", "A")
    found = effects([blocked, half], Wanted(1, True), [motif_network(), motif_network()])
    assert np.isnan(found.difference[0, 0])
    assert (found.agree[0, 0], found.agree[1, 0]) == (0, 2)
    assert np.isnan(found.percentile[0, 0])
    assert found.difference[1, 0] == pytest.approx(-1, abs=1e-3)


def test_single_changes_of_an_rna():
    change = Change(random_rna(100, 0), 50, "A", "C")
    assert places_of_singles(change, True) == (1, 100)
    assert places_of_singles(change, False) == (30, 70)
    assert places_of_singles(Change(random_rna(1000, 0), 3, "AC", ""), True) == (1, 24)
    assert len(list(singles_of("ACGNU", 1, 5))) == 12
    assert all(one.changed != "ACGNU" for one in singles_of("ACGNU", 1, 5))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("G8A", "GGAUCCUACAUGAACCGGAUUACG"),
        ("8G>A", "GGAUCCUACAUGAACCGGAUUACG"),
        ("r.8g>a", "GGAUCCUACAUGAACCGGAUUACG"),
        ("8_9del", "GGAUCCUAUGAACCGGAUUACG"),
        ("8_9delGC", "GGAUCCUAUGAACCGGAUUACG"),
        ("G8del", "GGAUCCUCAUGAACCGGAUUACG"),
        ("7_8insTT", "GGAUCCUUUGCAUGAACCGGAUUACG"),
        ("3dup", "GGAAUCCUGCAUGAACCGGAUUACG"),
        ("1_2dup", "GGGGAUCCUGCAUGAACCGGAUUACG"),
        ("n.8_10delinsU", "GGAUCCUUUGAACCGGAUUACG"),
        ("rs1,8,GC,G", "GGAUCCUGAUGAACCGGAUUACG"),
        ("rs1\t8\tG\tGA", "GGAUCCUGACAUGAACCGGAUUACG"),
        ("GC8A", "GGAUCCUAAUGAACCGGAUUACG"),
        ("a name 8_9del", "GGAUCCUAUGAACCGGAUUACG"),
        ("GC8AU", "GGAUCCUAUAUGAACCGGAUUACG"),
    ],
)
def test_changes_are_read_as_people_write_them(text, expected):
    found = changes_of("GGAUCCUGCAUGAACCGGAUUACG", text)
    assert [one.change.changed for one in found.changes] == [expected]
    assert found.rejected == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A8G", "at position 8 the RNA has G, not A"),
        ("8_9delAA", "the RNA has GC, not AA"),
        ("99del", "it is outside the RNA; positions count from 1 to 24"),
        ("8_10insA", "stands between two neighbours"),
        ("8_9ins", "stands between two neighbours"),
        ("1_20del", "fewer than 11 nt are left"),
        ("G8G", "leaves the letters as they are"),
        ("8_8delinsG", "leaves the letters as they are"),
        ("p.Arg9Ter", "describes a protein"),
        ("nonsense", "is not a substitution"),
        ("", "no change is given"),
    ],
)
def test_changes_that_cannot_be_read_are_refused_in_a_sentence(text, message):
    with pytest.raises(SequenceError, match=message):
        changes_of("GGAUCCUGCAUGAACCGGAUUACG", text)


def test_several_changes_of_a_line_are_read_one_at_a_time():
    found = changes_of("GGAUCCUGCAUGAACCGGAUUACG", "a 8_9del;3dup\nG8A; A6C\n12_13insU\n")
    assert [one.label for one in found.changes] == ["a 8_9del", "a 3_4insA", "G8A", "12_13insU"]
    assert [(one.line, one.reason) for one in found.rejected] == [(2, "A6C: at position 6 the RNA has C, not A")]


def test_other_lines_are_kept():
    found = changes_of("GGAUCCUGCAUGAACCGGAUUACG", "G8A\nA8G\n8_9del\n")
    assert [one.label for one in found.changes] == ["G8A", "8_9del"]
    assert [one.line for one in found.rejected] == [2]
    assert found.notes == ["line 2 is left out: A8G: at position 8 the RNA has G, not A"]
