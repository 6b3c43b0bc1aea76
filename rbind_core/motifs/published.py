"""The published motif of an experiment: the full matrix where its file is available, otherwise the consensus.

Both come from the RNAcompete measurements that the models were trained on (except for VTS1), so a match says that
two analyses of them agree; it is not independent evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rbind_core.data import fetch
from rbind_core.data.constructs import constructs
from rbind_core.data.rnacompete import experiments
from rbind_core.data.vts1 import VTS1
from rbind_core.errors import DataError
from rbind_core.motifs.comparison import RANDOM_MOTIFS, MatchedMotif, columns_of, compare_motifs
from rbind_core.motifs.meme import PublishedMotif, read_meme_file
from rbind_core.rna.iupac import allowed_letters

MATRICES = "Ray2013_rbp_RNA.meme"
MATRIX = "published matrix (Ray et al. 2013)"
CONSENSUS = "published consensus (Ray et al. 2013)"
CONSENSUS_OF_VTS1 = "published consensus (Aviv et al. 2003)"
FEWEST_COLUMNS = 200


def consensus_motif(iupac: str, name: str = "", alternative: str = "", source: str = "") -> PublishedMotif:
    """Turn a consensus into a motif: equal shares of the letters that each IUPAC code allows.

    Parameters
    ----------
    iupac : IUPAC letters, T for U and lower case accepted.
    name, alternative, source : of the motif; the consensus is its name by default.

    Returns
    -------
    PublishedMotif
        One column per letter.

    Raises
    ------
    SequenceError
        If the consensus is empty or holds another letter.
    """
    allowed = allowed_letters(iupac)[:, :4].astype(np.float64)
    return PublishedMotif(name or iupac, alternative, allowed / allowed.sum(axis=1, keepdims=True), source)


def published_motif(experiment: str) -> PublishedMotif | None:
    """Find the published motif of an experiment, without a download.

    Parameters
    ----------
    experiment : id, such as RNCMPT00168.

    Returns
    -------
    PublishedMotif or None
        The matrix if the public file is available and has one, otherwise the bundled consensus, otherwise None;
        its `source` says which.
    """
    found = _find(experiment)
    return found[0] if found else None


def published_match(
    ours: NDArray[np.float64], experiment: str, rng: np.random.Generator, random_motifs: int = RANDOM_MOTIFS
) -> MatchedMotif | None:
    """Compare a motif with the published one of its experiment.

    Random motifs have columns of the same kind: of the published matrices, or of the published consensus
    sequences, whose columns are sharper.

    Parameters
    ----------
    ours : (k, 4) frequencies.
    experiment : id, such as RNCMPT00168.
    rng : draws the random motifs.

    Returns
    -------
    MatchedMotif or None
        None where none was published.
    """
    found = _find(experiment)
    if found is None:
        return None
    motif, kind = found
    return MatchedMotif(motif, compare_motifs(ours, motif.frequencies, columns_of(kind), rng, random_motifs))


def null_columns(motifs: Sequence[PublishedMotif]) -> NDArray[np.float64]:
    """Columns for random motifs, to compare with the motifs of a user's file.

    Parameters
    ----------
    motifs : of the file, at least one.

    Returns
    -------
    NDArray
        (n, 4) float64: the columns of the file, and of the published motifs where it has less than 200, since a few
        columns do not show what motifs look like.
    """
    columns = columns_of(motifs)
    if len(columns) >= FEWEST_COLUMNS:
        return columns
    return np.concatenate([columns, columns_of(_matrices() or _consensus_motifs())])


def _find(experiment: str) -> tuple[PublishedMotif, list[PublishedMotif]] | None:
    """The motif of an experiment, and all motifs of the same kind."""
    for motifs_of_a_kind in (_matrices, _consensus_motifs):
        motifs = motifs_of_a_kind()
        for motif in motifs:
            if motif.name == experiment:
                return motif, motifs
    construct = constructs().get(experiment)
    if construct is None or not construct.published_consensus:
        return None
    motif = consensus_motif(construct.published_consensus, experiment, construct.protein, CONSENSUS)
    return motif, _consensus_motifs()  # columns of random motifs are the same for all experiments


def _matrices() -> list[PublishedMotif]:
    """The motifs of the public file; none if it is missing or not the pinned one, where the consensus is used."""
    try:
        return read_meme_file(fetch.locate(MATRICES), MATRIX)
    except DataError:
        return []


def _consensus_motifs() -> list[PublishedMotif]:
    known = [(e, CONSENSUS) for e in experiments().values()] + [(VTS1, CONSENSUS_OF_VTS1)]
    return [consensus_motif(e.published_consensus, e.id, e.protein, source) for e, source in known if e.published_consensus]
