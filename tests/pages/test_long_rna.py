"""The page of long RNAs: the track, its sites, one window of it, many records, and what is not RNA."""

import json
import subprocess
import sys

import pytest

from dashboard.state import uploads
from dashboard.views.long_rna import texts as long_rna_texts
from rbind_core.analyses.mutagenesis import mutagenesis
from rbind_core.analyses.sliding import best_sites, slide
from rbind_core.cli import main
from rbind_core.data.example_rna import designed_rna
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.rna.pasting import Record, read_pasted
from tests.pages.conftest import errors, figures

EXAMPLE = designed_rna("UGCAUG")
RNA = EXAMPLE[80:180]
MANY = f">first <b>x</b>\n{RNA}\n>second\n{RNA[::-1]}\n>unknown\n{'N' * 60}\n"


@pytest.fixture(scope="module")
def rbfox1():
    return load_predictor(find_model("RBFOX1"))


def titles(app) -> list[str]:
    return [json.loads(figure)["layout"]["title"]["text"] for figure in figures(app)]


def said(app) -> str:
    return " ".join(element.value for element in [*app.caption, *app.info, *app.warning]).replace("\\", "")


def parameter(app, name) -> str:
    value = app.query_params.get(name, "")
    return value if isinstance(value, str) else ",".join(value)


def paste(app, text):
    app.text_area(key="rna").set_value(text).run()
    assert not app.exception
    return app


def test_it_opens_with_a_designed_rna_its_sites_and_the_best_window(open_page, rbfox1):
    app = open_page("long_rna")
    sites = best_sites(slide(rbfox1, EXAMPLE))
    assert titles(app) == ["RBFOX1 (RNCMPT00168) along a designed RNA", "RBFOX1 (RNCMPT00168): single mutations"]
    assert app.dataframe[0].value["From"].tolist() == [site.start for site in sites]
    assert app.dataframe[0].value["RBFOX1"].tolist() == pytest.approx([site.score for site in sites], abs=1e-4)
    assert f"predicted score {sites[0].score:.2f}" in figures(app)[1]
    assert "Shown: a designed RNA, 600 random letters with UGCAUG put in at 101, 251, 266 and 451." in said(app)
    assert "not a measured affinity" in said(app)
    assert not parameter(app, "rna")
    assert not errors(app)


def test_a_pasted_rna_goes_into_the_link_and_what_was_changed_is_said(open_page):
    app = paste(open_page("long_rna"), f">mine\n{RNA.replace('U', 'T')[:50]}\n{RNA.replace('U', 'T')[50:]}")
    assert titles(app)[0] == "RBFOX1 (RNCMPT00168) along mine"
    assert "100 nt, 60 windows of 41 nt" in figures(app)[0]
    assert "T was read as U." in said(app)
    assert parameter(app, "rna") == RNA
    app.button(key="rna_example").click().run()
    assert "a designed RNA" in titles(app)[0]
    assert app.text_area(key="rna").value == ""
    assert not parameter(app, "rna")


def test_a_link_restores_rna_window_stride_and_second_rbp(open_page, rbfox1):
    app = open_page("long_rna", rna=RNA, window="15", stride="7", rbp2="PCBP1")
    assert titles(app)[0] == "RBFOX1 (RNCMPT00168) and PCBP1 (RNCMPT00239) along RNA 1"
    assert "every 7 nt" in figures(app)[0]
    assert "standard deviations of its own experiment" in figures(app)[0]
    assert f"predicted score {mutagenesis(rbfox1, RNA[14:55]).wild_type:.2f}" in figures(app)[1]
    table = app.dataframe[0].value
    other = slide(load_predictor(find_model("PCBP1")), RNA, 7)
    assert table["PCBP1"].tolist() == pytest.approx([other.score_at(start) for start in table["From"]], abs=1e-4)
    assert parameter(app, "window") == "15"


@pytest.mark.parametrize("link", [{"window": "9999"}, {"window": "-3"}, {"window": "x"}, {"record": "7"}, {"stride": "99"}])
def test_what_makes_no_sense_in_a_link_is_dropped(open_page, link):
    app = open_page("long_rna", **link)
    assert titles(app)[0] == "RBFOX1 (RNCMPT00168) along a designed RNA"
    assert not any(parameter(app, name) for name in link)
    assert not errors(app)


def test_an_unknown_second_rbp_is_said(open_page):
    app = open_page("long_rna", rbp2="NOBODY")
    assert "rbp2 = 'NOBODY', which is not known" in said(app)
    assert " and " not in titles(app)[0]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("MKVLAAGIEFMKVL", "looks like a protein; paste RNA or DNA"),
        ("UGXAUG", "'X' at position 3 is not a nucleotide"),
        ("ACGU", "4 nt long; allowed are 11-100000 nt"),
        ("A" * 100_001, "100001 nt long"),
        ("A" * 5_000_001, "5.0 MB are too much; give at most 5 MB"),
    ],
)
def test_wrong_input_is_met_at_the_control_and_the_last_good_figure_stays(open_page, wrong, says):
    app = paste(open_page("long_rna", rna=RNA), wrong)
    assert says in errors(app)[0]
    assert errors(app)[0].endswith("The figure shows the last good RNA.")
    assert "100 nt, 60 windows" in figures(app)[0]
    assert parameter(app, "rna") == RNA


def test_wrong_input_in_a_link_shows_the_example(open_page):
    app = open_page("long_rna", rna="<script>")
    assert "'<' at position 1 is not a nucleotide" in errors(app)[0]
    assert errors(app)[0].endswith("The figure shows the designed example.")


def test_many_records_have_a_table_and_one_of_them_is_drawn(open_page, rbfox1):
    app = paste(open_page("long_rna", record="2"), MANY)
    assert titles(app)[0] == "RBFOX1 (RNCMPT00168) along first &lt;b&gt;x&lt;/b&gt;", "a number in the link was of another RNA"
    table = app.dataframe[0].value
    assert table["Name"].tolist() == ["first <b>x</b>", "second", "unknown"]
    best = best_sites(slide(rbfox1, RNA[::-1]), 1)[0]
    assert (table["From"][1], table["RBFOX1"][1]) == (best.start, pytest.approx(best.score, abs=1e-4))
    assert table["RNA"].isna().tolist() == [False, False, True]
    digest = parameter(app, "rnas")
    assert read_pasted(uploads.find(digest).read_bytes(), allow_ambiguous=True).length == 260

    linked = open_page("long_rna", rnas=digest, record="2")
    assert titles(linked)[0] == "RBFOX1 (RNCMPT00168) along second"
    assert parameter(linked, "record") == "2"


def test_a_long_rna_is_kept_under_its_digest(open_page):
    app = paste(open_page("long_rna", stride="41"), EXAMPLE * 5)
    digest = parameter(app, "rnas")
    assert not parameter(app, "rna")
    assert "3,000 nt" in figures(app)[0]
    again = open_page("long_rna", rnas=digest, stride="41")
    assert figures(again)[0] == figures(app)[0]
    assert "the whole RNA" not in str(again.get("button_group")), "a map of all mutations ends at 2,000 nt"


@pytest.mark.parametrize("digest", ["0123456789abcdef", "../../etc/passwd", "x"])
def test_a_link_to_sequences_of_another_computer_says_so(open_page, digest):
    app = open_page("long_rna", rnas=digest)
    assert "not on this computer; paste it or upload its file" in errors(app)[0]
    assert "a designed RNA" in titles(app)[0]


def test_an_uploaded_file_takes_the_place_of_the_text(open_page):
    app = open_page("long_rna", rna=RNA)
    app.file_uploader(key="rna_upload").set_value(("my.fa", f">up\n{RNA * 2}\n".encode(), "text/plain")).run()
    assert titles(app)[0] == "RBFOX1 (RNCMPT00168) along up"
    assert (app.text_area(key="rna").value, parameter(app, "rna")) == ("", "")
    assert uploads.find(parameter(app, "rnas"))
    app.file_uploader(key="rna_upload").set_value(("bad.fa", b">x\nMEEPQSDPSVEPPLSQETF\n", "text/plain")).run()
    assert "bad.fa: MEEPQSDPSVEPPLSQETF looks like a protein" in errors(app)[0]
    assert titles(app)[0].endswith("along up")
    app.file_uploader(key="rna_upload").set_value(("big.fa", b"A" * 5_000_001, "text/plain")).run()
    assert "big.fa: 5.0 MB are too much" in errors(app)[0]
    paste(app, RNA)
    assert titles(app)[0].endswith("along RNA 1")
    assert not errors(app)


def test_a_short_rna_is_one_window_with_a_caution(open_page):
    app = open_page("long_rna", rna="GGAUCCUGCAUGAA")
    assert "one padded window" in said(app)
    assert "14 nt, 1 window of 14 nt" in figures(app)[0]


def test_an_rna_of_unknown_letters_has_no_sites(open_page):
    app = paste(open_page("long_rna"), "N" * 60)
    assert "Every window of this RNA holds a letter such as N" in said(app)
    assert len(figures(app)) == 1


def test_the_map_of_the_whole_rna(open_page):
    app = open_page("long_rna", rna=RNA, mutations_of="the whole RNA")
    assert titles(app)[1] == "RBFOX1 (RNCMPT00168): all single mutations of RNA 1"


def test_choices_survive_a_change_of_page(open_page):
    app = open_page("long_rna", rna=RNA, rbp2="PCBP1", window="12")
    app.switch_page("../pages/models.py").run()
    app.switch_page("../pages/long_rna.py").run()
    assert "PCBP1" in titles(app)[0]
    assert "100 nt, 60 windows" in figures(app)[0]
    assert (parameter(app, "rna"), parameter(app, "rbp2"), parameter(app, "window")) == (RNA, "RNCMPT00239", "12")


def test_a_broken_model_is_said_and_the_last_figure_stays(open_page, monkeypatch, broken_copy_of_the_models):
    monkeypatch.setattr("rbind_core.system.paths.BUNDLED_MODELS", broken_copy_of_the_models)
    app = open_page("long_rna", rbp="RNCMPT00071")
    app.selectbox(key="rbp").set_value("RNCMPT00168").run()
    assert "is broken" in errors(app)[0]
    assert "SNRPA" in titles(app)[0]


def test_command_and_python_give_the_numbers_shown(rbfox1, capsys):
    models = (find_model("RBFOX1"), find_model("PCBP1"))
    digest = uploads.keep(read_pasted(MANY, allow_ambiguous=True).fasta.encode())
    best = best_sites(slide(rbfox1, RNA, 2), 1)[0]
    for kept in ("", digest):
        command = long_rna_texts.command(models, Record("x", RNA), 2, kept)
        with pytest.raises(SystemExit):
            main(command.removeprefix("./rbind ").split())
        first = json.loads(capsys.readouterr().out)["records"][0]
        assert first["best"][0]["score"] == pytest.approx(best.score, abs=1e-5)
    snippet = long_rna_texts.python(models[:1], Record("x", RNA), 2, digest)
    run = subprocess.run([sys.executable, "-c", snippet], capture_output=True, text=True, check=True)
    assert f"rank=1, start={best.start}, end={best.end}" in run.stdout


def test_a_link_is_never_to_a_file_that_was_dropped_while_the_page_was_open(open_page):
    app = paste(open_page("long_rna", stride="41"), MANY)
    digest = parameter(app, "rnas")
    for _ in range(2):  # others uploaded a hundred files since
        uploads.find(digest).unlink()
        app.run()
        assert uploads.find(digest)
        assert parameter(app, "rnas") == digest
    fasta = uploads.find(digest).read_bytes()
    app.file_uploader(key="rna_upload").set_value(("my.fa", fasta, "text/plain")).run()
    uploads.find(digest).unlink()
    app.run()
    assert uploads.find(digest)
    assert not errors(app)
    again = paste(open_page("long_rna", stride="41"), MANY)  # read by another session before
    assert uploads.find(parameter(again, "rnas"))


@pytest.mark.parametrize("between", ["\t", ",", " "])
def test_columns_never_become_one_rna(open_page, between):
    app = paste(open_page("long_rna", rna=RNA), f"{RNA[:20]}{between}{RNA[20:40]}\n{RNA[40:60]}{between}{RNA[60:80]}\n")
    assert errors(app)[0].startswith("line 1: ")
    assert "RNA" in errors(app)[0]
    table = paste(app, f"first\t{RNA}\nsecond\t{RNA[::-1]}\n")
    assert table.dataframe[0].value["Name"].tolist() == ["first", "second"]
