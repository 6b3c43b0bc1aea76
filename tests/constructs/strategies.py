"""Hypothesis strategies for constructs of every kind, and the rules they must follow, written anew."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from rbind_core.constructs import Draws, Stem, parse_construct
from rbind_core.constructs.placement import place
from rbind_core.errors import ConstructError
from rbind_core.rna.sequences import LENGTH
from tests.toys import construct_texts, pattern_texts, rna

WATSON_CRICK = {(0, 3), (3, 0), (1, 2), (2, 1)}
WOBBLE = {*WATSON_CRICK, (2, 3), (3, 2)}

seeds = st.integers(0, 1000)


def draws_for(codes, seed=0) -> Draws:
    """What decides the random parts of constructs, for some sequences."""
    rng = np.random.default_rng(seed)
    letters, placements = rng.random((2, *codes.shape), dtype=np.float32)
    return Draws(letters, placements, rng.integers(0, 4, codes.shape).astype(np.uint8))


@st.composite
def stems(draw, low: int = 1, high: int = LENGTH) -> str:
    """A stem between two positions that are at least 5 nt apart."""
    pairs = draw(st.integers(1, min(10, (high - low - 2) // 2)))
    first = draw(st.integers(low, high - 2 * pairs - 2))
    partner_last = draw(st.integers(first + 2 * pairs + 2, high))
    option = draw(st.sampled_from(["", ":gu"]))
    return f"stem:{first}-{first + pairs - 1}/{partner_last - pairs + 1}-{partner_last}{option}"


@st.composite
def sets_of_stems(draw) -> list[str]:
    """None, one, two side by side, or two nested ones."""
    kind = draw(st.sampled_from(["none", "one", "side by side", "nested"]))
    if kind == "one":
        return [draw(stems())]
    if kind == "side by side":
        middle = draw(st.integers(8, LENGTH - 8))
        return [draw(stems(1, middle)), draw(stems(middle + 1, LENGTH))]
    if kind == "nested":
        first, last = draw(st.integers(1, 8)), draw(st.integers(LENGTH - 7, LENGTH))
        inner = draw(stems(first + 1, last - 1))
        return [f"stem:{first}-{first}/{last}-{last}", inner]
    return []


@st.composite
def windows(draw) -> str:
    """An occluded window."""
    first, last = sorted(draw(st.tuples(st.integers(1, LENGTH), st.integers(1, LENGTH))))
    return f"occlude:{first}-{last}"


def contexts():
    """A context somewhere."""
    return pattern_texts().map("context:{}".format)


def random_patterns():
    """A pattern at random positions, short enough for two."""
    return rna(max_size=6, alphabet="ACGUNRY").map("{}@*".format)


names = st.text("aZ09 ,.()'/%-éβ", min_size=1, max_size=40).filter(lambda name: name.strip())


@st.composite
def scaffold_texts(draw) -> str:
    """Constructs with a stem or a context, and patterns, windows and random positions in any order."""
    scaffold = [*draw(sets_of_stems()), *draw(st.lists(contexts(), max_size=1))] or [draw(stems())]
    rest = st.one_of(pattern_texts(), windows(), random_patterns())
    return "+".join(draw(st.permutations([*scaffold, *draw(st.lists(rest, min_size=1, max_size=3))])))


def any_texts():
    """Constructs of every kind, in the text form that they print."""
    return st.one_of(construct_texts(), scaffold_texts()).filter(can_be_placed)


def can_be_placed(text: str) -> bool:
    """Whether its random positions have room, and no stem to pair across; the rest is always allowed."""
    try:
        parse_construct(text)
    except ConstructError as error:
        if "no place is left" not in str(error) and "with a stem: they could pair" not in str(error):
            raise
        return False
    return True


def may_change(construct, draws) -> np.ndarray:
    """(n, 41) bool: where patterns and windows stand in each sequence, and the partners of those positions in a stem."""
    allowed = np.zeros((len(draws.letters), LENGTH), bool)
    for element in construct.elements:
        if element not in construct.scaffold:
            allowed[:, [p - 1 for p in element.covered]] = True
    moving = [p for p in construct.patterns if p.start is None]
    if moving:
        starts = place([len(p.letters) for p in moving], construct.allowed_starts, draws.placements)
        for pattern, column in zip(moving, starts.T, strict=True):
            for i, letter in enumerate(pattern.letters):
                if letter != "N":
                    allowed[np.arange(len(allowed)), column - 1 + i] = True
    partners = allowed.copy()
    for stem in construct.stems:
        for here, there in pairs_of(stem):
            partners[:, here] |= allowed[:, there]
            partners[:, there] |= allowed[:, here]
    return partners


def scaffold_positions(construct) -> np.ndarray:
    """(41,) bool: what contexts and stems set."""
    positions = np.zeros(LENGTH, bool)
    for element in construct.scaffold:
        positions[[p - 1 for p in element.covered]] = True
    return positions


def pairs_of(stem: Stem) -> list[tuple[int, int]]:
    """Columns, from 0, that pair: the first with the last."""
    return list(zip(range(stem.first - 1, stem.last), range(stem.partner_last - 1, stem.partner_first - 2, -1), strict=True))


def assert_stems_pair(construct, codes) -> None:
    """Every designed pair is one, in every sequence."""
    for stem in construct.stems:
        for here, there in pairs_of(stem):
            found = set(zip(codes[:, here].tolist(), codes[:, there].tolist(), strict=True))
            assert found <= (WOBBLE if stem.wobble else WATSON_CRICK), (str(stem), here, there)
