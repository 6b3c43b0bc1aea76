"""The heads that a panel serves, made from those that it was trained with; nothing is trained here.

A head is linear in the last hidden layer, so a weighted sum of heads is a head too. The head of an experiment without public scores
is

    z(t) + a z(b) + w z(p) + v z(m),

where t is the head of DeepBind's published scores, b that of the improved ones, p the ridge projection of t on the measured heads,
and m the mean of the measured heads. Unlike the teachers, all of these are functions of the sequence alone: probes have noise in
common that a projection on measured scores takes up and no network can learn. The sum is scaled to the standard deviation that
the best prediction of a z-score with the expected correlation has.

`python -m recipes.taught_heads choose FOLDER` prints the mean Pearson on the validation part over the left-out experiments of
`recipes.left_out` for a grid of weights, which differ little (0.5595 at best; 0.5585 for those below, which of all within 0.001 of
the best take least from other proteins); `python -m recipes.taught_heads make FOLDER` writes the panels that ship.
"""

from __future__ import annotations

import itertools
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.data.dataset import split_of_set_a
from rbind_core.data.deepbind_files import deepbind_files
from rbind_core.data.rnacompete import experiments, load_probes
from rbind_core.model.architecture import Architecture
from rbind_core.model.panel import MEASURED, TAUGHT, Panel, read_panel, write_panel
from rbind_core.model.weights import Weights
from rbind_core.system.paths import PANELS
from rbind_core.training.fitting import pearson_of_columns
from recipes.panels import IMPROVED, PANEL_RECIPES, PUBLISHED
from recipes.teachers import columns_of, measured_scores

EVERY = 6  # of the training probes, for means, deviations and projections of heads
RIDGE = 0.1  # penalty, as a share of the number of probes


@dataclass(frozen=True)
class HeadShares:
    """Weights of the improved head, the projection and the mean of the measured heads beside the published head."""

    improved: float = 0.5
    projection: float = 0.4
    mean: float = 0.2


SHARES = HeadShares()
EXPECTED_PEARSON = 0.56  # mean over the left-out experiments; the standard deviation of taught predictions


@dataclass(frozen=True)
class Heads:
    """Standardised heads as sums of a panel's outputs: (outputs, n) coefficients and (n,) constants, with (probes, n) values."""

    coefficients: NDArray[np.float64]
    constants: NDArray[np.float64]
    values: NDArray[np.float64]

    @classmethod
    def standardised(cls, coefficients: NDArray[np.float64], outputs: NDArray[np.float64]) -> Heads:
        """Sums with mean 0 and standard deviation 1 over some probes."""
        values = outputs @ coefficients
        mean, deviation = values.mean(axis=0), values.std(axis=0)
        return cls(coefficients / deviation, -mean / deviation, (values - mean) / deviation)

    def plus(self, share: float, other: Heads) -> Heads:
        """Add a share of other heads."""
        return Heads(
            self.coefficients + share * other.coefficients,
            self.constants + share * other.constants,
            self.values + share * other.values,
        )


@dataclass(frozen=True)
class Parts:
    """What taught heads are put together from, each standardised over training probes; `outputs` are the panel's there."""

    outputs: NDArray[np.float64]
    published: Heads
    improved: Heads
    projection: Heads
    mean: Heads

    def together(self, shares: HeadShares) -> Heads:
        """The weighted sum, standardised."""
        total = self.published.plus(shares.improved, self.improved).plus(shares.projection, self.projection)
        return Heads.standardised(total.plus(shares.mean, self.mean).coefficients, self.outputs)


def parts_of(panel: Panel, taught: list[str]) -> Parts:
    """The parts of the heads of some experiments without measured scores."""
    training, _ = split_of_set_a()
    outputs = panel.predictor().predict_all(load_probes().codes[training[::EVERY]]).astype(np.float64)
    unit = np.eye(outputs.shape[1])
    known = [number for number, head in enumerate(panel.heads) if ":" not in head]
    published, improved = (
        Heads.standardised(unit[:, columns_of([f"{kind}{one}" for one in taught], panel.heads)], outputs)
        for kind in (PUBLISHED, IMPROVED)
    )
    measured = Heads.standardised(unit[:, known], outputs)
    x = measured.values
    beta = np.linalg.solve(x.T @ x + RIDGE * len(x) * np.eye(x.shape[1]), x.T @ published.values)
    projection = Heads.standardised(measured.coefficients @ beta, outputs)
    mean = Heads.standardised(np.repeat(measured.coefficients.mean(axis=1, keepdims=True), len(taught), axis=1), outputs)
    return Parts(outputs, published, improved, projection, mean)


def served_panel(panel: Panel, shares: HeadShares = SHARES, scale: float = EXPECTED_PEARSON) -> Panel:
    """The panel with a measured head where there is one, and a taught head for every other experiment of DeepBind."""
    known = [head for head in panel.heads if ":" not in head]
    taught = [one for one in deepbind_files() if one not in known]
    heads = parts_of(panel, taught).together(shares)
    kernel, bias = (panel.weights[f"score/{part}"].astype(np.float64) for part in ("kernel", "bias"))
    columns = columns_of(known, panel.heads)
    weights: Weights = panel.weights | {
        "score/kernel": np.hstack([kernel[:, columns], scale * kernel @ heads.coefficients]).astype(np.float32),
        "score/bias": np.concatenate([bias[columns], scale * (bias @ heads.coefficients + heads.constants)]).astype(np.float32),
    }
    card = panel.card | {
        "architecture": asdict(Architecture(dilations=panel.dilations, outputs=len(known) + len(taught))),
        "experiments": [*known, *taught],
        "scores": [MEASURED] * len(known) + [TAUGHT] * len(taught),
        "head_shares": asdict(shares),
        "standard_deviation_of_taught": scale,
    }
    return Panel(panel.name, (*known, *taught), panel.dilations, card, weights)


def choose(folder: Path) -> None:
    """Print the mean validation Pearson over left-out experiments for a grid of shares."""
    _, validation = split_of_set_a()
    codes = load_probes().codes[validation]
    found: dict[HeadShares, list[float]] = {}
    for path in sorted(folder.glob("fold-*.json")):
        panel = read_panel(path)
        left_out = panel.card["left_out"]
        outputs = panel.predictor().predict_all(codes).astype(np.float64)
        measured = measured_scores()[validation][:, columns_of(left_out, list(experiments()))]
        parts = parts_of(panel, left_out)
        for shares in itertools.starmap(HeadShares, itertools.product((0, 0.5, 1, 2), (0, 0.2, 0.4, 0.8), (0, 0.1, 0.2, 0.4))):
            scores = outputs @ parts.together(shares).coefficients
            found.setdefault(shares, []).extend(pearson_of_columns(scores, measured).tolist())
    for shares, values in sorted(found.items(), key=lambda item: -float(np.mean(item[1])))[:15]:
        print(f"{np.mean(values):.4f} over {len(values)}: {shares}")


def make(folder: Path) -> None:
    """Write the panels that ship, as float16."""
    for name in PANEL_RECIPES:
        panel = served_panel(read_panel(folder / f"{name}.json"))
        content = {key: value for key, value in panel.card.items() if key != "sha256"}
        print(write_panel(PANELS / f"{name}.json", content, panel.weights))


if __name__ == "__main__":
    {"choose": choose, "make": make}[sys.argv[1]](Path(sys.argv[2]))
