"""The best window of many stretches of RNA for every head of a panel; windows of many stretches are scored in one batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbind_core.analyses.sliding import AT_ONCE, codes_of, windows_of
from rbind_core.model.predictor import BATCH
from rbind_core.model.progress import report_done
from rbind_core.rna.sequences import LENGTH, PADDING, Codes
from rbind_core.system.cores import cores
from rbind_core.who.track import ScoresAll

Piece = tuple[int, int, Codes]  # number of the stack, its windows before this piece, (w, 41)


@dataclass(frozen=True)
class Best:
    """The best window of n stacks by each head: its score, (n, heads) float32, NaN for an empty stack, and its place in the stack.

    `place` is (n, heads) int32, the first of equal ones, -1 for an empty stack.
    """

    score: NDArray[np.float32]
    place: NDArray[np.int32]


def stack_of(sequence: str, stride: int = 1, first: int = 1, last: int | None = None) -> Codes:
    """The windows of an RNA, or those that start within some positions; windows with unknown letters are left out.

    Parameters
    ----------
    sequence : RNA or IUPAC letters, 11 nt or longer.
    stride : nt from one window to the next.
    first, last : 1-based starts, both included; all of the RNA when None.

    Returns
    -------
    Codes
        (w, 41) uint8; one padded window for an RNA no longer than a window.
    """
    codes = codes_of(sequence)
    starts = windows_of(len(codes), stride)
    if last is not None:
        starts = starts[(starts >= first) & (starts <= last)]
    windows = codes[starts[:, None] - 1 + np.arange(LENGTH)]
    known = (windows[:, : min(len(sequence), LENGTH)] != PADDING).all(axis=1)
    return windows[known]


def best_of(scorer: ScoresAll, stacks: Iterable[Codes], heads: int) -> Best:
    """Score stacks of windows and keep the best of each.

    Parameters
    ----------
    stacks : (w, 41) uint8 each; empty ones are allowed.
    heads : number of outputs.
    """
    scores: list[NDArray[np.float32]] = []
    places: list[NDArray[np.int32]] = []
    for batch, count in _batches(stacks):
        for _ in range(count - len(scores)):
            scores.append(np.full(heads, -np.inf, np.float32))
            places.append(np.full(heads, -1, np.int32))
        if not batch:
            continue
        found = scores_of(scorer, np.concatenate([windows for _, _, windows in batch]))
        end = 0
        for number, before, windows in batch:
            part = found[end : end + len(windows)]
            end += len(windows)
            at = part.argmax(axis=0)
            best = part[at, np.arange(heads)]
            better = best > scores[number]
            scores[number][better] = best[better]
            places[number][better] = (at + before)[better]
        report_done(end)
    if not scores:
        return Best(np.empty((0, heads), np.float32), np.empty((0, heads), np.int32))
    together = np.stack(scores)
    together[np.isneginf(together)] = np.nan
    return Best(together, np.stack(places))


def scores_of(scorer: ScoresAll, windows: Codes) -> NDArray[np.float32]:
    """Score windows in full batches of the engine, so that they have the same scores, bit for bit, on any number of cores.

    Parameters
    ----------
    windows : (w, 41) uint8.

    Returns
    -------
    NDArray
        (w, heads) float32.
    """
    wanted = -(-max(len(windows), BATCH * cores()) // BATCH) * BATCH
    filled = np.zeros((wanted, LENGTH), np.uint8)
    filled[: len(windows)] = windows
    return scorer.predict_all(filled)[: len(windows)]


def _batches(stacks: Iterable[Codes]) -> Iterator[tuple[list[Piece], int]]:
    """Pieces of stacks that are scored together, and how many stacks have been met; a stack larger than a batch is cut."""
    held: list[Piece] = []
    size = count = 0
    for stack in stacks:
        for first in range(0, len(stack), AT_ONCE):
            piece = stack[first : first + AT_ONCE]
            if size + len(piece) > AT_ONCE:
                yield held, count + 1
                held, size = [], 0
            held.append((count, first, piece))
            size += len(piece)
        count += 1
    yield held, count
