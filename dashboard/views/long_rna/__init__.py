"""The Long RNA page."""
