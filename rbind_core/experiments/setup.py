"""What the pages and the command line share: from a few plain settings to a ready analysis."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbind_core.backgrounds import (
    LABELS,
    NAMES_DRAWN_FROM_A_LIBRARY,
    Background,
    canonical_name,
    draw_sample,
    make_background,
)
from rbind_core.data.library import DESIGNED, ProbeLibrary, designed_library, library_label, measured_probes, profile
from rbind_core.errors import BackgroundError
from rbind_core.gia import GlobalImportanceAnalysis
from rbind_core.model.designed_scores import scores_of
from rbind_core.model.registry import Model
from rbind_core.model.wrapping import OwnModel, wrap
from rbind_core.quoting import in_python, in_shell
from rbind_core.sequences import LENGTH, check_sequence, decode

_OWN_SETTINGS = {"gc": "gc", "context": "context", "file": "fasta"}  # background to the one field that it alone needs
_OTHER_SOURCES = {"profile": "mean nucleotide frequencies of the test probes", "file": "your own file", "context": "your own RNA"}
_DEFAULT_GC = 0.5


@dataclass(frozen=True)
class BackgroundChoice:
    """Everything that fixes the background sequences: sampler, N, seed and the library it draws from.

    `gc` is the GC content for the background 'gc', 0 to 1; `context` the one RNA of 11-41 nt for 'context'; `fasta` the path
    of the user's sequences for 'file'. Where the background does not need them they are set back to their defaults, so that
    equal choices are equal. `library` stays as it is: it is also the one whose probes are browsed.
    """

    background: str = "profile"
    samples: int = 1000
    seed: int = 0
    library: str = DESIGNED
    gc: float = _DEFAULT_GC
    context: str = ""
    fasta: str = ""

    def __post_init__(self) -> None:
        name = canonical_name(self.background)
        if name == "gc" and not 0 <= self.gc <= 1:
            raise BackgroundError(f"GC content {self.gc:g}: it must be between 0 and 1")
        if name == "context" and not self.context.strip():
            raise BackgroundError(f"the background context needs its RNA: a sequence of 11-{LENGTH} nt")
        if name == "file" and not self.fasta:
            raise BackgroundError("the background file needs a file of sequences: FASTA, or one sequence a line")
        normalised = {
            "background": name,
            "gc": float(self.gc) if name == "gc" else _DEFAULT_GC,
            "context": check_sequence(self.context) if name == "context" else "",
            "fasta": self.fasta if name == "file" else "",
        }
        for field, value in normalised.items():
            object.__setattr__(self, field, value)

    @property
    def own_settings(self) -> dict[str, float | str]:
        """The settings that this background alone needs, by name: `gc`, `context`, `fasta`, or none."""
        return {field: getattr(self, field) for name, field in _OWN_SETTINGS.items() if name == self.background}

    @property
    def label(self) -> str:
        """The background as users read it, such as 'dinucleotide shuffle' or 'GC 60 %'."""
        if self.background == "gc":
            return f"GC {100 * self.gc:g} %"
        if self.background == "context":
            return f"context {self.context}"
        if self.background == "file":
            return f"own sequences ({Path(self.fasta).name})"
        return LABELS[self.background]

    @property
    def drawn(self) -> str:
        """N as users read it: one RNA is N = 1, however often it is drawn."""
        if self.background == "context" and self.samples > 1:
            return f"1, {self.samples:,} draws"
        return f"{self.samples:,}"

    def source(self, measured_in: str) -> str:
        """Where the sequences come from, as users read it.

        Parameters
        ----------
        measured_in : experiment whose measured probes the library 'measured' holds.

        Returns
        -------
        str
            Such as 'designed probes', or 'no library'.
        """
        if self.background in NAMES_DRAWN_FROM_A_LIBRARY:
            return library_label(self.library, measured_in)
        return _OTHER_SOURCES.get(self.background, "no library")

    def describe(self, measured_in: str) -> str:
        """Background, N and seed, for the subtitle of a figure or the head of a table.

        Parameters
        ----------
        measured_in : experiment whose measured probes the library 'measured' holds.

        Returns
        -------
        str
            Such as 'shuffle background of designed probes, N = 1,000, seed 0'.
        """
        of = f" of {self.source(measured_in)}" if self.background in NAMES_DRAWN_FROM_A_LIBRARY else ""
        return f"{self.label} background{of}, N = {self.drawn}, seed {self.seed}"

    def describe_everywhere(self) -> str:
        """N and seed for a result under all of the paper's backgrounds.

        Returns
        -------
        str
            Such as 'the seven backgrounds of the paper, N = 1,000, seed 0'.
        """
        return f"the seven backgrounds of the paper, N = {self.samples:,}, seed {self.seed}"

    def command_options(self) -> str:
        """The options of a command that give this choice.

        Returns
        -------
        str
            Such as '--background gc --gc 0.6 --samples 1000 --seed 0 --library designed', quoted for a shell.
        """
        options = {"background": self.background, **self.own_settings}
        options |= {"samples": self.samples, "seed": self.seed, "library": self.library}
        return " ".join(f"--{name} {in_shell(value)}" for name, value in options.items())

    def python(self) -> str:
        """The Python that makes this choice.

        Returns
        -------
        str
            Such as 'BackgroundChoice("gc", 1000, 0, "designed", gc=0.6)'.
        """
        own = "".join(f", {name}={in_python(value)}" for name, value in self.own_settings.items())
        return f"BackgroundChoice({in_python(self.background)}, {self.samples}, {self.seed}, {in_python(self.library)}{own})"


def probe_library(model: Model, library: str) -> ProbeLibrary:
    """Open the probe library that a user chose.

    Parameters
    ----------
    model : whose measured scores are read.
    library : 'designed' or 'measured'.

    Returns
    -------
    ProbeLibrary
        Designed probes, or set B with measured scores.
    """
    return designed_library() if library == DESIGNED else measured_probes(model.measured_in, model.normalisation)


def open_background(model: Model, predictor: OwnModel, choice: BackgroundChoice) -> Background:
    """Make the sampler that a user chose.

    The quartiles need scores: measured ones of set B, predicted ones of the designed probes.

    Parameters
    ----------
    model, predictor : the model under study.
    choice : background and library.

    Returns
    -------
    Background
        The sampler.
    """
    library = probe_library(model, choice.library)
    scores, scores_are = library.measured, "measured"
    if scores is None and choice.background.startswith("quartile"):
        scores, scores_are = scores_of(wrap(predictor), library), "predicted"
    return make_background(
        choice.background, profile(), library.codes, scores, scores_are, gc=choice.gc, context=choice.context, fasta=choice.fasta
    )


PARTS = ("highest", "spread", "lowest")


@dataclass(frozen=True)
class ScoredProbes:
    """Probes with their scores, (n,) float32 z-scores of log intensity; `measured` is None for designed probes."""

    sequences: list[str]
    measured: NDArray[np.float32] | None
    predicted: NDArray[np.float32]


def scored_probes(model: Model, predictor: OwnModel, library: str, part: str, n: int) -> ScoredProbes:
    """Choose probes of a library to browse, by measured score where there is one and by predicted score elsewhere.

    Parameters
    ----------
    model, predictor : the model under study.
    library : 'designed' or 'measured'.
    part : one of `PARTS`; 'spread' goes evenly through all ranks.
    n : how many.

    Returns
    -------
    ScoredProbes
        Best first, or lowest first for 'lowest'.
    """
    probes, predictor = probe_library(model, library), wrap(predictor)
    scores = scores_of(predictor, probes) if probes.measured is None else probes.measured
    order = np.argsort(scores if part == "lowest" else -scores, kind="stable")
    chosen = order[np.linspace(0, len(order) - 1, n).round().astype(int)] if part == "spread" else order[:n]
    codes = probes.codes[chosen]
    if probes.measured is None:
        return ScoredProbes(decode(codes), None, scores[chosen])
    return ScoredProbes(decode(codes), scores[chosen], predictor.predict(codes))


def prepare(model: Model, predictor: OwnModel, choice: BackgroundChoice) -> GlobalImportanceAnalysis:
    """Draw the background of an analysis.

    Parameters
    ----------
    model : the one under study.
    predictor : what scores RNA: the model's own, or anything that `rbind_core.model.wrapping.wrap` takes in.
    choice : background, N, seed, library.

    Returns
    -------
    GlobalImportanceAnalysis
        Gives the importance of any construct on these background sequences.
    """
    predictor = wrap(predictor)
    background = open_background(model, predictor, choice)
    sample = draw_sample(background, profile(), choice.samples, np.random.default_rng(choice.seed))
    analysis = GlobalImportanceAnalysis(predictor, sample)
    analysis.card = model
    return analysis
