"""Background sequences drawn once for an experiment, with all the random draws that its constructs need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rbind_core.backgrounds.background import Background
from rbind_core.backgrounds.own import OwnSequences
from rbind_core.backgrounds.paper import DinucleotideShuffle, Profile
from rbind_core.backgrounds.shuffles import count_single_arrangements
from rbind_core.constructs import Draws
from rbind_core.errors import BackgroundError
from rbind_core.rna.sequences import LENGTH, PADDING, Codes, lengths

MAX_SAMPLES = 100_000
_MOSTLY_DIFFERENT = 0.9  # share of distinct sequences from which all count as distinct


@dataclass(frozen=True)
class BackgroundSample:
    """Background sequences drawn once and shared, unchanged, by every construct that is compared.

    `codes` is (n, 41) uint8 as drawn, `draws` decides the random letters and positions of all constructs; both are
    read-only. `description`, `keeps` and `destroys` are those of the background, `notes` say how a user's file was read.
    """

    codes: Codes
    draws: Draws
    description: str = ""
    keeps: str = ""
    destroys: str = ""
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def full_length(self) -> Codes:
        """The sequences with their padding replaced by nucleotides drawn from the profile, (n, 41) uint8.

        Used on both sides of a comparison where a construct reaches beyond the end of a sequence.
        """
        codes = np.where(self.codes == PADDING, self.draws.replacements, self.codes).astype(np.uint8)
        codes.flags.writeable = False
        return codes

    @cached_property
    def distinct(self) -> int:
        """Number of distinct sequences."""
        return len(np.unique(_rows(self.codes)))

    @property
    def caution(self) -> str | None:
        """How a user's file was read, and whether many sequences are identical, so that N counts fewer; None if neither matters."""
        return " ".join((*self.notes, *self._sameness())) or None

    def _sameness(self) -> Iterator[str]:
        if self.distinct >= _MOSTLY_DIFFERENT * len(self):
            return
        if self.distinct == 1:
            yield (
                "All background sequences are one and the same RNA, so N = 1: what is found holds for this RNA, "
                "and there is no interval or test over backgrounds."
            )
        else:
            yield (
                f"Only {self.distinct:,} of the {len(self):,} background sequences are different: "
                f"N counts these {self.distinct:,}, and standard errors and intervals rest on them alone."
            )

    def too_short_for(self, last_position: int) -> NDArray[np.bool_]:
        """Tell which sequences end before a position and so need their full-length form.

        Parameters
        ----------
        last_position : 1-based.

        Returns
        -------
        NDArray
            (n,) bool.
        """
        return lengths(self.codes) < last_position

    def first(self, n: int) -> BackgroundSample:
        """Take the first n sequences, as views of the same arrays."""
        return replace(self, codes=self.codes[:n], draws=self.draws.first(n))


def draw_sample(background: Background, profile: NDArray[np.float64], n: int, rng: np.random.Generator) -> BackgroundSample:
    """Draw the background sequences of an experiment, in read-only arrays.

    Parameters
    ----------
    profile : (41, 4) frequencies, from which missing tails and occluded windows are drawn.
    n : 1 to 100,000.

    Raises
    ------
    BackgroundError
        If n is out of range.
    """
    check_samples(n)
    codes = background.draw(n, rng)
    replacements = Profile(profile).draw(n, rng)
    letters, placements = rng.random((n, LENGTH), dtype=np.float32), rng.random((n, LENGTH), dtype=np.float32)
    for array in (codes, replacements, letters, placements):
        array.flags.writeable = False
    description = background.description
    if isinstance(background, DinucleotideShuffle) and (single := count_single_arrangements(codes, rng)):
        description += f"; {single:,} of the {n:,} have no other arrangement, so they stand as they were"
    draws = Draws(letters, placements, replacements)
    notes = background.notes if isinstance(background, OwnSequences) else ()
    return BackgroundSample(codes, draws, description, background.keeps, background.destroys, notes)


def units_of(codes: Codes) -> NDArray[np.intp] | None:
    """Number the distinct sequences, so that repeats count once.

    Parameters
    ----------
    codes : (n, 41) uint8.

    Returns
    -------
    NDArray or None
        (n,) number of each sequence, from 0, without gaps, the same for identical ones. None where at least nine in ten are
        distinct: then each counts.
    """
    different, numbers = np.unique(_rows(codes), return_inverse=True)
    return None if len(different) >= _MOSTLY_DIFFERENT * len(codes) else numbers.reshape(-1)


def _rows(codes: Codes) -> NDArray[np.void]:
    """Each sequence as one value, (n,)."""
    return np.ascontiguousarray(codes).view(np.dtype((np.void, codes.shape[1]))).reshape(-1)


def check_samples(n: int) -> None:
    """Refuse a number of background sequences outside 1 to 100,000."""
    if not 1 <= n <= MAX_SAMPLES:
        raise BackgroundError(f"N = {n:,}: the number of background sequences must be 1 to {MAX_SAMPLES:,}")
