import numpy as np

from rbind_core.figures.motif import motif_figure


def test_kmers_are_ranked_from_the_top_with_their_intervals():
    kmers = [{"kmer": k, "global_importance": v, "standard_error": 0.1} for k, v in (("UGCAUG", 4.0), ("AGCAUG", 3.0))]
    figure = motif_figure(np.full((6, 4), 0.25), kmers, "TOYBP (TOY1)", "profile background")
    ranking = next(trace for trace in figure.data if trace.mode == "markers")
    assert ranking.y[-1] == "UGCAUG"
    assert ranking.x[-1] == 4.0
    np.testing.assert_allclose(ranking.error_x.array, 0.196)
    assert "TOYBP (TOY1)" in figure.layout.title.text
