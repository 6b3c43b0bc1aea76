"""Provenance of a report's numbers: model, backgrounds, versions, citations."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rbind_core import __version__
from rbind_core.analyses import BackgroundChoice
from rbind_core.backgrounds import make_background
from rbind_core.data.library import designed_library, profile
from rbind_core.model.registry import GRADES, OWN, Model
from rbind_core.system.versions import versions_of

PACKAGES = ("numpy", "openvino", "viennarna", "plotly", "streamlit")
CITATIONS = {
    "Koo PK, Majdandzic A, Ploenzke M, Anand P, Paul SB (2021). Global importance analysis: An interpretability method to quantify "
    "importance of genomic features in deep neural networks. PLoS Comput Biol 17(5): e1008925.": "10.1371/journal.pcbi.1008925",
    "Ray D, et al. (2013). A compendium of RNA-binding motifs for decoding gene regulation. Nature 499: 172-177.": (
        "10.1038/nature12311"
    ),
    "Ray D, et al. (2009). Rapid and systematic analysis of the RNA recognition specificities of RNA-binding proteins. "
    "Nat Biotechnol 27: 667-670.": "10.1038/nbt.1550",
    "Lorenz R, et al. (2011). ViennaRNA Package 2.0. Algorithms Mol Biol 6: 26.": "10.1186/1748-7188-6-26",
    "Tareen A, Kinney JB (2020). Logomaker: beautiful sequence logos in Python. Bioinformatics 36: 2272-2274.": (
        "10.1093/bioinformatics/btz921"
    ),
}
TAUGHT_CITATION = {
    "Alipanahi B, Delong A, Weirauch MT, Frey BJ (2015). Predicting the sequence specificities of DNA- and RNA-binding proteins by "
    "deep learning. Nat Biotechnol 33: 831-838.": "10.1038/nbt.3300",
}
AFFINITIES_CITATION = {
    "Auweter SD, et al. (2006). Molecular basis of RNA recognition by the human alternative splicing factor Fox-1. "
    "EMBO J 25: 163-173.": "10.1038/sj.emboj.7600918"
}


def versions() -> dict[str, str]:
    """Versions of the packages behind the numbers, without importing them; 'not installed' for missing ones."""
    return {"rbind": __version__, "python": platform.python_version()} | versions_of(PACKAGES)


def settings(model: Model, choice: BackgroundChoice, backgrounds: Sequence[str]) -> dict[str, str]:
    """All settings behind the numbers besides the experiment itself, as users read them.

    Parameters
    ----------
    backgrounds : names of all that were used.
    """
    several = len(backgrounds) > 1
    return {
        "model": model.label,
        "species": model.species,
        "reads": model.inputs,
        "grade": f"{model.grade}: {GRADES[model.grade]}" if model.grade != OWN else GRADES[OWN],
        **_quality(model),
        "weights, SHA-256": model.weights_sha256,
        "background": f"{len(backgrounds)} backgrounds, see below" if several else choice.label,
        "drawn from": ", ".join(dict.fromkeys(replace(choice, background=b).source(model.measured_in) for b in backgrounds)),
        "library": choice.library,
        "N": choice.drawn,
        "seed": str(choice.seed),
    }


def _quality(model: Model) -> dict[str, str]:
    """How well the model predicts: as measured, or as expected of a taught one, whose z-scores are on another scale, too."""
    if not model.is_taught:
        tested = f" on {model.metrics['n_test']:,.0f} held-out probes" if "n_test" in model.metrics else ""
        known = np.isfinite(model.pearson_test)
        return {"test Pearson": f"{model.pearson_test:.4f}{tested} (log scale)" if known else "not known"}
    expected = f"{model.expected.sentence}; {model.expected.basis}" if model.expected else "not known"
    return {
        "test Pearson": "none: no score of this experiment is public",
        "expected Pearson": f"{expected} (log scale)",
        "z-scores": f"of {model.scale} over the probes, not of measured log intensity",
    }


def background_words(name: str, choice: BackgroundChoice) -> dict[str, str]:
    """What a background keeps and destroys, as a row of a table."""
    one = replace(choice, background=name)
    codes = designed_library().codes  # nothing is drawn, so any library and scores will do
    words = make_background(name, profile(), codes, np.zeros(len(codes)), gc=one.gc, context=one.context, fasta=one.fasta)
    return {"background": one.label, "keeps": words.keeps, "destroys": words.destroys}
