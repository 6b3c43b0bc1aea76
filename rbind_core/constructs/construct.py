"""A construct: its elements in order, their null, and their embedding into background sequences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rbind_core.constructs.draws import Draws
from rbind_core.constructs.elements import OPEN, Context, Element, Occlusion, Pattern, Stem, covered_by, write_letters
from rbind_core.constructs.placement import place, starts_on
from rbind_core.rna.sequences import LENGTH, Codes


@dataclass(frozen=True)
class Construct:
    """What is embedded into a background: elements in order; where two overlap, the later one wins.

    Contexts and stems are the scaffold in which patterns and occluded windows stand; the null keeps only the scaffold, in the
    same register. `name` is for people and is ignored when constructs are compared.
    """

    elements: tuple[Element, ...]
    name: str = field(default="", compare=False)

    def __str__(self) -> str:
        return "+".join(map(str, self.elements))

    @property
    def text(self) -> str:
        """The text form, after the name where there is one."""
        return f"{self.name} = {self}" if self.name else str(self)

    @property
    def label(self) -> str:
        """Label in figures: the name, or the text form."""
        return self.name or str(self)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """Its patterns, in order."""
        return tuple(e for e in self.elements if isinstance(e, Pattern))

    @property
    def moving(self) -> tuple[Pattern, ...]:
        """Its patterns at random positions, in order."""
        return tuple(p for p in self.patterns if p.start is None)

    @property
    def stems(self) -> tuple[Stem, ...]:
        """Its stems, in order."""
        return tuple(e for e in self.elements if isinstance(e, Stem))

    @property
    def scaffold(self) -> tuple[Element, ...]:
        """Contexts and stems: what the null keeps."""
        return tuple(e for e in self.elements if isinstance(e, Context | Stem))

    @property
    def null(self) -> Construct | None:
        """The scaffold alone; None where there is no scaffold or nothing else, so that the null is the background."""
        return Construct(self.scaffold) if 0 < len(self.scaffold) < len(self.elements) else None

    @property
    def null_text(self) -> str:
        """The null in words: 'background', or the text form of the scaffold."""
        return str(self.null or "background")

    def each_alone(self) -> list[Construct]:
        """Its patterns and windows one at a time, each in the same scaffold, for the test of interaction."""
        return [Construct((*self.scaffold, element)) for element in self.elements if element not in self.scaffold]

    @property
    def is_random(self) -> bool:
        """Whether it varies at random, even on a fixed sequence."""
        return any(
            isinstance(e, Occlusion)
            or (isinstance(e, Stem) and (e.wobble or e.form == OPEN))
            or (isinstance(e, Pattern) and (e.start is None or set(e.letters) - set("ACGUN")))
            or (isinstance(e, Context) and bool(set(e.letters) - set("ACGUN")))
            for e in self.elements
        )

    @property
    def last_position(self) -> int:
        """Last position that may be set; 0 where none is."""
        return max((e.last_position for e in self.elements), default=0)

    def letters(self) -> str:
        """Letters of the construct over the window, 41 characters; '.' where it fixes none."""
        strip = ["."] * LENGTH
        for element in self.elements:
            if isinstance(element, Pattern | Context):
                for position in element.covered:
                    strip[position - 1] = element.letters[position - (element.start or 1)]
        return "".join(strip)

    def overlap_notes(self) -> list[str]:
        """Say which element wins where two overlap, in one sentence each.

        Returns
        -------
        list of str
            For each pair of overlapping patterns or windows, each pattern that pairs with itself and each
            context under a stem.
        """
        notes = []
        for stem in self.stems:
            for element in self.elements:
                if isinstance(element, Pattern) and self._self_paired(element.covered) & stem.strand:
                    notes.append(f"{element} stands in both strands of {stem}; what it puts into the first strand wins")
                if isinstance(element, Context) and element.covered & (stem.covered - stem.strand):
                    notes.append(f"{element} and {stem} overlap; the second strand is paired with what stands in the first")
        movable = [e for e in self.elements if isinstance(e, Pattern | Occlusion)]
        for i, earlier in enumerate(movable):
            for later in movable[i + 1 :]:
                shared = sorted(self._with_partners(earlier.covered) & later.covered)
                if shared:
                    where = f"position {shared[0]}" if len(shared) == 1 else f"positions {shared[0]}-{shared[-1]}"
                    notes.append(f"{earlier} and {later} overlap at {where}; the later one, {later}, wins")
        return notes

    def _with_partners(self, covered: Iterable[int]) -> set[int]:
        """The given positions and those that pair with them in a stem."""
        positions = set(covered)
        return positions | {stem.partner(p) for stem in self.stems if stem.follows for p in positions & stem.covered}

    @property
    def free_positions(self) -> NDArray[np.bool_]:
        """(41,) bool: where a pattern at a random position may lie without covering a fixed pattern or occluded window."""
        free = np.ones(LENGTH, np.bool_)
        for element in self.elements:
            if isinstance(element, Pattern | Occlusion):
                free[[position - 1 for position in self._with_partners(element.covered)]] = False
        return free

    @property
    def allowed_starts(self) -> NDArray[np.bool_]:
        """(m, 41) bool: where each of the m patterns at random positions may start; none pairs with itself in a stem."""
        allowed = [starts_on(self.free_positions, len(p.letters)) for p in self.moving]
        for pattern, starts in zip(self.moving, allowed, strict=True):
            for start in np.flatnonzero(starts):
                starts[start] = not self._self_paired(covered_by(pattern.letters, int(start) + 1))
        return np.array(allowed, np.bool_).reshape(-1, LENGTH)

    def _self_paired(self, covered: frozenset[int]) -> set[int]:
        """Those of the given positions in a 5' strand whose partners are given too."""
        return {p for stem in self.stems if stem.follows for p in covered & stem.strand if stem.partner(p) in covered}

    def embed(self, codes: Codes, draws: Draws, starts: NDArray[np.intp] | None = None) -> Codes:
        """Put the construct into sequences; every other position, padding included, stays as it is.

        The scaffold comes first, exactly as in the null; then patterns and windows, in order. Where one of them stands in a
        stem, its partner strand is paired anew.

        Parameters
        ----------
        codes : (n, 41) uint8 without padding in the strands of a stem, left unchanged.
        draws : decide the random parts, which all constructs share.
        starts : (n, m) 1-based starts of the patterns at random positions; decided by the draws when None.

        Returns
        -------
        Codes
            (n, 41) uint8, a new array.
        """
        return self._written(codes, draws, self.random_starts(draws) if starts is None else starts)

    def embed_each_alone(self, codes: Codes, draws: Draws, starts: NDArray[np.intp] | None = None) -> list[Codes]:
        """Put patterns and windows into sequences one at a time, each at the place it has in the whole construct.

        So a pattern at a random position stands where the others leave room for it.

        Parameters
        ----------
        codes, draws, starts : as in `embed`: (n, 41) uint8; of n sequences; (n, m) or None.

        Returns
        -------
        list of Codes
            One (n, 41) uint8 array for each of `each_alone`, in that order, all in the same scaffold.
        """
        starts = self.random_starts(draws) if starts is None else starts
        numbers = [i for i, element in enumerate(self.elements) if element not in self.scaffold]
        return [self._written(codes, draws, starts, i) for i in numbers]

    def _written(self, codes: Codes, draws: Draws, starts: NDArray[np.intp], only: int | None = None) -> Codes:
        """Sequences with the scaffold and all elements, or the scaffold and a single element."""
        embedded = self._embed_scaffold(codes, draws)
        random_starts = iter(starts.T)
        for number, element in enumerate(self.elements):
            if isinstance(element, Pattern):
                where = next(random_starts) if element.start is None else np.full(len(codes), element.start)
            elif not isinstance(element, Occlusion):
                continue
            if only not in (None, number):
                continue
            if isinstance(element, Pattern):
                embedded, is_set = write_letters(embedded, element.letters, where, draws)
            else:
                is_set = np.isin(np.arange(1, LENGTH + 1), list(element.covered))[None]
                embedded = np.where(is_set, draws.replacements, embedded)
            for stem in self.stems:
                if stem.follows:
                    embedded = stem.pair(embedded, draws, is_set)
        return embedded

    def _embed_scaffold(self, codes: Codes, draws: Draws) -> Codes:
        embedded = codes.copy()
        for element in self.elements:
            if isinstance(element, Context):
                embedded, _ = write_letters(embedded, element.letters, np.full(len(codes), element.start), draws)
        for stem in self.stems:
            embedded = stem.build(embedded, draws)
        return embedded

    def random_starts(self, draws: Draws) -> NDArray[np.intp]:
        """Where the patterns at random positions stand.

        Parameters
        ----------
        draws : of n sequences.

        Returns
        -------
        NDArray
            (n, m) 1-based starts of the m patterns, in order.
        """
        if not self.moving:
            return np.zeros((len(draws.letters), 0), np.intp)
        return place([len(p.letters) for p in self.moving], self.allowed_starts, draws.placements)

    @property
    def replaced(self) -> NDArray[np.bool_]:
        """(41,) bool: positions at which the scaffold replaces the background: contexts and 3' strands of stems."""
        replaced = np.zeros(LENGTH, np.bool_)
        for element in self.scaffold:
            covered = element.covered - element.strand if isinstance(element, Stem) else element.covered
            replaced[[position - 1 for position in covered]] = True
        return replaced
