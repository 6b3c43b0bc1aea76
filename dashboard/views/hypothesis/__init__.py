"""The Hypothesis page."""
