"""RNA: letters and codes, sequences as people paste them, predicted structure."""
