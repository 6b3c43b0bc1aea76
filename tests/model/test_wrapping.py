"""Models of one's own are checked where they come in: (n,) and (n, 1) are the same numbers, everything else is refused."""

import numpy as np
import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.analyses.epistasis import epistasis
from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.analyses.mutagenesis import mutagenesis
from rbind_core.analyses.mutation_map import mutation_map
from rbind_core.analyses.sliding import slide
from rbind_core.constructs import parse_construct
from rbind_core.data.library import ProbeLibrary
from rbind_core.design.search import Objective
from rbind_core.errors import ModelError
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.model.progress import ReportingPredictor, reporting
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.model.wrapping import CheckedPredictor, wrap
from rbind_core.motifs import fast_scan
from rbind_core.quality.evaluation import evaluate
from tests.toys import AdditiveModel, random_probes, random_weights, sample_of

CODES = random_probes(5)
RNA = "GGAUCCUGCAUGAACCGGAUUACGACCAUGAAUCCGUAACG"


class Returns:
    """Returns the additive model's scores in another form."""

    def __init__(self, form) -> None:
        self.exact, self.form = AdditiveModel(), form

    def predict(self, codes):
        return self.form(self.exact.predict(codes))


class Tensor:
    """Like a tensor of TensorFlow or torch: no array, but NumPy can read it."""

    def __init__(self, values) -> None:
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return self.values


SAME = {
    "(n, 1)": lambda s: s[:, None],
    "float64": lambda s: s.astype(np.float64),
    "list": lambda s: s.tolist(),
    "list of lists": lambda s: s[:, None].tolist(),
    "tensor": lambda s: Tensor(s[:, None]),
    "big-endian": lambda s: s.astype(">f4"),
    "masked": np.ma.masked_invalid,
}


@pytest.mark.parametrize("form", SAME.values(), ids=SAME)
def test_other_forms_of_the_same_numbers_are_the_same(form):
    scores = wrap(Returns(form)).predict(CODES)
    assert scores.dtype == np.float32
    assert np.array_equal(scores, AdditiveModel().predict(CODES))


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.float16])
def test_whole_numbers_become_floats(dtype):
    scores = wrap(lambda codes: np.arange(len(codes), dtype=dtype)).predict(CODES)
    assert (scores.dtype, scores.tolist()) == (np.float32, [0, 1, 2, 3, 4])


def test_a_function_is_a_model_too():
    exact = AdditiveModel()
    assert np.array_equal(wrap(exact.predict).predict(CODES), exact.predict(CODES))


def ones(n, *rest):
    return np.ones((n, *rest))


WRONG = {
    "(5, 2)": (lambda c: ones(len(c), 2), r"shape \(5, 2\)"),
    "(1, n)": (lambda c: ones(1, len(c)), r"shape \(1, 5\)"),
    "(n, 1, 1)": (lambda c: ones(len(c), 1, 1), r"shape \(5, 1, 1\)"),
    "scalar": (lambda c: 1.0, r"shape \(\)"),
    "one for all": (lambda c: ones(1), r"shape \(1,\)"),
    "too few": (lambda c: ones(len(c) - 1), r"shape \(4,\)"),
    "too many": (lambda c: ones(len(c) + 1, 1), r"shape \(6, 1\)"),
    "nothing": (lambda c: None, "type object"),
    "objects": (lambda c: np.array([None] * len(c)), "type object"),
    "complex": (lambda c: ones(len(c)) * 1j, "type complex128"),
    "text": (lambda c: ["high"] * len(c), "type <U4"),
    "yes or no": (lambda c: ones(len(c)) > 0, "type bool"),
    "ragged": (lambda c: [[1], [1, 2], [1], [1], [1]], "cannot be read"),
    "NaN": (lambda c: np.where(np.arange(len(c)) == 2, np.nan, 1), "nan for sequence 3 of 5"),
    "infinite": (lambda c: np.where(np.arange(len(c)) == 4, -np.inf, 1), "-inf for sequence 5 of 5"),
    "too large": (lambda c: np.full(len(c), 1e39), r"1e\+39 for sequence 1 of 5"),
}


@pytest.mark.parametrize(("model", "message"), WRONG.values(), ids=WRONG)
def test_anything_else_is_refused_with_its_shape_or_value(model, message):
    with pytest.raises(ModelError, match=message) as error:
        wrap(model).predict(CODES)
    assert "(5,) or (5, 1)" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("model", [5, None, "RBFOX1", object()])
def test_what_cannot_be_asked_is_no_model(model):
    with pytest.raises(ModelError, match="function or have a method 'predict'"):
        wrap(model)


def test_a_model_is_not_asked_about_no_sequences():
    scores = wrap(lambda codes: 1 / 0).predict(CODES[:0])
    assert (scores.shape, scores.dtype) == ((0,), np.float32)


def test_one_sequence_has_one_score():
    for form in (lambda s: s, lambda s: s[:, None]):
        assert wrap(Returns(form)).predict(CODES[:1]).shape == (1,)


def test_a_model_is_wrapped_once_and_a_bundled_one_not_at_all():
    own = wrap(AdditiveModel())
    bundled = ResidualBindPredictor(random_weights(), engine="numpy")
    assert isinstance(own, CheckedPredictor)
    assert wrap(own) is own
    assert wrap(bundled) is bundled
    assert wrap(ReportingPredictor(bundled)).predictor is bundled


def test_a_subclass_of_a_bundled_predictor_is_checked():
    class Careless(ResidualBindPredictor):
        def predict(self, codes):
            return super().predict(codes)[:, None]

    model = Careless(random_weights(), engine="numpy")
    assert wrap(model).predict(CODES).shape == (5,)


ENTRIES = {
    "importance": lambda m: GlobalImportanceAnalysis(m, sample_of("shuffle", 40)).importance(parse_construct("UGCAUG@36")).local,
    "prepare": lambda m: (
        prepare(find_model("RBFOX1"), m, BackgroundChoice("shuffle", 40)).importance(parse_construct("UGCAUG@36")).local
    ),
    "mutagenesis": lambda m: mutagenesis(m, RNA).effects,
    "epistasis": lambda m: epistasis(m, RNA[:12]).values,
    "slide": lambda m: slide(m, RNA * 2).scores,
    "mutation map": lambda m: mutation_map(m, RNA).effects,
    "design": lambda m: Objective(m, against=m, weight=0.5).score(CODES).value,
    "evaluate": lambda m: evaluate(m, ProbeLibrary("toy", CODES, np.arange(5, dtype=np.float32))).pearson,
    "scan": lambda m: fast_scan(GlobalImportanceAnalysis(m, sample_of("profile", 40)), k=3, top=3, scout=m).mean,
    "reporting": lambda m: reported(m),
}


def reported(model):
    with reporting(lambda done: None):
        return ReportingPredictor(model).predict(CODES)


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_every_entry_takes_a_column_of_scores_as_the_same_numbers(entry):
    """Koo et al.'s own models are Keras models: they return (n, 1)."""
    expected = entry(AdditiveModel())
    assert np.array_equal(entry(Returns(SAME["(n, 1)"])), expected)
    assert np.array_equal(entry(AdditiveModel().predict), expected)


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_every_entry_refuses_two_scores_a_sequence(entry):
    with pytest.raises(ModelError, match=", 2"):
        entry(Returns(lambda s: np.stack([s, s], axis=1)))


def test_bundled_numbers_stay_bit_for_bit():
    predictor = load_predictor(find_model("RBFOX1"))
    choice = BackgroundChoice("dinucleotide", 60)
    plain, column = (prepare(find_model("RBFOX1"), m, choice) for m in (predictor, lambda codes: predictor.predict(codes)[:, None]))
    for text in ("UGCAUG@36", "UGCAUG@*", "stem:7-16/24-33+UGCAUG@18"):
        one, other = (a.importance(parse_construct(text)) for a in (plain, column))
        assert np.array_equal(one.with_, other.with_)
        assert np.array_equal(one.without, other.without)
