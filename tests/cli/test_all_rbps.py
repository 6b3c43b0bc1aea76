"""`./rbind experiment gcbias-all` and its like, and the paper's other experiments under their names."""

import json

import numpy as np
import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.atlas.across import across, across_record
from rbind_core.atlas.files import load_atlas, write_atlas
from rbind_core.atlas.studies import STUDIES
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.model.registry import find_model, list_models, load_predictor, store_model
from rbind_core.motifs import alignment_motif, fast_scan
from rbind_core.system.paths import own_models_folder
from tests.atlas.across_rows import rows_of
from tests.cli.test_cli import assert_one_line_error
from tests.cli.test_cli import rbind as rbind  # the fixture, with one small model, TOYBP
from tests.toys import card, random_weights


@pytest.fixture
def atlas(rbind, monkeypatch, tmp_path):
    """An atlas of three toy models, the only ones."""
    monkeypatch.setattr("rbind_core.system.paths.PRETRAINED", tmp_path)
    for number in (2, 3):
        store_model(own_models_folder() / f"TOY0000{number}", card(f"TOY0000{number}", f"P{number}"), random_weights(number))
    write_atlas(own_models_folder() / "atlas.parquet", rows_of(list_models()), {"command": "./rbind atlas"})
    return load_atlas()


@pytest.mark.parametrize("name", STUDIES)
def test_json_is_the_record_of_the_study(rbind, atlas, name):
    printed = rbind("experiment", name, "--json").json
    expected = across_record(across(name, list_models(), atlas), atlas.provenance)
    assert printed == json.loads(json.dumps(expected).replace("NaN", "null"))
    assert printed["provenance"] == {"command": "./rbind atlas"}
    assert all(len(one["values"]) == one["n"] == 3 for one in printed["results"])


@pytest.mark.parametrize("name", STUDIES)
def test_text_has_a_line_for_each_model_and_says_what_it_means(rbind, atlas, name):
    lines = rbind("experiment", name).out.splitlines()
    found = across(name, list_models(), atlas)
    assert lines[0].startswith(f"# {found.study.title} over 3 experiments of 3 proteins: ")
    assert [line.split("\t")[1] for line in lines[2:5]] == found.table["experiment"].tolist()
    assert lines[5:] == [*found.sentences, found.study.says_not]


def test_one_model_may_be_asked_for_and_the_shares_stay(rbind, atlas):
    printed = rbind("experiment", "gcbias-all", "--rbp", "P3", "--json").json
    assert [one["n"] for one in printed["results"]] == [3, 3, 3]
    assert [value["experiment"] for one in printed["results"] for value in one["values"]] == ["TOY00003"] * 3
    assert [line for line in rbind("experiment", "gcbias-all", "--rbp", "P3").out.splitlines() if line.startswith("P2")] == []


def test_what_cannot_be_asked_is_one_line(rbind, atlas, monkeypatch):
    assert_one_line_error(rbind("experiment", "gcbias-all", "--rbp", "NOBODY"), "'NOBODY' is not a known RBP")
    store_model(own_models_folder() / "TOY00009", card("TOY00009", "NEWBP"), random_weights(9))
    assert_one_line_error(rbind("experiment", "gcbias-all", "--rbp", "NEWBP"), "NEWBP (TOY00009)", "3 models")
    (own_models_folder() / "atlas.parquet").unlink()
    for name in STUDIES:
        assert_one_line_error(rbind("experiment", name), "'./rbind atlas' measures all models")


def test_a_damaged_atlas_is_a_note(rbind, atlas):
    (own_models_folder() / "atlas.parquet").write_bytes(b"PAR1")
    outcome = rbind("experiment", "sites-all")
    assert outcome.status == 2
    assert "note: atlas.parquet: the atlas cannot be read" in outcome.err


def test_an_unknown_name_lists_all(rbind):
    outcome = rbind("experiment", "nonsense")
    assert_one_line_error(outcome, "'nonsense' is not an experiment; use sites, spacing", *STUDIES, "alignment", "benchmark")


def test_help_lists_every_experiment_of_the_paper(rbind):
    printed = rbind("experiment", "--help").out
    for name in [*EXPERIMENTS, *STUDIES, "robustness", "scatter", "ism", "kmers", "alignment", "benchmark"]:
        assert f"  {name} " in printed


@pytest.mark.parametrize("name", ["gcbias-all", "sites-all", "GCBIAS-ALL"])
def test_help_of_a_study_asks_its_question(rbind, name):
    assert "whatever the protein?" in " ".join(rbind("experiment", name, "--help").out.split())


@pytest.mark.parametrize(
    ("name", "command", "more"),
    [("kmers", "kmers", ["--samples", "20", "-k", "4"]), ("ism", "ism", ["--seq", "GGAUCCUGCAUGAACCGGAUUACGACCAUG"])],
)
def test_other_names_are_the_commands_themselves(rbind, name, command, more):
    options = ["--rbp", "TOYBP", *more, "--json"]
    assert rbind("experiment", name, *options).json == rbind(command, *options).json


def test_scatter_asks_for_the_data_as_evaluate_does(rbind, no_data):
    assert rbind("experiment", "scatter", "--rbp", "TOYBP").err == rbind("evaluate", "--rbp", "TOYBP").err


def test_alignment_is_the_motif_of_the_ten_best(rbind):
    options = ["--rbp", "TOYBP", "--samples", "8", "--seed", "3"]
    printed = rbind("experiment", "alignment", *options, "--json").json
    model = find_model("TOYBP")
    scan = fast_scan(prepare(model, load_predictor(model), BackgroundChoice("profile", 8, 3)), 6, top=10)
    np.testing.assert_allclose(printed["motif"], alignment_motif(scan.best(10)))
    assert np.allclose(np.sum(printed["motif"], axis=1), 1)
    assert [row["kmer"] for row in printed["kmers"]] == list(scan.kmers[:10])
    assert (printed["rbp"], printed["experiment"], printed["samples"]) == ("TOYBP", "TOY00001", 8)
    lines = rbind("experiment", "alignment", *options).out.splitlines()
    assert [line.split("\t")[0] for line in lines[2:12]] == list(scan.kmers[:10])
    assert len(lines) == 3 + 10 + 6


def test_benchmark_is_the_table_with_a_verdict_for_each_method(rbind):
    printed = rbind("experiment", "benchmark", "--json").json
    assert [row["experiment"] for row in printed["results"]] == ["TOY00001"]
    assert {one["method"] for one in printed["comparisons"]} == {"ThermoNet", "RCK", "DLPRB-CNN", "cDeepbind-CNN"}
    assert rbind("experiment", "benchmark", "--rbp", "TOYBP").out.splitlines()[1].startswith("TOY00001\tTOYBP")
    assert_one_line_error(rbind("experiment", "benchmark", "--rbp", "NOBODY"), "NOBODY")


def test_measuring_into_a_file_that_cannot_be_read_says_that_it_is_set_aside(rbind, tmp_path):
    out = tmp_path / "own.parquet"
    out.write_bytes(b"nonsense")
    options = ["--rbp", "TOYBP", "--samples", "8", "--scan-samples", "2", "--workers", "0", "--out", str(out), "--json"]
    outcome = rbind("atlas", *options)
    assert outcome.json["models"] == ["TOY00001"]
    assert "the file is set aside as soon as the first model has been measured" in outcome.err
    assert (tmp_path / "own.set-aside-1.parquet").read_bytes() == b"nonsense"
