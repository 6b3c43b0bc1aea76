"""Quality of predictions: correlations with measured scores, histograms, comparison with published methods."""
