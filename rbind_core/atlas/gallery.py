"""The gallery: one card per model, with search and filters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.atlas.files import Atlas, is_current
from rbind_core.atlas.similar import MotifGroup, comparable, motif_groups
from rbind_core.data.constructs import COMMON_NAMES, constructs
from rbind_core.model.registry import MEASURED_GRADE, OWN, TAUGHT_GRADE, Model
from rbind_core.rna.iupac import iupac_letters
from rbind_core.rna.sequences import IUPAC

SHOWN_KMERS = 10  # k-mers whose alignment is the motif
GRADE_WORDS = {MEASURED_GRADE: "measured (A)", TAUGHT_GRADE: "taught (B)", OWN: "yours"}
"""What stands behind the models of each grade, in a word, in the order to list them."""


@dataclass(frozen=True)
class Card:
    """The gallery's data on one model; numbers from the atlas are NaN if it lacks the model.

    `motif` is (6, 4) letter frequencies, empty for a broken model; `gc_three` is the effect size of a GC-rich 3' end,
    `sites_per_cent_of_sum` the deviation of three sites from the sum of each alone, in per cent, `loop_minus_open` the effect of
    pairing around the motif, `group` the name of its group of similar motifs, '' if alone.
    """

    model: Model
    motif: NDArray[np.float64]
    kmers: tuple[str, ...]
    gc_three: float = float("nan")
    sites_per_cent_of_sum: float = float("nan")
    loop_minus_open: float = float("nan")
    group: str = ""

    @property
    def family(self) -> str:
        """The RNA-binding domain that the protein is classed by; '' where it is not known."""
        construct = constructs().get(self.model.measured_in)
        return construct.family if construct else ""

    @property
    def searched(self) -> tuple[str, ...]:
        """All that it is found by, in lower case: names of protein and gene, experiment, species in Latin and everyday words."""
        model, construct = self.model, constructs().get(self.model.measured_in)
        known = construct.names if construct else ()
        words = (model.protein, model.experiment, model.species, *COMMON_NAMES.get(model.species, ()), *known)
        return tuple(dict.fromkeys(word.lower() for word in words))


def species_text(species: str) -> str:
    """A species with its everyday name, such as 'Homo sapiens (human)'."""
    common = COMMON_NAMES.get(species, ())
    return f"{species} ({common[0]})" if common else species


def other_names(model: Model, most: int = 3) -> list[str]:
    """Some other names of a model's protein, each in one spelling: symbol first, then synonyms."""
    spelled = {_joined(name.lower()): name for name in reversed((model.protein, *model.names))}
    return [name for name in reversed(spelled.values()) if name != model.protein][:most]


def grades_text(models: Iterable[Model]) -> str:
    """Say how many models of each grade there are, such as '49 measured (A), 195 taught (B)'."""
    counts = Counter(model.grade for model in models)
    return ", ".join(f"{counts[grade]:,} {words}" for grade, words in GRADE_WORDS.items() if counts[grade])


def cards(models: Sequence[Model], atlas: Atlas) -> list[Card]:
    """Make the cards of all models, in order.

    Parameters
    ----------
    atlas : with rows of most models.
    """
    names = {experiment: group.name for group in groups(models, atlas) for experiment in group.experiments}
    overview = atlas.overview
    found = []
    for model in models:
        motif = np.asarray(model.motif, np.float64)
        kmers = tuple(k["kmer"] for k in model.top_kmers[:SHOWN_KMERS])
        if not is_current(atlas, model) or model.problem:
            found.append(Card(model, motif, kmers))
            continue
        row = overview.loc[model.experiment]
        numbers = {name: float(row[name]) for name in ("gc_three", "sites_per_cent_of_sum", "loop_minus_open")}
        found.append(Card(model, motif, kmers, group=names.get(model.experiment, ""), **numbers))
    return found


def groups(models: Sequence[Model], atlas: Atlas) -> list[MotifGroup]:
    """Group the models with a scan by similar motifs, largest group first, without groups of one."""
    usable = [model.experiment for model in comparable(models, atlas)]
    return [group for group in motif_groups(atlas, usable) if len(group.experiments) > 1]


@dataclass(frozen=True)
class GalleryFilter:
    """A filter; by default it keeps every model.

    `text` is words that are all searched in `Card.searched`; `motif` is IUPAC letters that one of the best ten 6-mers or the
    published consensus must contain; ranges are inclusive, and a model without the number passes a full range.
    `least_pearson` is of the test Pearson: what is expected of a taught model is not measured, so it passes a full range only.
    `grade` is one of `GRADE_WORDS`, '' for any.
    """

    text: str = ""
    species: tuple[str, ...] = ()
    motif: str = ""
    least_pearson: float = -1.0
    gc_three: tuple[float, float] = (-np.inf, np.inf)
    group: str = ""
    reads: str = ""
    grade: str = ""
    families: tuple[str, ...] = ()

    def keeps(self, card: Card) -> bool:
        """Tell whether a card meets all conditions."""
        model = card.model
        low, high = self.gc_three
        return (
            (not self.text.strip() or _holds_words(card.searched, self.text))
            and (not self.species or model.species in self.species)
            and (not self.families or card.family in self.families)
            and (not self.grade or model.grade == self.grade)
            and (not self.motif.strip() or holds_motif(card, self.motif))
            and (self.least_pearson <= -1 or model.pearson_test >= self.least_pearson)
            and ((low == -np.inf and high == np.inf) or low <= card.gc_three <= high)
            and (not self.group or card.group == self.group)
            and (not self.reads or (model.inputs == "sequence") == (self.reads == "sequence"))
        )


def _holds_words(searched: Sequence[str], text: str) -> bool:
    """Whether a name holds the text, written with or without hyphens and spaces, or every word of it is in some name."""
    whole, text = [_joined(name) for name in searched], text.lower()
    if any(_joined(text) in name for name in whole):
        return True
    return all(any(word in name for name in searched) or any(_joined(word) in name for name in whole) for word in text.split())


def _joined(text: str) -> str:
    return re.sub(r"[\s/_-]+", "", text)


def holds_motif(card: Card, motif: str) -> bool:
    """Tell whether a model recognises a motif: one of its best ten 6-mers or its published consensus contains it, or the reverse.

    Parameters
    ----------
    motif : IUPAC letters, N for any; T for U and lower case accepted.

    Raises
    ------
    SequenceError
        If a letter is unknown.
    """
    wanted = [IUPAC[letter] for letter in iupac_letters("".join(motif.split()))]
    known = [*card.kmers, card.model.published_consensus]
    return any(_one_holds_the_other([IUPAC[letter] for letter in text], wanted) for text in known if text)


def _one_holds_the_other(a: list[str], b: list[str]) -> bool:
    """Whether the shorter run of allowed letters is compatible with the longer one at some place."""
    short, long = sorted((a, b), key=len)
    places = range(len(long) - len(short) + 1)
    return any(all(set(x) & set(y) for x, y in zip(short, long[place:], strict=False)) for place in places)


def _by_evidence(card: Card) -> tuple[bool, bool, float]:
    """Models with a test Pearson first, the best of them foremost, then taught ones by the expected Pearson, unknown ones last."""
    quality = card.model.quality
    return not np.isfinite(quality), card.model.is_taught, -_number(quality)


ORDERS = {
    "protein": lambda card: (card.model.protein.upper(), card.model.structure, _by_evidence(card)),
    "test or expected Pearson": lambda card: (_by_evidence(card), card.model.protein.upper()),
    "similar motifs": lambda card: (not card.group, card.group, _by_evidence(card)),
    "sites beyond their sum": lambda card: (-_number(card.sites_per_cent_of_sum), card.model.protein.upper()),
    "pairing around the motif": lambda card: (-_number(card.loop_minus_open), card.model.protein.upper()),
    "GC-rich 3' end": lambda card: (-_number(card.gc_three), card.model.protein.upper()),
}


def _number(value: float) -> float:
    """A number to sort by; unknown ones come last."""
    return value if np.isfinite(value) else -np.inf


def ordered(shown: Iterable[Card], order: str) -> list[Card]:
    """Sort cards; those without the number come last.

    Parameters
    ----------
    order : one of `ORDERS`.
    """
    return sorted(shown, key=ORDERS[order])
