"""Expected quality of taught models: each measured protein is treated as if its scores were not public.

In five folds the measured scores of a fifth of the proteins, with all their experiments and paralogues, are used nowhere: neither
as heads, nor in the teachers' projection. Their taught heads are then compared with what was measured, on set B. DeepBind was
fitted to sets A and B of these experiments, and so are the teachers of the unmeasured ones.

`python -m recipes.left_out FOLDER` trains the folds that are missing, resuming, and writes `pretrained/left_out.tsv`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from rbind_core.data.constructs import constructs
from rbind_core.data.rnacompete import experiments, load_probes
from rbind_core.model.panel import read_panel
from rbind_core.model.registry import find_model
from rbind_core.quality.left_out import COLUMNS, LEFT_OUT
from rbind_core.system.paths import PANELS
from rbind_core.training.fitting import pearson_of_columns
from recipes.panels import PanelRecipe, show, train_panel
from recipes.panels import trained as trained_for
from recipes.taught_heads import served_panel
from recipes.teachers import Shares, columns_of, measured_scores, published_scores

FOLDS = 5
FOLD_RECIPE = PanelRecipe((1, 2, 4), False, Shares(0.7, 0.2), trained_for(14, 21))


def folds() -> list[list[str]]:
    """The measured experiments in five parts of about the same size; paralogues and experiments of one protein stay together."""
    groups: dict[str, list[str]] = {}
    for experiment in experiments():
        groups.setdefault(constructs()[experiment].paralogue_group, []).append(experiment)
    parts: list[list[str]] = [[] for _ in range(FOLDS)]
    for name in sorted(groups, key=lambda name: (-len(groups[name]), name)):
        min(parts, key=len).extend(groups[name])
    return [sorted(part) for part in parts]


def main(folder: Path) -> None:
    """Train what is missing, then compare everything once."""
    for number, left_out in enumerate(folds(), start=1):
        name = f"fold-{number}"
        if not (folder / f"{name}.json").exists():
            print(f"{name}: without {', '.join(experiments()[one].protein for one in left_out)}", file=sys.stderr)
            train_panel(FOLD_RECIPE, folder, name, left_out, show)
    rows = [row for number, left_out in enumerate(folds(), start=1) for row in compared(folder, number, left_out)]
    table = pd.DataFrame(rows, columns=COLUMNS).sort_values("experiment").round(4)
    part = LEFT_OUT.with_suffix(".part")
    table.to_csv(part, sep="\t", index=False)
    part.replace(LEFT_OUT)
    print(table.describe().to_string(), file=sys.stderr)


def compared(folder: Path, number: int, left_out: list[str]) -> list[list[object]]:
    """Test Pearson of teacher, taught head, measured head of the panel, and served network, for one fold."""
    probes = load_probes()
    test = np.flatnonzero(probes.in_set_b)
    measured = measured_scores()[test][:, columns_of(left_out, list(experiments()))]
    teacher = published_scores(folder)[test][:, columns_of(left_out, sorted(constructs()))].astype(np.float32)
    fold = served_panel(read_panel(folder / f"fold-{number}.json")).predictor(left_out)
    panel = read_panel(PANELS / "panel-1.json").predictor(left_out)
    columns = [
        pearson_of_columns(scores, measured) for scores in (teacher, *(p.predict_all(probes.codes[test]) for p in (fold, panel)))
    ]
    rows = []
    for place, experiment in enumerate(left_out):
        model = find_model(experiment)
        found = [float(column[place]) for column in columns]
        rows.append([experiment, model.protein, number, *found, model.pearson_test, model.ceiling, len(test)])
    return rows


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PANELS)
