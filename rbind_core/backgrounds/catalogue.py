"""All backgrounds by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rbind_core.backgrounds.background import Background
from rbind_core.backgrounds.generated import GENERATED
from rbind_core.backgrounds.own import OWN
from rbind_core.backgrounds.paper import PAPER
from rbind_core.errors import BackgroundError
from rbind_core.rna.sequences import Codes


def _names(kinds: Sequence[type[Background]]) -> tuple[str, ...]:
    return tuple(name for kind in kinds for name in kind.labels())


KINDS: Sequence[type[Background]] = (*PAPER, *GENERATED, *OWN)
BACKGROUNDS: Mapping[str, type[Background]] = {name: kind for kind in KINDS for name in kind.labels()}
LABELS: Mapping[str, str] = {name: kind.labels()[name] for name, kind in BACKGROUNDS.items()}
NAMES, PAPER_NAMES, GENERATED_NAMES, OWN_NAMES = map(_names, (KINDS, PAPER, GENERATED, OWN))


def canonical_name(name: str) -> str:
    """Read the name of a background as typed, ignoring case and spaces, as one of `NAMES`.

    Raises
    ------
    BackgroundError
        If the name is unknown.
    """
    key = name.lower().replace(" ", "")
    if key not in BACKGROUNDS:
        raise BackgroundError(f"{name[:40]!r} is not a background; use {', '.join(NAMES)}")
    return key


def make_background(
    name: str,
    profile: NDArray[np.float64],
    library: Codes,
    scores: NDArray[np.floating] | None = None,
    scores_are: str = "measured",
    *,
    gc: float = 0.5,
    context: str = "",
    fasta: str = "",
) -> Background:
    """Make a background from its name.

    Parameters
    ----------
    name : one of `NAMES`; upper case and spaces are accepted.
    profile : (41, 4) nucleotide frequencies.
    library : (m, 41) uint8 probes.
    scores : (m,) binding scores, needed for the quartiles.
    scores_are : 'measured' or 'predicted', for the description.
    gc : chosen GC content, 0 to 1, for 'gc'.
    context : the RNA for 'context', 11-41 nt.
    fasta : path of the user's sequences for 'file'.

    Raises
    ------
    BackgroundError
        If the name is unknown, or what this background needs is missing or cannot be used.
    SequenceError
        If a sequence given by the user is not RNA.
    """
    key = canonical_name(name)
    kind = BACKGROUNDS[key]
    if kind.needs_scores and scores is None:
        raise BackgroundError(f"{key} needs a binding score for each probe of the library")
    given = {"frequencies": profile, "library": library, "scores": scores, "scores_are": scores_are}
    given |= {"gc": gc, "context": context, "fasta": fasta, "number": int(key.removeprefix(kind.name) or 0)}
    if kind.setting:
        given[kind.setting] = kind.checked(given[kind.setting])
    return kind.made_from(given)
