"""`./rbind motif`: the model's motif beside the published one and those of a file."""

import numpy as np
import pytest

from rbind_core.model.registry import find_model, store_model
from rbind_core.motifs import consensus_motif, null_columns, published_match, rank_motifs, read_meme_file, write_meme
from tests.cli.test_cli import assert_one_line_error
from tests.cli.test_cli import rbind as rbind  # the fixture, with one small model, TOYBP
from tests.toys import card, random_weights


@pytest.fixture
def measured(toy_models, no_data):
    """A model of the experiment on RBFOX1 with a motif like its consensus."""
    motif = consensus_motif("UGCAUG").frequencies.tolist()
    of = {**card("OWN", "OWNBP"), "motif": motif, "training": {"experiment": "RNCMPT00168"}}
    store_model(toy_models / "OWN", of, random_weights())
    return find_model("OWN")


@pytest.fixture
def meme_file(tmp_path):
    path = tmp_path / "own.meme"
    texts = {"M1": "ACACAC", "M2": "NUGCAUGA", "M3": "GGAGGA"}
    path.write_text(write_meme([consensus_motif(text, name, "<script>") for name, text in texts.items()]))
    return path


def test_it_prints_the_motif_and_the_published_one(rbind, measured):
    result = rbind("motif", "--rbp", "OWN", "--json").json
    expected = published_match(np.array(measured.motif), "RNCMPT00168", np.random.default_rng(0))
    assert (result["rbp"], result["experiment"], result["motif"]) == ("OWNBP", "OWN", measured.motif)
    assert result["published"] == {
        "name": "RNCMPT00168",
        "alternative_name": "RBFOX1",
        "source": "published consensus (Ray et al. 2013)",
        "offset": 0,
        "overlap": 6,
        "correlation": pytest.approx(expected.match.correlation),
        "p_value": expected.match.p_value,
        "random_motifs": 100_000,
        "p_shuffled": expected.match.p_shuffled,
        "orders": 5040,
    }
    assert result["matches"] == []


def test_as_text_it_says_the_same(rbind, measured, meme_file):
    lines = rbind("motif", "--rbp", "OWN", "--meme", meme_file).out.splitlines()
    assert lines[:3] == ["# OWNBP (OWN): the model's motif", "pos\tA\tC\tG\tU", "1\t0.000\t0.000\t0.000\t1.000"]
    assert lines[8] == "# published consensus (Ray et al. 2013): RBFOX1 (RNCMPT00168)"
    assert lines[9].startswith("offset 0, overlap 6, correlation 0.9")
    assert "(100,000 random motifs), p = " in lines[9]
    assert lines[9].endswith("(its own columns in 5,040 orders)")
    assert lines[10].startswith("# p against random motifs")
    assert "shuffled columns" in lines[10]
    assert lines[11] == "# the best of 3 motifs in own.meme"
    assert lines[13].split("\t")[:4] == ["<script> (M2)", "-1", "6", "1.000"]


def test_the_best_motifs_of_a_file_come_first(rbind, measured, meme_file):
    result = rbind("motif", "--rbp", "OWN", "--meme", meme_file, "--json").json["matches"]
    motifs = read_meme_file(meme_file)
    expected = rank_motifs(np.array(measured.motif), motifs, np.random.default_rng(0), 10, null_columns(motifs))
    assert [row["name"] for row in result] == [matched.motif.name for matched in expected]
    assert (result[0]["name"], result[0]["alternative_name"], result[0]["offset"]) == ("M2", "<script>", -1)
    assert [row["p_value"] for row in result] == sorted(row["p_value"] for row in result)
    assert result[0]["e_value"] == pytest.approx(3 * result[0]["p_value"])


def test_ten_at_most_are_listed(rbind, tmp_path, no_data):
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("ACGU"), 7)) for _ in range(25)]
    (tmp_path / "many.meme").write_text(write_meme([consensus_motif(text, str(i)) for i, text in enumerate(texts)]))
    assert len(rbind("motif", "--rbp", "TOYBP", "--meme", tmp_path / "many.meme", "--json").json["matches"]) == 10


def test_the_seed_decides_the_p_values(rbind, measured):
    first, again, other = (rbind("motif", "--rbp", "OWN", "--seed", seed, "--json").json for seed in (1, 1, 2))
    assert first == again
    assert first["published"]["p_value"] == pytest.approx(other["published"]["p_value"], rel=1)
    assert (first["seed"], other["seed"]) == (1, 2)


def test_a_model_about_which_nothing_was_published_says_so(rbind, no_data):
    assert rbind("motif", "--rbp", "TOYBP", "--json").json["published"] is None
    assert "# nothing was published about the motif of TOY00001" in rbind("motif", "--rbp", "TOYBP").out


@pytest.mark.real_data
def test_where_the_public_file_is_here_the_matrix_is_used(rbind, measured, data_folder):
    assert rbind("motif", "--rbp", "OWN", "--json").json["published"]["source"] == "published matrix (Ray et al. 2013)"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", ["own.meme", "empty"]),
        (b"\x89PNG\r\n\0\0", ["own.meme", "not text"]),
        (b"MEME version 4\nALPHABET= ACDEFGHIKLMNPQRSTVWY\nMOTIF x\n", ["own.meme", "line 2", "ACGU"]),
        (b"MEME version 4\nMOTIF x\nletter-probability matrix: w= 1\n0.5 0.5 0\n", ["line 4", "3 numbers"]),
    ],
)
@pytest.mark.parametrize("json", [True, False])
def test_a_bad_file_is_one_line(rbind, tmp_path, content, says, json):
    (tmp_path / "own.meme").write_bytes(content)
    outcome = rbind("motif", "--rbp", "TOYBP", "--meme", tmp_path / "own.meme", *(["--json"] if json else []))
    assert_one_line_error(outcome, *says)


def test_other_errors_are_one_line_too(rbind, toy_models, tmp_path):
    assert_one_line_error(rbind("motif", "--rbp", "TOYBP", "--meme", tmp_path / "none.meme"), "none.meme cannot be read")
    assert_one_line_error(rbind("motif", "--rbp", "TOYBP", "--meme", tmp_path), "cannot be read")
    assert_one_line_error(rbind("motif", "--rbp", "NOBODY"), "'NOBODY' is not a known RBP")
    assert_one_line_error(rbind("motif"), "--rbp")
    store_model(toy_models / "BARE", {**card("BARE", "BAREBP"), "motif": []}, random_weights())
    assert_one_line_error(rbind("motif", "--rbp", "BARE"), "BAREBP (BARE) has no motif")
    (toy_models / "TOY00001" / "card.json").write_text("{")
    assert_one_line_error(rbind("motif", "--rbp", "TOY00001"), "is broken: card.json cannot be read")
