"""Reading substitutions: `A12G`, `r.12a>g`, a table of name, position, ref, alt, or the whole mutant RNA."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from rbind_core.data.library import designed_library
from rbind_core.data.tables import Rejected
from rbind_core.errors import SequenceError
from rbind_core.rna.pasting import ORDINARY, read_pasted
from rbind_core.rna.sequences import LENGTH, SHORTEST, clean_sequence, decode, encode
from rbind_core.variants.notation import EXAMPLE, Change, read_changes, sentences_on
from rbind_core.variants.table import rows_of

MOST_VARIANTS = 500
LONGEST_RNA = 10_000  # nt
_LONGEST_NAME = 40
_MOST_LINES = 10_000  # most of a larger paste would have to be left out
_BESIDE = 9  # fewest nt between the two changes of the example
_TRANSITION = dict(zip("AGCU", "GAUC", strict=True))


@dataclass(frozen=True)
class Variant:
    """Letters of an RNA replaced by as many others; `position` is that of the first, 1-based.

    `sequence` is the whole wild type in RNA letters, `name` is for people.
    """

    sequence: str
    position: int
    ref: str
    alt: str
    name: str = ""

    @property
    def change(self) -> str:
        """The change in short, such as 'A12G'."""
        return f"{self.ref}{self.position}{self.alt}"

    @property
    def text(self) -> str:
        """Text that `read_variants` reads as the same variant."""
        return f"{self.name},{self.position},{self.ref},{self.alt}" if self.name else self.change

    @property
    def label(self) -> str:
        """Label in figures: name and change, or the change alone."""
        return f"{self.name} {self.change}" if self.name else self.change

    @property
    def offset(self) -> int:
        """Nucleotides of the wild type before its window."""
        middle = self.position + (len(self.ref) - 1) // 2
        return min(max(middle - 1 - LENGTH // 2, 0), max(len(self.sequence) - LENGTH, 0))

    @property
    def window(self) -> str:
        """The models' window of the wild type: all of it, or the 41 nt around the change."""
        return self.sequence[self.offset : self.offset + LENGTH]

    @property
    def start(self) -> int:
        """1-based position of the first replaced letter in the window."""
        return self.position - self.offset

    @property
    def mutant(self) -> str:
        """The window with the change."""
        return self.window[: self.start - 1] + self.alt + self.window[self.start - 1 + len(self.ref) :]


@dataclass(frozen=True)
class Variants:
    """Variants as read, left-out lines with the reason, and remarks on how others were read."""

    variants: tuple[Variant, ...]
    rejected: tuple[Rejected, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def notes(self) -> list[str]:
        """How positions were read, and one sentence per left-out line."""
        return [*self.remarks, *(f"line {one.line} is left out: {one.reason}" for one in self.rejected)]


def check_wild_type(text: str) -> str:
    """Turn a pasted wild type into 11 or more RNA letters.

    Parameters
    ----------
    text : DNA or RNA letters, white space allowed, or FASTA with one sequence.

    Raises
    ------
    SequenceError
        If a letter is not a nucleotide or the length is out of range.
    """
    return read_wild_type(text)[0]


def read_wild_type(text: str) -> tuple[str, list[str]]:
    """Turn a pasted wild type into 11 or more RNA letters, and say what was changed in it.

    Parameters
    ----------
    text : as for `check_wild_type`.

    Returns
    -------
    (str, list of str)
        The RNA, and sentences for the user.

    Raises
    ------
    SequenceError
        As `check_wild_type`.
    """
    return _read_one(text, SHORTEST)


def read_variant(sequence: str, text: str, name: str = "") -> Variant:
    """Read one substitution, which must agree with the sequence.

    Parameters
    ----------
    sequence : the wild type in RNA letters.
    text : `A12G`, `AU12GC`, `12A>G` or `r.12a>g`, as in `read_changes`; T counts as U.
    name : for people.

    Raises
    ------
    SequenceError
        If it cannot be read, is more than one, changes nothing or the length, or does not agree with the sequence.
    """
    changes = read_changes(text)
    if len(changes) > 1:
        raise SequenceError(f"{text.strip()[:40]}: {len(changes)} changes; give one")
    return _variant_of(sequence, name, changes[0])


def read_mutant(sequence: str, text: str) -> Variants:
    """Find the differences between a wild type and a mutant of the same length.

    Parameters
    ----------
    sequence : the wild type in RNA letters.
    text : the mutant, DNA or RNA letters.

    Returns
    -------
    Variants
        Each run of changed letters; where there are several within 41 nt, also all of them together.

    Raises
    ------
    SequenceError
        If the lengths differ, nothing differs, or a letter is not a nucleotide.
    """
    mutant, notes = _read_one(text, 1)
    if len(mutant) != len(sequence):
        raise SequenceError(
            f"the mutant has {len(mutant)} nt and the wild type {len(sequence)}: only substitutions can be compared, "
            "so both must be equally long"
        )
    differs = [a != b for a, b in zip(sequence, mutant, strict=True)]
    runs = [match.span() for match in re.finditer("1+", "".join("01"[d] for d in differs))]
    if not runs:
        raise SequenceError("the mutant is the same as the wild type; change at least one letter")
    together = (runs[0][0], runs[-1][1])
    if len(runs) > 1 and together[1] - together[0] <= LENGTH:
        runs.append(together)
    _check_count(len(runs))
    names = ["all together" if run == together and len(runs) > 1 else "" for run in runs]
    return Variants(
        tuple(
            _variant(sequence, name, str(first + 1), sequence[first:last], mutant[first:last])
            for name, (first, last) in zip(names, runs, strict=True)
        ),
        remarks=tuple(notes),
    )


def read_variants(sequence: str, text: str) -> Variants:
    """Read pasted variants of a wild type: substitutions in any form, a table of them, or the whole mutant.

    Parameters
    ----------
    sequence : the wild type in RNA letters.
    text : the mutant; or one substitution per line (or separated by semicolons or commas), as in `read_variant`, optionally named
        before it, or as name, position, ref, alt, separated by tabs, semicolons, commas or spaces, with or without a
        header; or VCF, each ALT of which is a change.

    Returns
    -------
    Variants
        At least one; lines that cannot be used, change nothing or repeat a change are left out with the reason.

    Raises
    ------
    SequenceError
        If none is left; the message says what is wrong with the first line.
    """
    if text.lstrip().startswith(">") or (
        re.fullmatch(rf"[\sA-Za-z]{{{SHORTEST},}}", text) and not re.search(r"\b(position|pos)\b", text.lower())
    ):
        return read_mutant(sequence, text)
    reading = _Reading(sequence)
    rows = list(islice(rows_of(text), _MOST_LINES + 1))
    if len(rows) > _MOST_LINES:
        raise SequenceError(f"more than {_MOST_LINES:,} lines; give at most {MOST_VARIANTS} changes")
    for row in rows:
        if row.problem:
            reading.rejected.append(Rejected(row.line, row.problem))
        used = [change for change in row.changes if reading.add(row.line, row.name, change)]
        if used and row.note:
            reading.remarks[row.note] = None
        _check_count(len(reading.lines) + reading.doubles)
    rejected = tuple(reading.rejected)
    if not reading.lines:
        if not rejected:
            raise SequenceError(f"no substitution is given; {EXAMPLE}")
        only = len(rejected) == 1
        raise SequenceError(rejected[0].reason if only else f"no line can be used; line {rejected[0].line}: {rejected[0].reason}")
    return Variants(tuple(reading.variants), rejected, (*reading.remarks, *sentences_on(reading.changes)))


@dataclass
class _Reading:
    """Changes in one sequence read so far, without repeats."""

    sequence: str
    variants: list[Variant] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    remarks: dict[str, None] = field(default_factory=dict)
    lines: dict[tuple[int, str, str], int] = field(default_factory=dict)
    doubles: int = 0

    def add(self, line: int, name: str, change: Change) -> bool:
        """Add a change if it can be used and is new."""
        try:
            variant = _variant_of(self.sequence, name, change)
        except SequenceError as error:
            self.rejected.append(Rejected(line, str(error)))
            return False
        same = _smallest(variant)
        if same in self.lines:
            self.doubles += 1
            self.rejected.append(Rejected(line, f"{variant.change} is the same change as on line {self.lines[same]}"))
            return False
        self.lines[same] = line
        self.variants.append(variant)
        self.changes.append(change)
        return True


def _smallest(variant: Variant) -> tuple[int, str, str]:
    """Position and letters of a difference, without equal letters beside it."""
    first = next(i for i, (a, b) in enumerate(zip(variant.ref, variant.alt, strict=True)) if a != b)
    last = max(i for i, (a, b) in enumerate(zip(variant.ref, variant.alt, strict=True)) if a != b) + 1
    return variant.position + first, variant.ref[first:last], variant.alt[first:last]


def example_variants(motif: str) -> tuple[str, list[str]]:
    """An instructive example: a change in a model's motif, and the same change beside it.

    Parameters
    ----------
    motif : such as the top 6-mer of a model, in RNA letters.

    Returns
    -------
    (str, list of str)
        A designed RNA of 41 nt with the motif near its middle, planted there if no designed probe has it, and
        two changes with their names, as `read_variants` reads them.
    """
    longest = [probe for probe in decode(designed_library().codes) if len(probe) == LENGTH]
    middle = (LENGTH - len(motif)) // 2
    holding = [probe for probe in longest if abs(probe.find(motif) - middle) <= LENGTH // 2 - _BESIDE]
    probe = min(holding, key=lambda probe: abs(probe.find(motif) - middle), default="")
    if not probe:
        probe = longest[0][:middle] + motif + longest[0][middle + len(motif) :]
    inside = probe.find(motif) + min(1, len(motif) - 1)
    places = {f"in {motif}": inside, "outside": _place_beside(probe, inside, len(motif))}
    return probe, [f"{name}, {probe[at]}{at + 1}{_TRANSITION[probe[at]]}" for name, at in places.items()]


def _place_beside(probe: str, inside: int, width: int) -> int:
    """The nearest place with the same letter that is not close to the motif, else upstream."""
    far = np.flatnonzero(encode(probe)[0] == encode(probe[inside], 1)[0, 0])
    far = far[np.abs(far - inside) >= max(_BESIDE, width)]
    return int(far[np.argmin(np.abs(far - inside))]) if len(far) else max(inside - _BESIDE, 0)


def _variant_of(sequence: str, name: str, change: Change) -> Variant:
    variant = _variant(sequence, name, change.position, change.ref, change.alt)
    if variant.ref == variant.alt:
        raise SequenceError(f"{variant.change} changes nothing; give another letter than {variant.ref}")
    return variant


def _variant(sequence: str, name: str, position: str, ref: str, alt: str) -> Variant:
    """Check a substitution against the sequence."""
    shown = f"{ref}{position}{alt}"[:60]
    if not re.fullmatch(r"\d{1,9}", position):
        raise SequenceError(f"{position[:20]!r} is not a position; positions count from 1 to {len(sequence)}")
    if not (ref and alt) or set(ref + alt) & set("-.*"):
        raise SequenceError(f"{shown}: an insertion or deletion; only substitutions can be compared letter by letter")
    ref, alt = clean_sequence(ref), clean_sequence(alt)
    first = int(position)
    if len(ref) != len(alt):
        raise SequenceError(f"{shown}: {len(ref)} nt become {len(alt)}; only substitutions can be compared, so give as many")
    if len(ref) > LENGTH:
        raise SequenceError(f"{shown[:12]}...: {len(ref)} nt are changed; at most {LENGTH} can be")
    if first < 1 or first + len(ref) - 1 > len(sequence):
        raise SequenceError(f"{shown}: position {first} is outside the RNA; positions count from 1 to {len(sequence)}")
    there = sequence[first - 1 : first - 1 + len(ref)]
    if there != ref:
        where = f"position {first}" if len(ref) == 1 else f"positions {first}-{first + len(ref) - 1}"
        raise SequenceError(f"{shown}: at {where} the RNA has {there}, not {ref}")
    return Variant(sequence, first, ref, alt, _clean_name(name))


def _read_one(text: str, shortest: int) -> tuple[str, list[str]]:
    """The single pasted RNA, and notes on it."""
    pasted = read_pasted(text, min_length=shortest, max_length=LONGEST_RNA)
    if len(pasted.records) != 1:
        raise SequenceError(f"{len(pasted.records)} sequences; give one here")
    return pasted.records[0].sequence, [note for note in pasted.notes if note not in ORDINARY]


def _clean_name(name: str) -> str:
    """A name that can be written before its change, without separators of fields and lines."""
    plain = "".join(" " if sign in ",;" or not sign.isprintable() else sign for sign in name)
    return " ".join(plain.split())[:_LONGEST_NAME].strip().lstrip("#> ")


def _check_count(count: int) -> None:
    if count > MOST_VARIANTS:
        raise SequenceError(f"more than {MOST_VARIANTS} changes; give fewer at a time")
