"""Recipe of the bundled VTS1 models; `./rbind train` runs it, and nothing else in the core uses it."""
