"""Changes of a given RNA as people write them: substitutions, insertions, deletions and duplications."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rbind_core.data.tables import Rejected
from rbind_core.errors import SequenceError
from rbind_core.rna.sequence_lines import shown
from rbind_core.rna.sequences import SHORTEST, clean_sequence
from rbind_core.variants.table import rows_of
from rbind_core.who.placing import LONGEST_CHANGE
from rbind_core.who.variants import Change, is_long_enough, smallest

MOST_CHANGES = 5000
_EXAMPLES = "give it as A12G, 12_14del, 12_13insAC or 12dup; positions count from 1"
_LENGTH_CHANGE = re.compile(
    r"(?:[A-Za-z]\w*(?:\.\d+)?:)?(?:[nr]\.)?(?P<before>[ACGTU]?)(?P<first>\d{1,9})(?:_(?P<last>\d{1,9}))?"
    r"(?P<what>delins|del|ins|dup)(?P<letters>[ACGTU]*)",
    re.IGNORECASE | re.ASCII,
)
_LETTERS_FIRST = re.compile(r"(?P<ref>[ACGTU]+)(?P<first>\d{1,9})>?(?P<alt>[ACGTU]+)", re.IGNORECASE | re.ASCII)


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
    lines = text.splitlines()
    changes: list[NamedChange] = []
    rejected: list[Rejected] = []
    remarks: dict[str, None] = {}
    for row in rows_of(text):
        try:
            found = _by_length(sequence, lines[row.line - 1]) if row.problem else None
            if row.problem and found is None:
                raise SequenceError(row.problem)
            if found is not None:
                changes.append(found)
            for one in row.changes:
                changes.append(NamedChange(row.name, _checked(sequence, one.position, one.ref, one.alt)))
            if row.note:
                remarks[row.note] = None
        except SequenceError as error:
            rejected.append(Rejected(row.line, str(error)))
        if len(changes) + len(rejected) > MOST_CHANGES:
            raise SequenceError(f"more than {MOST_CHANGES:,} changes; give fewer at a time")
    if not changes:
        reason = f"line {rejected[0].line}: {rejected[0].reason}" if rejected else f"no change is given; {_EXAMPLES}"
        raise SequenceError(rejected[0].reason if len(rejected) == 1 else reason)
    return Changes(tuple(changes), tuple(rejected), tuple(remarks))


def _by_length(sequence: str, line: str) -> NamedChange | None:
    """A line whose last field is an insertion, deletion or duplication, or None."""
    fields = [field for field in re.split(r"[\t,; ]+", line.strip()) if field]
    text = fields[-1] if fields else ""
    name = " ".join(fields[:-1])[:40]
    if match := _LETTERS_FIRST.fullmatch(text):
        return NamedChange(name, _checked(sequence, match["first"], match["ref"], match["alt"]))
    match = _LENGTH_CHANGE.fullmatch(text)
    if match is None:
        return None
    first, last = int(match["first"]), int(match["last"] or match["first"])
    _check_place(sequence, text, first, last)
    letters, there = match["letters"], sequence[first - 1 : last]
    what = match["what"].lower()
    if match["before"] and clean_sequence(match["before"]) != there[0]:
        raise SequenceError(f"{shown(text)}: at position {first} the RNA has {there[0]}, not {clean_sequence(match['before'])}")
    if what == "ins":
        if last != first + 1 or not letters:
            raise SequenceError(f"{shown(text)}: an insertion stands between two neighbours, as in 12_13insAC")
        return NamedChange(name, _change(sequence, first + 1, "", clean_sequence(letters)))
    if what == "delins":
        if not letters:
            raise SequenceError(f"{shown(text)} does not say which letters are inserted")
        return NamedChange(name, _change(sequence, first, there, clean_sequence(letters)))
    if letters and clean_sequence(letters) != there:
        raise SequenceError(f"{shown(text)}: at {first}-{last} the RNA has {shown(there)}, not {shown(clean_sequence(letters))}")
    if what == "dup":
        return NamedChange(name, _change(sequence, last + 1, "", there))
    return NamedChange(name, _change(sequence, first, there, ""))


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
