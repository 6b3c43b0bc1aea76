"""Names of the backgrounds, as they are used on the command line and in links, and as users read them."""

from __future__ import annotations

from rbind_core.errors import BackgroundError

PAPER_NAMES = ("profile", "shuffle", "dinucleotide", "quartile1", "quartile2", "quartile3", "quartile4")
GENERATED_NAMES = ("uniform", "gc", "gcmatched", "markov1", "markov2", "markov3")
OWN_NAMES = ("file", "context")  # drawn from what the user gives
NAMES = (*PAPER_NAMES, *GENERATED_NAMES, *OWN_NAMES)
NAMES_DRAWN_FROM_A_LIBRARY = (*PAPER_NAMES[1:], "gcmatched", "markov1", "markov2", "markov3")

LABELS = {
    "profile": "profile",
    "shuffle": "shuffle",
    "dinucleotide": "dinucleotide shuffle",
    "quartile1": "quartile 1 (lowest)",
    "quartile2": "quartile 2",
    "quartile3": "quartile 3",
    "quartile4": "quartile 4 (highest)",
    "uniform": "uniform",
    "gc": "chosen GC content",
    "gcmatched": "GC-matched",
    "markov1": "Markov order 1",
    "markov2": "Markov order 2",
    "markov3": "Markov order 3",
    "file": "my own sequences",
    "context": "a single RNA",
}


def canonical_name(name: str) -> str:
    """Read the name of a background; capitals and spaces do not matter.

    Parameters
    ----------
    name : as typed.

    Returns
    -------
    str
        One of `NAMES`.

    Raises
    ------
    BackgroundError
        If the name is unknown.
    """
    key = name.lower().replace(" ", "")
    if key not in NAMES:
        raise BackgroundError(f"{name[:40]!r} is not a background; use {', '.join(NAMES)}")
    return key
