"""Further fine-tuned networks of the 49 measured experiments, for the committee.

A set starts from a panel other than the trunk of the served networks, with its dilations, and tunes its head of one experiment at
a time in one pass over the probes of that panel, as a careful colleague with the same method would. On disk the weights are
float16, which changes no effect by more than 0.001.

`python -m recipes.tuned SET TRAINED FOLDER`, with the folder of trained panels, makes what a set lacks; after a stop the same
command resumes.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rbind_core.data.dataset import public_dataset
from rbind_core.data.rnacompete import experiments
from rbind_core.model.architecture import Architecture, Dropout, build
from rbind_core.model.committee import SET_CARD
from rbind_core.model.inputs import ModelInputs
from rbind_core.model.panel import Panel, read_panel
from rbind_core.model.weights import put_weights, write_weights
from rbind_core.system.files import replace_text
from rbind_core.training.fitting import Recipe, fit
from recipes.panels import PANEL_RECIPES, show, training_rows


@dataclass(frozen=True)
class SetRecipe:
    """The panel that a set starts from, and the tuning."""

    panel: str
    tuning: Recipe


SET_RECIPES = {
    "tuned-2": SetRecipe("panel-2", Recipe(1, 8e-4, dropout=Dropout(0.0, 0.1, 0.2), seed=32)),
}


def tune(experiment: str, panel: Panel, recipe: SetRecipe, folder: Path) -> dict[str, Any]:
    """Tune one network, store it, and return its entry in the card of the set."""
    data, rows = public_dataset(experiment), np.unique(training_rows(PANEL_RECIPES[recipe.panel]))
    model = build(Architecture(dilations=panel.dilations), recipe.tuning.dropout, recipe.tuning.seed)
    put_weights(model, panel.network_of(experiment))
    targets = data.scores[:, None]
    checkpoint = folder / f"{experiment}.checkpoint.npz"
    weights, history = fit(
        model,
        ModelInputs(data.codes[rows]),
        targets[rows],
        ModelInputs(data.codes[data.validation]),
        targets[data.validation],
        recipe.tuning,
        checkpoint,
        show,
    )
    digest = write_weights(folder / f"{experiment}.safetensors", weights, np.float16)
    checkpoint.unlink(missing_ok=True)
    return {"sha256": digest, "validation_pearson": [round(epoch.validation_pearson, 4) for epoch in history]}


def main(name: str, panels: Path, folder: Path) -> None:
    """Tune what is missing."""
    import keras

    recipe = SET_RECIPES[name]
    panel = read_panel(panels / f"{recipe.panel}.json")
    folder.mkdir(parents=True, exist_ok=True)
    card = folder / SET_CARD
    content = json.loads(card.read_text()) if card.exists() else {"experiments": {}}
    content |= {"architecture": {"dilations": list(panel.dilations)}, "recipe": asdict(recipe), "panel_sha256": panel.sha256}
    for experiment in experiments():
        if experiment not in content["experiments"]:
            print(f"{name} {experiment}", file=sys.stderr, flush=True)
            content["experiments"][experiment] = tune(experiment, panel, recipe, folder)
            replace_text(card, json.dumps(content, indent=1) + "\n")
            keras.backend.clear_session()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]) / sys.argv[1])
