import numpy as np
import pytest

from rbind_core.figures.logos import logo_traces
from rbind_core.figures.motif_comparison import motif_comparison_figure
from rbind_core.figures.theme import PALETTES
from rbind_core.motifs import MatchedMotif, MotifMatch, PublishedMotif, compare_motifs, consensus_motif, information

LABEL = "TOYBP (TOY00001)"


def matched(ours, published, name="RNCMPT1", other="TOYBP", source="published consensus (Ray et al. 2013)"):
    motif = consensus_motif(published, name, other, source)
    columns = consensus_motif("ACGUNRYACGU").frequencies
    return MatchedMotif(motif, compare_motifs(ours.frequencies, motif.frequencies, columns, np.random.default_rng(0), 1000))


def drawn(ours, published, **names):
    ours = consensus_motif(ours)
    return motif_comparison_figure(ours.frequencies, matched(ours, published, **names), LABEL)


def columns_with_letters(figure, axis):
    """Columns at which a logo has a letter, per letter."""
    return {
        trace.name: {round(x) for x in trace.x if not np.isnan(x)} for trace in figure.data if trace.yaxis == axis and len(trace.x)
    }


@pytest.mark.parametrize(
    ("ours", "published", "columns", "shaded"),
    [
        ("UGCAUG", "UGCAUG", 6, []),
        ("AAAAACG", "AAAAAC", 7, [(6.5, 7.5)]),
        ("CUGGCA", "GCUGGC", 7, [(0.5, 1.5), (6.5, 7.5)]),
        ("GCUGGC", "CNGG", 6, [(0.5, 1.5), (5.5, 6.5)]),
    ],
)
def test_both_logos_share_an_axis_and_what_has_no_counterpart_is_shaded(ours, published, columns, shaded):
    layout = drawn(ours, published).layout
    assert layout.xaxis.range == layout.xaxis2.range == (0.4, columns + 0.6)
    for y in ("y domain", "y2 domain"):
        assert [(shape.x0, shape.x1) for shape in layout.shapes if shape.yref == y] == shaded


@pytest.mark.parametrize(
    ("ours", "published", "above", "below"),
    [
        ("GCUGGC", "CNGG", {"C": {2, 6}, "G": {1, 4, 5}, "U": {3}}, {"C": {2}, "G": {4, 5}}),
        ("ACACACA", "GACACACA", {"A": {2, 4, 6, 8}, "C": {3, 5, 7}}, {"A": {2, 4, 6, 8}, "C": {3, 5, 7}, "G": {1}}),
    ],
)
def test_letters_that_match_stand_under_one_another(ours, published, above, below):
    figure = drawn(ours, published)
    assert columns_with_letters(figure, "y") == above
    assert columns_with_letters(figure, "y2") == below


def test_letters_are_as_high_as_their_information():
    figure = drawn("UGCAUG", "WGCAUGM")
    expected = logo_traces(information(consensus_motif("WGCAUGM").frequencies))
    for trace, reference in zip(figure.data[4:], expected, strict=True):
        np.testing.assert_allclose(trace.y, reference.y)
    assert figure.layout.yaxis.title.text == "bits"
    assert figure.layout.yaxis.range == (0, 2.05)


def test_each_motif_counts_its_own_positions():
    layout = drawn("UGCAUG", "NUGCAUG").layout
    assert (layout.xaxis.tickvals, layout.xaxis.ticktext) == ((2, 3, 4, 5, 6, 7), tuple("123456"))
    assert (layout.xaxis2.tickvals, layout.xaxis2.ticktext) == ((1, 2, 3, 4, 5, 6, 7), tuple("1234567"))


def test_a_long_motif_has_few_enough_ticks_for_a_phone():
    layout = drawn("UGCAUG", "UGCAUG" + "ACGU" * 20).layout
    assert len(layout.xaxis2.ticktext) <= 12


def test_it_says_what_is_compared_how_well_it_matches_and_where_it_is_from():
    motif = consensus_motif("UGCAUG", "RNCMPT1", "TOYBP", "published matrix (Ray et al. 2013)")
    match = MatchedMotif(motif, MotifMatch(0, 6, 5.9, 0.987, 1 / 100_001, 100_000))
    layout = motif_comparison_figure(motif.frequencies, match, LABEL).layout
    assert layout.title.text == "TOYBP (TOY00001): motifs compared"
    subtitle = layout.title.subtitle.text.replace("<br>", " ")
    assert subtitle == (
        "published matrix (Ray et al. 2013): correlation = 0.99 over 6 positions; Tomtom-like p &lt; 1e-5, 100,000 random motifs"
    )
    assert [a.text for a in layout.annotations] == ["the model: its best 6-mers, aligned", "TOYBP (RNCMPT1)"]


def test_names_of_a_users_file_are_text_and_not_too_long():
    script = "<script>alert(1)</script>"
    layout = drawn("UGCAUG", "UGCAUG", name="x" * 100, other=script, source=f"{script}.meme").layout
    texts = [layout.title.text, layout.title.subtitle.text, *(a.text for a in layout.annotations)]
    assert not any("<script" in text for text in texts)
    assert "&lt;script&gt;" in layout.annotations[1].text
    assert layout.annotations[1].text.endswith("…")
    assert all(len(line) < 100 for text in texts for line in text.split("<br>"))


def test_the_palette_is_the_users():
    ours = consensus_motif("UGCAUG")
    figure = motif_comparison_figure(ours.frequencies, matched(ours, "UGCAUG"), LABEL, "colour-blind-safe")
    assert {trace.fillcolor for trace in figure.data} == set(PALETTES["colour-blind-safe"].values())


def test_a_motif_without_a_source_is_named_by_its_name():
    motif = PublishedMotif("M1", "", consensus_motif("UGCAUG").frequencies)
    match = MatchedMotif(motif, MotifMatch(0, 6, 6, 1, 0.5, 10))
    assert motif_comparison_figure(motif.frequencies, match, LABEL).layout.title.subtitle.text.startswith("M1: ")
