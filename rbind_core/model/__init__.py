"""ResidualBind: the architecture (Keras), its weights on disk, the fast predictor and the registry of trained models."""
