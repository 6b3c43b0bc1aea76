"""The command line and the Python that reproduce a result; a test compares them with the numbers shown."""

from __future__ import annotations

from collections.abc import Sequence

from rbind_core.analyses import BackgroundChoice
from rbind_core.constructs import Construct
from rbind_core.experiments.experiment import Experiment
from rbind_core.model.registry import Model
from rbind_core.motifs import KMER_START
from rbind_core.system.quoting import in_python, in_shell


def gia_command(model: Model, choice: BackgroundChoice, constructs: Sequence[Construct], committee: bool = False) -> str:
    """Command that measures constructs, for a shell in the project's folder.

    Parameters
    ----------
    constructs : at least one.
    committee : whether in the other networks too.
    """
    patterns = " ".join(f"--pattern {in_shell(construct.text)}" for construct in constructs)
    return f"./rbind gia --rbp {in_shell(model.experiment)} {patterns} {choice.command_options()}{_networks(committee)} --json"


def _networks(committee: bool) -> str:
    return " --networks committee" if committee else ""


def gia_python(model: Model, choice: BackgroundChoice, constructs: Sequence[Construct], committee: bool = False) -> str:
    """Python that prints the global importances of constructs with their 95 % confidence intervals.

    Parameters
    ----------
    constructs : at least one.
    committee : whether in the other networks too.
    """
    texts = [construct.text for construct in constructs]
    others = _others_python(f"[parse_construct(text) for text in {texts}]") if committee else ""
    return f"""from rbind_core.constructs import parse_construct
from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.model.registry import find_model, load_predictor

model = find_model({in_python(model.experiment)})
analysis = prepare(model, load_predictor(model), {choice.python()})
for text in {texts}:
    importance = analysis.importance(parse_construct(text))
    print(text, importance.mean, importance.ci95)
{others}"""


def _others_python(constructs: str) -> str:
    return f"""
from rbind_core.analyses.in_networks import in_networks
from rbind_core.model.committee import open_committee

for spread in in_networks(analysis, open_committee(model), {constructs}).all:
    print(spread.sentence(), spread.interval95)
"""


def kmers_command(model: Model, choice: BackgroundChoice, k: int = 6, start: int = KMER_START, exhaustive: bool = False) -> str:
    """Command that ranks k-mers, for a shell in the project's folder.

    Parameters
    ----------
    k : length in nt.
    start : 1-based position of the first nucleotide.
    exhaustive : whether to measure every k-mer on all background sequences.
    """
    mode = " --exhaustive" if exhaustive else ""
    return f"./rbind kmers --rbp {in_shell(model.experiment)} -k {k} --start {start} {choice.command_options()}{mode} --json"


def kmers_python(model: Model, choice: BackgroundChoice, k: int = 6, start: int = KMER_START, exhaustive: bool = False) -> str:
    """Python that prints the best 20 k-mers with their standard errors.

    Parameters
    ----------
    k : length in nt.
    start : 1-based position of the first nucleotide.
    exhaustive : whether to measure every k-mer on all background sequences.
    """
    scan = "exhaustive_scan" if exhaustive else "fast_scan"
    return f"""from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.motifs import {scan}

model = find_model({in_python(model.experiment)})
analysis = prepare(model, load_predictor(model), {choice.python()})
for best in {scan}(analysis, k={k}, start={start}).best(20):
    print(best.kmer, best.global_importance, best.standard_error)
"""


def card_command(model: Model) -> str:
    """Command that ranks 6-mers as on a model's card, for a shell in the project's folder."""
    return f"./rbind kmers --rbp {in_shell(model.experiment)} --json"


def card_python(model: Model) -> str:
    """Python that prints the best 6-mers of a model's card."""
    return f"""from rbind_core.model.registry import find_model

print(find_model({in_python(model.experiment)}).top_kmers)
"""


def motif_command(model: Model) -> str:
    """Command that compares a model's motif with the published one, for a shell in the project's folder."""
    return f"./rbind motif --rbp {in_shell(model.experiment)} --json"


def motif_python(model: Model) -> str:
    """Python that prints the alignment of a model's motif with the published one, its correlation and p-value."""
    return f"""import numpy as np

from rbind_core.model.registry import find_model
from rbind_core.motifs import published_match

model = find_model({in_python(model.experiment)})
print(published_match(np.array(model.motif), model.measured_in, np.random.default_rng(0)))
"""


def experiment_command(
    model: Model, choice: BackgroundChoice, experiment: Experiment, all_backgrounds: bool = False, committee: bool = False
) -> str:
    """Command that runs an experiment, for a shell in the project's folder."""
    settings = " ".join(f"--{name.replace('_', '-')} {in_shell(value)}" for name, value in experiment.settings.items())
    everywhere = " --all-backgrounds" if all_backgrounds else ""
    start = f"./rbind experiment {in_shell(experiment.name)} --rbp {in_shell(model.experiment)}"
    return f"{start} {settings} {choice.command_options()}{everywhere}{_networks(committee)} --json"


def experiment_python(
    model: Model, choice: BackgroundChoice, experiment: Experiment, all_backgrounds: bool = False, committee: bool = False
) -> str:
    """Python that prints each arm's global importance, for a committee in each network, or the verdict over all backgrounds."""
    start = f"""from functools import partial

from rbind_core.analyses import BackgroundChoice, prepare
from rbind_core.experiments.experiment import run
from rbind_core.experiments.catalogue import EXPERIMENTS
from rbind_core.experiments.robustness import robustness
from rbind_core.model.registry import find_model, load_predictor

model = find_model({in_python(model.experiment)})
analyse = partial(prepare, model, load_predictor(model))
choice = {choice.python()}
experiment = EXPERIMENTS[{in_python(experiment.name)}].for_model(model, **{experiment.settings!r})
"""
    if all_backgrounds:
        return f"{start}print(robustness(experiment, analyse, choice).verdict)\n"
    others = _others_python("[arm.construct for arm in result.arms]") if committee else ""
    return f"""{start}analysis = analyse(choice)
result = run(experiment, analysis)
for arm, importance in zip(result.arms, result.importances):
    print(arm.label, importance.mean, importance.ci95)
print(result.sentences)
{others}"""
