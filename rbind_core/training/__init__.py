"""Training of ResidualBind: a shared trunk on many experiments, and one network per RBP, resumable at any time."""
