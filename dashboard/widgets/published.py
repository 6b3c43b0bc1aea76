"""Published motifs beside ours, compared once for all users."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rbind_core.data import fetch
from rbind_core.motifs import MatchedMotif, published_match
from rbind_core.motifs.published import MATRICES

SEED = 0


def match(experiment: str, motif: NDArray[np.float64]) -> MatchedMotif | None:
    """The published motif of an experiment, aligned with ours; None where none is published."""
    return _match(experiment, motif.tobytes(), fetch.is_available(MATRICES), motif)


@st.cache_resource(max_entries=256, show_spinner=False)
def _match(experiment: str, digest: bytes, has_matrices: bool, _motif: NDArray[np.float64]) -> MatchedMotif | None:
    return published_match(_motif, experiment, np.random.default_rng(SEED))
