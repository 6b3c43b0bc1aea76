"""An experiment under all of the paper's backgrounds: does the answer depend on them (Koo et al. 2021, Fig. S1-S5)?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses import BackgroundChoice
from rbind_core.backgrounds import LABELS, PAPER_NAMES
from rbind_core.experiments.experiment import Analysis, Experiment, Result, run

REFERENCE = "profile"
ENOUGH = 0.9  # share of claims that must hold for a verdict of agreement


@dataclass(frozen=True)
class Robustness:
    """Results of one experiment by name of the background; the profile background is the reference."""

    results: dict[str, Result]

    @property
    def experiment(self) -> Experiment:
        """The experiment that was run."""
        return self.results[REFERENCE].experiment

    @property
    def means(self) -> NDArray[np.float64]:
        """Global importances, (backgrounds, arms) float64."""
        return np.array([[importance.mean for importance in result.importances] for result in self.results.values()])

    @property
    def reversed_claims(self) -> list[tuple[str, str]]:
        """Claims under the profile background that are contradicted under another one: background, claim."""
        return [(name, claim) for name, claim, state in self._claims() if state == "reversed"]

    @property
    def lost_claims(self) -> list[tuple[str, str]]:
        """Claims under the profile background that another one neither makes nor contradicts: background, claim."""
        return [(name, claim) for name, claim, state in self._claims() if state == "lost"]

    @property
    def agrees(self) -> bool | None:
        """Whether no claim is reversed and at least nine in ten are kept; None where there are no claims."""
        states = [state for _, _, state in self._claims()]
        return None if not states else "reversed" not in states and states.count("kept") >= ENOUGH * len(states)

    def _claims(self) -> list[tuple[str, str, str]]:
        """Background, claim and whether it is kept, lost or reversed, for all claims under the reference."""
        reference = self.results[REFERENCE].claims
        found = []
        for name, result in self.results.items():
            states = result.claims if name != REFERENCE else {}
            for claim, state in reference.items():
                if state and name != REFERENCE:
                    found.append((name, claim, {state: "kept", "": "lost"}.get(states[claim], "reversed")))
        return found

    @property
    def verdict(self) -> str:
        """Whether the backgrounds agree or differ, and by how much."""
        noun, reversed_, lost = self.experiment.claims_are
        said = {claim: state for claim, state in self.results[REFERENCE].claims.items() if state}
        if not said:
            return f"Nothing is clear under the {REFERENCE} background, so there is nothing to agree on. {self._amount}"
        what = f"the one {noun} that is clear" if len(said) == 1 else f"the {len(said)} {noun}s that are clear"
        what += f" under the {REFERENCE} background"
        if noun == "verdict":
            what += f" ({'; '.join(state if state.startswith(claim) else f'{claim}: {state}' for claim, state in said.items())})"
        if not self.reversed_claims and not self.lost_claims:
            point = "points" if len(said) == 1 else "point"
            same = f"{point} the same way" if noun == "effect" else "is the same" if len(said) == 1 else "are the same"
            return f"Agree: {what} {same} under all {len(self.results)} backgrounds. {self._amount}"
        trouble = _listed(self.reversed_claims or self.lost_claims)
        if self.agrees:
            return f"Agree: none of {what} is {reversed_} elsewhere; {lost}: {trouble}. {self._amount}"
        return f"Differ: of {what}, {reversed_ if self.reversed_claims else lost}: {trouble}. {self._amount}"

    @property
    def _amount(self) -> str:
        """How much global importances differ from those under the reference."""
        reference = self.means[list(self.results).index(REFERENCE)]
        others = [name for name in self.results if name != REFERENCE]
        differences = np.abs(self.means[[list(self.results).index(name) for name in others]] - reference)
        background, arm = np.unravel_index(int(differences.argmax()), differences.shape)
        share = f" ({differences.mean() / np.abs(reference).mean():.0%})" if reference.any() else ""
        return (
            f"Global importances differ from those under {REFERENCE} by {differences.mean():.2f}{share} on average, "
            f"by {differences.max():.2f} at most ({self.results[REFERENCE].arms[arm].label}, {LABELS[others[background]]})."
        )


def _listed(claims: Sequence[tuple[str, str]], most: int = 3) -> str:
    """The first few claims with their backgrounds."""
    more = f" and {len(claims) - most} more" if len(claims) > most else ""
    return "; ".join(f"{claim} ({LABELS[name]})" for name, claim in claims[:most]) + more


def robustness(
    experiment: Experiment,
    analyse: Callable[[BackgroundChoice], Analysis],
    choice: BackgroundChoice,
    backgrounds: Sequence[str] = PAPER_NAMES,
) -> Robustness:
    """Run an experiment under each of the paper's backgrounds.

    Parameters
    ----------
    analyse : draws a background, such as `functools.partial(prepare, model, predictor)`.
    choice : N, seed and library; its background is ignored.
    backgrounds : names, including the profile.
    """
    return Robustness({name: run(experiment, analyse(replace(choice, background=name))) for name in backgrounds})
