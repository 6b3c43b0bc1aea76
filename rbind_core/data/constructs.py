"""What is known of the 244 RNAcompete constructs of Ray et al. 2013, and the names under which they are looked for.

Experiments, proteins, species, gene ids and domains are from `info_all.tab` of github.com/morrislab/RNAcompete (MIT licence).
Symbols are those of HGNC, MGI, FlyBase, WormBase, SGD and ZFIN, or the gene id where a gene has none; synonyms are names in
common use.

Domains are those that the source counts, without a number where it counts one or none. Seven are corrected: ELAV and FNE have
three RRMs and PTBP1 four; PCBP1 of mouse, PCBP2 of zebrafish and PCBP3 have three KH domains. Fragments that are too short for
what the source counts have no number.

Two constructs are in the same paralogue group if
- their amino-acid sequences are identical at half of the positions of the shorter one (global alignment, BLOSUM62, gaps 11 and 1,
  ends free), or at 70 % of 70 aligned positions in a row, the length of one RRM (local alignment): above this identity motifs
  are nearly always the same (Ray et al. 2013), and disordered tails do not hide it,
- their genes have the same symbol, in whatever species, or
- they are orthologues too far apart for that: Rox8, tiar-1 and tiar-3 of TIA1, lark of RBM4, rin of G3BP2, Rnp4F of SART3,
  NAB2 of ZC3H14, VTS1 of SAMD4A,

or if a chain of such pairs connects them. A group bears the symbol of its first human member, or else of its first member. The
sequence that the source gives for Srp54 (RNCMPT00272) is that of a protein like hnRNP A1, and it stands in that group.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

COMMON_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Arabidopsis thaliana": ("thale cress", "arabidopsis", "plant"),
        "Aspergillus nidulans": ("aspergillus",),
        "Caenorhabditis elegans": ("worm", "nematode", "roundworm"),
        "Danio rerio": ("zebrafish",),
        "Drosophila melanogaster": ("fruit fly", "fly", "drosophila"),
        "Gallus gallus": ("chicken",),
        "Homo sapiens": ("human",),
        "Leishmania major": ("leishmania",),
        "Mus musculus": ("mouse",),
        "Naegleria gruberi": ("naegleria",),
        "Nematostella vectensis": ("sea anemone", "nematostella"),
        "Neurospora crassa": ("bread mould", "bread mold", "neurospora"),
        "Ostreococcus tauri": ("green alga", "ostreococcus"),
        "Physcomitrella patens": ("moss", "physcomitrella", "Physcomitrium patens"),
        "Phytophthora ramorum": ("water mould", "water mold", "phytophthora"),
        "Plasmodium falciparum": ("malaria parasite", "plasmodium"),
        "Rhizopus oryzae": ("rhizopus", "Rhizopus delemar"),
        "Saccharomyces cerevisiae": ("budding yeast", "yeast", "baker's yeast"),
        "Schistosoma mansoni": ("blood fluke", "schistosoma"),
        "Tetraodon nigroviridis": ("pufferfish", "tetraodon"),
        "Thalassiosira pseudonana": ("diatom", "thalassiosira"),
        "Trichomonas vaginalis": ("trichomonas",),
        "Trypanosoma brucei": ("trypanosome", "trypanosoma"),
        "Xenopus tropicalis": ("frog", "clawed frog", "xenopus"),
    }
)
"""Everyday names of each species by its Latin name, the one to show first."""


@dataclass(frozen=True)
class Construct:
    """One protein, or fragment of a protein, that was measured with RNAcompete.

    `experiment` is its id, such as RNCMPT00168, and `protein` the name that the source, or where its intensities are public this
    package, gives it; `symbol` is the gene's official symbol today. `species` is the Latin name. `domains` is a short text such as
    "RRM x2, CCHC"; `family` is the one of them that the proteins are classed by. `synonyms` may be empty. Networks of the same
    `paralogue_group` are not independent of each other: what one has learnt holds for the others.
    `published_consensus` is read off the motif that Ray et al. 2013 published, in IUPAC letters; '' where there is none.
    """

    experiment: str
    protein: str
    symbol: str
    species: str
    gene_id: str
    domains: str
    family: str
    synonyms: tuple[str, ...]
    paralogue_group: str
    published_consensus: str

    @property
    def names(self) -> tuple[str, ...]:
        """All that it may be called: experiment, protein, symbol, gene id, synonyms."""
        return (self.experiment, self.protein, self.symbol, self.gene_id, *self.synonyms)


@cache
def constructs() -> Mapping[str, Construct]:
    """The 244 constructs by experiment id, in the order of the ids."""
    with files("rbind_core.data").joinpath("constructs.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return MappingProxyType({row["experiment"]: _construct(row) for row in rows})


def _construct(row: dict[str, str]) -> Construct:
    synonyms = tuple(row["synonyms"].split("|")) if row["synonyms"] else ()
    return Construct(**{**row, "synonyms": synonyms})  # type: ignore[arg-type]


def matches(name: str) -> list[Construct]:
    """The constructs called so, in the order of their ids.

    Parameters
    ----------
    name : an experiment id, protein, symbol, gene id or synonym; upper and lower case, spaces, hyphens, slashes and underscores
        make no difference. Names of several genes, such as of one in human and in fly, give the constructs of all.
    """
    return list(_by_name().get(_plain(name), ()))


@cache
def _by_name() -> dict[str, tuple[Construct, ...]]:
    found: dict[str, dict[str, Construct]] = {}
    for construct in constructs().values():
        for name in construct.names:
            found.setdefault(_plain(name), {})[construct.experiment] = construct
    return {name: tuple(called.values()) for name, called in found.items()}


def _plain(name: str) -> str:
    return re.sub(r"[\s/_\-\u2010-\u2014]+", "", name).casefold()  # hyphens and dashes as word processors write them, too


def species_of(word: str) -> str | None:
    """The Latin name of a species, or None where no construct is of that species.

    Parameters
    ----------
    word : an everyday name of `COMMON_NAMES`, a Latin name, or one such as "D. melanogaster"; case, spaces and hyphens make no
        difference.
    """
    return _species_by_word().get(_plain(word))


@cache
def _species_by_word() -> dict[str, str]:
    words = {}
    for latin, common in COMMON_NAMES.items():
        genus, epithet = latin.split()
        words.update({_plain(word): latin for word in (latin, f"{genus[0]}. {epithet}", f"{genus[0]} {epithet}", *common)})
    return words
