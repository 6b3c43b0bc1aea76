"""Changes of a given RNA as people write them: substitutions, insertions, deletions and duplications."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from rbind_core.data.tables import Rejected
from rbind_core.errors import SequenceError
from rbind_core.rna.sequence_lines import shown
from rbind_core.rna.sequences import SHORTEST, clean_sequence
from rbind_core.variants.table import rows_of
from rbind_core.who.placing import LONGEST_CHANGE
from rbind_core.who.variants import Change, is_long_enough, smallest

MOST_CHANGES = 5000
_NAME = 40  # letters
_EXAMPLES = "give it as A12G, 12_14del, 12_13insAC or 12dup; positions count from 1"
_LENGTH_CHANGE = re.compile(
    r"(?:[A-Za-z]\w*(?:\.\d+)?:)?(?:[nr]\.)?(?P<before>[ACGTU]?)(?P<first>\d{1,9})(?:_(?P<last>\d{1,9}))?"
    r"(?P<what>delins|del|ins|dup)(?P<letters>[ACGTU]*)",
    re.IGNORECASE | re.ASCII,
)
_UNEVEN = re.compile(  # more than one letter on one side
    r"(?=[A-Z]{2,}\d|[A-Z]\d+>?[A-Z]{2,})(?P<ref>[ACGTU]+)(?P<first>\d{1,9})>?(?P<alt>[ACGTU]+)", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True)
class NamedChange:
    """A change of an RNA with the name that its line gave it, '' if none."""

    name: str
    change: Change

    @property
    def label(self) -> str:
        """Name and change, or the change alone."""
        return f"{self.name} {self.change.label}" if self.name else self.change.label


@dataclass(frozen=True)
class Changes:
    """Changes as read, and the lines that are left out."""

    changes: tuple[NamedChange, ...]
    rejected: tuple[Rejected, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def notes(self) -> list[str]:
        """How lines were read, and one sentence for each that is left out."""
        return [*self.remarks, *(f"line {one.line} is left out: {one.reason}" for one in self.rejected)]


def changes_of(sequence: str, text: str) -> Changes:
    """Read the changes of an RNA, one on a line.

    Parameters
    ----------
    sequence : the RNA, in RNA letters.
    text : substitutions and tables as in `rbind_core.variants.read_variants`; insertions, deletions and duplications as in HGVS
        (12_14del, 12_13insAC, 12dup, 12_14delinsA), or with letters of different number as in VCF (12,AC,A), each with an optional
        name before it.

    Raises
    ------
    SequenceError
        If no line can be used, or there are more than 5,000.
    """
    reading = _Reading()
    rest = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = [word for word in re.split(r"[\t,; ]+", line.strip()) if word]
        of_length = [word for word in words if _LENGTH_CHANGE.fullmatch(word) or _UNEVEN.fullmatch(word)]
        rest.append("" if of_length else line)
        name = " ".join(word for word in words if word not in of_length)[:_NAME]
        for word in of_length:
            reading.add(number, name, partial(_of_length, sequence, word))
    for row in rows_of("\n".join(rest)):
        if row.problem:
            reading.rejected.append(Rejected(row.line, row.problem))
        elif row.note:
            reading.remarks[row.note] = None
        for one in row.changes:
            reading.add(row.line, row.name, partial(_checked, sequence, one.position, one.ref, one.alt))
    return reading.changes()


@dataclass
class _Reading:
    """Changes read so far."""

    found: list[tuple[int, NamedChange]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    remarks: dict[str, None] = field(default_factory=dict)

    def add(self, line: int, name: str, read: Callable[[], Change]) -> None:
        try:
            self.found.append((line, NamedChange(name, read())))
        except SequenceError as error:
            self.rejected.append(Rejected(line, str(error)))
        if len(self.found) + len(self.rejected) > MOST_CHANGES:
            raise SequenceError(f"more than {MOST_CHANGES:,} changes; give fewer at a time")

    def changes(self) -> Changes:
        """All of them, in the order of their lines."""
        rejected = sorted(self.rejected, key=lambda one: one.line)
        if not self.found:
            if not rejected:
                raise SequenceError(f"no change is given; {_EXAMPLES}")
            first = rejected[0]
            raise SequenceError(first.reason if len(rejected) == 1 else f"no line can be used; line {first.line}: {first.reason}")
        ordered = tuple(one for _, one in sorted(self.found, key=lambda numbered: numbered[0]))
        return Changes(ordered, tuple(rejected), tuple(self.remarks))


def _of_length(sequence: str, text: str) -> Change:
    """An insertion, deletion or duplication, or letters that become more or fewer."""
    if uneven := _UNEVEN.fullmatch(text):
        return _checked(sequence, uneven["first"], uneven["ref"], uneven["alt"])
    match = _LENGTH_CHANGE.fullmatch(text)
    assert match is not None
    first, last = int(match["first"]), int(match["last"] or match["first"])
    _check_place(sequence, text, first, last)
    letters, there = match["letters"], sequence[first - 1 : last]
    what = match["what"].lower()
    if match["before"] and clean_sequence(match["before"]) != there[0]:
        raise SequenceError(f"{shown(text)}: at position {first} the RNA has {there[0]}, not {clean_sequence(match['before'])}")
    if what == "ins":
        if last != first + 1 or not letters:
            raise SequenceError(f"{shown(text)}: an insertion stands between two neighbours, as in 12_13insAC")
        return _change(sequence, first + 1, "", clean_sequence(letters))
    if what == "delins":
        if not letters:
            raise SequenceError(f"{shown(text)} does not say which letters are inserted")
        return _change(sequence, first, there, clean_sequence(letters))
    if letters and clean_sequence(letters) != there:
        raise SequenceError(f"{shown(text)}: at {first}-{last} the RNA has {shown(there)}, not {shown(clean_sequence(letters))}")
    if what == "dup":
        return _change(sequence, last + 1, "", there)
    return _change(sequence, first, there, "")


def _check_place(sequence: str, text: str, first: int, last: int) -> None:
    if not 1 <= first <= last <= len(sequence):
        raise SequenceError(f"{shown(text)}: it is outside the RNA; positions count from 1 to {len(sequence)}")


def _checked(sequence: str, position: str, ref: str, alt: str) -> Change:
    """A change whose reference must agree with the RNA."""
    text = shown(f"{ref}{position}{alt}", 40)
    if not re.fullmatch(r"\d{1,9}", position):
        raise SequenceError(f"{shown(position)!r} is not a position; positions count from 1 to {len(sequence)}")
    ref, alt = ("" if one in ("", "-", ".") else clean_sequence(one) for one in (ref, alt))
    first = int(position)
    _check_place(sequence, text, first, max(first + len(ref) - 1, first))
    there = sequence[first - 1 : first - 1 + len(ref)]
    if there != ref:
        raise SequenceError(f"{text}: at position {first} the RNA has {shown(there)}, not {shown(ref)}")
    return _change(sequence, first, ref, alt)


def _change(sequence: str, first: int, ref: str, alt: str) -> Change:
    front, ref, alt = smallest(ref, alt)
    change = Change(sequence, first + front, ref, alt)
    if ref == alt:
        raise SequenceError(f"position {first}: the change leaves the letters as they are; {_EXAMPLES}")
    if max(len(ref), len(alt)) > LONGEST_CHANGE:
        raise SequenceError(f"{change.label[:20]}...: at most {LONGEST_CHANGE:,} nt can change")
    if not is_long_enough(change):
        raise SequenceError(f"{change.label}: fewer than {SHORTEST} nt are left; the models need at least that")
    return change
