"""How the bundled models of VTS1 are made; `./rbind train` runs it, and nothing else in the core uses it."""
