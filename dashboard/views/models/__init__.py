"""The page on the quality of models."""
