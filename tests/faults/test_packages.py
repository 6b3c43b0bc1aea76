"""Packages that are not installed: what does without goes on, the rest names the package and the way to have it back."""

from __future__ import annotations

import json
import subprocess

import numpy as np
import pytest

from rbind_core.atlas.build import provenance
from rbind_core.atlas.measure import AtlasSettings
from rbind_core.model import engines
from rbind_core.model.predictor import ResidualBindPredictor
from rbind_core.rna.sequences import decode
from rbind_core.system.error_messages import in_one_sentence
from tests.faults.installation import RBFOX1, STRUCTURE, assert_one_sentence
from tests.toys import random_probes, random_weights

RNA = "GGAUCCUGCAUGAACCGGAUUACGACCAUGAAAAACCCUUU"
REPAIR = "'./rbind repair' installs what is missing"
VIENNARNA, TENSORFLOW = ("RNA", "viennarna"), ("tensorflow", "tensorflow_cpu", "keras")
PAGES = ("", "profile", "sequence", "hypothesis", "kmers", "long-rna", "train")
NOWHERE = {"RBIND_CACHE_DIR": "/proc/self/cache", "RBIND_MODELS_DIR": "/proc/self/models", "RBIND_RUNS_DIR": "/proc/self/runs"}


@pytest.fixture(scope="module")
def bare(whole):
    """Without OpenVINO, ViennaRNA and TensorFlow, and with no folder to write into."""
    return whole.without("openvino", *VIENNARNA, *TENSORFLOW).with_environment(**NOWHERE)


def test_all_pages_work_without_openvino_viennarna_tensorflow_or_a_folder_to_write(bare):
    with bare.serve() as server:
        seen = {page: server.open(page, f"rbp={RBFOX1}") for page in PAGES}
        structure = server.open("sequence", f"rbp={STRUCTURE}")
    for page, found in seen.items():
        assert not found.says("needs the Python package"), (page, found.alerts)
        assert not found.says("cannot be"), (page, found.alerts)
        assert any("Engine NumPy (slow): OpenVINO is not installed here" in text for text in found.texts), page
    assert seen["sequence"].says("ViennaRNA is not installed")
    assert all(seen[page].figures for page in PAGES if page != "train")
    assert structure.says("redicted structure needs the Python package viennarna", REPAIR)
    log = server.log.read_text()
    assert "Traceback" not in log
    assert log.count("engine NumPy (slow)") == 1


def test_without_openvino_numbers_are_the_same_and_slowness_is_said_once(whole, bare):
    arguments = ["ism", "--rbp", "RBFOX1", "--seq", RNA, "--json"]
    fast, slow = whole.run(*arguments), bare.run(*arguments)
    assert slow.returncode == 0, slow.stderr
    assert np.abs(np.array(json.loads(fast.stdout)["scores"]) - json.loads(slow.stdout)["scores"]).max() < 1e-4
    assert slow.stderr.count("engine NumPy (slow)") == 1
    assert REPAIR in slow.stderr
    assert "slow" not in fast.stderr


@pytest.mark.parametrize(
    "failure", ["raise OSError('libtbb.so.12: wrong ELF class')", "raise ImportError('DLL load failed')", "x = 1"]
)
def test_an_openvino_that_does_not_load_gives_way_to_numpy(failure, monkeypatch, tmp_path, caplog):
    (tmp_path / "openvino.py").write_text(failure)
    for name in [name for name in __import__("sys").modules if name.split(".")[0] == "openvino"]:
        monkeypatch.delitem(__import__("sys").modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(engines, "_found_broken", [])
    engines._knows_the_processor.cache_clear()
    try:
        predictors = [ResidualBindPredictor(random_weights()) for _ in range(2)]
    finally:
        engines._knows_the_processor.cache_clear()
    assert {predictor.engine for predictor in predictors} == {"numpy"}
    assert np.isfinite(predictors[0].predict(random_probes(3))).all()
    notes = [record.getMessage() for record in caplog.records]
    assert len(notes) == 1
    assert "OpenVINO does not load" in notes[0]
    assert engines.slow_note() in notes[0]


def test_what_needs_viennarna_says_so_and_what_does_not_goes_on(bare):
    for arguments in (["fold", "--seq", RNA], ["predict", "--rbp", STRUCTURE, "--seq", RNA]):
        assert_one_sentence(bare.run(*arguments), "predicted structure needs the Python package viennarna", REPAIR)
    assert bare.run("predict", "--rbp", "RBFOX1", "--seq", RNA).returncode == 0


def test_training_without_tensorflow_is_refused_in_one_sentence(whole, bare, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("sequence,score\n" + "".join(f"{rna},{i}\n" for i, rna in enumerate(decode(random_probes(600)))))
    arguments = ["train", "--table", str(table), "--name", "mine"]
    assert_one_sentence(bare.run(*arguments), "training needs", "is not installed here")
    with_keras = whole.without("tensorflow", "tensorflow_cpu")  # Keras alone is not enough
    assert_one_sentence(with_keras.run(*arguments), "training needs", "tensorflow")


@pytest.mark.parametrize(
    ("package", "arguments"),
    [
        ("scipy", ["gia", "--rbp", "RBFOX1", "--pattern", "UGCAUG@18", "--samples", "20"]),
        ("pyarrow", ["experiment", "sites-all"]),
        ("logomaker", ["ism", "--rbp", "RBFOX1", "--seq", RNA, "--out", "logo.svg"]),
        ("numpy", ["list"]),
        ("safetensors", ["predict", "--rbp", "RBFOX1", "--seq", RNA]),
    ],
)
def test_a_command_names_the_package_that_it_needs(whole, package, arguments):
    assert_one_sentence(
        whole.without(package).run(*arguments), f"needs the Python package {package}, which is not installed here", REPAIR
    )


def test_a_page_names_the_package_that_it_needs_and_others_work(whole):
    with whole.without("matplotlib", "logomaker").serve() as server:
        assert server.open("", f"rbp={RBFOX1}").says("A logo needs the Python package matplotlib", REPAIR)
        assert server.open("hypothesis", f"rbp={RBFOX1}").figures


def test_without_what_every_page_needs_the_dashboard_does_not_start(whole):
    here = whole.without("plotly")
    command = [*here.python, "-m", "dashboard.server.main", "--headless", "--port", "8669"]
    result = subprocess.run(command, env=here.environment, capture_output=True, text=True, timeout=60, check=False)
    assert_one_sentence(result, "needs the Python package plotly", REPAIR)


def test_the_atlas_says_which_packages_it_was_made_without(monkeypatch):
    monkeypatch.setattr("rbind_core.atlas.build.PACKAGES", ("numpy", "no-such-package"))
    assert provenance(AtlasSettings())["packages"] == {"numpy": np.__version__, "no-such-package": "not installed"}


def test_a_mistake_of_our_own_is_not_put_on_a_package():
    for error in (
        ImportError("cannot import name", name="rbind_core.analyses.gia"),
        ImportError("?"),
        KeyError("x"),
        ValueError("y"),
    ):
        assert in_one_sentence(error) is None
    assert in_one_sentence(MemoryError()).startswith("this computer has too little memory")
    assert in_one_sentence(PermissionError(13, "Permission denied", "/x/y")) == "/x/y cannot be used (Permission denied)"
    assert in_one_sentence(OSError(28, "No space left on device")).startswith("there is no space left on the disk;")
