import numpy as np
import pytest

from rbind_core.errors import RBindError
from rbind_core.probes import ProbeFilter, drawn_rows, rank, what_to_loosen
from rbind_core.rna.sequences import decode
from rbind_core.statistics import correlation
from tests.toys import matches_iupac

NOTHING = ProbeFilter()


def test_without_a_filter_all_pass_and_the_highest_come_first(table):
    found = rank(table, NOTHING, "measured", most=5)
    assert found.listed.tolist() == [299, 298, 297, 296, 295]
    assert sorted(found.rows) == list(range(300))
    assert not found.conditions
    assert found.correlation == table.correlation()
    assert rank(table, NOTHING, "measured", "lowest", 3).listed.tolist() == [0, 1, 2]
    assert rank(table, NOTHING, "measured", "spread", 3).listed.tolist() == [299, 149, 0]


@pytest.mark.parametrize("order", ["predicted", "measured", "residual", "error", "match", "gc"])
def test_every_order_falls(table, order):
    values = table.values(order)[rank(table, NOTHING, order).rows]
    assert (np.diff(values) <= 0).all()


def test_a_pattern_is_looked_for_in_iupac_letters(table):
    found = rank(table, ProbeFilter(" tgcayG"))
    sequences = decode(table.codes)
    holding = [i for i, s in enumerate(sequences) if any(matches_iupac(s[j : j + 6], "UGCAYG") for j in range(len(s) - 5))]
    assert sorted(found.rows) == holding
    assert set(range(20)) <= set(holding)
    assert found.conditions == ("contains UGCAYG",)


def test_ranges_are_inclusive_and_may_be_open(table):
    found = rank(table, ProbeFilter(measured=(10, 20), predicted=(1, None)), "measured", "lowest")
    assert found.rows.tolist() == list(range(10, 20))
    assert found.conditions == ("predicted score at least 1", "measured score 10 to 20")
    half = rank(table, ProbeFilter(gc=(None, 0.5)))
    assert sorted(half.rows) == np.flatnonzero(table.gc <= 0.5).tolist()
    assert half.correlation == correlation(table.measured[half.rows], table.predicted[half.rows])


def test_nothing_left_says_what_to_loosen(table):
    strict = ProbeFilter("UGCAUG", measured=(100, None))
    assert len(rank(table, strict).rows) == 0
    said = what_to_loosen(table, strict)
    assert "200 without 'contains UGCAUG'" in said
    assert "20 without 'measured score at least 100'" in said
    impossible = what_to_loosen(table, ProbeFilter(measured=(1000, None)))
    assert "None of the 300 probes of measured set B meets: measured score at least 1000" in impossible
    three = ProbeFilter(measured=(100, 200), predicted=(1, None), gc=(0, 0.001))
    assert "meets: GC content 0 to 0.001" in what_to_loosen(table, three)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"contains": "UGXA"}, "UGXA: X is not a nucleotide"),
        ({"contains": "U" * 42}, "42 nt long"),
        ({"predicted": (2, 1)}, "predicted score 2 to 1: give the lower end first"),
    ],
)
def test_a_filter_that_cannot_be_read_says_why(table, wrong, says):
    with pytest.raises(RBindError, match=says):
        rank(table, ProbeFilter(**wrong))


def test_designed_probes_cannot_be_filtered_by_what_nobody_measured(designed):
    with pytest.raises(RBindError, match="designed probes have no measured score"):
        rank(designed, ProbeFilter(measured=(0, None)))


def test_an_unknown_part_names_the_known_ones(table):
    with pytest.raises(RBindError, match="'best' is not a part of the probes; choose from highest, spread, lowest"):
        rank(table, NOTHING, part="best")


def test_listed_probes_are_always_drawn(table):
    found = rank(table, NOTHING, "measured", most=10)
    drawn = drawn_rows(found, 50, np.random.default_rng(0))
    assert len(set(drawn)) == 50
    assert set(found.listed) <= set(drawn)
    assert (drawn == drawn_rows(found, 50, np.random.default_rng(0))).all()
    assert drawn_rows(found, 5, np.random.default_rng(0)).tolist() == sorted(found.listed)
    assert drawn_rows(found, 1000, np.random.default_rng(0)).tolist() == list(range(300))
