"""The atlas is built on a real cluster as in one process, goes on after a kill, and is never half written."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from dataclasses import replace

import numpy as np
import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.atlas import build as builder
from rbind_core.atlas.build import add_row, build_atlas, missing
from rbind_core.atlas.files import read_atlas
from rbind_core.atlas.measure import AtlasSettings
from rbind_core.constructs import parse_construct
from rbind_core.errors import DataError
from rbind_core.model.committee import open_committee
from rbind_core.model.registry import find_model, list_models, load_predictor
from rbind_core.motifs import exhaustive_scan
from rbind_core.rna.sequences import all_kmers, decode
from rbind_core.system.locks import take
from rbind_core.system.paths import BUNDLED_MODELS, PRETRAINED, atlas_file, own_models_folder
from tests.atlas.toy_rows import row_of_the_counter
from tests.clusters import dask_cluster, wait_until
from tests.taught import HUR, install_taught_models

SMALL = AtlasSettings(scan_samples=2, folding_samples=2).at_most(8)
RBPS = ("RNCMPT00168", "RNCMPT00071", "RNCMPT00052", "RNCMPT00047")


@pytest.fixture(scope="module")
def models():
    return [find_model(rbp) for rbp in RBPS]


@pytest.fixture(scope="module")
def in_one_process(models, tmp_path_factory):
    path = tmp_path_factory.mktemp("atlas") / "atlas.parquet"
    assert build_atlas(models, path, SMALL, workers=0) == {}
    return read_atlas(path)


def test_every_model_has_its_row_and_the_file_says_how_it_was_made(in_one_process):
    assert sorted(in_one_process.digests) == sorted(RBPS)
    assert in_one_process.provenance["settings"] == {
        "samples": 8,
        "elsewhere_samples": 8,
        "taught_samples": 8,
        "taught_elsewhere_samples": 8,
        "scan_samples": 2,
        "folding_samples": 2,
        "network_samples": 8,
        "seed": 0,
        "version": SMALL.version,
    }
    assert in_one_process.provenance["command"] == "./rbind atlas"
    assert set(in_one_process.provenance["packages"]) >= {"numpy", "openvino", "viennarna"}


def test_a_cluster_that_loses_a_worker_gives_the_same_rows_bit_for_bit(models, in_one_process, tmp_path):
    path, arrived = tmp_path / "atlas.parquet", []
    with dask_cluster(tmp_path, workers=2) as cluster:

        def kill_a_worker():
            wait_until(lambda: arrived)
            assert 0 < len(read_atlas(path).digests) < len(RBPS), "rows are kept as they arrive"
            os.kill(cluster.processes[1].pid, signal.SIGKILL)

        killer = threading.Thread(target=kill_a_worker)
        killer.start()
        failures = build_atlas(
            models, path, SMALL, scheduler=cluster.address, progress=lambda name, done, total: arrived.append(name)
        )
        killer.join()
        assert cluster.processes[1].poll() is not None
    assert failures == {}
    assert sorted(arrived) == sorted(RBPS)
    assert read_atlas(path).rows() == in_one_process.rows()


def test_what_is_there_is_kept_and_only_the_rest_is_measured(models, in_one_process, tmp_path, monkeypatch):
    path = tmp_path / "atlas.parquet"
    for row in in_one_process.rows()[:3]:
        add_row(path, row, SMALL)
    measured = []

    def spy(model, ingredients, settings):
        measured.append(model.experiment)
        return next(row for row in in_one_process.rows() if row["experiment"] == model.experiment)

    monkeypatch.setattr(builder, "measure_weights", spy)
    build_atlas(models, path, SMALL, workers=0)
    assert measured == [in_one_process.rows()[3]["experiment"]]
    assert read_atlas(path).rows() == in_one_process.rows()
    build_atlas(models, path, SMALL, workers=0)
    assert len(measured) == 1


def test_a_model_trained_anew_or_other_settings_are_measured_again(models, in_one_process):
    assert missing(models, in_one_process, SMALL) == []
    anew = replace(models[0], weights_sha256="0" * 64)
    assert missing([anew, *models[1:]], in_one_process, SMALL) == [anew]
    for other in (replace(SMALL, seed=1), replace(SMALL, samples=9), replace(SMALL, version=SMALL.version + 1)):
        assert len(missing(models, in_one_process, other)) == len(models)


def test_broken_models_are_left_out(models, in_one_process):
    assert missing([replace(models[0], weights_sha256="0" * 64, problem="weights missing")], in_one_process, SMALL) == []


def test_a_model_that_cannot_be_measured_is_named_and_the_others_are_kept(models, in_one_process, tmp_path, monkeypatch):
    def fails(model, ingredients, settings):
        if model.protein == "SNRPA":
            raise ValueError("no luck")
        return next(row for row in in_one_process.rows() if row["experiment"] == model.experiment)

    monkeypatch.setattr(builder, "measure_weights", fails)
    failures = build_atlas(models, tmp_path / "atlas.parquet", SMALL, workers=0)
    assert list(failures) == ["RNCMPT00071"]
    assert "no luck" in failures["RNCMPT00071"]
    assert len(read_atlas(tmp_path / "atlas.parquet").digests) == 3


def test_a_damaged_file_is_set_aside_and_a_new_one_is_begun(tmp_path):
    path = tmp_path / "atlas.parquet"
    for number, nonsense in enumerate((b"nonsense", b"more of it"), start=1):
        path.write_bytes(nonsense)
        aside = add_row(path, row_of_the_counter(), SMALL)
        assert aside == tmp_path / f"atlas.set-aside-{number}.parquet"
        assert aside.read_bytes() == nonsense
        assert list(read_atlas(path).digests) == ["TOY00001"]
    assert add_row(path, row_of_the_counter() | {"experiment": "TOY00002"}, SMALL) is None
    assert list(read_atlas(path).digests) == ["TOY00001", "TOY00002"]


def test_what_others_add_while_models_are_measured_is_kept(models, in_one_process, tmp_path, monkeypatch):
    path, rows = tmp_path / "atlas.parquet", {row["experiment"]: row for row in in_one_process.rows()}

    def measures_while_the_app_adds(model, ingredients, settings):
        add_row(path, row_of_the_counter() | {"experiment": f"OWN_{model.experiment}"}, SMALL)
        return rows[model.experiment]

    monkeypatch.setattr(builder, "measure_weights", measures_while_the_app_adds)
    assert build_atlas(models, path, SMALL, workers=0) == {}
    assert sorted(read_atlas(path).digests) == sorted([*RBPS, *(f"OWN_{rbp}" for rbp in RBPS)])


def add_some(path, names) -> None:
    for name in names:
        add_row(path, row_of_the_counter() | {"experiment": name}, SMALL)


def in_two_threads(path, names) -> None:
    threads = [threading.Thread(target=add_some, args=(path, half)) for half in (names[::2], names[1::2])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_four_writers_at_once_lose_no_row(tmp_path):
    """Two threads in each of two processes, in 50 tries."""
    row_of_the_counter()  # measured once, before the processes part
    context = multiprocessing.get_context("fork")
    for number in range(50):
        path = tmp_path / str(number) / "atlas.parquet"
        names = [[f"{process}{place}" for place in range(4)] for process in "ab"]
        processes = [context.Process(target=in_two_threads, args=(path, some)) for some in names]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
            assert process.exitcode == 0
        assert sorted(read_atlas(path).digests) == sorted(names[0] + names[1])
        assert {file.name for file in path.parent.iterdir()} == {path.name, f".{path.name}.lock"}


def test_a_row_that_cannot_wait_any_longer_says_so(tmp_path, monkeypatch):
    path = tmp_path / "atlas.parquet"
    monkeypatch.setattr(builder, "_WAIT", 0.1)
    lock = take(tmp_path / ".atlas.parquet.lock")
    with pytest.raises(DataError, match=r"the atlas cannot be written \(others have been writing it for 0 s\); try again"):
        add_row(path, row_of_the_counter(), SMALL)
    os.close(lock)
    assert add_row(path, row_of_the_counter(), SMALL) is None


def test_rows_of_bundled_models_and_of_the_users_go_to_different_files(models):
    assert models[0].folder.parent == BUNDLED_MODELS
    assert atlas_file(models[0].folder.parent) == PRETRAINED / "atlas.parquet"
    own = replace(models[0], folder=own_models_folder() / "MINE")
    assert atlas_file(own.folder.parent) == own_models_folder() / "atlas.parquet"


def test_taught_models_are_scanned_in_one_pass_and_measured_in_all_networks(tmp_path, monkeypatch):
    folder = install_taught_models(tmp_path, monkeypatch)
    taught = [model for model in list_models([folder]) if model.is_taught]
    path = tmp_path / "atlas.parquet"
    assert build_atlas(taught, path, SMALL, workers=0) == {}
    rows = {row["experiment"]: row for row in read_atlas(path).rows()}
    assert {row["grade"] for row in rows.values()} == {"B"}
    for model in taught:
        analysis = prepare(model, load_predictor(model), BackgroundChoice("profile", SMALL.samples, SMALL.seed))
        alone = exhaustive_scan(GlobalImportanceAnalysis(analysis.model, analysis.sample.first(SMALL.scan_samples)), 6)
        by_kmer = dict(zip(alone.kmers, alone.mean, strict=True))
        row = rows[model.experiment]
        np.testing.assert_allclose(row["scan"], [by_kmer[kmer] for kmer in decode(all_kmers(6))], atol=2e-3)
        gc = next(one for one in row["spreads"] if one["study"] == "gcbias")
        construct = parse_construct(next(arm["pattern"] for arm in row["arms"] if arm["label"] == gc["label"]))
        values = [
            GlobalImportanceAnalysis(one, analysis.sample).importance(construct).mean for one in open_committee(model).predictors
        ]
        assert row["networks"] == open_committee(model).names
        assert gc["values"] == pytest.approx(values)


def test_a_damaged_network_leaves_the_others_to_compare_with(tmp_path, monkeypatch):
    folder = install_taught_models(tmp_path, monkeypatch)
    weights = tmp_path / "panels" / "panel-3.safetensors"
    weights.write_bytes(weights.read_bytes()[:-5])
    path = tmp_path / "atlas.parquet"
    assert build_atlas([find_model(HUR, list_models([folder]))], path, SMALL, workers=0) == {}
    row = read_atlas(path).rows()[0]
    assert row["networks"] == ["served", "panel-2", "panel-4", "panel-5"]
    assert {len(one["values"]) for one in row["spreads"]} == {4}
