"""Does a designed stem form? Pairing probabilities of the designed pairs, by ViennaRNA."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.constructs import Construct
from rbind_core.rna.sequences import decode
from rbind_core.rna.structure import Fold, fold, pair_probabilities

FOLDED = 50  # background sequences; folding takes about 1 ms each


@dataclass(frozen=True)
class HairpinFormation:
    """Probability that the designed pairs of a construct form, 0 to 1, averaged over the pairs and n background sequences.

    `null` is the same without the patterns, `unstructured` the background without the stem. `example` is the predicted structure
    of the first sequence with the construct.
    """

    designed: float
    null: float
    unstructured: float
    example: Fold
    n: int


def hairpin_formation(analysis: GlobalImportanceAnalysis, construct: Construct, n: int = FOLDED) -> HairpinFormation:
    """Fold some background sequences of an analysis with a construct, with its null, and without either.

    Parameters
    ----------
    construct : with at least one stem.
    n : number of background sequences to fold.
    """
    null, embedded = analysis.register(construct)
    background, _ = analysis.background_for(construct.last_position)
    pairs = [(p - 1, stem.partner(p) - 1) for stem in construct.stems for p in sorted(stem.strand)]

    def formed(codes: np.ndarray) -> float:
        return float(np.mean([pair_probabilities(sequence)[tuple(zip(*pairs, strict=True))] for sequence in decode(codes[:n])]))

    stems = null if construct.null is not None else embedded
    return HairpinFormation(
        formed(embedded), formed(stems), formed(background), fold(decode(embedded[:1])[0]), min(n, len(background))
    )
