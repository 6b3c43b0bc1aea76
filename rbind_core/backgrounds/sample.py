"""Background sequences drawn once for an experiment, with everything random that its constructs need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rbind_core.backgrounds.samplers import Background, DinucleotideShuffle, Profile
from rbind_core.backgrounds.shuffles import count_single_arrangements
from rbind_core.constructs import Draws
from rbind_core.errors import BackgroundError
from rbind_core.sequences import LENGTH, PADDING, Codes, lengths

MAX_SAMPLES = 100_000
_MOSTLY_DIFFERENT = 0.9  # share of different sequences above which nothing is said


@dataclass(frozen=True)
class BackgroundSample:
    """Background sequences drawn once and shared, unchanged, by every construct that is compared.

    `codes` is (n, 41) uint8 as drawn, `draws` what decides the random letters and positions of all constructs, both
    read-only. `description`, `keeps` and `destroys` are those of the background.
    """

    codes: Codes
    draws: Draws
    description: str = ""
    keeps: str = ""
    destroys: str = ""

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
        """Number of different sequences among them."""
        rows = np.ascontiguousarray(self.codes).view(np.dtype((np.void, self.codes.shape[1])))
        return len(np.unique(rows))

    @property
    def caution(self) -> str | None:
        """One sentence where many sequences are the same, so that N overstates the evidence; None elsewhere."""
        if self.distinct == 1 or self.distinct >= _MOSTLY_DIFFERENT * len(self):
            return None
        return (
            f"Only {self.distinct:,} of the {len(self):,} background sequences are different: "
            "standard errors and p-values treat all as independent, so they look better than they are."
        )

    def too_short_for(self, last_position: int) -> NDArray[np.bool_]:
        """Tell which sequences end before a position, so that the full-length form is used.

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
        """Take the first n sequences.

        Parameters
        ----------
        n : how many.

        Returns
        -------
        BackgroundSample
            Views of the same arrays.
        """
        return replace(self, codes=self.codes[:n], draws=self.draws.first(n))


def draw_sample(background: Background, profile: NDArray[np.float64], n: int, rng: np.random.Generator) -> BackgroundSample:
    """Draw the background sequences of an experiment.

    Parameters
    ----------
    background : sampler.
    profile : (41, 4) frequencies from which missing tails and occluded windows are drawn.
    n : how many, 1 to 100,000.
    rng : source of randomness.

    Returns
    -------
    BackgroundSample
        Read-only arrays.

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
    return BackgroundSample(codes, Draws(letters, placements, replacements), description, background.keeps, background.destroys)


def check_samples(n: int) -> None:
    """Refuse a number of background sequences that makes no sense.

    Parameters
    ----------
    n : how many.

    Raises
    ------
    BackgroundError
        If n is not between 1 and 100,000.
    """
    if not 1 <= n <= MAX_SAMPLES:
        raise BackgroundError(f"N = {n:,}: the number of background sequences must be 1 to {MAX_SAMPLES:,}")
