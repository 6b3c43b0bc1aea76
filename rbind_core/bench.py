"""Speed measured side by side in one run: the fast predictor against Keras, and the computations a user waits for."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.experiments import BackgroundChoice, prepare
from rbind_core.experiments.canned import Experiment, Result
from rbind_core.experiments.canned import run as run_experiment
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.gia import GlobalImportanceAnalysis
from rbind_core.model.predictor import Predictor
from rbind_core.model.registry import Model, find_model, load_predictor
from rbind_core.motifs import KmerScan, exhaustive_scan, fast_scan

BATCHES = (1000, 8000)
REPEATS = 7


def side_by_side(*works: Callable[[], Any], repeats: int = REPEATS) -> list[NDArray[np.float64]]:
    """Time several pieces of work in turn, so that a drift of the machine's speed meets them all.

    Parameters
    ----------
    *works : called without arguments, once to warm up and then `repeats` times.
    repeats : how often each is timed.

    Returns
    -------
    list of NDArray
        For each piece of work (repeats,) float64 seconds.
    """
    times = np.empty((len(works), repeats))
    for work in works:
        work()
    for turn in range(repeats):
        for number, work in enumerate(works):
            start = time.perf_counter()
            work()
            times[number, turn] = time.perf_counter() - start
    return list(times)


def seconds(work: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Median time of a piece of work.

    Parameters
    ----------
    work : called without arguments.
    repeats : how often it is timed.

    Returns
    -------
    float
        Seconds.
    """
    return float(np.median(side_by_side(work, repeats=repeats)))


def run(
    say: Callable[[str], None] = lambda text: None,
    rbp: str = "RBFOX1",
    batches: Sequence[int] = BATCHES,
    repeats: int = REPEATS,
    k: int = 6,
) -> dict[str, Any]:
    """Measure everything once.

    Parameters
    ----------
    say : called with a line of progress.
    rbp : whose model is measured.
    batches : numbers of sequences the predictors are given.
    repeats : how often each piece of work is timed.
    k : length of the k-mers that are scanned, once fast and once exhaustively.

    Returns
    -------
    dict
        `predictor`: sequences a second of Keras and of the fast predictor, and their ratio, at each batch;
        `largest_difference` between the two; `experiment_seconds` of some canned experiments, background included;
        `gia_seconds` and `ism_seconds` of one request; `kmer_scan`: seconds and predictions of both scans, their ratio, and
        whether they found the same best 20.
    """
    from rbind_core.backgrounds import Profile, dinucleotide_shuffle
    from rbind_core.constructs import parse_construct
    from rbind_core.data.library import profile
    from rbind_core.model.architecture import Architecture, build
    from rbind_core.model.registry import WEIGHTS
    from rbind_core.model.weights import put_weights, read_weights
    from rbind_core.mutagenesis import mutagenesis
    from rbind_core.sequences import decode, one_hot

    model = find_model(rbp)
    predictor = load_predictor(model)
    say(f"{model.label}, engine {predictor.engine}; loading Keras ...")
    network = build(Architecture(dilations=model.dilations))
    put_weights(network, read_weights(model.folder / WEIGHTS))
    rng = np.random.default_rng(0)
    codes = Profile(profile()).draw(max(batches), rng)
    inputs = one_hot(codes)
    difference = np.abs(network.predict(inputs, batch_size=1000, verbose=0)[:, 0] - predictor.predict(codes)).max()

    rows = []
    for n in batches:
        say(f"predictor, {n:,} sequences ...")
        of_keras, of_fast = side_by_side(
            lambda n=n: network.predict(inputs[:n], batch_size=1000, verbose=0),  # type: ignore[misc]
            lambda n=n: predictor.predict(codes[:n]),  # type: ignore[misc]
            repeats=repeats,
        )
        rows.append(
            {
                "sequences": n,
                "keras_per_second": n / float(np.median(of_keras)),
                "fast_per_second": n / float(np.median(of_fast)),
                "ratio": float(np.median(of_keras / of_fast)),
            }
        )

    say("the paper's experiments ...")
    choice = BackgroundChoice()
    experiments = {
        name: seconds(partial(_run_anew, EXPERIMENTS[name].for_model(model), model, predictor, choice), 3)
        for name in ("sites", "stemloop", "spacing")
    }

    say("importance of a new construct, mutagenesis, dinucleotide shuffle ...")
    analysis = prepare(model, predictor, BackgroundChoice())
    analysis.importance(parse_construct("UGCAUG@18"))
    constructs = itertools.cycle(parse_construct(f"UGCAUG@{start}") for start in range(1, 30))
    sequence = decode(codes[:1])[0]
    return {
        "model": model.label,
        "engine": predictor.engine,
        "predictor": rows,
        "largest_difference": float(difference),
        "experiment_seconds": experiments,
        "gia_seconds": seconds(lambda: analysis.importance(next(constructs)), repeats),
        "ism_seconds": seconds(lambda: mutagenesis(predictor, sequence), repeats),
        "dinucleotide_shuffle_seconds": seconds(lambda: dinucleotide_shuffle(codes[:1000], rng), repeats),
        "kmer_scan": _scans(analysis, k, say),
    }


def _scans(analysis: GlobalImportanceAnalysis, k: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Scan all k-mers fast and exhaustively, once each, on the same background sequences."""
    found: dict[str, KmerScan] = {}
    taken = {}
    for name, scan in (("fast", fast_scan), ("exhaustive", exhaustive_scan)):
        say(f"{name} scan of all {4**k:,} {k}-mers ...")
        start = time.perf_counter()
        found[name] = scan(analysis, k)
        taken[name] = time.perf_counter() - start
    top = len(found["fast"].kmers)
    return {
        "k": k,
        "fast_seconds": taken["fast"],
        "exhaustive_seconds": taken["exhaustive"],
        "ratio": taken["exhaustive"] / taken["fast"],
        "fast_predictions": found["fast"].predictions,
        "exhaustive_predictions": found["exhaustive"].predictions,
        "same_top": found["fast"].kmers == found["exhaustive"].kmers[:top],
        "top": top,
    }


def _run_anew(experiment: Experiment, model: Model, predictor: Predictor, choice: BackgroundChoice) -> Result:
    """Run an experiment from drawing the background on, as on a first visit."""
    return run_experiment(experiment, prepare(model, predictor, choice))


def table(results: dict[str, Any]) -> str:
    """Format the measurements for the terminal.

    Parameters
    ----------
    results : of `run`.

    Returns
    -------
    str
        Several lines.
    """
    lines = [f"{results['model']}, engine {results['engine']} (float32)"]
    for row in results["predictor"]:
        lines.append(
            f"{row['sequences']:>6,} sequences: keras.Model.predict(batch_size=1000) {row['keras_per_second']:>8,.0f}/s, "
            f"fast predictor {row['fast_per_second']:>8,.0f}/s, ratio {row['ratio']:.2f}"
        )
    scan = results["kmer_scan"]
    lines += [
        f"largest difference between the two: {results['largest_difference']:.1e} (z-score units)",
        *(
            f"experiment {name}, N = 1,000: {1000 * time_taken:.0f} ms"
            for name, time_taken in results["experiment_seconds"].items()
        ),
        f"importance of a new construct, N = 1,000: {1000 * results['gia_seconds']:.0f} ms",
        f"mutagenesis of a 41-mer: {1000 * results['ism_seconds']:.0f} ms",
        f"dinucleotide shuffle of 1,000 sequences: {1000 * results['dinucleotide_shuffle_seconds']:.0f} ms",
        f"all {4 ** scan['k']:,} {scan['k']}-mers, N = 1,000: exhaustive {scan['exhaustive_seconds']:.1f} s "
        f"({scan['exhaustive_predictions']:,} predictions), fast {scan['fast_seconds']:.1f} s ({scan['fast_predictions']:,}), "
        f"ratio {scan['ratio']:.1f}; best {scan['top']} {'the same' if scan['same_top'] else 'NOT the same'}",
    ]
    return "\n".join(lines)
