"""Notations of a change: A12G, 12A>G, and the forms of HGVS, gnomAD and VEP, with their prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rbind_core.errors import SequenceError
from rbind_core.rna.sequence_lines import shown

EXAMPLE = "give it as A12G: the letter that is there, its position, the new letter"
_QUOTED = 40  # letters of a change to quote
_EACH = 3  # most changes of one kind with a note each

_COUNTS = {
    "c": "c. counts from the start codon",
    "g": "g. counts along the genome",
    "m": "m. counts along the mitochondrial genome",
    "o": "o. counts along a circular genome",
    "chr": "it looks like a position on a chromosome",
}
_OWN = ("r", "n", "")  # prefixes that count along the transcript itself, or are silent
_ARROW = re.compile(r"(?:[-=]{0,2}[>→]|&gt;)")
_KIND = re.compile(r"([A-Za-z])\.")
_FIRST = re.compile(r"([ACGUT]+)(\d{1,9})>?([ACGUT]+)", re.IGNORECASE)
_LAST = re.compile(r"(\d{1,9})(?:_(\d{1,9}))?([ACGUT]+)>([ACGUT]+)", re.IGNORECASE)
_GENOMIC = re.compile(
    r"(?P<front>[A-Z0-9]\w*(?:\.\d+)?)[:_-](?P<at>\d{1,9})[:_-](?P<ref>[ACGUT]+)[:_/>-](?P<alt>[ACGUT]+)", re.IGNORECASE
)  # chr1-21-T-C of gnomAD, 1_21_T/C of VEP
_PROTEIN = re.compile(r"(?:NP_|XP_|ENSP|p\.)|[(]?(?:[A-Z][a-z]{2})\d+(?:[A-Z][a-z]{2}|\*|=|fs|del|dup)", re.ASCII)
_OFFSET = re.compile(r"[(]?([-*]\d+(?:[+-]\d+)?|\d+[+-]\d+)(?=[ACGUT(]|_|del|ins|dup)", re.IGNORECASE)
_LENGTH_CHANGES = re.compile(r"del|ins|dup|inv|con\d|[-.*]", re.IGNORECASE)


@dataclass(frozen=True)
class Change:
    """A substitution before comparison with an RNA; `kind` and `front` say what its position may count along."""

    text: str
    position: str
    ref: str
    alt: str
    kind: str = ""
    front: str = ""


def read_changes(text: str) -> list[Change]:
    """Read one change or more, several of them in brackets.

    Parameters
    ----------
    text : `A12G`, `12A>G`, `r.12a>g`, `NM_000277.1:c.21T>C`, `c.[21T>C;24A>G]`, `chr1-21-T-C` and the like.

    Raises
    ------
    SequenceError
        If it is not a substitution, or its position cannot be in a given RNA.
    """
    short = _ARROW.sub(">", "".join(text.split())).strip("\"'")
    quoted = shown(text, _QUOTED)
    if (match := _GENOMIC.fullmatch(short)) and not _FIRST.fullmatch(match["front"]):
        return [Change(quoted, match["at"], match["ref"], match["alt"], "chr", match["front"])]
    front, _, rest = short.rpartition(":")
    kind = ""
    if match := _KIND.match(rest.lstrip("([")):
        kind, rest = match[1].lower(), rest.replace(match[0], "", 1)
    if kind == "p" or _PROTEIN.match(front) or (not kind and _PROTEIN.match(rest)):
        raise SequenceError(f"{quoted} describes a protein; give the change of the RNA, as in r.21u>c")
    if kind not in _COUNTS and kind not in _OWN:
        raise SequenceError(f"{quoted}: {kind}. is not known; give a change as A12G, r.12a>g, n.12A>G, or with c., g. or m.")
    if not kind and re.match(r"NC_|chr", front, re.IGNORECASE):
        kind = "chr"
    rest = rest.strip("()")
    inside = rest[1:-1].split(";") if rest.startswith("[") and rest.endswith("]") else [rest]
    if len(inside) == 1:
        return [_one(inside[0].strip("()[]"), quoted, kind, front)]
    return [_one(part.strip("()"), shown(f"{kind}.{part}" if kind else part, _QUOTED), kind, front) for part in inside]


def sentences_on(changes: Sequence[Change]) -> Iterator[str]:
    """Say how ambiguous positions were read, and what was ignored.

    Yields
    ------
    str
        One sentence per change, or one for many of a kind.
    """
    groups: dict[str, list[Change]] = {}
    for change in changes:
        if change.kind in _COUNTS or change.front:
            groups.setdefault(change.kind, []).append(change)
    for kind, group in groups.items():
        why = f"; {_COUNTS[kind]}, so check" if kind in _COUNTS else ""
        if len(group) > _EACH:
            ignored = "; what stands in front of the change was ignored" if any(change.front for change in group) else ""
            of_them = f"{why} them" if why else ""
            yield f"{len(group):,} changes such as {group[0].text} were read as positions of the given RNA{of_them}{ignored}."
            continue
        for change in group:
            ignored = f"; {shown(change.front, _QUOTED)} in front of it was ignored" if change.front else ""
            it = f"{why} it" if why else ""
            yield f"{change.text} was read as position {change.position} of the given RNA{it}{ignored}."


def _one(part: str, quoted: str, kind: str, front: str) -> Change:
    if match := _FIRST.fullmatch(part):
        return Change(quoted, match[2], match[1], match[3], kind, front)
    if match := _LAST.fullmatch(part):
        if match[2] is None or int(match[2]) - int(match[1]) + 1 == len(match[3]):
            return Change(quoted, match[1], match[3], match[4], kind, front)
        raise SequenceError(f"{quoted}: {len(match[3])} letters do not reach from {match[1]} to {match[2]}")
    if match := _OFFSET.match(part):
        raise SequenceError(f"{quoted}: {match[1]} is no position of the given RNA{_why_not(match[1])}; positions count from 1")
    if re.search(r"\d", part) and _LENGTH_CHANGES.search(part):
        raise SequenceError(f"{quoted}: only substitutions can be compared letter by letter; {EXAMPLE}")
    raise SequenceError(f"{quoted!r} is not a substitution; {EXAMPLE}")


def _why_not(place: str) -> str:
    """What HGVS means by a position that is not a plain number."""
    if re.search(r"\d[+-]", place):
        return ", but one of an intron"
    return ", but one before the start codon" if place.startswith("-") else ", but one behind the stop codon"
