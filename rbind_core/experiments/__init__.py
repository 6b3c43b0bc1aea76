"""The paper's experiments, and what may be concluded from each."""
