import numpy as np
import pytest

from rbind_core.data.repeats import same_rna
from rbind_core.rna.sequences import decode, encode
from tests.toys import random_probes


def test_copies_and_only_copies_have_one_number():
    codes = random_probes(300)[np.random.default_rng(0).integers(0, 300, 2000)]
    _, expected = np.unique(codes, axis=0, return_inverse=True)
    assert np.array_equal(same_rna(codes), expected.ravel())
    assert len(set(same_rna(codes))) == len(set(decode(codes)))


@pytest.mark.parametrize(("one", "other"), [("A", "AA"), ("CA", "CAA"), ("A" * 40, "A" * 41), ("C", "CA")])
def test_an_a_at_the_end_is_a_letter(one, other):
    assert list(same_rna(encode([one, other, one]))) in ([0, 1, 0], [1, 0, 1])


def test_nothing_has_no_number():
    assert same_rna(random_probes(0)).shape == (0,)
