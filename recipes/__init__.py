"""How the bundled results were made: scripts that are run once and kept to be read."""
