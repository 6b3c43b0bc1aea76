"""The computations that a user waits for: importances, mutagenesis, scans, experiments and background samplers."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from bench.timing import Measure, measure_seconds
from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.analyses.gia import GlobalImportanceAnalysis
from rbind_core.analyses.mutagenesis import mutagenesis
from rbind_core.backgrounds import NAMES, Profile, draw_sample, make_background
from rbind_core.constructs import parse_construct
from rbind_core.data.library import designed_library, profile
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.experiments.experiment import Experiment, Result
from rbind_core.experiments.experiment import run as run_experiment
from rbind_core.model.committee import PANEL_NAMES
from rbind_core.model.panel import read_panel
from rbind_core.model.predictor import Predictor, precisions
from rbind_core.model.registry import Model, load_predictor
from rbind_core.motifs import KmerScan, exhaustive_scan, fast_scan
from rbind_core.motifs.panel_scan import panel_scan
from rbind_core.rna.sequences import Codes, decode
from rbind_core.system.paths import PANELS

TIMED = ("sites", "spacing", "stemloop")
_Scan = Callable[[GlobalImportanceAnalysis, int], KmerScan]


def requests(model: Model, codes: Codes, many: int, samples: int, repeats: int) -> Iterator[Measure]:
    """Time the computations behind one click, in seconds.

    Parameters
    ----------
    codes : (n, 41) uint8 to mutate, at least `many`.
    many : number of sequences of the second mutagenesis.
    samples : number of background sequences of importances and experiments.
    repeats : number of timings of each.
    """
    predictor = load_predictor(model)
    choice = BackgroundChoice(samples=samples)
    analysis = prepare(model, predictor, choice)
    analysis.importance(parse_construct("UGCAUG@18"))
    anew = itertools.cycle(parse_construct(f"UGCAUG@{start}") for start in range(1, 30))
    yield measure_seconds(f"importance of a new construct, N = {samples:,}", lambda: analysis.importance(next(anew)), repeats)
    sequences = decode(codes[:many])
    yield measure_seconds("mutagenesis of one RNA of 41 nt", lambda: mutagenesis(predictor, sequences[0]), repeats)
    start = time.perf_counter()
    for sequence in sequences:
        mutagenesis(predictor, sequence)
    yield Measure(f"mutagenesis of {many:,} RNAs", time.perf_counter() - start, "s")
    for name in TIMED:
        run_anew = partial(_run_anew, EXPERIMENTS[name].for_model(model), model, predictor, choice)
        yield measure_seconds(f"experiment {name}, background drawn anew, N = {samples:,}", run_anew, min(repeats, 3))


def _run_anew(experiment: Experiment, model: Model, predictor: Predictor, choice: BackgroundChoice) -> Result:
    """Run an experiment including the drawing of its background, as on a first visit."""
    return run_experiment(experiment, prepare(model, predictor, choice))


def scans(model: Model, k: int, samples: int, say: Callable[[str], None]) -> Iterator[Measure]:
    """Scan all k-mers once exhaustively and once fast, on the same background sequences.

    Parameters
    ----------
    k : length in nt.
    samples : number of background sequences.
    say : called with a line of progress.

    Returns
    -------
    Iterator of Measure
        Seconds, compared with the exhaustive scan; then how many of the best 20 agree, in order.
    """
    analysis = prepare(model, load_predictor(model), BackgroundChoice(samples=samples))
    scout = load_predictor(model, precision="bfloat16") if "bfloat16" in precisions() else None
    name = f"scan of all {4**k:,} {k}-mers, N = {samples:,}"
    say(f"exhaustive {name} ...")
    exhaustive, of_exhaustive = _timed(exhaustive_scan, analysis, k)
    ways = {"fast": fast_scan} | ({"fast, first round in bfloat16": partial(fast_scan, scout=scout)} if scout else {})
    for way, scan in ways.items():
        say(f"{way}: {name} ...")
        fast, seconds = _timed(scan, analysis, k)
        same = sum(a == b for a, b in zip(fast.kmers, exhaustive.kmers[: len(fast.kmers)], strict=True))
        yield Measure(f"{name}: {way}", seconds, "s", "exhaustive", of_exhaustive, of_exhaustive / seconds)
        yield Measure(f"predictions of it: {way}", fast.predictions, "", "exhaustive", exhaustive.predictions)
        yield Measure(f"of its best {len(fast.kmers)}, in their places by the exhaustive scan: {way}", same, "")


def scans_of_all(k: int, samples: int, proteins: int, say: Callable[[str], None]) -> Iterator[Measure]:
    """Scan all k-mers for many proteins in one pass of the panel, and for each of them alone.

    Parameters
    ----------
    k : length in nt.
    samples : number of background sequences.
    proteins : number of heads, from the first.
    say : called with a line of progress.

    Returns
    -------
    Iterator of Measure
        Seconds, with the making of each predictor, and the largest difference between the two ways.
    """
    panel = read_panel(PANELS / f"{PANEL_NAMES[0]}.json")
    heads = panel.heads[:proteins]
    sample = draw_sample(Profile(profile()), profile(), samples, np.random.default_rng(0))
    name = f"scan of all {4**k:,} {k}-mers for {len(heads)} proteins, N = {samples:,}"
    say(f"{name} ...")
    start = time.perf_counter()
    together = panel_scan(panel.predictor(heads), sample, k=k)
    in_one_pass, largest, start = time.perf_counter() - start, 0.0, time.perf_counter()
    for number, head in enumerate(heads):
        alone = panel_scan(panel.predictor([head]), sample, k=k)
        largest = max(largest, float(np.abs(alone.mean[:, 0] - together.mean[:, number]).max()))
    one_by_one = time.perf_counter() - start
    yield Measure(name, in_one_pass, "s", "one protein at a time", one_by_one, one_by_one / in_one_pass)
    yield Measure("largest difference of an importance between the two", largest, "z")


def _timed(scan: _Scan, analysis: GlobalImportanceAnalysis, k: int) -> tuple[KmerScan, float]:
    start = time.perf_counter()
    found = scan(analysis, k)
    return found, time.perf_counter() - start


def samplers(n: int, repeats: int) -> Iterator[Measure]:
    """Draw sequences with every kind of background.

    Parameters
    ----------
    n : number of sequences.
    repeats : number of timings of each.

    Returns
    -------
    Iterator of Measure
        Seconds, without making the sampler from its library.
    """
    library = designed_library().codes
    scores = np.arange(len(library), dtype=np.float32)
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        fasta = Path(folder) / "own.fa"
        fasta.write_text("\n".join(f">{number}\n{rna}" for number, rna in enumerate(decode(library[:n]))))
        context = decode(library[:1])[0]
        for name in NAMES:
            sampler = make_background(name, profile(), library, scores, context=context, fasta=str(fasta))
            yield measure_seconds(f"{n:,} sequences of the background {name}", partial(sampler.draw, n, rng), repeats)
