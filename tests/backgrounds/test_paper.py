import itertools

import numpy as np
import pytest
from scipy.stats import chisquare

from rbind_core.backgrounds import Profile, Quartile, Shuffle, make_background
from rbind_core.data.library import profile
from rbind_core.rna.sequences import LENGTH, decode, encode
from tests.toys import dinucleotides, random_probes


def test_profile_letters_follow_the_frequencies():
    frequencies = np.tile([0.1, 0.2, 0.3, 0.4], (LENGTH, 1))
    codes = Profile(frequencies).draw(500, np.random.default_rng(3))
    assert codes.shape == (500, LENGTH)
    counts = np.bincount(codes.ravel(), minlength=4)
    assert chisquare(counts, frequencies[0] * codes.size).pvalue > 0.001


@pytest.mark.parametrize("letter", range(4))
def test_a_certain_letter_is_always_drawn(letter):
    frequencies = np.tile(np.eye(4)[letter], (LENGTH, 1))
    assert (Profile(frequencies).draw(200, np.random.default_rng(0)) == letter).all()


def test_quartiles_are_quarters_from_the_lowest_to_the_highest_score():
    library = random_probes(103)
    scores = np.random.default_rng(1).permutation(103).astype(float)
    rows = [Quartile(library, scores, quarter).rows() for quarter in (1, 2, 3, 4)]
    assert np.concatenate([scores[np.sort(r)] for r in rows]).size == 103
    assert sorted(np.concatenate(rows)) == list(range(103))
    for lower, higher in itertools.pairwise(rows):
        assert scores[lower].max() < scores[higher].min()
    assert {len(r) for r in rows} <= {25, 26}


def test_a_quartile_draws_only_its_own_probes_unchanged():
    library = random_probes(100)
    scores = np.arange(100.0)
    drawn = decode(make_background("quartile4", profile(), library, scores).draw(25, np.random.default_rng(0)))
    assert sorted(drawn) == sorted(decode(library[75:]))


def test_probes_repeat_only_when_there_are_too_few():
    library = encode(["AAAA", "CCCC", "GGGG"])
    once = decode(Shuffle(library).draw(3, np.random.default_rng(0)))
    assert sorted(once) == ["AAAA", "CCCC", "GGGG"]
    assert len(Shuffle(library).draw(50, np.random.default_rng(0))) == 50


def test_shuffled_backgrounds_keep_what_they_promise_of_the_library():
    library = random_probes(60)
    shuffled = decode(make_background("shuffle", profile(), library).draw(60, np.random.default_rng(0)))
    assert sorted("".join(sorted(s)) for s in shuffled) == sorted("".join(sorted(s)) for s in decode(library))
    assert set(shuffled) != set(decode(library))
    paired = decode(make_background("dinucleotide", profile(), library).draw(60, np.random.default_rng(0)))
    assert sorted(map(str, map(sorted, map(dict.items, map(dinucleotides, paired))))) == sorted(
        map(str, map(sorted, map(dict.items, map(dinucleotides, decode(library)))))
    )
