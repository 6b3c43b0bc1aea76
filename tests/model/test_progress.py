import numpy as np
import pytest

from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.progress import AT_ONCE, ReportingPredictor, reporting
from tests.toys import AdditiveModel, Spy, random_probes, random_weights


@pytest.mark.parametrize("n", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE + 17])
@pytest.mark.parametrize("engine", ["openvino", "numpy"])
def test_scores_are_bit_for_bit_those_of_the_predictor_itself(n, engine):
    predictor, codes, reported = ResidualBindPredictor(random_weights(), engine=engine), random_probes(n), []
    with reporting(reported.append):
        scores = ReportingPredictor(predictor).predict(codes)
    assert np.array_equal(scores, predictor.predict(codes))
    assert sum(reported) == n


def test_nothing_is_split_where_nobody_wants_to_know():
    spy = Spy(AdditiveModel())
    ReportingPredictor(spy).predict(random_probes(5 * AT_ONCE))
    assert len(spy.asked) == 1


def test_an_error_of_the_report_ends_the_computation():
    spy = Spy(AdditiveModel())

    def stop(scored):
        raise InterruptedError

    with pytest.raises(InterruptedError), reporting(stop):
        ReportingPredictor(spy).predict(random_probes(5 * AT_ONCE))
    assert len(spy.asked) == 1
    ReportingPredictor(spy).predict(random_probes(10))  # and the next computation reports to nobody
