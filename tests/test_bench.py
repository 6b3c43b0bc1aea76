import numpy as np

from rbind_core import bench


def test_pieces_of_work_are_timed_in_turn():
    calls = []
    times = bench.side_by_side(lambda: calls.append("a"), lambda: calls.append("b"), repeats=3)
    assert calls == ["a", "b"] * 4
    assert [t.shape for t in times] == [(3,), (3,)]


def test_the_fast_predictor_agrees_with_keras_on_a_real_model():
    results = bench.run(batches=(100,), repeats=2, k=4)
    assert results["largest_difference"] < 1e-4
    [row] = results["predictor"]
    assert row["ratio"] > 0
    assert "ratio" in bench.table(results)
    assert np.isfinite(results["gia_seconds"])
    scan = results["kmer_scan"]
    assert scan["same_top"]
    assert scan["exhaustive_predictions"] == 256_000 > 2 * scan["fast_predictions"]
    assert "best 20 the same" in bench.table(results)
    assert results["model"] == "RBFOX1 (RNCMPT00168)"
