"""Does `who` name proteins where there is nothing to name? Random RNAs, all proteins, and the share of RNAs with any protein named.

At a false discovery rate of 5 % at most 5 % of random RNAs should have one, since all that is named there is false.

`python -m recipes.who_null` asks 200 RNAs of 300 nt and prints the share; `python -m recipes.who_null 40` asks 40.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rbind_core.model.registry import list_models
from rbind_core.rna.sequences import ALPHABET
from rbind_core.who.networks import Networks, open_networks
from rbind_core.who.ranking import who_binds

RNAS, LENGTH, SEED = 200, 300, 0


@dataclass(frozen=True)
class NullCheck:
    """How many random RNAs have how many proteins named, and the p-values of all, in the order of RNAs and ranks."""

    named: tuple[int, ...]
    p: tuple[float, ...]

    @property
    def share(self) -> float:
        """Share of the RNAs with any protein named."""
        return sum(count > 0 for count in self.named) / len(self.named)

    def p_below(self, level: float) -> float:
        """Share of the p-values up to a level, which should be that level or less."""
        return float(np.mean(np.array(self.p) <= level))


def check_null(
    networks: Networks,
    rng: np.random.Generator,
    rnas: int = RNAS,
    length: int = LENGTH,
    say: Callable[[str], None] | None = None,
) -> NullCheck:
    """Ask all proteins about random RNAs of equal letter frequencies.

    Parameters
    ----------
    length : of each RNA, nt.
    say : called with a line of progress.
    """
    named: list[int] = []
    p: list[float] = []
    for number in range(1, rnas + 1):
        found = who_binds("".join(rng.choice(list(ALPHABET), length)), networks, rng)
        named.append(len(found.called))
        p += [row.p for row in found.rows]
        if say is not None and number % 10 == 0:
            say(f"{number} RNAs, {sum(count > 0 for count in named)} with a protein named")
    return NullCheck(tuple(named), tuple(p))


def main() -> None:
    """Ask as many RNAs as the command line says."""
    rnas = int(sys.argv[1]) if len(sys.argv) > 1 else RNAS
    found = check_null(open_networks(list_models()), np.random.default_rng(SEED), rnas, say=print)
    levels = ", ".join(f"{found.p_below(level):.5f} of p up to {level}" for level in (0.05, 0.01, 0.001, 0.0002))
    print(f"a protein is named in {found.share:.1%} of {rnas} random RNAs of {LENGTH} nt; {levels}")


if __name__ == "__main__":
    main()
