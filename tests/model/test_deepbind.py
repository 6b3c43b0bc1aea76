"""DeepBind's published models against a slow, plain implementation of their description."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rbind_core.data.deepbind_files import deepbind_files, has_deepbind
from rbind_core.errors import DataError, ModelError
from rbind_core.model.deepbind import DeepBind, DeepBindParameters, deepbind_models, read_deepbind
from rbind_core.rna.sequences import encode


def written(path, units=2, width=5, count=3, **changed):
    """A parameter file with random numbers; entries can be changed, or left out by None."""
    rng = np.random.default_rng(units)

    def numbers(n):
        return ",".join(f"{value:.9e}" for value in rng.normal(size=n))

    entries = {
        "reverse_complement": "0",
        "num_detectors": str(count),
        "detector_len": str(width),
        "has_avg_pooling": "1",
        "num_hidden": str(units),
        "detectors": numbers(width * 4 * count),
        "thresholds": numbers(count),
        "weights1": numbers(2 * count * (units or 1)),
        "biases1": numbers(units or 1),
    }
    if units:
        entries |= {"weights2": numbers(units), "biases2": numbers(1)}
    entries |= changed
    lines = [f"{name} = {value}" for name, value in entries.items() if value is not None]
    path.write_text("\n".join(["# deepbind 0.1", *lines]) + "\n")
    return path


def plain_score(path, rna):
    """The score as DeepBind's description has it, one number after the other."""
    entries = dict(line.split(" = ") for line in path.read_text().splitlines() if " = " in line)
    of = {name: [float(number) for number in text.split(",") if number] for name, text in entries.items()}
    count, width, units = (int(entries[name]) for name in ("num_detectors", "detector_len", "num_hidden"))
    unknown = [[0.25] * 4] * (width - 1)
    bases = unknown + [[float(base == letter) for base in "ACGU"] for letter in rna] + unknown
    pooled = []
    for detector in range(count):
        outputs = []
        for start in range(len(bases) - width + 1):
            total = of["thresholds"][detector]
            for place in range(width):
                for base in range(4):
                    total += bases[start + place][base] * of["detectors"][(place * 4 + base) * count + detector]
            outputs.append(max(total, 0.0))
        pooled += [max(outputs), sum(outputs) / len(outputs)]
    columns = units or 1
    first = [
        of["biases1"][column] + sum(x * of["weights1"][row * columns + column] for row, x in enumerate(pooled))
        for column in range(columns)
    ]
    if not units:
        return first[0]
    return of["biases2"][0] + sum(max(x, 0.0) * weight for x, weight in zip(first, of["weights2"], strict=True))


@pytest.mark.parametrize("units", [0, 4])
def test_scores_equal_the_plain_computation_for_rnas_of_any_length(tmp_path, units):
    path = written(tmp_path / "d.txt", units)
    model = DeepBind([read_deepbind(path)])

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.text("ACGU", min_size=1, max_size=41), min_size=1, max_size=4))
    def compare(rnas):
        expected = [plain_score(path, rna) for rna in rnas]
        assert model.predict(encode(rnas)) == pytest.approx(expected, abs=1e-5)

    compare()


@pytest.mark.real_data
def test_the_published_models_equal_the_plain_computation_to_a_millionth():
    chosen = list(deepbind_files())[::61]
    rnas = ["".join(np.random.default_rng(n).choice(list("ACGU"), n)) for n in (41, 38, 30, 11)]
    from rbind_core.data.fetch import locate

    paths = [locate(deepbind_files()[each]) for each in chosen]
    expected = [[plain_score(path, rna) for path in paths] for rna in rnas]
    assert deepbind_models(chosen).predict_all(encode(rnas)) == pytest.approx(np.array(expected), abs=1e-6)


@pytest.mark.real_data
def test_all_244_published_files_can_be_read():
    scores = deepbind_models().predict_all(encode(["UGCAUGUGCAUG", "UUUUUUUUUUUUUUUUU"]))
    assert scores.shape == (2, 244)
    assert np.isfinite(scores).all()
    assert has_deepbind("RNCMPT00168")
    rbfox1 = list(deepbind_files()).index("RNCMPT00168")
    assert scores[0, rbfox1] > scores[1, rbfox1]


def test_models_together_score_as_each_does_alone(tmp_path):
    models = [read_deepbind(written(tmp_path / f"{units}.txt", units, count=2 + units)) for units in (0, 3)]
    codes = encode(["ACGUACGU", "UGCAUGUUUUU"])
    together = DeepBind(models).predict_all(codes)
    assert together == pytest.approx(np.stack([DeepBind([one]).predict(codes) for one in models], axis=1), abs=1e-6)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"detectors": "1.0,2.0"}, "detectors has 2 numbers instead of 60; the file may be cut off"),
        ({"thresholds": None}, "thresholds has 0 numbers instead of 3"),
        ({"weights1": ",".join(["nan"] * 12)}, "weights1 has a value that is not a finite number"),
        ({"biases1": "a,b"}, "biases1 has a value that is not a finite number"),
        ({"num_detectors": "many"}, "num_detectors is 'many'; it must be a whole number"),
        ({"num_hidden": "-1"}, "num_hidden is '-1'"),
        ({"has_avg_pooling": "0"}, "only models of one strand"),
        ({"reverse_complement": "1"}, "only models of one strand"),
    ],
)
def test_a_damaged_file_gives_one_sentence(tmp_path, changed, message):
    with pytest.raises(ModelError, match=message):
        read_deepbind(written(tmp_path / "d.txt", **changed))


def test_a_file_cut_anywhere_is_refused_or_complete(tmp_path):
    whole = written(tmp_path / "whole.txt").read_bytes()
    cut = tmp_path / "cut.txt"
    for length in range(0, len(whole) - 25, 37):  # the last number may lose digits without a sign
        cut.write_bytes(whole[:length])
        with pytest.raises(ModelError):
            read_deepbind(cut)


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe\x00", b"# deepbind 0.2\n"])
def test_another_kind_of_file_is_refused(tmp_path, content):
    (tmp_path / "d.txt").write_bytes(content)
    with pytest.raises(ModelError, match=r"d\.txt: (cannot be read|not a parameter file)"):
        read_deepbind(tmp_path / "d.txt")


def test_an_experiment_without_a_published_model_is_named():
    with pytest.raises(DataError, match="RNCMPT99999: DeepBind has no published model"):
        deepbind_models(["RNCMPT99999"])


def test_padding_is_no_part_of_the_rna():
    """The mean over all places counts those of the RNA alone."""
    one = DeepBindParameters(np.ones((3, 4, 1), np.float32), np.zeros(1, np.float32), None, np.array([0, 1], np.float32), 0.0)
    assert DeepBind([one]).predict(encode(["ACGUA"], 41)) == pytest.approx(DeepBind([one]).predict(encode(["ACGUA"], 5)))
