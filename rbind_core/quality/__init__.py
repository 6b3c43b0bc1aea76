"""How well models predict: correlations with measured scores, histograms, the comparison with published methods."""
