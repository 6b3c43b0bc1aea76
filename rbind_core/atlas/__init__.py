"""The atlas: what the model of every RBP has learned, measured once under a fixed seed and kept as one columnar file."""
