"""The atlas: what the model of each RBP has learned, measured once with a fixed seed and stored as one columnar file."""
