import pytest

from rbind_core.model.registry import find_model, load_predictor
from rbind_core.sequences import encode
from tests.pages.conftest import errors, figures

PROBE = "AGAUGCAUGCUUUACCGAUUAGGAUCUGCAUGACCAUGU"


def predicted(sequence: str) -> str:
    score = load_predictor(find_model("RBFOX1")).predict(encode(sequence))[0]
    return f"predicted score {score:.2f}"


def test_it_opens_with_the_best_probe(open_page):
    app = open_page("sequence")
    table = app.dataframe[0].value
    assert table["Predicted"].is_monotonic_decreasing
    assert "Measured" not in table
    assert predicted(table["Probe"][0]) in figures(app)[0]
    assert not errors(app)


def test_a_pasted_sequence_is_scored(open_page):
    app = open_page("sequence", seq=PROBE)
    assert predicted(PROBE) in figures(app)[0]
    app.text_input(key="seq").set_value(PROBE.lower().replace("u", "t")).run()
    assert predicted(PROBE) in figures(app)[0]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [("AGC", "3 nt long; allowed are 11-41 nt"), ("AGCU" * 1250, "5000 nt long"), ("MKVLAAGIEF", "is not a nucleotide")],
)
def test_a_wrong_sequence_is_explained_and_the_last_good_figure_stays(open_page, wrong, message):
    app = open_page("sequence", seq=PROBE)
    app.text_input(key="seq").set_value(wrong).run()
    assert message in errors(app)[0]
    assert predicted(PROBE) in figures(app)[0]


def test_a_short_sequence_comes_with_a_caution(open_page):
    assert "trained on" in open_page("sequence", seq="UGCAUGUGCAUGA").info[0].value


def test_the_library_is_labelled(open_page):
    app = open_page("sequence")
    assert any("designed probes" in caption.value for caption in app.caption)


@pytest.mark.real_data
def test_measured_and_predicted_stand_side_by_side_for_set_b(open_page, data_folder):
    app = open_page("sequence", library="measured")
    table = app.dataframe[0].value
    assert table["Measured"].is_monotonic_decreasing
    assert not table["Measured"].equals(table["Predicted"])
    assert f"measured {table['Measured'][0]:.2f}" in figures(app)[0]
    assert any("measured set B" in caption.value for caption in app.caption)
