"""The second null of a comparison of motifs: the same columns in another order."""

import math
from itertools import permutations

import numpy as np
import pytest

from rbind_core.motifs import PublishedMotif, compare_motifs, consensus_motif, rank_motifs
from rbind_core.motifs.comparison import ORDERS

COLUMNS = np.random.default_rng(3).dirichlet([0.4] * 4, 300)


def matrix(iupac):
    return consensus_motif(iupac).frequencies


def compared(ours, other, seed=0):
    return compare_motifs(ours, other, COLUMNS, np.random.default_rng(seed), 2000)


def test_a_motif_in_its_own_order_passes_both_nulls():
    found = compared(matrix("UGCAUGA"), matrix("UGCAUGA"))
    assert found.p_value < 0.01
    assert found.orders == math.factorial(7)
    same = sum("".join(order) == "UGCAUGA" for order in permutations("UGCAUGA"))  # letters that stand twice
    assert found.p_shuffled == pytest.approx(same / found.orders)


def test_a_motif_of_the_same_letters_in_another_order_passes_the_first_null_alone():
    found = compared(matrix("GGGUUGU"), matrix("UGGUGGU"))
    assert found.p_value < 0.05
    assert found.p_shuffled > 0.2


def test_where_the_order_cannot_matter_the_share_is_one():
    assert compared(matrix("UUUUUU"), matrix("UUUUUU")).p_shuffled == 1


def test_it_is_the_share_of_all_orders():
    ours, other = COLUMNS[:6], COLUMNS[40:46]
    found = compared(ours, other)
    scores = [compared(ours, other[list(order)]).score for order in list(permutations(range(6)))[::20]]
    share = np.mean(np.array(scores) >= found.score - 1e-9)
    assert found.p_shuffled == pytest.approx(share, abs=0.2)
    assert found.orders == 720


def test_of_motifs_that_are_random_one_in_twenty_passes():
    rng = np.random.default_rng(1)
    passed = [compared(COLUMNS[rng.choice(300, 7)], COLUMNS[rng.choice(300, 7)]).p_shuffled for _ in range(200)]
    assert 0.01 <= np.mean(np.array(passed) < 0.05) <= 0.1
    assert abs(np.mean(passed) - 0.5) < 0.08


def test_a_motif_with_its_columns_in_random_order_passes_one_time_in_twenty_at_most():
    """Against random columns it passes far more often: it has the right letters."""
    rng = np.random.default_rng(2)
    own = matrix("GUGUGUG") * 0.9 + 0.025
    shuffled = [compared(own, own[rng.permutation(7)]) for _ in range(200)]
    assert np.mean([one.p_shuffled < 0.05 for one in shuffled]) <= 0.09
    assert np.mean([one.p_value < 0.05 for one in shuffled]) > 0.15


def test_orders_of_a_wide_motif_are_drawn():
    wide = COLUMNS[:12]
    found = compared(wide, wide)
    assert found.orders == ORDERS
    assert found.p_shuffled == pytest.approx(1 / (ORDERS + 1))
    assert compared(wide, wide, seed=1).p_shuffled == found.p_shuffled


def test_one_column_has_one_order():
    assert compared(COLUMNS[:6], COLUMNS[:1]).p_shuffled == 1


def test_the_best_of_a_file_have_both_and_the_first_null_is_as_before():
    motifs = [PublishedMotif(str(i), "", COLUMNS[7 * i : 7 * i + 7]) for i in range(20)]
    best = rank_motifs(COLUMNS[:7], motifs, np.random.default_rng(0), 5, random_motifs=2000)
    assert best[0].motif.name == "0"
    assert all(0 < one.match.p_shuffled <= 1 for one in best)
    assert best[0].match.p_shuffled < 0.01
