import pytest

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.backgrounds import GENERATED_NAMES, PAPER_NAMES
from rbind_core.constructs import parse_construct, parse_constructs
from rbind_core.experiments.own_constructs import OwnConstructs
from rbind_core.experiments.robustness import robustness
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.statistics import compare_with_first
from tests.pages.conftest import errors, figures


def expected(construct: str, *choice) -> str:
    model = find_model("RBFOX1")
    predictor = load_predictor(model)
    return f"{prepare(model, predictor, BackgroundChoice(*choice)).importance(parse_construct(construct)).mean:+.3f}"


def test_it_opens_with_ugcaug_in_rbfox1(open_page):
    app = open_page("hypothesis")
    assert app.text_input(key="c").value == "UGCAUG@18"
    assert app.metric[0].value == expected("UGCAUG@18")
    assert not errors(app)


@pytest.mark.parametrize("background", [*PAPER_NAMES, *GENERATED_NAMES])
def test_the_number_follows_the_background(open_page, background):
    app = open_page("hypothesis", background=background)
    assert app.metric[0].value == expected("UGCAUG@18", background)
    assert "N = 1,000, seed 0" in figures(app)[0]


def test_the_number_follows_construct_n_and_seed(open_page):
    app = open_page("hypothesis")
    app.text_input(key="c").set_value("AGAAUG@11").run()
    app.number_input(key="n").set_value(200).run()
    app.number_input(key="seed").set_value(5).run()
    assert app.metric[0].value == expected("AGAAUG@11", "profile", 200, 5)


def test_a_link_restores_everything(open_page):
    app = open_page("hypothesis", rbp="RNCMPT00168", c="UGCAUG@4+UGCAUG@11;AGAAUG@18", background="shuffle", n="300", seed="7")
    choice = ("shuffle", 300, 7)
    assert [m.value for m in app.metric] == [expected("UGCAUG@4+UGCAUG@11", *choice), expected("AGAAUG@18", *choice)]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("UGXAUG@18", "UGXAUG: X is not a nucleotide"),
        ("UGCAUG@40", "the last position that fits UGCAUG is 36"),
        ("UGCAUG@0", "positions count from 1"),
        ("@18", "the pattern is empty"),
        ("", "the construct is empty"),
        ("UGCAUG", "the position is missing"),
        ("<script>alert(1)</script>@4", "is not a nucleotide"),
    ],
)
def test_a_wrong_construct_is_explained_and_the_last_good_figure_stays(open_page, wrong, message):
    app = open_page("hypothesis")
    app.text_input(key="c").set_value("UGCAUG@20").run()
    app.text_input(key="c").set_value(wrong).run()
    assert message in errors(app)[0]
    assert app.metric[0].value == expected("UGCAUG@20")


@pytest.mark.parametrize("n", [0, -1, 10_000_000])
def test_a_senseless_n_is_explained_and_the_last_good_figure_stays(open_page, n):
    app = open_page("hypothesis")
    app.number_input(key="n").set_value(n).run()
    assert "must be 1 to 100,000" in errors(app)[0]
    assert app.metric[0].value == expected("UGCAUG@18")


def test_overlapping_patterns_say_which_wins(open_page):
    app = open_page("hypothesis", c="UGCAUG@10+AAAA@14")
    assert "AAAA@14, wins" in app.info[0].value


def test_lower_case_dna_is_read(open_page):
    assert open_page("hypothesis", c="tgcatg@18").metric[0].value == expected("UGCAUG@18")


LOOP_AND_STEM = "loop = stem:7-16/24-33+GCUGGC@18; stem = stem:7-16/24-33+GCUGGC@10; GCUGGC@18"


def texts(app) -> str:
    return "\n".join(element.value for kind in (app.markdown, app.caption, app.code) for element in kind).replace("\\", "")


def test_constructs_are_compared_in_pairs_with_holms_correction(open_page):
    app = open_page("hypothesis", rbp="VTS1_2009", c=LOOP_AND_STEM, n="200")
    model = find_model("VTS1_2009")
    analysis = prepare(model, load_predictor(model), BackgroundChoice("profile", 200, 0))
    results = analysis.importances(parse_constructs(LOOP_AND_STEM))
    comparisons = compare_with_first(["loop", "stem", "GCUGGC@18"], results)
    shown = app.dataframe[0].value
    assert list(shown["First"]) == ["stem", "GCUGGC@18"]
    assert list(shown["first − second"]) == [pytest.approx(c.mean) for c in comparisons]
    assert comparisons[0].sentence in texts(app)
    assert "null: stem:7-16/24-33" in texts(app)
    app.segmented_control(key="pairs").set_value("every pair").run()
    assert len(app.dataframe[0].value) == 3


def test_patterns_together_are_tested_against_the_sum_of_each(open_page):
    app = open_page("hypothesis", c="UGCAUG@4+UGCAUG@12", n="200", view="Interaction")
    model = find_model("RBFOX1")
    analysis = prepare(model, load_predictor(model), BackgroundChoice("profile", 200, 0))
    both, one, two = analysis.importances([parse_construct(t) for t in ("UGCAUG@4+UGCAUG@12", "UGCAUG@4", "UGCAUG@12")])
    assert app.dataframe[0].value["together − sum"][0] == pytest.approx(both.mean - one.mean - two.mean, abs=1e-4)
    assert "two patterns or more" in texts(open_page("hypothesis", view="Interaction", n="50"))


def test_constructs_that_differ_in_the_number_of_sites_get_a_line(open_page):
    app = open_page("hypothesis", c="UGCAUG@4;UGCAUG@4,11;UGCAUG@4,11,18", n="200")
    assert "Global importance against the number of sites: **R² = " in texts(app)
    assert "number of sites" not in texts(open_page("hypothesis", c="UGCAUG@4;AGAAUG@4,11;UGCAUG@4,11,18", n="50"))


def test_a_stem_is_folded_and_a_construct_without_one_says_so(open_page):
    app = open_page("hypothesis", rbp="VTS1_2009", c=LOOP_AND_STEM, n="60", view="Does the stem form?")
    assert list(app.dataframe[0].value["Construct"]) == ["loop", "stem"]
    assert (app.dataframe[0].value["As designed"] > 0.9).all()
    assert "((((" in texts(app)
    assert "No construct has a stem" in texts(open_page("hypothesis", n="60", view="Does the stem form?"))


def test_convergence_is_a_second_figure(open_page):
    app = open_page("hypothesis", n="300", view="Is N enough?")
    assert "number of background RNAs" in figures(app)[1]


def test_one_rna_and_nothing_random_has_no_uncertainty(open_page):
    app = open_page("hypothesis", background="context", context="AGAUCCAUGAGCUUGGACCAUUUAGAUCCAUUAG")
    assert "N = 1: one RNA, so no interval" in texts(app)
    assert "nan" not in texts(app)


def test_the_last_good_figure_is_marked(open_page):
    app = open_page("hypothesis", c="UGCAUG@20")
    assert "last good figure" not in texts(app)
    app.text_input(key="c").set_value("stem:7-16/18-27").run()
    assert "the loop has 1 nt" in errors(app)[0]
    assert "last good figure" in texts(app)
    assert app.metric[0].value == expected("UGCAUG@20")


def test_constructs_with_the_same_name_are_told_apart(open_page):
    app = open_page("hypothesis", c="a = UGCAUG@18;a = UGCAUG@20", n="50")
    assert list(app.dataframe[0].value["First"]) == ["UGCAUG@20"]


def test_the_constructs_run_under_all_seven_backgrounds_with_a_verdict(open_page):
    app = open_page("hypothesis", c="UGCAUG@18;AGAAUG@18", n="100", view="Does the background matter?")
    model = find_model("RBFOX1")
    predictor = load_predictor(model)
    own = OwnConstructs("UGCAUG@18;AGAAUG@18")
    result = robustness(own, lambda choice: prepare(model, predictor, choice), BackgroundChoice("profile", 100, 0))
    shown = [*(s.value for s in app.success), *(w.value for w in app.warning)]
    assert [text.replace("\\", "") for text in shown] == [result.verdict]
    assert "the seven backgrounds of the paper" in figures(app)[1]
