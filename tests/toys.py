"""Models with closed-form answers, probes to play with, and hypothesis strategies."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from rbind_core.backgrounds import OwnSequences, draw_sample, make_background
from rbind_core.data.library import profile
from rbind_core.rna.sequences import IUPAC, LENGTH, PADDING, decode

settings.register_profile("rbind", deadline=None, max_examples=40)
settings.load_profile("rbind")

FIXTURE_SEED = 7


def matches_iupac(sequence, pattern):
    """Whether every letter of a sequence is allowed by a pattern of the same length."""
    return len(sequence) == len(pattern) and all(s in IUPAC[p] for s, p in zip(sequence, pattern, strict=True))


class AdditiveModel:
    """Score = sum over positions of a weight per letter, so an importance is the sum of weights put in minus taken out.

    Padding has weights too, large ones: a model that minds padding shows at once where padding turned into a letter.
    """

    def __init__(self, seed: int = FIXTURE_SEED) -> None:
        self.weights = np.random.default_rng(seed).normal(size=(LENGTH, 5))
        self.weights[:, PADDING] += 50

    def predict(self, codes):
        return self.weights[np.arange(LENGTH), codes].sum(axis=1).astype(np.float32)


class MotifCounter:
    """Score = number of times that a motif occurs, overlaps counted."""

    def __init__(self, motif: str = "UGCAUG") -> None:
        self.motif = re.compile(f"(?={motif})")

    def predict(self, codes):
        return np.array([len(self.motif.findall(s)) for s in decode(codes)], np.float32)


class Spy:
    """Remembers what it was asked to score."""

    def __init__(self, model) -> None:
        self.model, self.asked = model, []

    def predict(self, codes):
        self.asked.append(codes.copy())
        return self.model.predict(codes)


def random_probes(n: int, seed: int = FIXTURE_SEED, shortest: int = 30):
    """Uniform probes of `shortest` to 41 nt; (n, 41) uint8."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, (n, LENGTH)).astype(np.uint8)
    codes[np.arange(LENGTH) >= rng.integers(shortest, LENGTH + 1, n)[:, None]] = PADDING
    return codes


TOY_CONTEXT = "GGAUCCUGCAUGAACCGGAUUACGACCAUG"


def background_of(name: str):
    """One of the named backgrounds over random, mostly padded probes; the user's own are fixed examples."""
    if name == "file":
        return OwnSequences((*decode(random_probes(150)), TOY_CONTEXT * 4))
    library = random_probes(400)
    scores = np.random.default_rng(FIXTURE_SEED).normal(size=len(library))
    return make_background(name, profile(), library, scores, gc=0.3, context=TOY_CONTEXT)


def sample_of(name: str, n: int = 100, seed: int = 0):
    """A sample of one of the named backgrounds."""
    return draw_sample(background_of(name), profile(), n, np.random.default_rng(seed))


def random_weights(seed: int = FIXTURE_SEED, dilations=(1, 2, 4), channels: int = 4):
    """Weights of an untrained ResidualBind, named as in Keras, with batch normalisation that does something."""
    rng = np.random.default_rng(seed)

    def kernel(*shape):
        return (2 * rng.normal(size=shape) / np.sqrt(np.prod(shape[:-1]))).astype(np.float32)

    residual = [f"residual{i}" for i in range(1, len(dilations) + 1)]
    weights = {"conv/kernel": kernel(11, channels, 96)}
    weights |= {f"{name}/kernel": kernel(3, 96, 96) for name in residual}
    weights |= {"hidden/kernel": kernel(384, 256), "score/kernel": kernel(256, 1), "score/bias": kernel(1, 1)[0]}
    for layer, width in [("conv", 96), *((name, 96) for name in residual), ("hidden", 256)]:
        weights |= {
            f"{layer}_norm/gamma": rng.uniform(0.5, 1.5, width).astype(np.float32),
            f"{layer}_norm/beta": rng.normal(0, 0.3, width).astype(np.float32),
            f"{layer}_norm/moving_mean": rng.normal(0, 0.3, width).astype(np.float32),
            f"{layer}_norm/moving_variance": rng.uniform(0.5, 2, width).astype(np.float32),
        }
    return weights


def card(
    experiment: str = "TOY00001", protein: str = "TOYBP", pearson: float = 0.5, dilations=(1, 2, 4), channels: int = 4
) -> dict:
    """A model's card as training writes it, without the entry `weights`."""
    return {
        "experiment": experiment,
        "protein": protein,
        "species": "Homo sapiens",
        "published_consensus": "UGCAUG",
        "architecture": {"dilations": list(dilations), "channels": channels, "outputs": 1, "length": 41},
        "normalisation": {"mean": 6.0, "standard_deviation": 0.5},
        "metrics": {"pearson_test": pearson, "spearman_test": 0.4, "n_test": 121031},
        "top_kmers": [{"kmer": "UGCAUG", "global_importance": 2.0, "standard_error": 0.1}],
        "motif": [[0.25] * 4] * 6,
        "training": {"start": "nowhere"},
    }


def dinucleotides(sequence: str) -> dict[str, int]:
    pairs = [a + b for a, b in pairwise(sequence)]
    return {pair: pairs.count(pair) for pair in set(pairs)}


@st.composite
def rna(draw, min_size: int = 1, max_size: int = LENGTH, alphabet: str = "ACGU") -> str:
    return draw(st.text(alphabet, min_size=min_size, max_size=max_size))


@st.composite
def pattern_texts(draw, alphabet: str = "".join(IUPAC)) -> str:
    letters = draw(rna(max_size=12, alphabet=alphabet))
    return f"{letters}@{draw(st.integers(1, LENGTH - len(letters) + 1))}"


def construct_texts(alphabet: str = "".join(IUPAC)):
    return st.lists(pattern_texts(alphabet), min_size=1, max_size=4).map("+".join)
