import pytest

from rbind_core.backgrounds import NAMES
from rbind_core.constructs import parse_construct
from rbind_core.experiments import BackgroundChoice, prepare
from rbind_core.model.registry import find_model, load_predictor
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


@pytest.mark.parametrize("background", NAMES)
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
