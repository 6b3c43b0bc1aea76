"""Scores of any number of sequences in a temporary file, read back one head at a time, so that memory stays flat."""

from __future__ import annotations

import tempfile
from types import TracebackType

import numpy as np
from numpy.typing import NDArray


class StoredScores:
    """A growing array (n, heads) float32 on disk; use it in a `with` block, at the end of which it is gone."""

    def __init__(self, heads: int) -> None:
        self.heads = heads
        self.blocks: list[int] = []
        self._file = tempfile.TemporaryFile(prefix="rbind-")  # noqa: SIM115

    def __len__(self) -> int:
        return sum(self.blocks)

    def add(self, scores: NDArray[np.float32]) -> None:
        """Add sequences.

        Parameters
        ----------
        scores : (m, heads) float32.
        """
        if len(scores):
            self._file.write(np.ascontiguousarray(scores.T, np.float32).tobytes())
            self.blocks.append(len(scores))

    def of(self, head: int) -> NDArray[np.float32]:
        """All scores of one head, (n,) float32."""
        column = np.empty(len(self), np.float32)
        offset = done = 0
        for rows in self.blocks:
            self._file.seek(4 * (offset + head * rows))
            column[done : done + rows] = np.frombuffer(self._file.read(4 * rows), np.float32)
            offset += rows * self.heads
            done += rows
        return column

    def __enter__(self) -> StoredScores:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
