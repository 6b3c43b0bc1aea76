"""What has been published about the motif of an experiment: the full matrix where its file is here, or else the consensus.

Both were read off the same RNAcompete measurements that the models were trained on (but for VTS1), so a match says that
two ways of reading them agree; it is no independent evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rbind_core.data import fetch
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
    name, alternative, source : of the motif; the consensus is its name when none is given.

    Returns
    -------
    PublishedMotif
        One column a letter.

    Raises
    ------
    SequenceError
        If the consensus is empty or holds another letter.
    """
    allowed = allowed_letters(iupac)[:, :4].astype(np.float64)
    return PublishedMotif(name or iupac, alternative, allowed / allowed.sum(axis=1, keepdims=True), source)


def published_motif(experiment: str) -> PublishedMotif | None:
    """Find the motif that was published for an experiment; nothing is downloaded.

    Parameters
    ----------
    experiment : id, such as RNCMPT00168.

    Returns
    -------
    PublishedMotif or None
        The matrix where the public file is on this computer and has one, otherwise the bundled consensus, otherwise None;
        its `source` says which.
    """
    found = _find(experiment)
    return found[0] if found else None


def published_match(
    ours: NDArray[np.float64], experiment: str, rng: np.random.Generator, random_motifs: int = RANDOM_MOTIFS
) -> MatchedMotif | None:
    """Compare a motif with the one that was published for its experiment.

    Random motifs are made of columns of the same kind: of the published matrices, or of the published consensus
    sequences, whose columns are sharper.

    Parameters
    ----------
    ours : (k, 4) frequencies.
    experiment : id, such as RNCMPT00168.
    rng : draws the random motifs.

    Returns
    -------
    MatchedMotif or None
        None where nothing was published.
    """
    found = _find(experiment)
    if found is None:
        return None
    motif, kind = found
    return MatchedMotif(motif, compare_motifs(ours, motif.frequencies, columns_of(kind), rng, random_motifs))


def null_columns(motifs: Sequence[PublishedMotif]) -> NDArray[np.float64]:
    """Columns of which random motifs are made, to compare with the motifs of a user's file.

    Parameters
    ----------
    motifs : of the file, at least one.

    Returns
    -------
    NDArray
        (n, 4) float64: the columns of the file; where it has less than 200, together with the published ones, since a few
        columns do not tell what motifs look like.
    """
    columns = columns_of(motifs)
    if len(columns) >= FEWEST_COLUMNS:
        return columns
    return np.concatenate([columns, columns_of(_matrices() or _consensus_motifs())])


def _find(experiment: str) -> tuple[PublishedMotif, list[PublishedMotif]] | None:
    """The motif of an experiment, and all motifs of its kind."""
    for motifs_of_a_kind in (_matrices, _consensus_motifs):
        motifs = motifs_of_a_kind()
        for motif in motifs:
            if motif.name == experiment:
                return motif, motifs
    return None


def _matrices() -> list[PublishedMotif]:
    """The motifs of the public file; none where it is not here or is not the pinned one, since the consensus does then."""
    try:
        return read_meme_file(fetch.locate(MATRICES), MATRIX)
    except DataError:
        return []


def _consensus_motifs() -> list[PublishedMotif]:
    known = [(e, CONSENSUS) for e in experiments().values()] + [(VTS1, CONSENSUS_OF_VTS1)]
    return [consensus_motif(e.published_consensus, e.id, e.protein, source) for e, source in known if e.published_consensus]
