import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio
import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.analyses.in_networks import in_networks
from rbind_core.backgrounds import PAPER_NAMES
from rbind_core.constructs import parse_construct
from rbind_core.experiments.affinity import MEASURED_AFFINITIES
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.experiments.experiment import run
from rbind_core.experiments.records import comparison_record, importance_record, table
from rbind_core.experiments.robustness import Robustness
from rbind_core.model.committee import open_committee
from rbind_core.model.registry import GRADES, find_model, list_models, load_predictor
from rbind_core.report import Section, experiment_report, importance_report, report
from rbind_core.report.provenance import CITATIONS, versions
from rbind_core.report.writing import BETWEEN
from rbind_core.statistics import compare_with_first
from tests.taught import HUR, install_taught_models
from tests.toys import AdditiveModel, sample_of

VOID = {"wbr", "meta", "br", "hr", "img", "link", "input"}
CHOICE = BackgroundChoice("shuffle", 60, 3)
COMMAND, PYTHON = "./rbind experiment sites --rbp 'TOY<1>' --json", 'print("<html> & more")'


class Walker(HTMLParser):
    """Checks that every tag is closed, and collects what a browser would load and show."""

    def __init__(self, text):
        super().__init__()
        self.open, self.loaded, self.links, self.ids, self.shown = [], [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.loaded += [value for name, value in attrs if name in ("src", "srcset", "data", "poster", "action")]
        if tag == "link":
            self.loaded.append(attributes.get("href"))
        if tag == "a":
            self.links.append(attributes["href"])
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.shown.append(data)


@pytest.fixture
def model(toy_models):
    return list_models()[0]


@pytest.fixture
def analysis():
    return GlobalImportanceAnalysis(AdditiveModel(), sample_of("shuffle", 60))


def sites(background="shuffle"):
    return run(EXPERIMENTS["sites"](motif="UGCAUG"), GlobalImportanceAnalysis(AdditiveModel(), sample_of(background, 60)))


def written(model, result, **more):
    return experiment_report(model, CHOICE, result, model.label, "shuffle background, N = 60, seed 3", COMMAND, PYTHON, **more)


def without_scripts(text):
    return re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)


NOT_SHOWN = {"p_value", "standard_deviation"}  # a single effect has no p in a report


def numbers_of(records):
    return {v for record in records for name, v in record.items() if isinstance(v, float) and name not in NOT_SHOWN}


def test_a_report_is_whole_and_loads_nothing(model):
    walked = Walker(written(model, sites()))
    assert walked.loaded == []
    assert all(link.startswith("https://doi.org/10.") for link in walked.links)
    assert "@import" not in walked.rawdata
    assert "url(" not in re.search(r"<style>(.*?)</style>", written(model, sites()), re.DOTALL).group(1)


def test_the_same_input_gives_the_same_bytes(model):
    assert written(model, sites()) == written(model, sites())


def test_a_date_is_printed_only_where_it_is_given(model):
    assert "2026-07-01" in written(model, sites(), date="2026-07-01").rsplit("<footer>", 1)[1]
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", without_scripts(written(model, sites())))


def test_the_answer_comes_first(model):
    result = sites()
    text = unescape(without_scripts(written(model, result)))
    order = [result.experiment.question, result.sentences[0], "figure-1", "standard error", "Settings", "Versions", "Citations"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert result.experiment.says_not in text


def test_every_number_is_there_in_full(model):
    result = sites()
    values = set(map(float, re.findall(r'<data value="([^"]+)"', written(model, result))))
    wanted = numbers_of(table(result)) | numbers_of([comparison_record(c) for c in result.comparisons])
    wanted |= {c.p_value for c in result.comparisons}
    wanted |= {end for c in result.comparisons for end in c.ci95}
    fit = result.fits["UGCAUG"]
    assert wanted | {fit.slope, fit.intercept, fit.r_squared, fit.p_value} <= values


def test_all_that_reproduces_it_is_there(model):
    shown = " ".join(Walker(written(model, sites())).shown)
    for part in (
        COMMAND,
        PYTHON,
        model.label,
        model.weights_sha256,
        f"{model.pearson_test:.4f} on 121,031 held-out probes",
        "each probe's length and nucleotide counts",
        "the order of nucleotides",
        "designed probes",
        "UGCAUG",
    ):
        assert part in shown
    for name, version in versions().items():
        assert f"{name} {version}" in re.sub(r"\s+", " ", shown)
    for text in CITATIONS:
        assert text in shown


def test_a_taught_model_says_what_taught_it_and_what_is_expected(monkeypatch, tmp_path):
    install_taught_models(tmp_path, monkeypatch)
    hur, rbfox1 = find_model(HUR), find_model("RBFOX1")
    shown = " ".join(Walker(written(hur, sites())).shown)
    for part in (
        f"B: {GRADES['B']}",
        hur.expected.sentence,
        hur.expected.basis,
        "z-score units of the teacher's scores",
        "Alipanahi",
    ):
        assert part in shown
    assert "no score of this experiment is public" in shown
    assert not re.search(r"\bnan\b|held-out", shown)
    measured = " ".join(Walker(written(rbfox1, sites())).shown)
    assert f"A: {GRADES['A']}" in measured
    assert "held-out probes" in measured
    assert "z-score units of log intensity" in measured
    assert "Alipanahi" not in measured
    assert "expected Pearson" not in measured


def test_a_model_that_was_never_tested_says_so(model):
    assert "test Pearson not known" in re.sub(r"\s+", " ", " ".join(Walker(written(replace(model, metrics={}), sites())).shown))


def test_only_affinities_cite_those_who_measured_them(model, analysis):
    kd = run(EXPERIMENTS["kd"](affinities=MEASURED_AFFINITIES["RBFOX1"]), analysis)
    assert "Auweter" in without_scripts(written(model, kd)).split("Citations")[1]
    assert "Auweter" not in without_scripts(written(model, sites()))


def test_what_users_give_is_escaped(model):
    wicked = replace(model, protein="</script><script>alert(1)</script>", species="<img src=x>")
    text = written(wicked, sites())
    assert "alert(1)" in text
    assert "<script>alert(1)" not in text
    assert Walker(text).loaded == []


def test_a_robustness_report_names_all_backgrounds_and_the_verdict(model):
    robust = Robustness({name: sites(name) for name in PAPER_NAMES})
    text = written(model, robust)
    shown = " ".join(Walker(text).shown)
    assert robust.verdict in shown
    assert "the protein's own motifs and structures may already be there" in shown
    values = set(map(float, re.findall(r'<data value="([^"]+)"', text)))
    assert {i.mean for result in robust.results.values() for i in result.importances} <= values


def test_constructs_that_were_compared(model, analysis):
    constructs = [parse_construct("UGCAUG@18"), parse_construct("two of them = UGCAUG@4,11")]
    importances = analysis.importances(constructs)
    comparisons = compare_with_first([c.label for c in constructs], importances)
    text = importance_report(model, CHOICE, importances, comparisons, model.label, "settings", COMMAND, PYTHON)
    walked = Walker(text)
    shown = " ".join(walked.shown)
    assert comparisons[0].sentence in shown
    assert "UGCAUG@4+<wbr>UGCAUG@11" in text
    assert walked.ids == ["figure-1", "figure-3"]
    values = set(map(float, re.findall(r'<data value="([^"]+)"', text)))
    assert numbers_of([importance_record(i, local=False) for i in importances]) <= values


def test_one_sequence_has_no_part_on_convergence(model):
    one = GlobalImportanceAnalysis(AdditiveModel(), sample_of("context", 5))
    importances = one.importances([parse_construct("UGCAUG@18")])
    text = importance_report(model, CHOICE, importances, [], model.label, "settings", COMMAND, PYTHON)
    assert "Does N suffice?" not in text
    assert "on average (one RNA, so no interval)" in text
    assert "<td>not defined</td>" in text


def test_a_report_of_sections_of_ones_own(model):
    sections = [
        Section("Numbers", rows=[{"name": "<a>", "value": 0.123456789, "n": 1000}], sentences=["a < b"], caution="c & d"),
        Section("Drawn", go.Figure(go.Scatter(y=np.arange(3.0)))),
    ]
    text = report("A title & more", model, CHOICE, sections, COMMAND, PYTHON)
    Walker(text)
    assert '<data value="0.123456789">0.1235</data>' in text
    assert "<td>1,000</td>" in text
    assert "a &lt; b" in text
    assert "What it does not say. c &amp; d" in text


def test_a_figure_is_not_changed_by_its_report(model):
    figure = go.Figure(go.Scatter(y=np.arange(3.0)), {"height": 300})
    before = figure.to_json()
    report("title", model, CHOICE, [Section("Drawn", figure)], COMMAND, PYTHON)
    assert figure.to_json() == before


def test_the_look_of_figures_is_the_reports_own(model, monkeypatch):
    """Streamlit sets a template of its own, with place holders for colours that only its front end knows."""
    plain = written(model, sites())
    monkeypatch.setattr(pio.templates, "default", "plotly_dark")
    assert written(model, sites()) == plain


def test_without_figures_there_is_no_library(model):
    text = report("title", model, CHOICE, [Section("Said", sentences=["something"])], COMMAND, PYTHON)
    assert len(text) < 20_000
    assert "<script" not in text


def test_other_networks_have_a_section_with_a_column_each_and_say_what_their_interval_covers(tmp_path, monkeypatch):
    folder = install_taught_models(tmp_path, monkeypatch)
    model = find_model(HUR, list_models([folder]))
    analysis = prepare(model, load_predictor(model), BackgroundChoice(samples=20))
    constructs = [parse_construct("UUUUUU@18"), parse_construct("ACGACG@18")]
    found = in_networks(analysis, open_committee(model), constructs)
    importances = analysis.importances(constructs)
    text = importance_report(model, CHOICE, importances, [], model.label, "toy", COMMAND, PYTHON, others=found)
    shown = " ".join(Walker(text).shown)
    assert "Other networks" in shown
    assert "network panel-3" in shown
    assert f"UUUUUU@18: {found.of(0).sentence()}." in shown
    assert BETWEEN in shown
    alone = importance_report(model, CHOICE, importances, [], model.label, "toy", COMMAND, PYTHON)
    assert "Other networks" not in alone


def test_the_table_of_an_experiment_has_a_column_for_each_network(tmp_path, monkeypatch):
    folder = install_taught_models(tmp_path, monkeypatch)
    model = find_model(HUR, list_models([folder]))
    analysis = prepare(model, load_predictor(model), BackgroundChoice(samples=10))
    result = run(EXPERIMENTS["sites"].for_model(model, motif="UUUUUU"), analysis)
    found = in_networks(analysis, open_committee(model), [arm.construct for arm in result.arms])
    rows = table(result, found)
    assert [row["network_panel-2"] for row in rows] == [spread.values[1] for spread in found.all]
    assert [row["another_network_low"] for row in rows] == [spread.interval95[0] for spread in found.all]
    sections = experiment_report(model, CHOICE, result, model.label, "toy", COMMAND, PYTHON, others=found)
    assert "Other networks" in sections
