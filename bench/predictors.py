"""The fast predictor compared with Keras, and the error of the lower precision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bench.timing import Measure, measure_rate, side_by_side
from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.constructs import parse_construct
from rbind_core.model.predictor import precisions
from rbind_core.model.registry import WEIGHTS, Model, load_predictor
from rbind_core.model.weights import put_weights, read_weights
from rbind_core.rna.sequences import Codes, all_kmers, decode, one_hot

KERAS = "keras.Model.predict"
KERAS_BATCHES = {f"{KERAS}, batches of 1,000": 1000, f"{KERAS}, batches of 32": 32}  # its fastest, and its default


def predictors(model: Model, codes: Codes, batches: Sequence[int], repeats: int, say: Callable[[str], None]) -> Iterator[Measure]:
    """Score the same sequences with Keras and with the fast predictor, in each precision of this computer.

    Parameters
    ----------
    codes : (n, 41) uint8, n that of the largest batch.
    batches : numbers of sequences per call.
    repeats : number of timings of each.
    say : called with a line of progress.

    Returns
    -------
    Iterator of Measure
        Sequences per second for each batch and precision, compared with Keras in its fastest and default batches; then the largest
        differences of scores from Keras in float32.
    """
    from rbind_core.model.architecture import Architecture, build

    say("loading Keras ...")
    network = build(Architecture(dilations=model.dilations))
    put_weights(network, read_weights(model.folder / WEIGHTS))
    fast = {precision: load_predictor(model, precision=precision) for precision in precisions()}
    inputs = one_hot(codes)
    for n in batches:
        say(f"predictor, {n:,} sequences ...")
        times = side_by_side(
            *(lambda n=n, b=b: network.predict(inputs[:n], batch_size=b, verbose=0) for b in KERAS_BATCHES.values()),  # type: ignore[misc]
            *(lambda n=n, p=p: p.predict(codes[:n]) for p in fast.values()),  # type: ignore[misc]
            repeats=repeats,
        )
        of_keras, of_fast = times[: len(KERAS_BATCHES)], times[len(KERAS_BATCHES) :]
        for precision, own in zip(fast, of_fast, strict=True):
            for name, keras in zip(KERAS_BATCHES, of_keras, strict=True):
                yield measure_rate(f"predictor, {precision}, {n:,} sequences", n, own, name, keras)
    exact = network.predict(inputs, batch_size=1000, verbose=0)[:, 0]
    for precision, predictor in fast.items():
        yield Measure(f"largest difference of a score, {precision}", float(np.abs(predictor.predict(codes) - exact).max()), "z")


def importance_error(model: Model, kmers: int, samples: int, seed: int = 0) -> Iterator[Measure]:
    """Compare global importances in the lower precision with those in float32.

    Parameters
    ----------
    kmers : number of random 6-mers, including the model's best.
    samples : number of background sequences (profile).
    seed : of the background and the 6-mers.

    Returns
    -------
    Iterator of Measure
        The largest difference; none if this computer has no lower precision.
    """
    if "bfloat16" not in precisions():
        return
    drawn = np.random.default_rng(seed).choice(all_kmers(6), kmers - 1, replace=False)
    constructs = [parse_construct(f"{kmer}@18") for kmer in {model.top_kmer or "UGCAUG", *decode(drawn)}]
    choice = BackgroundChoice(samples=samples, seed=seed)
    exact, low = (
        np.array([r.mean for r in prepare(model, load_predictor(model, precision=p), choice).importances(constructs)])
        for p in ("float32", "bfloat16")
    )
    yield Measure(
        f"largest difference of a global importance, bfloat16, {len(constructs)} 6-mers, N = {samples:,}",
        float(np.abs(low - exact).max()),
        "z",
    )
