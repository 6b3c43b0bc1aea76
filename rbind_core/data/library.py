"""Probe libraries to browse and to draw backgrounds from: designed probes, or held-out measured ones.

The designed probes are drawn from the nucleotide profile of the test probes, with every 6-mer planted twice. So
the app works out of the box; the measured set B replaces them once it has been fetched.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rbind_core.backgrounds import Profile
from rbind_core.data import fetch
from rbind_core.data.imported import imported_dataset, imported_experiments
from rbind_core.data.rnacompete import experiments, load_intensities, load_probes
from rbind_core.data.transforms import Normalisation
from rbind_core.data.vts1 import FILES as VTS1_FILES
from rbind_core.data.vts1 import VTS1, vts1_dataset
from rbind_core.errors import DataError
from rbind_core.rna.sequences import LENGTH, PADDING, Codes, all_kmers
from rbind_core.system.paths import PROFILE

DESIGNED, MEASURED = "designed", "measured"
LIBRARY_LABELS = {DESIGNED: "designed probes", MEASURED: "measured set B"}
LIBRARY_NAMES = tuple(LIBRARY_LABELS)
_MEASURED_ELSEWHERE = "measured test probes"
_DESIGN_SEED = 41
_PLANTED_K = 6


@dataclass(frozen=True)
class ProbeLibrary:
    """Probes to browse and to draw backgrounds from.

    `codes` is (m, 41) uint8; `measured` is (m,) float32 z-scores of log intensity, or None for designed probes;
    `label` is shown to users.
    """

    name: str
    codes: Codes
    measured: NDArray[np.float32] | None = None
    label: str = LIBRARY_LABELS[DESIGNED]


def library_label(library: str, experiment: str) -> str:
    """Name a library for users.

    Parameters
    ----------
    library : 'designed' or 'measured'.
    experiment : whose measured probes they are.

    Returns
    -------
    str
        'measured set B' only for RNAcompete 2013, since other experiments have other probes.
    """
    return LIBRARY_LABELS[library] if library == DESIGNED or experiment in experiments() else _MEASURED_ELSEWHERE


@cache
def profile() -> NDArray[np.float64]:
    """Mean nucleotide frequency at each position of the test probes (set B).

    Returns
    -------
    NDArray
        (41, 4) float64, each row sums to 1, read-only.

    Raises
    ------
    DataError
        If the bundled file is missing or damaged.
    """
    try:
        frequencies = np.array(json.loads(PROFILE.read_text())["frequencies"], dtype=np.float64)
        if frequencies.shape != (LENGTH, 4):
            raise ValueError(f"its shape is {frequencies.shape}; expected {(LENGTH, 4)}")
        if not ((frequencies >= 0).all() and np.allclose(frequencies.sum(axis=1), 1, atol=1e-3)):  # NaN neither
            raise ValueError("its rows are not frequencies that sum to 1")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        reason = (error.strerror or "it cannot be read") if isinstance(error, OSError) else f"{error or type(error).__name__}"
        raise DataError(
            f"{PROFILE.name}: the bundled background profile cannot be read ({reason}); install RBind again to have it back"
        ) from None
    frequencies /= frequencies.sum(axis=1, keepdims=True)
    frequencies.flags.writeable = False
    return frequencies


@cache
def designed_library() -> ProbeLibrary:
    """Design 4,096 probes of 30-41 nt from the profile, always the same, with every 6-mer in two of them."""
    rng = np.random.default_rng(_DESIGN_SEED)
    kmers = all_kmers(_PLANTED_K)
    n = len(kmers)
    codes = Profile(profile()).draw(n, rng)
    length = rng.integers(30, LENGTH + 1, n)
    middle = length // 2
    for first, last in ((np.zeros(n, int), middle), (middle, length)):  # one 6-mer in each half
        start = rng.integers(first, last - _PLANTED_K + 1)
        codes[np.arange(n)[:, None], start[:, None] + np.arange(_PLANTED_K)] = rng.permutation(kmers)
    codes[np.arange(LENGTH) >= length[:, None]] = PADDING
    codes.flags.writeable = False
    return ProbeLibrary(DESIGNED, codes)


@cache
def _set_b() -> Codes:
    probes = load_probes()
    codes = probes.codes[probes.in_set_b]
    codes.flags.writeable = False
    return codes


def measured_probes(experiment: str, normalisation: Normalisation) -> ProbeLibrary:
    """Read the probes of an experiment that no model was trained on, with their measured scores.

    Parameters
    ----------
    experiment : id of a public or an imported one.
    normalisation : of the model, so that measured and predicted are on one scale.

    Returns
    -------
    ProbeLibrary
        Set B for RNAcompete 2013, the published test part for VTS1, the file's test part for an imported experiment.

    Raises
    ------
    DataError
        If the data are missing or damaged.
    """
    if experiment in experiments() or experiment not in {VTS1.id, *imported_experiments()}:
        return measured_set_b(experiment, normalisation)
    dataset = vts1_dataset() if experiment == VTS1.id else imported_dataset(experiment)
    scores = dataset.scores[dataset.test] * dataset.normalisation.standard_deviation + dataset.normalisation.mean
    return ProbeLibrary(MEASURED, dataset.codes[dataset.test], normalisation.apply(scores), _MEASURED_ELSEWHERE)


def measured_set_b(experiment: str, normalisation: Normalisation) -> ProbeLibrary:
    """Read the held-out probes of set B with the scores measured for one experiment.

    Parameters
    ----------
    normalisation : of the model, so that measured and predicted are on one scale.

    Returns
    -------
    ProbeLibrary
        121,031 probes, fewer where scores are missing.

    Raises
    ------
    DataError
        If the files are missing (the message says how to fetch them) or damaged.
    """
    scores = normalisation.apply(load_intensities(experiment)[load_probes().in_set_b])
    known = np.isfinite(scores)
    codes = _set_b() if known.all() else _set_b()[known]
    return ProbeLibrary(MEASURED, codes, scores[known], LIBRARY_LABELS[MEASURED])


def files_for(experiment: str) -> list[str]:
    """Names of the public files for the measured library of an experiment; empty where none are known."""
    if experiment == VTS1.id:
        return list(VTS1_FILES)
    return [fetch.METADATA, fetch.intensities_file(experiment)] if experiment in experiments() else []


def is_measured_available(experiment: str) -> bool:
    """Tell whether the measured library of an experiment can be read without a download."""
    names = files_for(experiment)
    return all(fetch.is_available(name) for name in names) if names else experiment in imported_experiments()
