import numpy as np
import pytest

from rbind_core.data.transforms import Normalisation, clip_transform

SCORES = np.random.default_rng(0).normal(5, 2, 2000)


def test_a_z_score_has_mean_zero_and_standard_deviation_one_on_what_was_fitted():
    z = Normalisation.fit(SCORES).apply(SCORES)
    assert z.dtype == np.float32
    assert z.mean() == pytest.approx(0, abs=1e-5)
    assert z.std() == pytest.approx(1, abs=1e-5)


def test_missing_scores_are_left_out_of_the_fit_and_stay_missing():
    gaps = np.append(SCORES, [np.nan] * 50)
    fitted = Normalisation.fit(gaps)
    assert (fitted.mean, fitted.standard_deviation) == pytest.approx((SCORES.mean(), SCORES.std()))
    assert np.isnan(fitted.apply(gaps)[-50:]).all()


def test_other_scores_are_put_on_the_fitted_scale():
    assert Normalisation(2, 4).apply(np.array([2.0, 6.0, -2.0])).tolist() == [0, 1, -1]


def test_clipping_cuts_off_the_highest_thousandth_of_the_training_part_only():
    training = np.arange(len(SCORES)) < 1000
    clipped = clip_transform(SCORES, training)
    intensities = np.exp(SCORES)
    ceiling = np.percentile(intensities[training], 99.9)
    assert clipped.max() == ceiling
    below = intensities <= ceiling
    assert clipped[below] == pytest.approx(intensities[below])
    assert (~below).sum() > 1  # something beyond the training part was cut as well


def test_clipping_ignores_missing_scores():
    gaps = np.append(SCORES, np.nan)
    clipped = clip_transform(gaps, np.ones(len(gaps), bool))
    assert np.isnan(clipped[-1])
    assert clipped[:-1] == pytest.approx(clip_transform(SCORES, np.ones(len(SCORES), bool)))


def test_an_unknown_constant_in_the_intensity_leaves_the_clipped_z_score_alone():
    """log(S - S_min + 1): the z-score of the clipped intensity does not see the shift of S."""
    training = np.ones(len(SCORES), bool)
    shifted = np.minimum(np.exp(SCORES) + 100, np.percentile(np.exp(SCORES) + 100, 99.9))
    rebuilt = clip_transform(SCORES, training)
    assert Normalisation.fit(rebuilt).apply(rebuilt) == pytest.approx(Normalisation.fit(shifted).apply(shifted), abs=1e-5)
