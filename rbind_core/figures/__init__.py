"""Figures from results only: Plotly for the screen, Logomaker for publication."""
