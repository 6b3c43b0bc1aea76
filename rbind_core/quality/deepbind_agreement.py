"""A second opinion on every RNAcompete experiment: DeepBind's published model of it beside the network that is served.

DeepBind (Alipanahi et al. 2015) is another architecture. It was fitted to probes of sets A and B, and it taught the models of
grade B, so agreement with it is no independent evidence; disagreement is a reason to be careful. Computed by
`recipes.deepbind_agreement` on the probes of set B.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from rbind_core.model.registry import Model
from rbind_core.system.paths import PRETRAINED

AGREEMENT = PRETRAINED / "deepbind_agreement.tsv"
COLUMNS = ["experiment", "top_kmer", "pearson", "n"]


@dataclass(frozen=True)
class Agreement:
    """DeepBind's best 6-mer, and the correlation of its scores with the served network's over n probes of set B.

    The best 6-mer is the one whose probes DeepBind scores highest on average.
    """

    top_kmer: str
    pearson: float
    n: int

    @property
    def sentence(self) -> str:
        """Such as "DeepBind's best 6-mer is UUUUUU; the two models correlate at r = 0.81 over 121,031 probes"."""
        return (
            f"DeepBind's best 6-mer is {self.top_kmer}; the two models correlate at r = {self.pearson:.2f} over {self.n:,} probes"
        )


def agreement_with_deepbind(model: Model, path: Path = AGREEMENT) -> Agreement | None:
    """DeepBind's opinion beside a bundled model of the sequence; None for other models, and without the file."""
    return _read(path).get(model.experiment) if model.is_bundled and not model.structure else None


@lru_cache(maxsize=2)
def _read(path: Path) -> dict[str, Agreement]:
    try:
        table = pd.read_csv(path, sep="\t")[COLUMNS]
    except (OSError, ValueError, KeyError):
        return {}
    return {name: Agreement(str(kmer), float(r), int(n)) for name, kmer, r, n in table.itertuples(index=False)}
