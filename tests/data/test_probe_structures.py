import numpy as np
import pytest

from rbind_core.data import fetch, probe_structures
from rbind_core.data.probe_structures import probe_profiles
from rbind_core.rna.sequences import PADDING
from rbind_core.rna.structure import structure_profiles
from tests.toys import random_probes

CODES = random_probes(25)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("RBIND_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(probe_structures, "CHUNK", 10)


@pytest.mark.parametrize("kind", ["PU", "PHIME"])
def test_cached_profiles_are_those_of_viennarna(kind):
    fresh, cached = probe_profiles(CODES, kind), probe_profiles(CODES, kind)
    assert fresh == pytest.approx(structure_profiles(CODES, kind), abs=1e-3)
    assert np.array_equal(fresh, cached)
    assert not fresh[CODES == PADDING].any()


def test_a_run_that_was_stopped_goes_on_where_it_was(monkeypatch):
    def stop(done, total):
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        probe_profiles(CODES, "PHIME", report=stop)
    folded = []

    def counting(codes, kind, processes):
        folded.append(len(codes))
        return structure_profiles(codes, kind, processes)

    monkeypatch.setattr(probe_structures, "structure_profiles", counting)
    reports = []
    probe_profiles(CODES, "PHIME", report=lambda done, total: reports.append((done, total)))
    assert folded == [5]  # the rest only
    assert reports == [(10, 25), (20, 25), (25, 25)]


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x93NUMPY"])
def test_a_damaged_chunk_is_folded_again(content):
    expected = probe_profiles(CODES, "PU")
    for chunk in (fetch.cache_folder() / "structure").iterdir():
        chunk.write_bytes(content)
    assert np.array_equal(probe_profiles(CODES, "PU"), expected)
