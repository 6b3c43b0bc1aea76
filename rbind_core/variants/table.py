"""Lines of changes: one or more per line, tables with or without a header, VCF."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rbind_core.errors import SequenceError
from rbind_core.rna.sequence_lines import shown
from rbind_core.variants.notation import Change, read_changes

_SEPARATORS = ("\t", ";", ",", "|", None)  # None: spaces
_COLUMNS = {
    "name": ("name", "id", "rsid", "snp", "variant"),
    "position": ("position", "pos"),
    "ref": ("ref", "reference", "ref_allele", "wild_type", "wt"),
    "alt": ("alt", "alternative", "alternate", "alt_allele", "mutant", "mut"),
}
_NAMES_OF_A_CHANGE = ("change", "hgvs", "hgvs_c", "hgvsc", "hgvs_r", "mutation", "substitution", "variant")
_LETTERS = re.compile(r"[ACGUT]+(,[ACGUT]+)*", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\[\]]*\]")  # alleles of one RNA, such as c.[12A>G;15C>U]; linear in the length of a line
_NUMBER = re.compile(r"\d{1,9}(\.0*)?")
_VCF_NOTE = "POS of the VCF lines was read as the position in the given RNA, so check it."


@dataclass(frozen=True)
class Row:
    """A line or a part of one: its name, its changes, or why there are none; `note` says how it was read."""

    line: int
    name: str = ""
    changes: tuple[Change, ...] = ()
    problem: str = ""
    note: str = ""


def rows_of(text: str) -> Iterator[Row]:
    """Read the lines of a text.

    Parameters
    ----------
    text : changes as in `read_changes`, each with an optional name before it; or tables of name, position, ref and alt with
        tabs, semicolons, commas or spaces, with quotes or without; or VCF.

    Yields
    ------
    Row
        One per line that is not empty; several changes on one line come one at a time.
    """
    lines = [(number, line.strip(" \r")) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    lines = [(number, line) for number, line in lines if not line.startswith("#") or re.match(r"#CHROM\s", line)]
    header = _header_of(lines[0][1]) if lines else None
    for number, line in lines[header is not None :]:
        if not line.startswith("#"):
            yield from _guarded(number, line, header)


@dataclass(frozen=True)
class _Header:
    separator: str | None
    columns: dict[str, int]
    width: int
    is_vcf: bool


def _header_of(line: str) -> _Header | None:
    """The columns by name, if a line is a header."""
    for separator in _SEPARATORS:
        names = [field.lower().lstrip("#") for field in _fields(line, separator)]
        columns = {
            kind: names.index(name) for kind, known in _COLUMNS.items() if (name := next((n for n in known if n in names), ""))
        }
        if columns.keys() >= {"position", "ref", "alt"}:
            return _Header(separator, columns, len(names), line.upper().startswith(("#CHROM", "CHROM")))
        if change := next((n for n in _NAMES_OF_A_CHANGE if n in names), ""):
            at = names.index(change)
            named = {"name": columns["name"]} if columns.get("name", at) != at else {}
            return _Header(separator, named | {"change": at}, len(names), False)
    return None


def _guarded(number: int, line: str, header: _Header | None) -> Iterator[Row]:
    try:
        if header is not None:
            yield _of_table(number, _fields(line, header.separator), header)
            return
        parts = _parts(line)
    except SequenceError as error:
        yield Row(number, problem=str(error))
        return
    for fields in parts:
        try:
            yield _of_fields(number, fields)
        except SequenceError as error:
            yield Row(number, problem=str(error))


def _parts(line: str) -> list[list[str]]:
    """The fields of a line, with several changes separated."""
    found: list[list[str]] = []
    whole = _fields(line, ";")
    for part in [line] if _is_row(whole) else _outside_brackets(line):
        outside = _BRACKETS.sub("", part)
        separator = next((s for s in _SEPARATORS if s and s in outside), None)
        fields = _fields(part, separator)
        if any(fields):
            found += [[field] for field in fields] if all(map(_is_change, fields)) else [fields]
    return found


def _outside_brackets(line: str) -> list[str]:
    masked = _BRACKETS.sub(lambda found: "_" * len(found.group()), line)
    ends = [*(found.start() for found in re.finditer(";", masked)), len(line)]
    parts = [line[start:end] for start, end in zip([0, *(end + 1 for end in ends)], ends, strict=False)]
    return [part for part in parts if part.strip() and not part.lstrip().startswith("#")]


def _fields(line: str, separator: str | None) -> list[str]:
    if separator is None:
        return [field.strip("\"'") for field in line.split()]
    try:
        fields = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        fields = line.split(separator)
    fields = [field.strip().strip("\"'") for field in fields]
    while fields and not fields[-1]:
        fields = fields[:-1]
    return fields


def _is_row(fields: list[str]) -> bool:
    """Whether fields are position, ref, alt, with or without a name before them."""
    return len(fields) in (3, 4) and bool(_NUMBER.fullmatch(fields[-3])) and all(map(_LETTERS.fullmatch, fields[-2:]))


def _is_change(field: str) -> bool:
    try:
        return bool(read_changes(field))
    except SequenceError:
        return False


def _of_table(number: int, fields: list[str], header: _Header) -> Row:
    """A line of a table with a header."""
    if len(fields) <= max(header.columns.values()):
        raise SequenceError(f"{len(fields)} columns where the header has {header.width}")
    name = fields[header.columns["name"]] if "name" in header.columns else ""
    if "change" in header.columns:
        return _of_changes(number, name, fields[header.columns["change"]])
    position, ref, alt = (fields[header.columns[kind]] for kind in ("position", "ref", "alt"))
    return _of_letters(number, name, position, ref, alt, header.is_vcf)


def _of_fields(number: int, fields: list[str]) -> Row:
    """A line without a header."""
    if len(fields) >= 2 and re.match(r"\(?p\.", fields[-1]) and _is_change(fields[-2]):  # the change of the protein
        return replace(_of_fields(number, fields[:-1]), note=f"{shown(fields[-1], 40)} beside {shown(fields[-2], 40)} was ignored.")
    match fields:
        case [change]:
            return _of_changes(number, "", change)
        case [name, change]:
            return _of_changes(number, name, change)
        case [position, ref, alt]:
            return _of_letters(number, "", position, ref, alt)
        case [name, position, ref, alt]:
            return _of_letters(number, name, position, ref, alt)
        case [_, position, name, ref, alt, *_] if _NUMBER.fullmatch(position) and _LETTERS.fullmatch(ref):
            return _of_letters(number, name, position, ref, alt, is_vcf=True)
    raise SequenceError(f"{len(fields)} columns; give name, position, ref, alt")


def _of_changes(number: int, name: str, text: str) -> Row:
    changes = tuple(read_changes(text))
    several = f"{shown(text, 40)} was read as {len(changes)} changes, one at a time." if len(changes) > 1 else ""
    return Row(number, name, changes, note=several)


def _of_letters(number: int, name: str, position: str, ref: str, alt: str, is_vcf: bool = False) -> Row:
    """A line of position, ref and one or, in VCF, more alts."""
    if _NUMBER.fullmatch(position):
        position = position.split(".")[0]
    alts = alt.split(",") if "," in alt else [alt]
    changes = tuple(Change(f"{ref}{position}{one}", position, ref, one) for one in alts)
    note = _VCF_NOTE if is_vcf else f"{shown(ref + position + alt, 40)} was read as {len(alts)} changes." if len(alts) > 1 else ""
    return Row(number, "" if is_vcf and name == "." else name, changes, note=note)
