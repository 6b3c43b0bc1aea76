"""The command line's contract, mostly against one small model, TOYBP (TOY00001)."""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.analyses.mutagenesis import mutagenesis
from rbind_core.backgrounds import KINDS
from rbind_core.cli import main
from rbind_core.constructs import parse_construct
from rbind_core.data import fetch, library
from rbind_core.data.dataset import make_dataset
from rbind_core.data.library import MEASURED, ProbeLibrary
from rbind_core.model.registry import WEIGHTS, find_model, load_predictor, store_model
from rbind_core.quality.evaluation import correlate, on_clip_scale
from rbind_core.rna.sequences import encode
from rbind_core.rna.structure import fold
from tests.toys import card, random_probes, random_weights

SEQUENCE = "GGAUCCUGCAUGAACCGGAUUACGACCAUG"
GIA = ["gia", "--rbp", "TOYBP", "--samples", "50", "--json"]


@dataclass
class Outcome:
    status: int
    out: str
    err: str

    @property
    def json(self):
        """What was printed, if that is one JSON object in strict JSON and nothing else."""

        def refuse(constant):
            raise AssertionError(f"{constant} is not JSON")

        assert self.status == 0, self.err
        return json.loads(self.out, parse_constant=refuse)


@pytest.fixture
def rbind(capsys, toy_models):
    def run(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main([str(arg) for arg in args], prog_name="rbind")
        printed = capsys.readouterr()
        return Outcome(ending.value.code or 0, printed.out, printed.err)

    return run


@pytest.fixture
def model(toy_models):
    return find_model("TOYBP")


@pytest.fixture
def predictor(model):
    return load_predictor(model)


def assert_one_line_error(outcome, *says):
    assert outcome.status == 2
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    assert outcome.err.endswith("\n")
    assert len(outcome.err.splitlines()) == 1
    for part in says:
        assert part in outcome.err


# list


def test_list_gives_every_model_as_json(rbind):
    (row,) = rbind("list", "--json").json
    assert (row["experiment"], row["protein"], row["species"]) == ("TOY00001", "TOYBP", "Homo sapiens")
    assert (row["pearson_test"], row["top_kmer"], row["problem"]) == (0.5, "UGCAUG", None)


def test_models_that_read_structure_are_listed_when_asked_for_and_never_instead_of_sequence_alone(rbind, toy_models):
    better = card("TOYBP_PU", pearson=0.9, channels=6)
    store_model(toy_models / "TOYBP_PU", better, random_weights(channels=6))
    assert [row["experiment"] for row in rbind("list", "--json").json] == ["TOY00001"]
    rows = {row["experiment"]: row["inputs"] for row in rbind("list", "--structure", "--json").json}
    assert rows == {"TOY00001": "sequence", "TOYBP_PU": "sequence + PU"}
    assert rbind("predict", "--rbp", "TOYBP", "--seq", SEQUENCE, "--json").json["experiment"] == "TOY00001"
    assert rbind("predict", "--rbp", "TOYBP_PU", "--seq", SEQUENCE, "--json").json["experiment"] == "TOYBP_PU"


def test_a_model_that_reads_structure_works_in_every_command(rbind, toy_models):
    store_model(toy_models / "TOYBP_PHIME", card("TOYBP_PHIME", channels=9), random_weights(channels=9))
    scores = rbind("ism", "--rbp", "TOYBP_PHIME", "--seq", SEQUENCE, "--json").json
    mutant = "G" + SEQUENCE[1:] if SEQUENCE[0] != "G" else "A" + SEQUENCE[1:]
    changed = rbind("predict", "--rbp", "TOYBP_PHIME", "--seq", mutant, "--json").json["scores"][0]
    assert scores["scores"][0]["ACGU".index(mutant[0])] == pytest.approx(changed - scores["wild_type"], abs=1e-4)
    given = ["gia", "--rbp", "TOYBP_PHIME", "--samples", "20", "--json"]
    (no_op,) = rbind(*given, "--pattern", "NNNN@18").json["results"]
    assert no_op["local_importance"] == [0] * 20
    (result,) = rbind(*given, "--pattern", "GGGGCC@18").json["results"]
    assert result["global_importance"] != 0


def test_list_is_a_table_of_the_same(rbind):
    outcome = rbind("list")
    header, row = outcome.out.splitlines()
    assert header.split()[:3] == ["experiment", "protein", "species"]
    assert row.split() == ["TOY00001", "TOYBP", "Homo", "sapiens", "yours", "0.500", "-", "-", "UGCAUG"]


def test_list_can_be_of_one_grade_and_says_what_is_expected_of_taught_models(rbind, toy_models, monkeypatch):
    expected = {"pearson": 0.6, "low": 0.3, "high": 0.8, "n": 49, "basis": "left out in turn"}
    taught = card("RNCMPT00032", "HuR") | {"metrics": {}, "expected": expected}
    store_model(toy_models / "RNCMPT00032", taught | {"training": {"scores": "taught"}}, random_weights())
    (entry,) = rbind("list", "--grade", "B", "--json").json
    assert (entry["grade"], entry["pearson_expected"], entry["pearson_expected_range"]) == ("B", 0.6, [0.3, 0.8])
    assert "ELAVL1" in entry["synonyms"]
    outcome = rbind("list", "--grade", "B")
    assert "0.600 *" in outcome.out
    assert "expected, not measured" in outcome.err
    assert [one["experiment"] for one in rbind("list", "--grade", "yours", "--json").json] == ["TOY00001"]


def test_the_noise_ceiling_is_listed(rbind, toy_models):
    entry = {"pearson": 0.36, "n": 200, "ci95": [0.23, 0.48], "ceiling": 0.6}
    store_model(toy_models / "TOY00002", card("TOY00002", "OTHER", 0.3) | {"replicates": entry}, random_weights())
    rows = {row["experiment"]: row["replicates"] for row in rbind("list", "--json").json}
    assert rows == {"TOY00001": None, "TOY00002": entry | {"share_of_ceiling": 0.5}}
    assert rbind("list").out.splitlines()[1].split()[-4:] == ["0.300", "0.600", "-", "UGCAUG"]


def test_a_broken_model_is_listed_with_its_problem(rbind, toy_models):
    (toy_models / "TOY00001" / WEIGHTS).unlink()
    (row,) = rbind("list", "--json").json
    assert row["problem"] == "weights.safetensors is missing"
    assert "BROKEN: weights.safetensors is missing" in rbind("list").out
    assert_one_line_error(rbind("predict", "--rbp", "TOYBP", "--seq", SEQUENCE), "TOYBP (TOY00001) is broken")


def test_an_unreadable_card_does_not_keep_the_others_from_the_list(rbind, toy_models):
    (toy_models / "TOY00002").mkdir()
    (toy_models / "TOY00002" / "card.json").write_text("{")
    problems = {row["experiment"]: row["problem"] for row in rbind("list", "--json").json}
    assert problems["TOY00001"] is None
    assert problems["TOY00002"].startswith("card.json cannot be read")


# predict


@pytest.mark.parametrize("name", ["TOYBP", "toybp", "TOY00001", "toy00001"])
def test_predict_gives_the_score_of_the_model(rbind, predictor, name):
    result = rbind("predict", "--rbp", name, "--seq", SEQUENCE, "--json").json
    assert (result["rbp"], result["experiment"]) == ("TOYBP", "TOY00001")
    assert result["scores"] == pytest.approx(predictor.predict(encode(SEQUENCE)).tolist(), abs=1e-5)


def test_predict_reads_fasta_in_its_order(rbind, predictor, tmp_path):
    sequences = [SEQUENCE, "A" * 41, "GC" * 16]
    (tmp_path / "x.fa").write_text("".join(f">s{i}\n{s}\n" for i, s in enumerate(sequences)))
    result = rbind("predict", "--rbp", "TOYBP", "--fasta", tmp_path / "x.fa", "--json").json
    assert result["scores"] == pytest.approx(predictor.predict(encode(sequences)).tolist(), abs=1e-5)
    lines = rbind("predict", "--rbp", "TOYBP", "--fasta", tmp_path / "x.fa").out.splitlines()
    assert [line.split("\t")[:2] for line in lines] == [[f"s{i}", s] for i, s in enumerate(sequences)]


def test_predict_leaves_records_out_that_it_cannot_score_and_names_them(rbind, predictor, tmp_path):
    name = "a name with\ttabs, longer than sixty letters, as those of transcripts often are"
    (tmp_path / "x.fa").write_text(f">{name}\n{SEQUENCE}\n>long\n{'A' * 50}\n>short\nACG\n>N\n{SEQUENCE[:-1]}N\n>empty\n")
    outcome = rbind("predict", "--rbp", "TOYBP", "--fasta", tmp_path / "x.fa", "--json")
    assert outcome.json["scores"] == pytest.approx(predictor.predict(encode(SEQUENCE)).tolist(), abs=1e-5)
    assert outcome.json["names"] == [name.replace("\t", " ")]
    assert outcome.json["sequences"] == [SEQUENCE]
    assert [one["name"] for one in outcome.json["left_out"]] == ["long", "short", "N", "empty"]
    assert outcome.json["notes"] == [line.removeprefix("note: ") for line in outcome.err.splitlines()]
    assert "long is left out: AAAAAAAAAAAAAAAAAAAAAAAA...: 50 nt long; allowed are 11-41 nt." in outcome.json["notes"]
    [row] = rbind("predict", "--rbp", "TOYBP", "--fasta", tmp_path / "x.fa").out.splitlines()
    assert row.split("\t")[:2] == [name.replace("\t", " "), SEQUENCE]


def test_predict_says_how_lines_and_columns_were_read(rbind, tmp_path):
    (tmp_path / "x.txt").write_text(f"{SEQUENCE}\n{SEQUENCE}\n")
    assert (
        "note: 2 lines without a header were read as 2 RNAs."
        in rbind("predict", "--rbp", "TOYBP", "--fasta", tmp_path / "x.txt").err
    )
    (tmp_path / "x.tsv").write_text(f"CAT\t{SEQUENCE}\nwild type\t{SEQUENCE}\t\n")
    result = rbind("predict", "--rbp", "TOYBP", "--fasta", tmp_path / "x.tsv", "--json").json
    assert (result["names"], result["sequences"]) == (["CAT", "wild type"], [SEQUENCE] * 2)
    assert "Of the columns of a line, the RNA and its name were read." in result["notes"]


@pytest.mark.parametrize("command", ["predict", "ism", "epistasis"])
@pytest.mark.parametrize("between", ["\t", " ", "\u00a0", "\u200b", "\n"])
def test_two_rnas_in_one_option_are_refused(rbind, command, between):
    assert_one_line_error(rbind(command, "--rbp", "TOYBP", "--seq", SEQUENCE[:15] + between + SEQUENCE[15:]), "")


def test_dna_and_lower_case_give_the_score_of_the_rna(rbind):
    rna = rbind("predict", "--rbp", "TOYBP", "--seq", SEQUENCE, "--json").json
    dna = rbind("predict", "--rbp", "TOYBP", "--seq", SEQUENCE.lower().replace("u", "t"), "--json").json
    assert dna == rna


def test_a_short_sequence_comes_with_a_note_and_a_score(rbind):
    outcome = rbind("predict", "--rbp", "TOYBP", "--seq", "ACGUACGUACGUACG", "--json")
    assert len(outcome.json["scores"]) == 1
    assert outcome.err.startswith("note: 15 nt: the models were trained on probes of 30-41 nt")


# ism


def test_ism_gives_the_effect_of_every_mutation(rbind, predictor):
    result = rbind("ism", "--rbp", "TOYBP", "--seq", SEQUENCE, "--json").json
    expected = mutagenesis(predictor, SEQUENCE)
    assert result["sequence"] == SEQUENCE
    assert result["wild_type"] == pytest.approx(expected.wild_type, abs=1e-5)
    assert np.array(result["scores"]).shape == (len(SEQUENCE), 4)
    assert np.array(result["scores"]) == pytest.approx(expected.effects, abs=1e-5)


def test_ism_is_a_table_of_the_same(rbind):
    lines = rbind("ism", "--rbp", "TOYBP", "--seq", SEQUENCE).out.splitlines()
    assert lines[1].split("\t") == ["pos", "wt", "A", "C", "G", "U"]
    assert [line.split("\t")[1] for line in lines[2:]] == list(SEQUENCE)
    assert lines[2].split("\t")[4] == "0.0000"  # the first letter is G


# gia


def test_gia_gives_the_importances_with_their_statistics(rbind, model, predictor):
    result = rbind(*GIA, "--seed", "3", "--pattern", "UGCAUG@18", "--pattern", "UGCAUG@4+UGCAUG@36").json
    assert {key: result[key] for key in ("rbp", "experiment", "background", "samples", "seed")} == {
        "rbp": "TOYBP",
        "experiment": "TOY00001",
        "background": "profile",
        "samples": 50,
        "seed": 3,
    }
    assert [r["pattern"] for r in result["results"]] == ["UGCAUG@18", "UGCAUG@4+UGCAUG@36"]
    analysis = prepare(model, predictor, BackgroundChoice("profile", 50, 3))
    assert result["null_mean"] == pytest.approx(predictor.predict(analysis.sample.codes).mean(), abs=1e-5)
    for r in result["results"]:
        expected = analysis.importance(parse_construct(r["pattern"]))
        local = np.array(r["local_importance"])
        reference = ttest_1samp(local, 0)
        assert local == pytest.approx(expected.local, abs=1e-5)
        assert r["global_importance"] == pytest.approx(local.mean(), abs=1e-6)
        assert r["standard_error"] == pytest.approx(local.std(ddof=1) / np.sqrt(50), rel=1e-4)
        assert r["ci95"] == pytest.approx(list(reference.confidence_interval()), abs=1e-5)
        assert r["p_value"] == pytest.approx(reference.pvalue, rel=1e-2)
        assert r["null"] == "background"


@pytest.mark.parametrize("background", ["profile", "shuffle", "dinucleotide", *(f"quartile{q}" for q in "1234")])
def test_a_no_op_pattern_is_exactly_zero_under_every_background(rbind, background):
    result = rbind(*GIA, "--background", background, "--pattern", "NNNNNN@18", "--pattern", "NNNNNN@36").json
    assert result["background"] == background
    for r in result["results"]:
        assert r["global_importance"] == 0
        assert r["local_importance"] == [0] * 50


def test_the_same_seed_prints_the_same_and_another_seed_does_not(rbind):
    first, again, other = (rbind(*GIA, "--seed", seed, "--pattern", "UGCAUG@18").json for seed in (1, 1, 2))
    assert first == again
    assert first["results"][0]["local_importance"] != other["results"][0]["local_importance"]


def test_a_pattern_alone_and_among_others_has_the_same_importance(rbind):
    alone = rbind(*GIA, "--background", "shuffle", "--pattern", "UGCAUG@36").json
    among = rbind(*GIA, "--background", "shuffle", "--pattern", "GCGCGC@1", "--pattern", "UGCAUG@36").json
    assert among["results"][1]["pattern"] == alone["results"][0]["pattern"]
    assert among["results"][1]["local_importance"] == pytest.approx(alone["results"][0]["local_importance"], abs=1e-6)


def test_patterns_in_lower_case_and_with_t_are_accepted(rbind):
    lower = rbind(*GIA, "--pattern", "tgcatg@18").json
    assert lower == rbind(*GIA, "--pattern", "UGCAUG@18").json


def test_overlapping_patterns_give_a_note_that_says_which_wins(rbind):
    outcome = rbind(*GIA, "--pattern", "UGCAUG@18+GCGCGC@20")
    assert outcome.err == "note: UGCAUG@18 and GCGCGC@20 overlap at positions 20-23; the later one, GCGCGC@20, wins\n"
    assert outcome.json["results"][0]["pattern"] == "UGCAUG@18+GCGCGC@20"


def test_numbers_that_json_does_not_know_are_null(rbind):
    (r,) = rbind("gia", "--rbp", "TOYBP", "--pattern", "UGCAUG@18", "--samples", "1", "--json").json["results"]
    assert (r["standard_error"], r["ci95"], r["p_value"]) == (None, [None, None], None)


def test_gia_is_a_table_of_the_same(rbind):
    lines = rbind("gia", "--rbp", "TOYBP", "--samples", "50", "--pattern", "UGCAUG@18").out.splitlines()
    assert "profile" in lines[0]
    assert lines[1].split("\t")[0] == "pattern"
    assert lines[2].startswith("UGCAUG@18\t")


# kmers, fold, evaluate, data


def test_kmers_are_ranked_by_global_importance(rbind, model, predictor):
    result = rbind("kmers", "--rbp", "TOYBP", "-k", "3", "--top", "5", "--samples", "40", "--json").json
    assert (result["rbp"], result["experiment"]) == ("TOYBP", "TOY00001")
    scores = [row["global_importance"] for row in result["kmers"]]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    analysis = prepare(model, predictor, BackgroundChoice("profile", 40, 0))
    for row in result["kmers"]:
        expected = analysis.importance(parse_construct(f"{row['kmer']}@18"))
        assert row["global_importance"] == pytest.approx(expected.mean, abs=1e-5)


def test_kmers_come_with_their_uncertainty_at_any_place_of_any_background(rbind, model, predictor):
    options = ["--start", "30", "--background", "shuffle", "--samples", "40", "--seed", "3"]
    result = rbind("kmers", "--rbp", "TOYBP", "-k", "3", "--top", "4", *options, "--json").json
    assert [result[name] for name in ("k", "start", "mode", "background", "samples", "seed")] == [3, 30, "fast", "shuffle", 40, 3]
    analysis = prepare(model, predictor, BackgroundChoice("shuffle", 40, 3))
    for row in result["kmers"]:
        expected = analysis.importance(parse_construct(f"{row['kmer']}@30"))
        assert row["ci95"] == pytest.approx(expected.ci95, abs=1e-5)
        assert row["p_value"] == pytest.approx(expected.p_value, rel=1e-2, abs=1e-12)
        assert row["p_holm"] >= row["p_value"]


def test_an_exhaustive_scan_says_so_and_finds_the_same(rbind):
    fast, all_of_them = (
        rbind("kmers", "--rbp", "TOYBP", "-k", "3", "--samples", "40", *more, "--json").json for more in ([], ["--exhaustive"])
    )
    assert (fast["mode"], all_of_them["mode"]) == ("fast", "exhaustive")
    assert [row["kmer"] for row in fast["kmers"]] == [row["kmer"] for row in all_of_them["kmers"]]
    assert all_of_them["predictions"] == all_of_them["tested"] * 40


def test_kmers_are_a_table_of_the_same(rbind):
    outcome = rbind("kmers", "--rbp", "TOYBP", "-k", "3", "--top", "2", "--samples", "40")
    heading, columns, first, second = outcome.out.splitlines()
    assert "3-mers at 18-20" in heading
    assert columns.split("\t")[:2] == ["ranks", "k-mer"]
    assert first.split("\t")[0] in ("1", "1-2")
    assert "the best 2 of this draw of background RNAs" in outcome.err
    assert len(first.split("\t")) == len(second.split("\t")) == 5
    assert "sequences scored for 64 k-mers" in outcome.err


def test_fold_gives_structure_energy_and_pairing(rbind):
    result = rbind("fold", "--seq", "gggcggcgaaagccgccc", "--json").json
    expected = fold("GGGCGGCGAAAGCCGCCC")
    assert result["sequence"] == expected.sequence
    assert result["structure"] == expected.dot_bracket
    assert result["mfe"] == pytest.approx(expected.minimum_free_energy)
    assert result["paired"] == pytest.approx(expected.paired.tolist())


def test_evaluate_gives_the_correlations(rbind, monkeypatch, predictor):
    codes = random_probes(80)
    measured = ProbeLibrary(MEASURED, codes, predictor.predict(codes) * 2 + 1)
    monkeypatch.setattr(library, "measured_set_b", lambda experiment, normalisation: measured)
    result = rbind("evaluate", "--rbp", "TOYBP", "--json").json
    assert (result["pearson"], result["spearman"]) == pytest.approx((1, 1), abs=1e-5)
    assert (result["n"], result["scale"], result["replicates"]) == (80, "log", None)


def test_the_clip_scale_follows_from_the_same_network(rbind, monkeypatch, predictor, toy_models):
    """As in the published benchmarks: the same weights, clipped intensities."""
    codes, rows = random_probes(300), np.arange(300)
    scores = predictor.predict(codes) * 0.4 + np.random.default_rng(0).normal(size=300) * 0.1
    made = make_dataset(codes, scores.astype(np.float32), rows[:100], rows[100:120], rows[120:])
    store_model(toy_models / "TOY00003", card("RNCMPT00168", "RBFOX1"), random_weights())
    monkeypatch.setattr("rbind_core.quality.evaluation.public_dataset", lambda experiment: made)
    result = rbind("evaluate", "--rbp", "RNCMPT00168", "--scale", "clip", "--json").json
    assert (result["n"], result["scale"]) == (180, "clip")
    expected = correlate(*on_clip_scale(load_predictor(find_model("RBFOX1"), "numpy").predict(codes[120:]), made))
    assert result["pearson"] == pytest.approx(expected.pearson, abs=1e-4)
    assert "clip scale: Pearson" in rbind("evaluate", "--rbp", "RNCMPT00168", "--scale", "clip").out


def test_a_model_without_intensities_has_no_clip_scale(rbind):
    outcome = rbind("evaluate", "--rbp", "TOYBP", "--scale", "clip")
    assert_one_line_error(outcome, "TOY00001 has no clip scale", "leave --scale clip out")


def test_evaluate_without_the_data_says_how_to_get_them(rbind, no_data, toy_models):
    (toy_models / "TOY00001").rename(toy_models / "x")
    path = toy_models / "x" / "card.json"
    path.write_text(path.read_text().replace("TOY00001", "RNCMPT00168"))
    assert_one_line_error(rbind("evaluate", "--rbp", "TOYBP"), "intensities/RNCMPT00168.txt", "./rbind data fetch")


def test_evaluate_of_a_model_without_public_measurements_says_so(rbind):
    assert_one_line_error(rbind("evaluate", "--rbp", "TOYBP"), "TOY00001", "no public intensities")


def test_data_status_names_every_file_and_whether_it_is_here(rbind, no_data):
    result = rbind("data", "status", "--json").json
    assert result["folders"] == [str(no_data)]
    assert set(result["files"]) == set(fetch.sources())
    assert not any(result["files"].values())
    assert "0 of" in rbind("data", "status").out


@pytest.mark.real_data
def test_data_status_finds_the_public_files(rbind, data_folder):
    result = rbind("data", "status", "--json").json
    assert result["folders"][0] == str(data_folder)
    assert result["files"]["rnacompete_metadata.mat"] is True
    assert result["files"]["intensities/RNCMPT00168.txt"] is True


def test_data_fetch_skips_what_is_here_and_is_silent_on_stdout(rbind, no_data, monkeypatch):
    content = b"0.5\n"
    (no_data / "x").mkdir(parents=True)
    (no_data / "x/y.txt").write_bytes(content)
    source = fetch.PublicFile("x/y.txt", "http://127.0.0.1:1/", len(content), hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(fetch, "sources", lambda: {"x/y.txt": source})
    monkeypatch.setattr(fetch, "sources_in", lambda table: {"x/y.txt": source})
    outcome = rbind("data", "fetch")
    assert (outcome.status, outcome.out) == (0, "")
    assert "1/1 x/y.txt: here" in outcome.err


@pytest.mark.real_data
def test_deepbind_scores_stand_beside_ours(rbind, toy_models):
    store_model(toy_models / "RNCMPT00168", card("RNCMPT00168", "RBFOX1"), random_weights())
    record = rbind("predict", "--rbp", "RNCMPT00168", "--seq", SEQUENCE, "--deepbind", "--json")
    assert len(record.json["deepbind"]) == len(record.json["scores"]) == 1
    assert "fitted to probes of sets A and B" in record.err


def test_deepbind_of_a_model_of_ones_own_is_refused(rbind):
    assert_one_line_error(rbind("predict", "--rbp", "TOYBP", "--seq", SEQUENCE, "--deepbind"), "DeepBind has no published model")
    assert_one_line_error(rbind("data", "fetch", "--deepbind", "--rbp", "TOYBP"), "no public parameters of DeepBind")


def test_a_committee_of_a_model_of_ones_own_is_refused(rbind):
    refused = rbind("gia", "--rbp", "TOYBP", "--pattern", "UGCAUG@18", "--networks", "committee")
    assert_one_line_error(refused, "has no other networks to compare with")


def test_data_fetch_for_a_model_without_public_measurements_is_refused(rbind):
    assert_one_line_error(rbind("data", "fetch", "--rbp", "TOYBP"), "no public measurements")


# A user's errors


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--pattern", "UGXAUG@18"], "X is not a nucleotide"),
        (["--pattern", "UGCAUG@40"], "last position that fits UGCAUG is 36"),
        (["--pattern", "UGCAUG@0"], "positions count from 1 to 36"),
        (["--pattern", "UGCAUG@-1"], "positions count from 1 to 36"),
        (["--pattern", "UGCAUG@x"], "'x' is not a position"),
        (["--pattern", "UGCAUG"], "position is missing"),
        (["--pattern", ""], "pattern is empty"),
        (["--pattern", "UGCAUG@18+"], "pattern is empty"),
        (["--pattern", "UGCAUG@18", "--pattern", "MKVL@3"], "L is not a nucleotide"),
        ([], "--pattern"),
        (["--pattern", "UGCAUG@18", "--samples", "0"], "must be 1 to 100,000"),
        (["--pattern", "UGCAUG@18", "--samples", "-5"], "must be 1 to 100,000"),
        (["--pattern", "UGCAUG@18", "--samples", "10000000"], "must be 1 to 100,000"),
        (["--pattern", "UGCAUG@18", "--samples", "many"], "many"),
        (["--pattern", "UGCAUG@18", "--seed", "-1"], "-1"),
        (["--pattern", "UGCAUG@18", "--background", "nonsense"], "'nonsense' is not a background; use profile, shuffle"),
        (["--pattern", "UGCAUG@18", "--library", "other"], "other"),
        (["--pattern", "UGCAUG@18", "--nonsense"], "--nonsense"),
    ],
)
def test_a_bad_hypothesis_is_one_line(rbind, args, says):
    for more in ([], ["--json"]):
        assert_one_line_error(rbind("gia", "--rbp", "TOYBP", *args, *more), says)


@pytest.mark.parametrize("command", ["predict", "ism"])
@pytest.mark.parametrize(
    ("sequence", "says"),
    [
        ("ACG", "3 nt long; allowed are 11-41 nt"),
        ("A" * 5000, "5000 nt long; allowed are 11-41 nt"),
        ("MKVLAAGIVGLLLAQWERTY", "'M' at position 1 is not a nucleotide"),
        ("ACGUACGUACGUNACGU", "'N' at position 13"),
        ("", "empty"),
    ],
    ids=["3 nt", "5000 nt", "protein", "N", "empty"],
)
def test_a_bad_sequence_is_one_line(rbind, command, sequence, says):
    outcome = rbind(command, "--rbp", "TOYBP", "--seq", sequence, "--json")
    assert_one_line_error(outcome, says)
    assert len(outcome.err) < 200


@pytest.mark.parametrize(
    "args",
    [
        ["predict", "--seq", SEQUENCE],
        ["ism", "--seq", SEQUENCE],
        ["gia", "--pattern", "UGCAUG@18"],
        ["kmers"],
        ["evaluate"],
        ["data", "fetch"],
    ],
)
def test_an_unknown_rbp_is_one_line_with_the_nearest_names(rbind, args):
    assert_one_line_error(rbind(*args, "--rbp", "TOYB"), "'TOYB' is not a known RBP; nearest:", "TOYBP")


def test_a_file_that_cannot_be_read_is_one_line(rbind, tmp_path):
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff\xfe\x00")
    (tmp_path / "empty.fa").write_text("")
    (tmp_path / "protein.fa").write_text(">bad\nMKVLAAGIVGLLL\n")
    (tmp_path / "pairs.tsv").write_text(f"{SEQUENCE}\t{SEQUENCE}\n" * 2)
    for name, says in [
        ("missing.fa", "missing.fa"),
        ("two\nlines.fa", "two lines.fa"),
        (".", "cannot be read"),
        ("picture", "is not a text file"),
        ("empty.fa", "there is no sequence here"),
        ("protein.fa", "bad: MKVLAAGIVGLLL looks like a protein"),
        ("pairs.tsv", "line 1: columns 1 and 2 both hold RNA letters"),
    ]:
        outcome = rbind("predict", "--rbp", "TOYBP", "--fasta", tmp_path / name, "--json")
        assert_one_line_error(outcome, says)


@pytest.mark.parametrize(
    "args",
    [
        ["predict", "--rbp", "TOYBP"],
        ["predict", "--rbp", "TOYBP", "--seq", SEQUENCE, "--fasta", "x.fa"],
        ["predict", "--seq", SEQUENCE],
        ["nonsense"],
        ["fold", "--seq", "A" * 1001],
        ["fold", "--seq", "ACGX"],
        ["kmers", "--rbp", "TOYBP", "-k", "9"],
        ["kmers", "--rbp", "TOYBP", "--start", "37"],
        ["kmers", "--rbp", "TOYBP", "--samples", "0"],
        ["kmers", "--rbp", "TOYBP", "--top", "0"],
        ["train"],
        ["train", "--experiment", "RNCMPT99999"],
        ["train", "--structure", "PU"],
        ["train", "--resume"],
        ["data", "import", "nowhere.h5"],
    ],
)
def test_what_cannot_be_run_is_one_line(rbind, args):
    assert_one_line_error(rbind(*args))


@pytest.mark.parametrize("args", [[], ["data"]])
def test_a_command_without_more_shows_its_help_over_several_lines(rbind, args):
    outcome = rbind(*args)
    assert len((outcome.out + outcome.err).splitlines()) > 5
    assert "Commands:" in outcome.out + outcome.err


@pytest.mark.parametrize("args", [["--help"], ["gia", "-h"], ["--version"]])
def test_help_and_version_are_no_errors(rbind, args):
    outcome = rbind(*args)
    assert outcome.status == 0
    assert outcome.out
    assert outcome.err == ""


def test_the_module_is_a_program(toy_models):
    command = [sys.executable, "-m", "rbind_core.cli"]
    good = subprocess.run([*command, *GIA, "--pattern", "UGCAUG@18"], capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stderr
    assert len(json.loads(good.stdout)["results"][0]["local_importance"]) == 50
    assert good.stderr == ""
    bad = subprocess.run([*command, *GIA, "--pattern", "UGXAUG@18"], capture_output=True, text=True, check=False)
    assert_one_line_error(Outcome(bad.returncode, bad.stdout, bad.stderr), "UGXAUG")


# Backgrounds of the user's own choice


def test_the_help_names_every_background(rbind):
    *names, last = [kind.name + kind.span() for kind in KINDS]
    assert f"{','.join(names)}or{last}." in "".join(rbind("gia", "--help").out.split())


@pytest.mark.parametrize(
    "options",
    [
        *(["--background", name] for name in ("uniform", "gc", "gcmatched", "markov1", "markov2", "markov3")),
        ["--background", "gc", "--gc", "0.7"],
        ["--background", "context", "--context", SEQUENCE],
        ["--background", "file", "--fasta", "own.fa"],
    ],
    ids=" ".join,
)
def test_a_no_op_pattern_is_exactly_zero_under_later_backgrounds_too(rbind, options, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.fa").write_text(f">a\n{SEQUENCE}\n>b\n{SEQUENCE * 9}\n")
    result = rbind(*GIA, *options, "--pattern", "NNNNNN@18", "--pattern", "NNNNNN@36").json
    assert result["background"] == options[1]
    for r in result["results"]:
        assert r["global_importance"] == 0
        assert set(r["local_importance"]) == {0}


def test_the_settings_of_a_background_are_printed_with_it(rbind):
    given = ["--background", "gc", "--gc", "0.7", "--pattern", "UGCAUG@18"]
    assert rbind(*GIA, *given).json["gc"] == 0.7
    assert "GC 70 % background, N = 50, seed 0" in rbind("gia", "--rbp", "TOYBP", "--samples", "50", *given).out
    result = rbind(*GIA, "--background", "context", "--context", SEQUENCE.lower(), "--pattern", "UGCAUG@18").json
    assert result["context"] == SEQUENCE
    assert "gc" not in result


def test_the_importance_in_a_context_is_a_difference_of_two_predictions(rbind, predictor):
    (r,) = rbind(*GIA, "--background", "context", "--context", SEQUENCE, "--pattern", "GCGCGC@18").json["results"]
    without, with_ = predictor.predict(encode([SEQUENCE, SEQUENCE[:17] + "GCGCGC" + SEQUENCE[23:]]))
    assert r["global_importance"] == pytest.approx(with_ - without, abs=1e-4)


def test_options_of_a_choice_give_the_numbers_of_that_choice(rbind, model, predictor):
    choice = BackgroundChoice("gc", 40, 2, gc=0.35)
    (r,) = rbind("gia", "--rbp", "TOYBP", "--pattern", "UGCAUG@18", *choice.command_options().split(), "--json").json["results"]
    expected = prepare(model, predictor, choice).importance(parse_construct("UGCAUG@18"))
    assert r["global_importance"] == pytest.approx(expected.mean, abs=1e-5)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--background", "gc", "--gc", "60"], "GC content 60: it must be between 0 and 1"),
        (["--background", "gc", "--gc", "much"], "much"),
        (["--gc", "0.6"], "--gc is read with --background gc only, not with profile"),
        (["--background", "shuffle", "--context", SEQUENCE], "--context is read with --background context only"),
        (["--background", "context"], "--background context needs --context"),
        (["--background", "context", "--context", "ACGU"], "4 nt long; allowed are 11-41 nt"),
        (["--background", "file"], "--background file needs --fasta"),
        (["--background", "file", "--fasta", "missing.fa"], "missing.fa: cannot be read"),
        (["--background", "file", "--fasta", "short.fa"], "no sequence of the file is 11 nt or longer"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_a_background_that_cannot_be_drawn_is_one_line(rbind, options, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "short.fa").write_text("ACGU\n")
    assert_one_line_error(rbind(*GIA, *options, "--pattern", "UGCAUG@18"), says)
