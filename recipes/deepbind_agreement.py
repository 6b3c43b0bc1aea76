"""DeepBind's best 6-mers, and how far its scores agree with those of the served networks on set B.

`python -m recipes.deepbind_agreement FOLDER`, with the folder of DeepBind's scores, writes `pretrained/deepbind_agreement.tsv`
after the cards of all models are there.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from rbind_core.data.deepbind_files import deepbind_files
from rbind_core.data.rnacompete import load_probes
from rbind_core.model.panel import read_panel
from rbind_core.model.registry import Model, list_models, load_predictor
from rbind_core.quality.deepbind_agreement import AGREEMENT, COLUMNS
from rbind_core.rna.sequences import Codes, all_kmers, decode
from rbind_core.system.paths import BUNDLED_MODELS
from rbind_core.training.fitting import pearson_of_columns
from recipes.teachers import columns_of, published_scores

K = 6
EVERY = 4  # of the probes of set B
FEWEST = 20  # probes that must hold a 6-mer


def best_kmers(codes: Codes, scores: NDArray[np.float32]) -> list[str]:
    """The 6-mer whose probes score highest on average, for each column of scores, (probes, m)."""
    held = _holding(codes)
    counts = np.asarray(held.sum(axis=0)).ravel()
    means = np.where((counts >= FEWEST)[:, None], (held.T @ scores) / np.maximum(counts, 1)[:, None], -np.inf)
    return decode(all_kmers(K)[means.argmax(axis=0)])


def _holding(codes: Codes) -> csr_array:
    """(probes, 4096), 1 where a probe holds the k-mer, in alphabetical order."""
    windows = np.lib.stride_tricks.sliding_window_view(codes.astype(np.int64), K, axis=1)
    probe, start = np.nonzero((windows < 4).all(axis=2))
    kmer = windows[probe, start] @ 4 ** np.arange(K)[::-1]
    held = csr_array((np.ones(len(probe), np.float32), (probe, kmer)), shape=(len(codes), 4**K))
    held.sum_duplicates()
    held.data[:] = 1
    return held


def predictions(models: list[Model], codes: Codes) -> NDArray[np.float32]:
    """Scores of the served networks, (probes, models); heads of one panel in one pass."""
    scores = np.empty((len(codes), len(models)), np.float32)
    for card in {model.weights_file.with_suffix(".json") for model in models if model.panel}:
        own = [n for n, model in enumerate(models) if model.panel and model.weights_file.with_suffix(".json") == card]
        scores[:, own] = read_panel(card).predictor([models[n].measured_in for n in own]).predict_all(codes)
    for number, model in enumerate(models):
        if not model.panel:
            scores[:, number] = load_predictor(model).predict(codes)
    return scores


def main(folder: Path) -> None:
    """Compare all models that are named like their experiment."""
    known = list(deepbind_files())
    models = [m for m in list_models([BUNDLED_MODELS]) if m.experiment in known and not m.structure and not m.problem]
    probes = load_probes()
    test = np.flatnonzero(probes.in_set_b)[::EVERY]
    columns = columns_of([model.experiment for model in models], known)
    deepbind = published_scores(folder)[test][:, columns].astype(np.float32)
    correlations = pearson_of_columns(predictions(models, probes.codes[test]), deepbind)
    tops = best_kmers(probes.codes[test], deepbind)
    rows = zip([m.experiment for m in models], tops, correlations.round(4), [len(test)] * len(models), strict=True)
    part = AGREEMENT.with_suffix(".part")
    pd.DataFrame(rows, columns=COLUMNS).to_csv(part, sep="\t", index=False)
    part.replace(AGREEMENT)
    print(pd.Series(correlations).describe().to_string(), file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
