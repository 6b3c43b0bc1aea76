import numpy as np
import pytest
from scipy.stats import rankdata

from rbind_core.data.library import MEASURED, ProbeLibrary, designed_library
from rbind_core.errors import DataError
from rbind_core.quality.evaluation import evaluate
from tests.toys import random_probes


def test_a_model_that_is_right_up_to_scale_correlates_perfectly(additive):
    codes = random_probes(100)
    result = evaluate(additive, ProbeLibrary(MEASURED, codes, 3 * additive.predict(codes) - 1))
    assert (result.pearson, result.spearman) == pytest.approx((1, 1), abs=1e-6)
    assert result.n == 100


def test_correlations_are_those_of_their_definition_and_missing_scores_are_left_out(additive):
    codes = random_probes(200)
    measured = np.random.default_rng(0).normal(size=200).astype(np.float32) + additive.predict(codes) / 100
    with_gaps = measured.copy()
    with_gaps[::5] = np.nan
    kept = np.isfinite(with_gaps)
    result = evaluate(additive, ProbeLibrary(MEASURED, codes, with_gaps))
    predicted = additive.predict(codes)[kept]
    assert result.n == 160
    assert result.pearson == pytest.approx(np.corrcoef(predicted, measured[kept])[0, 1], abs=1e-6)
    assert result.spearman == pytest.approx(np.corrcoef(rankdata(predicted), rankdata(measured[kept]))[0, 1], abs=1e-6)


def test_designed_probes_are_never_taken_for_measured(additive):
    with pytest.raises(DataError, match="designed probes have no measured scores"):
        evaluate(additive, designed_library())
