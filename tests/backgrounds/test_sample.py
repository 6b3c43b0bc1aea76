from operator import attrgetter

import numpy as np
import pytest

from rbind_core.backgrounds import (
    MAX_SAMPLES,
    NAMES,
    PAPER_NAMES,
    DinucleotideShuffle,
    OwnSequences,
    Profile,
    Quartile,
    check_samples,
    draw_sample,
    make_background,
)
from rbind_core.data.library import profile
from rbind_core.errors import BackgroundError
from rbind_core.rna.sequences import LENGTH, PADDING, decode, encode
from tests.toys import background_of, random_probes, sample_of


@pytest.mark.parametrize("n", [0, -1, MAX_SAMPLES + 1])
def test_a_senseless_number_of_samples_is_refused(n):
    with pytest.raises(BackgroundError, match="must be 1 to 100,000"):
        draw_sample(Profile(profile()), profile(), n, np.random.default_rng(0))


def test_the_limits_of_the_number_of_samples_are_allowed():
    check_samples(1)
    check_samples(MAX_SAMPLES)


@pytest.mark.parametrize("name", NAMES)
def test_the_arrays_of_a_sample_are_read_only(name):
    sample = sample_of(name)
    draws = sample.draws
    for array in (sample.codes, sample.full_length, draws.letters, draws.placements, draws.replacements):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


@pytest.mark.parametrize("name", NAMES)
def test_the_full_length_form_only_fills_in_the_padding(name):
    sample = sample_of(name)
    real = sample.codes != PADDING
    assert np.array_equal(sample.full_length[real], sample.codes[real])
    assert (sample.full_length < PADDING).all()


@pytest.mark.parametrize("name", PAPER_NAMES[1:])
def test_missing_tails_are_drawn_from_the_profile(name):
    sample = draw_sample(
        make_background(name, profile(), random_probes(50), np.arange(50.0)),
        np.tile(np.eye(4)[2], (LENGTH, 1)),
        30,
        np.random.default_rng(0),
    )
    assert (sample.codes == PADDING).any()
    assert (sample.full_length[sample.codes == PADDING] == 2).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_draws_the_same_sample_and_another_seed_another(name):
    first, again, other = sample_of(name, seed=1), sample_of(name, seed=1), sample_of(name, seed=2)
    for array in ("codes", "full_length", "draws.letters", "draws.placements", "draws.replacements"):
        one, same, another = (attrgetter(array)(sample) for sample in (first, again, other))
        assert np.array_equal(one, same)
        assert np.array_equal(one, another) == (name == "context" and array == "codes")


def test_sequences_that_end_before_a_position_are_told():
    sample = sample_of("shuffle")
    ends = (sample.codes != PADDING).sum(axis=1)
    for position in (1, 30, 35, LENGTH):
        assert np.array_equal(sample.too_short_for(position), ends < position)
    assert not sample.too_short_for(30).any()
    assert sample.too_short_for(LENGTH).any()


def test_probes_with_a_single_arrangement_are_counted_and_said():
    library = encode(["ACUGACUGACUG" * 3] * 3)
    sample = draw_sample(DinucleotideShuffle(library), np.full((41, 4), 0.25), 3, np.random.default_rng(0))
    assert "3 of the 3 have no other arrangement" in sample.description
    changeable = encode(["ACCCACGAUGAUGACCCACGAUGAUG"] * 3)
    sample = draw_sample(DinucleotideShuffle(changeable), np.full((41, 4), 0.25), 3, np.random.default_rng(0))
    assert "arrangement" not in sample.description


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_says_what_its_background_keeps_and_destroys(name):
    sample = sample_of(name)
    for words in (sample.description, sample.keeps, sample.destroys):
        assert words
        assert not words.endswith(".")  # the pages put it into sentences


@pytest.mark.parametrize("name", NAMES)
def test_the_background_is_the_first_thing_drawn_from_a_seed(name):
    """So that the sequences of a seed stay the same whatever else an experiment comes to need."""
    background = background_of(name)
    sample = draw_sample(background, profile(), 40, np.random.default_rng(9))
    assert np.array_equal(sample.codes, background.draw(40, np.random.default_rng(9)))


def test_different_sequences_are_counted():
    assert sample_of("context").distinct == 1
    assert sample_of("uniform").distinct == 100
    assert (
        draw_sample(Quartile(encode(["AC", "GU", "CA", "AA"]), np.arange(4), 1), profile(), 9, np.random.default_rng(0)).distinct
        == 1
    )


def test_a_sample_of_few_different_sequences_says_that_n_counts_these_alone():
    few = draw_sample(OwnSequences(tuple(decode(random_probes(10)))), profile(), 1000, np.random.default_rng(0))
    assert few.distinct == 10
    assert few.caution.startswith("Only 10 of the 1,000 background sequences are different")
    assert sample_of("profile", 1000).caution is None
    assert "N counts these 10" in few.caution
    assert "N = 1" in sample_of("context").caution
    assert sample_of("context", 1).caution is None
