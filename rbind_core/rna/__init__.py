"""RNA: letters and codes, pasted sequences, predicted structure."""
