"""The Sequence page."""
