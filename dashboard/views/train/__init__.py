"""The page on which one trains a model."""
