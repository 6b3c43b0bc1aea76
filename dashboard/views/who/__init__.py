"""The page that asks which proteins bind an RNA."""
