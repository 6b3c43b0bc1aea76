"""RNA as text, codes and one-hot arrays: the alphabet and its checks.

A sequence is stored as unsigned bytes: 0, 1, 2, 3 for A, C, G, U and 4 for padding, which is always at the 3' end.
Padding is a separate letter, so that it never becomes an A; its one-hot row is all zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from rbind_core.errors import SequenceError
from rbind_core.rna.sequence_lines import Notes, read_one
from rbind_core.rna.sequence_lines import shown as _shorten

ALPHABET = "ACGU"
PADDING = 4
LENGTH = 41  # nt, the input window of every model
SHORTEST = 11  # nt, the width of the models' first filters

Codes = NDArray[np.uint8]

IUPAC: dict[str, str] = {
    "A": "A", "C": "C", "G": "G", "U": "U",
    "R": "AG", "Y": "CU", "S": "CG", "W": "AU", "K": "GU", "M": "AC",
    "B": "CGU", "D": "AGU", "H": "ACU", "V": "ACG", "N": "ACGU",
}  # fmt: skip

_CODE_OF_BYTE = np.full(256, 255, np.uint8)
_CODE_OF_BYTE[np.frombuffer(b"ACGU-", np.uint8)] = np.arange(5, dtype=np.uint8)
_BYTE_OF_CODE = np.frombuffer(b"ACGU-", np.uint8)
_ONE_HOT_OF_CODE = np.eye(5, 4, dtype=np.float32)


def clean_sequence(text: str, *, min_length: int = 1, max_length: int | None = None, alphabet: str = ALPHABET) -> str:
    """Turn one pasted sequence into upper-case RNA letters.

    Lower case, T for U, and white space around the letters or between blocks of them are accepted; white space that may
    separate two RNAs, or a name from an RNA, is refused.

    Parameters
    ----------
    text : one sequence, DNA or RNA letters.
    min_length, max_length : inclusive range of the length in nt.
    alphabet : the letters allowed; all of `IUPAC` to accept ambiguous ones.

    Raises
    ------
    SequenceError
        If a letter is not a nucleotide, the length is out of range, or there may be more than one sequence.
    """
    sequence = read_one(text, Notes()).upper().replace("T", "U")
    if not sequence:
        raise SequenceError("the sequence is empty; give RNA letters A, C, G, U")
    wrong = re.search(f"[^{alphabet}]", sequence)
    if wrong:
        letter, position = wrong.group(), wrong.start() + 1
        raise SequenceError(f"{_shorten(sequence)}: {letter!r} at position {position} is not a nucleotide; use A, C, G, U")
    if len(sequence) < min_length or (max_length is not None and len(sequence) > max_length):
        allowed = f"{min_length}-{max_length} nt" if max_length is not None else f"at least {min_length} nt"
        raise SequenceError(f"{_shorten(sequence)}: {len(sequence)} nt long; allowed are {allowed}")
    return sequence


def check_sequence(text: str) -> str:
    """Turn a pasted sequence into RNA letters and check that it fits the models' window.

    Parameters
    ----------
    text : DNA or RNA letters; white space as in `clean_sequence`.

    Returns
    -------
    str
        11-41 nt of A, C, G, U.

    Raises
    ------
    SequenceError
        If a letter is not a nucleotide or the length is not 11-41 nt.
    """
    return clean_sequence(text, min_length=SHORTEST, max_length=LENGTH)


def reading_notes(text: str) -> list[str]:
    """Say in sentences for the user what was removed from between the letters of a pasted sequence.

    Parameters
    ----------
    text : accepted by `clean_sequence` or `check_sequence`.
    """
    notes = Notes()
    read_one(text, notes)
    return list(notes)


def encode(sequences: str | Iterable[str], length: int = LENGTH) -> Codes:
    """Turn RNA text into codes, padded at the 3' end.

    Parameters
    ----------
    sequences : one sequence or several, in the letters A, C, G, U; '-' stands for padding.
    length : width of the result in nt.

    Returns
    -------
    Codes
        (n, length) uint8; 0-3 for A, C, G, U, 4 for padding.

    Raises
    ------
    SequenceError
        If a sequence is longer than `length` or holds another letter.
    """
    sequences = [sequences] if isinstance(sequences, str) else list(sequences)
    too_long = next((s for s in sequences if len(s) > length), None)
    if too_long is not None:
        raise SequenceError(f"{_shorten(too_long)}: {len(too_long)} nt long; the window holds {length} nt")
    try:
        letters = "".join(s.ljust(length, "-") for s in sequences).encode("ascii")
    except UnicodeEncodeError as error:
        raise SequenceError(f"{error.object[error.start]!r} is not a nucleotide; use A, C, G, U") from None
    codes = _CODE_OF_BYTE[np.frombuffer(letters, np.uint8)].reshape(len(sequences), length)
    row, column = np.nonzero(codes == 255)
    if len(row):
        letter = sequences[row[0]][column[0]]
        raise SequenceError(f"{_shorten(sequences[row[0]])}: {letter!r} is not a nucleotide; use A, C, G, U")
    return codes


def decode(codes: Codes) -> list[str]:
    """Turn codes back into RNA text, without the padding at the 3' end.

    Parameters
    ----------
    codes : (n, length) uint8.
    """
    return [_BYTE_OF_CODE[row].tobytes().decode("ascii").rstrip("-") for row in np.atleast_2d(codes)]


def one_hot(codes: Codes) -> NDArray[np.float32]:
    """Represent codes as a one-hot array in the order A, C, G, U; padding gives zeros.

    Parameters
    ----------
    codes : (..., length) uint8.

    Returns
    -------
    NDArray
        (..., length, 4) float32.
    """
    return _ONE_HOT_OF_CODE[codes]


def from_one_hot(array: NDArray[np.floating]) -> Codes:
    """Turn a one-hot array into codes; a row of zeros is padding.

    Parameters
    ----------
    array : (..., length, 4), each row one-hot or zero.

    Returns
    -------
    Codes
        (..., length) uint8.
    """
    return np.where(array.any(axis=-1), array.argmax(axis=-1), PADDING).astype(np.uint8)


def lengths(codes: Codes) -> NDArray[np.int64]:
    """Count the nucleotides of each sequence, without padding.

    Parameters
    ----------
    codes : (n, length) uint8.

    Returns
    -------
    NDArray
        (n,) int64, nt.
    """
    return np.count_nonzero(codes != PADDING, axis=1)


def gc_content(codes: Codes) -> NDArray[np.float64]:
    """Fraction of G and C among the nucleotides of each sequence.

    Parameters
    ----------
    codes : (n, length) uint8.

    Returns
    -------
    NDArray
        (n,) float64 between 0 and 1.
    """
    return np.isin(codes, (1, 2)).sum(axis=1) / np.maximum(lengths(codes), 1)


def all_kmers(k: int) -> Codes:
    """List every k-mer in alphabetical order.

    Parameters
    ----------
    k : length in nt.

    Returns
    -------
    Codes
        (4**k, k) uint8.
    """
    return np.stack(np.unravel_index(np.arange(4**k), (4,) * k), axis=1).astype(np.uint8)
