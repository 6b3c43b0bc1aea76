import json
import math

import pytest
from click.testing import CliRunner

from bench import table
from bench.__main__ import main
from bench.memory import peak_memory
from bench.predictors import KERAS_BATCHES
from bench.timing import measure_rate, measure_seconds, side_by_side
from rbind_core.backgrounds import NAMES
from rbind_core.model.predictor import precisions


@pytest.fixture(scope="module")
def results():
    outcome = CliRunner().invoke(main, ["bench", "--quick", "--json"])
    assert outcome.exit_code == 0, outcome.output
    return json.loads(outcome.stdout)


@pytest.fixture(scope="module")
def measures(results):
    return {measure["what"]: measure for measure in results["measures"]}


def the(measures, start):
    [name] = [what for what in measures if what.startswith(start)]
    return measures[name]


def test_pieces_of_work_are_timed_in_turn():
    calls = []
    times = side_by_side(lambda: calls.append("a"), lambda: calls.append("b"), repeats=3)
    assert calls == ["a", "b"] * 4
    assert [t.shape for t in times] == [(3,), (3,)]


def test_a_ratio_is_the_median_over_the_turns(monkeypatch):
    import numpy as np

    slow, fast = np.array([2.0, 4.0, 12.0]), np.array([1.0, 1.0, 4.0])
    rate = measure_rate("it", 100, fast, "the other", slow)
    assert (rate.value, rate.beside_value, rate.ratio) == (100, 25, 3)
    ticks = iter([0.0, 1.0, 1.0, 6.0, 6.0, 8.0])
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks))
    assert measure_seconds("work", lambda: None, 3).value == 2


def test_the_fast_predictor_agrees_with_keras_on_a_real_model(results, measures):
    assert results["model"] == "RBFOX1 (RNCMPT00168)"
    assert measures["largest difference of a score, float32"]["value"] < 1e-4
    for precision in precisions():
        best, unasked = [measure for measure in results["measures"] if measure["what"].startswith(f"predictor, {precision}, ")]
        assert (best["beside"], unasked["beside"]) == tuple(KERAS_BATCHES)
        for rate in (best, unasked):
            assert rate["value"] == best["value"] > 0
            assert rate["beside_value"] > 0
            assert rate["ratio"] > 0


@pytest.mark.skipif("bfloat16" not in precisions(), reason="this processor has no bfloat16")
def test_the_lower_precision_comes_with_its_error(measures):
    assert 0 < the(measures, "largest difference of a global importance, bfloat16")["value"] < 0.01
    assert 1e-4 < measures["largest difference of a score, bfloat16"]["value"] < 0.1


def test_fast_scans_find_what_the_exhaustive_one_finds(measures):
    found = [measure for what, measure in measures.items() if what.startswith("of its best 20")]
    assert len(found) == len(precisions())
    assert all(measure["value"] == 20 for measure in found)
    assert measures["predictions of it: fast"]["beside_value"] == 6400


def test_every_background_and_every_start_is_measured(measures):
    assert {what.rpartition(" ")[2] for what in measures if " sequences of the background " in what} == set(NAMES)
    for start in (
        "cold start of ./rbind list",
        "cold start of ./rbind predict",
        "dashboard, process start to the end of the first",
    ):
        assert 0.01 < the(measures, start)["value"] < 120
    assert (
        measures["dashboard, process start to the health page"]["value"]
        < the(measures, "dashboard, process start to the end")["value"]
    )
    memory = {what: measure["value"] for what, measure in measures.items() if what.startswith("peak memory")}
    assert len(memory) == 5
    assert all(10 < value < 2000 for value in memory.values())


def test_the_memory_of_a_job_is_its_own():
    """Not that of this process, which has loaded much more."""
    before = peak_memory()
    block = bytearray(30_000_000)
    block[::4096] = b"x" * len(block[::4096])
    assert peak_memory() >= before
    assert peak_memory() > 30


def test_the_table_has_every_measure_and_reads_as_markdown(results):
    lines = table(results).splitlines()
    machine = f"{results['cores']} cores ({results['processor']}), {' and '.join(precisions())}"
    assert lines[0] == f"RBFOX1 (RNCMPT00168), engine openvino, {machine} (quick)"
    rows = lines[2:]
    assert len(rows) == 2 + len(results["measures"])
    assert {row.count("|") for row in rows} == {5}
    assert all(math.isfinite(measure["value"]) for measure in results["measures"])


def test_proteins_are_scanned_together_and_one_by_one_with_the_same_result(measures):
    together = the(measures, "scan of all 64 3-mers for 3 proteins")
    assert together["beside"] == "one protein at a time"
    assert together["ratio"] > 0
    assert measures["largest difference of an importance between the two"]["value"] < 1e-3
