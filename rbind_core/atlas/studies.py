"""The studies over all models: their questions, and the numbers and verdicts behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rbind_core.atlas.distribution import Quantity
from rbind_core.experiments import additivity, pairing
from rbind_core.experiments.gc_bias import GcBias
from rbind_core.experiments.sites import Sites
from rbind_core.experiments.structure import StemLoop

BEYOND_MEASURED = "sites_beyond_measured"  # column of the table over all models

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
BEYOND = Quantity(
    "sites_per_cent_of_sum",
    "Sites beyond their sum",
    "three sites minus the sum of each alone (% of the sum)",
    "Three sites do more than the sum of each alone at the same places (deviation above 0 %)",
    reference=0.0,
    bin_width=10.0,
    decimals=0,
    error="sites_per_cent_of_sum_standard_error",
    unit=" %",
)
SITES = Quantity(
    "sites_r_squared",
    "R² of the number of sites",
    "R² of the line through the global importances of 1, 2 and 3 sites",
    "Global importance is nearly linear in the number of sites (R² above 0.95)",
    reference=0.95,
    bin_width=0.025,
    decimals=3,
    is_null=False,
    span=(0.5, 1.0),
)
LOOP = Quantity(
    "loop_minus_open",
    "Loop minus open",
    "change of what the motif does (z-score units)",
    "The motif does more in the loop of a hairpin than at the same place without one (difference above 0)",
    reference=0.0,
    bin_width=0.05,
    error="loop_minus_open_standard_error",
    is_null=False,  # all models share the other strands' letters, so their signs are not independent
)
COMPENSATORY = Quantity(
    "compensatory",
    "Compensatory changes",
    LOOP.axis,
    "The motif does more where changes of the strands keep the pairs than where they break them (difference above 0)",
    reference=0.0,
    bin_width=0.05,
    error="compensatory_standard_error",
)


@dataclass(frozen=True)
class Study:
    """An experiment over all models: its name on the command line, its question, and its quantities.

    `figures` are the quantities of each figure by its title, with common bins; `headline` is the one that answers the
    question; `of` is the underlying experiment on one model; `verdict` is the column of its verdict, one of `verdicts`, '' where
    there is none.
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
    verdict: str = ""
    verdicts: tuple[str, ...] = ()


def networks_column(quantity: str) -> str:
    """Name the column of `across_table` that says in how many networks a quantity lies on the same side of its reference."""
    return f"{quantity}_networks"


def agrees_column(study: str) -> str:
    """Name the column of `across_table` that says whether an experiment agrees under all backgrounds."""
    return f"agrees_{study}"


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
            "Do several sites do as much as each alone, added up, whatever the protein?",
            "after Koo et al. 2021, Fig. 2b and 2g",
            Sites.name,
            {
                "Three sites against the sum of each alone, all RBPs": (BEYOND,),
                "Linear in the number of sites, all RBPs (Fig. 2g)": (SITES,),
            },
            BEYOND,
            "best 6-mer at 4-9, 11-16, 18-23",
            "R² (Fig. 2g) does not say that sites add up: a line has two parameters and three points here, and the point of no "
            f"site is left out, so R² is high for many curves that merely rise or fall. {_ALIKE}",
            "sites_verdict",
            additivity.VERDICTS,
        ),
        Study(
            "stemloop-all",
            "Pairing around the motif",
            "Does pairing around the motif matter, apart from the letters that it takes, whatever the protein?",
            "after Koo et al. 2021, Fig. 3c",
            StemLoop.name,
            {"Pairing around the motif, all RBPs": (LOOP, COMPENSATORY)},
            LOOP,
            "best 6-mer (VTS1: GCUGGC) at 18-23 in the loop of the stem 7-16/24-33, against like strands that do not pair",
            "These models see letters, not folds. Loop minus stem says nothing about pairing: in the stem, the letters opposite "
            f"the motif are there as well. {_ALIKE}",
            "pairing_verdict",
            pairing.VERDICTS,
        ),
    )
}
