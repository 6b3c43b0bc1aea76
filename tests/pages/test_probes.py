"""The page of test sequences."""

import io
import json
import shlex

import numpy as np
import pandas as pd
import pytest

from dashboard.views.probes import PICKED
from dashboard.widgets.letters import letters_html
from rbind_core.cli import main
from rbind_core.data.library import designed_library, measured_probes
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.rna.iupac import mismatches
from rbind_core.rna.sequences import decode, encode
from tests.pages.conftest import component, errors, figures


def shown(app) -> pd.DataFrame:
    return app.dataframe[0].value


def one_probe(app) -> str:
    """What is said of the chosen probe, as a user reads it."""
    return next(m.value.replace("\\", "") for m in app.markdown if "GC content: " in m.value)


def text_of(app) -> str:
    return " ".join(element.value.replace("\\", "") for kind in ("caption", "warning", "markdown") for element in app.get(kind))


def test_it_opens_with_the_designed_probes_best_first(open_page):
    app = open_page("probes")
    scores = load_predictor(find_model("RBFOX1")).predict(designed_library().codes)
    best = np.argsort(-scores, kind="stable")[:500]
    assert shown(app)["sequence"].tolist() == decode(designed_library().codes[best])
    assert shown(app)["predicted"].to_numpy() == pytest.approx(scores[best], abs=1e-4)
    assert shown(app)["mfe"].le(0).all()
    assert {"measured", "residual"}.isdisjoint(shown(app).columns)
    assert "RBFOX1 (RNCMPT00168): motif match and predicted" in figures(app)[0]
    assert "All N = 4,096 designed probes: Pearson" in figures(app)[0]
    assert f"Predicted: **○ {scores[best[0]]:.2f}**" in one_probe(app)
    assert "Measured" not in one_probe(app)
    assert "do they hold its motif?" in text_of(app)
    assert not errors(app)


def test_a_link_names_filter_order_and_probe(open_page):
    probe = decode(designed_library().codes[5:6])[0]
    app = open_page("probes", contains="gcayg", order="gc", first="lowest", predicted_to="1", probe_gc="30", probe=probe)
    table = shown(app)
    assert not mismatches(encode(table["sequence"]), "GCAYG").any()
    assert table["gc"].is_monotonic_increasing
    assert table["predicted"].max() <= 1
    assert "contains GCAYG" in figures(app)[0]
    assert app.session_state[PICKED] == probe
    assert not errors(app)


def test_a_wrong_letter_is_explained_and_the_last_good_figure_stays(open_page):
    app = open_page("probes", contains="UGCAUG")
    before, rows = figures(app), shown(app)
    app.text_input(key="contains").set_value("UGXAUG").run()
    assert errors(app)[0].startswith("UGXAUG: X is not a nucleotide")
    assert figures(app) == before
    assert shown(app).equals(rows)
    assert "last good figure" in text_of(app)
    app.number_input(key="predicted_from").set_value(3.0).run()
    app.text_input(key="contains").set_value("").run()
    app.number_input(key="predicted_to").set_value(1.0).run()
    assert "predicted score 3 to 1: give the lower end first" in errors(app)[0]


def test_a_link_that_cannot_be_read_shows_all_probes(open_page):
    app = open_page("probes", contains="UGXAUG")
    assert errors(app)[0].startswith("UGXAUG: X is not a nucleotide")
    assert len(shown(app)) == 500
    app.selectbox(key="rbp").set_value("RNCMPT00038").run()
    assert errors(app)
    assert "MBNL1 (RNCMPT00038)" in figures(app)[0]


def test_nothing_left_says_what_to_loosen_and_clearing_helps(open_page):
    app = open_page("probes", contains="UGCAUGUGCAUG", predicted_from="2")
    assert "None of the 4,096 designed probes meets: contains UGCAUGUGCAUG" in text_of(app)
    assert not app.dataframe
    next(b for b in app.button if b.label == "Clear all filters").click().run()
    assert len(shown(app)) == 500
    assert not errors(app)


def test_the_ways_on_carry_the_probe(open_page):
    probe = decode(designed_library().codes[5:6])[0]
    app = open_page("probes", probe=probe)
    next(b for b in app.button if b.label == "See the ISM").click().run()
    assert app.text_input(key="seq").value == probe
    app = open_page("probes", probe=probe)
    next(b for b in app.button if b.label == "Open in Hypothesis").click().run()
    assert app.text_input(key="c").value == f"context:{probe}@1"


def test_a_probe_that_is_not_there_is_said(open_page):
    app = open_page("probes", probe="<b>*x*")
    assert "The link asks for the probe <B>*X*, which is not in this library" in text_of(app)
    assert open_page("probes", probe="ACGU" * 8).warning


def test_command_and_python_give_the_numbers_shown(open_page, capsys):
    app = open_page("probes", contains="GCAUG", order="match", predicted_from="1", probe_gc="35")
    taken = component(app, "take_away")
    with pytest.raises(SystemExit):
        main(shlex.split(taken["command"])[1:])
    record = json.loads(capsys.readouterr().out)
    assert [probe["sequence"] for probe in record["probes"]] == shown(app)["sequence"].tolist()
    assert [probe["mfe"] for probe in record["probes"]] == pytest.approx(shown(app)["mfe"].tolist())
    exec(taken["python"], {})
    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in printed] == shown(app)["sequence"].tolist()
    assert [float(line[1]) for line in printed] == pytest.approx(shown(app)["predicted"].tolist(), abs=1e-3)


def test_a_broken_model_is_said_and_nothing_else_breaks(open_page, broken_copy_of_the_models, monkeypatch):
    monkeypatch.setattr("rbind_core.system.paths.BUNDLED_MODELS", broken_copy_of_the_models)
    app = open_page("probes", rbp="RNCMPT00168")
    assert "RNCMPT00168" in errors(app)[0]


@pytest.mark.real_data
def test_measured_and_predicted_stand_side_by_side(open_page, data_folder):
    app = open_page("probes", rbp="VTS1_2009", library="measured", order="error")
    model = find_model("VTS1_2009")
    library = measured_probes(model.measured_in, model.normalisation)
    table = shown(app)
    assert table["residual"].abs().is_monotonic_decreasing
    assert table["residual"].to_numpy() == pytest.approx((table["measured"] - table["predicted"]).to_numpy(), abs=1e-5)
    row = decode(library.codes).index(table["sequence"][0])
    assert table["measured"][0] == pytest.approx(library.measured[row])
    assert f"All N = {len(library.codes):,} measured test probes: Pearson" in figures(app)[0]
    assert f"● {table['measured'][0]:.2f}" in one_probe(app)
    assert "get right, and which not?" in text_of(app)
    app.radio(key="library").set_value("designed").run()
    assert app.selectbox(key="order").value == "predicted"
    assert "measured" not in shown(app).columns
    assert not errors(app)


@pytest.mark.real_data
def test_all_probes_of_set_b_are_scored_and_500_listed(open_page, data_folder, monkeypatch):
    monkeypatch.setattr(
        "rbind_core.model.predictor.ResidualBindPredictor.predict", lambda self, codes: (codes == 2).sum(axis=1).astype(np.float32)
    )
    app = open_page("probes", library="measured", order="measured", contains="UGCAUG")
    assert "All N = 121,031 measured set B: Pearson" in figures(app)[0]
    assert "all 121,031, as counts" in figures(app)[0]
    assert shown(app)["measured"].is_monotonic_decreasing
    assert shown(app)["sequence"].str.contains("UGCAUG").all()
    assert "(of 121,031 probes of measured set B)" in text_of(app)


def test_letters_are_marked_where_the_motif_is():
    html = letters_html("AAUGCAUGAAAC", 3, 6, "classic", "((........))")
    marked = [part.split(">")[1][0] for part in html.split("<b ")[1:]]
    assert "".join(marked) == "UGCAUG"
    assert html.count("<small>") == 2
    assert "<small>11</small>" in html
    assert "<i>))</i>" in html
    assert "<b " not in letters_html("ACGU", 0, 6, "classic")


def test_the_csv_is_of_all_that_pass(open_page):
    from dashboard.views.probes import ProbesRequest
    from rbind_core.probes import ProbeFilter

    answer = ProbesRequest(find_model("RBFOX1"), "designed", ProbeFilter(predicted=(-1, None)), "predicted", "highest").compute()
    rows = pd.read_csv(io.StringIO(answer.csv), comment="#")
    assert len(rows) == len(answer.ranking.rows) > 500
    assert rows["mfe"].notna().sum() == 500
    assert rows["predicted"].is_monotonic_decreasing
