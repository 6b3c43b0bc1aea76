"""The paper's experiments, and the conclusions that each allows."""
