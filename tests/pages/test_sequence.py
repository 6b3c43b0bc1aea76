import numpy as np
import pytest

from rbind_core.analyses.attribution import INTEGRATED, attribution
from rbind_core.analyses.epistasis import epistasis
from rbind_core.analyses.mutagenesis import mutagenesis
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.probes import ScoredProbes
from rbind_core.rna.sequences import encode
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


def test_spaces_are_said_and_two_rnas_in_the_field_are_refused(open_page):
    app = open_page("sequence", seq="GGAUCCUGCA UGAACCGGAU UACGACCAUG")
    assert "Spaces between blocks of letters were taken out." in [caption.value for caption in app.caption]
    app.text_input(key="seq").set_value("GGAUCCUGCAUGAA GGAUCCUGCACGAA").run()
    assert "may separate a name from an RNA, or two RNAs" in errors(app)[0]


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


def steps(app):
    """Table of the accepted mutations."""
    return next(table.value for table in app.dataframe if "Mutation" in table.value)


def test_accepted_mutations_are_restored_from_a_link_with_the_score_after_each(open_page):
    app = open_page("sequence", seq=PROBE, mut="A1C,G2A")
    after = "CG" + PROBE[2:], "CA" + PROBE[2:]
    scores = load_predictor(find_model("RBFOX1")).predict(encode([PROBE, *after]))
    table = steps(app)
    assert list(table["Mutation"]) == ["start", "A1C", "G2A"]
    assert list(table["Predicted"]) == pytest.approx(list(scores), abs=1e-4)
    assert list(table["Change"][1:]) == pytest.approx(list(np.diff(scores)), abs=1e-4)
    assert predicted(after[1]) in figures(app)[0]


def test_mutations_are_taken_back_and_put_in_again(open_page):
    app = open_page("sequence", seq=PROBE, mut="A1C,G2A,A3C")
    app.button(key="chain_undo").click().run()
    app.button(key="chain_undo").click().run()
    assert app.text_input(key="mut").value == "A1C"
    app.button(key="chain_redo").click().run()
    assert app.text_input(key="mut").value == "A1C,G2A"
    app.button(key="chain_start").click().run()
    assert app.text_input(key="mut").value == ""
    assert app.button(key="chain_undo").disabled
    assert predicted(PROBE) in figures(app)[0]
    for expected in ("A1C", "A1C,G2A", "A1C,G2A,A3C"):
        app.button(key="chain_redo").click().run()
        assert app.text_input(key="mut").value == expected
    assert app.button(key="chain_redo").disabled


def test_mutations_are_typed_and_a_wrong_one_keeps_the_last_good_figure(open_page):
    app = open_page("sequence", seq=PROBE)
    app.text_input(key="mut").set_value("a1c").run()
    mutant = "C" + PROBE[1:]
    assert predicted(mutant) in figures(app)[0]
    app.text_input(key="mut").set_value("A1C, C1C").run()
    assert errors(app) == ["C1C changes nothing; give a letter other than C."]
    assert predicted(mutant) in figures(app)[0]


def test_a_mutated_example_becomes_the_rna_of_the_link(open_page):
    app = open_page("sequence")
    example = app.dataframe[0].value["Probe"][0]
    app.text_input(key="mut").set_value(f"{example[0]}1{'A' if example[0] != 'A' else 'C'}").run()
    assert app.text_input(key="seq").value == example
    assert not errors(app)


def test_another_rna_begins_without_mutations(open_page):
    app = open_page("sequence", seq=PROBE, mut="A1C")
    app.text_input(key="seq").set_value(PROBE[::-1]).run()
    assert app.text_input(key="mut").value == ""
    assert predicted(PROBE[::-1]) in figures(app)[0]
    assert not errors(app)


def test_the_signed_view_is_in_the_link(open_page):
    assert "mean effect (z)" in figures(open_page("sequence", seq=PROBE, heights="signed"))[0]
    assert "L2 norm (z)" in figures(open_page("sequence", seq=PROBE))[0]


def test_gradients_come_with_their_correlation_and_completeness_error(open_page):
    app = open_page("sequence", seq=PROBE, show="gradients")
    [figure] = figures(app)
    assert "integrated gradients; Pearson r" in figure
    table = next(table.value for table in app.dataframe if "Method" in table.value)
    predictor = load_predictor(find_model("RBFOX1"))
    found = attribution(predictor.network, PROBE, INTEGRATED)
    assert list(table["Method"]) == ["Saliency", "Corrected saliency", "Integrated gradients"]
    assert table["r"].iloc[-1] == pytest.approx(found.correlation(mutagenesis(predictor, PROBE).contributions), abs=1e-3)
    assert table["Error"].iloc[-1] == pytest.approx(found.completeness_error, abs=1e-3)


def test_gradients_of_a_model_that_reads_structure_say_what_is_held_fixed(open_page, nothing_is_kept, monkeypatch):
    folds_no_library = ScoredProbes([PROBE], None, np.ones(1))
    monkeypatch.setattr("dashboard.state.engine.Examples.compute", lambda asked: folds_no_library)
    app = open_page("sequence", seq=PROBE, show="gradients", rbp="RBFOX1_PU")
    assert any("structure held fixed" in caption.value for caption in app.caption)


def test_pairs_of_mutations_are_shown_for_the_pair_asked_for(open_page):
    app = open_page("sequence", seq=PROBE[:20], show="pairs", pair_at="7-5")
    result = epistasis(load_predictor(find_model("RBFOX1")), PROBE[:20])
    rows, columns, values = result.table(5, 7)
    table = next(table.value for table in app.dataframe if list(table.value.columns) == columns)
    assert list(table.index) == rows
    assert table.to_numpy() == pytest.approx(values, abs=1e-4)
    app.text_input(key="pair_at").set_value("5-99").run()
    assert errors(app) == ["5-99: give two different positions from 1 to 20, such as 16-18."]


def test_the_structure_is_drawn(open_page):
    [figure] = figures(open_page("sequence", seq=PROBE, show="structure", fold_colours="l2"))
    assert "predicted structure" in figure
    assert "L2 norm of the three mutations" in figure


def test_several_rnas_are_stacked(open_page):
    app = open_page("sequence", show="several", seqs=f">first\n{PROBE}\n>second <b>\n{PROBE[::-1]}")
    assert "mutations of 2 RNAs" in figures(app)[0]
    table = next(table.value for table in app.dataframe if "RNA" in table.value)
    assert list(table["RNA"]) == ["first", "second <b>"]
    app.text_area(key="seqs").set_value("\n".join([PROBE] * 11)).run()
    assert errors(app) == ["11 RNAs are too many; give at most 10."]
    assert "mutations of 2 RNAs" in figures(app)[0]
    app.text_area(key="seqs").set_value("").run()
    assert "mutations of 5 RNAs" in figures(app)[0]


@pytest.mark.parametrize("show", ["mutations", "structure"])
def test_without_viennarna_the_rest_works(open_page, nothing_is_kept, monkeypatch, show):
    def missing(sequence):
        raise ImportError("No module named 'RNA'")

    monkeypatch.setattr("dashboard.state.engine.fold", missing)
    app = open_page("sequence", seq=PROBE, show=show)
    assert any("ViennaRNA is not installed" in info.value for info in app.info)
    assert len(figures(app)) == (show == "mutations")
