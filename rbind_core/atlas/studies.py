"""The questions that are asked of all models at once, and the numbers that each looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rbind_core.atlas.distribution import Quantity
from rbind_core.experiments.gc_bias import GcBias
from rbind_core.experiments.sites import Sites
from rbind_core.experiments.structure import StemLoop

FIVE = Quantity(
    "gc_five",
    "GC-rich 5' end",
    "effect size: global importance with the GC-rich end / without",
    "A GC-rich 5' end raises predicted binding (ratio above 1)",
    reference=1.0,
    bin_width=0.1,
    error="gc_five_standard_error",
)
THREE = Quantity(
    "gc_three",
    "GC-rich 3' end",
    FIVE.axis,
    "A GC-rich 3' end raises predicted binding (ratio above 1)",
    reference=1.0,
    bin_width=0.1,
    error="gc_three_standard_error",
)
DIFFERENCE = Quantity(
    "gc_difference",
    "3' end minus 5' end",
    "difference of the two effect sizes",
    "The 3' end does more than the 5' end (difference above 0)",
    reference=0.0,
    bin_width=0.1,
    error="gc_difference_standard_error",
)
SITES = Quantity(
    "sites_r_squared",
    "Number of sites",
    "R² of the line through the global importances of 1, 2 and 3 sites",
    "Global importance is nearly linear in the number of sites (R² above 0.95)",
    reference=0.95,
    bin_width=0.025,
    decimals=3,
    is_null=False,
    span=(0.5, 1.0),
)
LOOP = Quantity(
    "loop_over_stem",
    "Loop minus stem",
    "global importance in the loop minus in the stem (z-score units)",
    "The motif does more in the loop than in the stem (difference above 0)",
    reference=0.0,
    bin_width=0.25,
    error="loop_over_stem_standard_error",
)


@dataclass(frozen=True)
class Study:
    """An experiment over all models: its name on the command line, its question, and what it looks at.

    `figures` are the quantities of each figure by its title, which share their bins; `headline` is the one that answers the
    question; `of` is the experiment on one model behind it.
    """

    name: str
    title: str
    question: str
    figure: str
    of: str
    figures: Mapping[str, tuple[Quantity, ...]]
    headline: Quantity
    settings: str
    says_not: str


_ALIKE = "Experiments of one protein are not independent of each other, so the true uncertainty is larger than the interval says."
STUDIES = {
    study.name: study
    for study in (
        Study(
            "gcbias-all",
            "GC-bias",
            "Does a GC-rich end raise predicted binding, whatever the protein?",
            "Koo et al. 2021, Fig. 4d,e",
            GcBias.name,
            {"Effect of a GC-rich end, all RBPs": (FIVE, THREE), "3' end minus 5' end, all RBPs": (DIFFERENCE,)},
            THREE,
            "best 6-mer at 18-23, GCGCGC at 1-6 or 35-40",
            f"{GcBias.says_not} {_ALIKE}",
        ),
        Study(
            "sites-all",
            "Number of sites",
            "Does each further site add the same, whatever the protein?",
            "Koo et al. 2021, Fig. 2g",
            Sites.name,
            {"Linear in the number of sites, all RBPs": (SITES,)},
            SITES,
            "best 6-mer at 4-9, 11-16, 18-23",
            f"A line has two parameters and three points here: R² is high for many curves that merely rise or fall. {_ALIKE}",
        ),
        Study(
            "stemloop-all",
            "Loop or stem",
            "Does a motif do more in a loop than in a stem, whatever the protein?",
            "after Koo et al. 2021, Fig. 3c",
            StemLoop.name,
            {"Loop minus stem, all RBPs": (LOOP,)},
            LOOP,
            "best 6-mer (VTS1: GCUGGC) at 18-23 in the loop, at 10-15 in the stem 7-16/24-33",
            "These models see letters, not folds: the letters opposite the motif and its place in the RNA are part of the "
            f"difference. {_ALIKE}",
        ),
    )
}
