import threading

import numpy as np
import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.data.library import DESIGNED, designed_library
from rbind_core.design.records import library_scores
from rbind_core.model import designed_scores as module
from rbind_core.model.designed_scores import are_at_hand, designed_scores, scores_of
from rbind_core.model.inputs import ModelInputs
from rbind_core.model.progress import ReportingPredictor, reporting
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.probes import probe_table, scored_probes
from rbind_core.rna.structure import PROFILES, structure_profiles
from tests.toys import AdditiveModel

FOLDING = "RBFOX1_PU", "VTS1_PU"


@pytest.fixture
def folded(monkeypatch):
    """Nothing is folded yet, and folding counts; a profile is read off the letters, since folding takes long."""
    made = []

    def fold(codes, kind):
        made.append(codes.copy())
        share = (codes[:, :, None] % 4 / 4).astype(np.float32)
        return np.concatenate([share, 1 - share], axis=2)[:, :, : len(PROFILES[kind])]

    monkeypatch.setattr(module, "structure_profiles", fold)
    module._by_kind.clear()
    yield made
    module._by_kind.clear()


def predictors():
    return [ReportingPredictor(load_predictor(find_model(name))) for name in FOLDING]


def test_the_designed_probes_are_folded_once_for_all_models_backgrounds_seeds_and_n(folded):
    for name in FOLDING:
        model, predictor = find_model(name), ReportingPredictor(load_predictor(find_model(name)))
        for quartile in (1, 2, 3, 4):
            for samples, seed in ((1, 0), (20, 0), (20, 3)):
                prepare(model, predictor, BackgroundChoice(f"quartile{quartile}", samples, seed))
        scored_probes(model, predictor, DESIGNED, "highest", 0)
        assert len(library_scores(model, predictor, DESIGNED)) == 500
        assert len(probe_table(model, predictor, designed_library(), np.random.default_rng(0))) == 4096
    assert np.array_equal(np.concatenate(folded), designed_library().codes)


def test_the_scores_are_those_of_the_model_itself():
    codes = designed_library().codes
    plain = load_predictor(find_model("RBFOX1"))
    assert np.array_equal(designed_scores(ReportingPredictor(plain)), plain.predict(codes))
    assert designed_scores(plain) is designed_scores(ReportingPredictor(plain))
    assert not designed_scores(plain).flags.writeable
    toy = AdditiveModel()
    assert np.array_equal(scores_of(toy, designed_library()), toy.predict(codes))


def test_profiles_that_are_shared_give_what_folding_each_time_gives():
    profiles = module._Profiles("PU")
    with reporting(lambda number: (_ for _ in ()).throw(InterruptedError)), pytest.raises(InterruptedError):
        profiles.get()
    few = slice(0, module._AT_ONCE)
    codes = designed_library().codes[few]
    assert np.array_equal(profiles._profiles[few], structure_profiles(codes, "PU"))
    for name in FOLDING:
        predictor = load_predictor(find_model(name))
        assert np.array_equal(predictor.predict_inputs(ModelInputs(codes, profiles._profiles[few])), predictor.predict(codes))


def test_what_a_computation_that_was_ended_has_folded_is_kept(folded):
    predictor, _ = predictors()
    done = []

    def end(number):
        done.append(number)
        if len(done) == 3:
            raise InterruptedError

    with reporting(end), pytest.raises(InterruptedError):
        designed_scores(predictor)
    assert not are_at_hand(predictor)
    assert sum(map(len, folded)) == sum(done)
    designed_scores(predictor)
    assert are_at_hand(predictor)
    assert np.array_equal(np.concatenate(folded), designed_library().codes)


def test_several_threads_share_the_work_and_get_the_same(folded):
    first, second = predictors()
    got = {}
    threads = [
        threading.Thread(target=lambda n=n, p=p: got.update({n: designed_scores(p)}))
        for n, p in enumerate([first, first, second] * 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(map(len, folded)) == 4096
    assert all(np.array_equal(got[n], designed_scores([first, first, second][n % 3])) for n in got)


def test_a_model_of_ones_own_is_asked_each_time():
    class Own:
        scale = 1.0

        def predict(self, codes):
            return self.scale * AdditiveModel().predict(codes)

    own = Own()
    before = designed_scores(own)
    own.scale = 2.0
    assert np.allclose(designed_scores(own), 2 * before)
    assert are_at_hand(own)
