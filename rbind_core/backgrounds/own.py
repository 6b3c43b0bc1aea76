"""The user's own backgrounds: sequences from a file, and a single RNA."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbind_core.backgrounds.background import Background
from rbind_core.errors import BackgroundError
from rbind_core.rna.pasting import ORDINARY, read_pasted
from rbind_core.rna.sequences import LENGTH, PADDING, SHORTEST, Codes, check_sequence, encode

MAX_RECORDS = 100_000
MAX_BYTES = 5_000_000


@dataclass(frozen=True)
class OwnSequences(Background):
    """Sequences given by the user; of one longer than 41 nt, a random window of 41 nt is used.

    Every sequence is equally likely, however long, and so is every window of it. `sequences` are RNA letters, 11 nt or
    longer; `too_short` counts the shorter ones, `notes` say how the file was read.
    """

    sequences: tuple[str, ...] = field(repr=False)
    too_short: int = 0
    notes: tuple[str, ...] = field(default=(), repr=False)

    name = "file"
    label = "my own sequences"
    help = "from a file"
    source = "your own file"
    setting = "fasta"
    keeps = "everything within 41 nt: of a longer sequence a random window of 41 nt is used"
    destroys = "nothing, so motifs and structures may already be there"

    @classmethod
    def checked(cls, value: str) -> str:
        """The path of a file; see `Background.checked`."""
        if not value:
            raise BackgroundError("the background file needs a file of sequences: FASTA, or one sequence a line")
        return value

    @classmethod
    def labelled(cls, value: str) -> str:
        """Such as 'own sequences (own.fa)'; see `Background.labelled`."""
        return f"own sequences ({Path(value).name})"

    @classmethod
    def made_from(cls, given: Mapping[str, Any]) -> OwnSequences:
        """Read the file; see `Background.made_from`."""
        return read_own_sequences(Path(given["fasta"]))

    @property
    def description(self) -> str:
        """One sentence: what the sequences are."""
        count = len(self.sequences)
        longer = sum(len(sequence) > LENGTH for sequence in self.sequences)
        parts = [f"{count:,} sequence{'s' if count > 1 else ''} given by the user"]
        if longer:
            parts.append(f"{longer:,} longer than {LENGTH} nt and used through random windows of {LENGTH} nt")
        if self.too_short:
            parts.append(f"{self.too_short:,} shorter than {SHORTEST} nt left out")
        return "; ".join(parts)

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Draw n sequences or windows of them; see `Background.draw`."""
        letters, starts, lengths = self._joined()
        chosen = rng.choice(len(lengths), n, replace=n > len(lengths))
        first = starts[chosen] + rng.integers(0, np.maximum(lengths[chosen] - LENGTH, 0) + 1)
        window = letters[first[:, None] + np.arange(LENGTH)]
        window[np.arange(LENGTH) >= lengths[chosen][:, None]] = PADDING
        return window

    def _joined(self) -> tuple[Codes, NDArray[np.int64], NDArray[np.int64]]:
        """All letters in one row, followed by a window of padding, and where each sequence starts in it."""
        lengths = np.array([len(sequence) for sequence in self.sequences])
        together = "".join(self.sequences)
        return encode(together, len(together) + LENGTH)[0], np.cumsum(lengths) - lengths, lengths


@dataclass(frozen=True)
class SingleSequence(Background):
    """One RNA of 11-41 nt, repeated as often as needed; below 41 nt it is padded like a probe."""

    context: str

    name = "context"
    label = "a single RNA"
    help = "one that you paste"
    source = "your own RNA"
    setting = "context"
    is_one_rna = True
    keeps = "everything: the one RNA is used as it is"
    destroys = "nothing; but what is found holds for this one RNA only"

    @classmethod
    def checked(cls, value: str) -> str:
        """An RNA in the letters A, C, G and U; see `Background.checked`."""
        if not value.strip():
            raise BackgroundError(f"the background context needs its RNA: a sequence of {SHORTEST}-{LENGTH} nt")
        return check_sequence(value)

    @classmethod
    def labelled(cls, value: str) -> str:
        """The RNA itself; see `Background.labelled`."""
        return f"context {value}"

    @property
    def description(self) -> str:
        """One sentence: what the sequences are."""
        return f"one and the same RNA of {len(self.context)} nt, so any spread comes from what the pattern draws at random"

    def draw(self, n: int, rng: np.random.Generator) -> Codes:
        """Repeat the sequence n times; see `Background.draw`."""
        return np.repeat(encode(self.context), n, axis=0)


def read_own_sequences(path: Path) -> OwnSequences:
    """Read the user's sequences from a file.

    Parameters
    ----------
    path : FASTA, or one sequence per line, with or without a name beside it.

    Raises
    ------
    BackgroundError
        If the file cannot be read, is too large, holds too many records, or none that is long enough.
    SequenceError
        If a record is not RNA; the message names the record.
    """
    try:
        with path.open("rb") as file:
            return own_sequences(file.read(MAX_BYTES + 1))
    except OSError as error:
        raise BackgroundError(f"{path}: cannot be read ({error.strerror or error})") from None


def own_sequences(content: bytes) -> OwnSequences:
    """Read the user's sequences from the content of a file.

    Parameters
    ----------
    content : FASTA, or one sequence per line, with or without a name beside it, as in `read_pasted`.

    Raises
    ------
    BackgroundError
        If it is too large, holds too many records, or none that is long enough.
    SequenceError
        If it is not text, or a record is not a single RNA; the message names the record.
    """
    if len(content) > MAX_BYTES:
        raise BackgroundError(f"the file of sequences is larger than {MAX_BYTES // 1_000_000} MB; give a smaller one")
    lines = [line.lstrip() for line in content.splitlines() if line.strip()]
    count = len([line for line in lines if line.startswith(b">")] or lines)
    if count > MAX_RECORDS:
        raise BackgroundError(f"the file holds {count:,} sequences; at most {MAX_RECORDS:,} can be a background")
    pasted = read_pasted(content, join_lines=False, min_length=0, max_bytes=MAX_BYTES, max_records=MAX_RECORDS)
    every = [record.sequence for record in pasted.records]
    usable = tuple(sequence for sequence in every if len(sequence) >= SHORTEST)
    if not usable:
        raise BackgroundError(f"no sequence of the file is {SHORTEST} nt or longer; the models need at least that")
    said = tuple(note for note in pasted.notes if note not in ORDINARY)
    return OwnSequences(usable, len(every) - len(usable), said)


OWN = (OwnSequences, SingleSequence)
