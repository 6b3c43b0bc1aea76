"""Reading pasted RNA: FASTA, GenBank and EMBL, numbered lines, DNA, gaps at the ends, with notes on what was changed."""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from gzip import BadGzipFile, GzipFile

from rbind_core.errors import SequenceError
from rbind_core.rna.other_formats import refuse_other_formats
from rbind_core.rna.sequence_lines import (
    COLUMNS_READ,
    NUMBERS_OUT,
    Line,
    Notes,
    are_positions,
    is_header,
    read_body,
    read_line,
    shown,
)
from rbind_core.rna.sequences import ALPHABET, IUPAC, SHORTEST, clean_sequence

MOST_BYTES = 5_000_000  # bytes of a text or a file
MOST_RECORDS = 10_000
NAME_LETTERS = 60
_NOT_TEXT = "this is not a text file; give plain text"
_LOOKED_AT, _MOSTLY_ASCII = 10_000, 0.6  # bytes to examine, and share of ASCII letters in old encodings
_NAMED = 5  # left-out records that the notes name

_T_READ, _LOWER_READ = "T was read as U.", "Lower case was read as upper case."
ORDINARY = (_T_READ, _LOWER_READ)  # notes that are not needed where nobody looks at the letters

_GAPS = "-.*~"
_PROTEIN_ONLY = set("EFILPQXZ")  # letters of amino acids that are not IUPAC letters of nucleotides
_AMINO_ACIDS = set("ACDEFGHIKLMNPQRSTVWYXBZUO*-")
_RECORD = re.compile(r"^(?:LOCUS|ACCESSION|ID|AC)\s+([\w.-]+)", re.MULTILINE)
_BLOCK = re.compile(r"^(?:ORIGIN\b|SQ\s+Sequence\b).*$", re.MULTILINE)


@dataclass(frozen=True)
class Record:
    """One pasted RNA: a name, as one short line of plain text, and upper-case RNA letters."""

    name: str
    sequence: str


@dataclass(frozen=True)
class Pasted:
    """Pasted records; `notes` are sentences for the user on what was changed.

    `left_out` holds name and reason of each record that was left out.
    """

    records: tuple[Record, ...]
    notes: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def length(self) -> int:
        """Total number of nucleotides."""
        return sum(len(record.sequence) for record in self.records)

    @property
    def fasta(self) -> str:
        """The records as FASTA, which reads back as the same records."""
        return "".join(f">{record.name}\n{record.sequence}\n" for record in self.records)


@dataclass
class _Part:
    """One record as found: its letters without white space, or why there are none."""

    name: str
    letters: str = ""
    problem: str = ""
    lines: list[str] = field(default_factory=list)


def read_pasted(
    text: str | bytes,
    *,
    allow_ambiguous: bool = False,
    join_lines: bool = True,
    min_length: int = SHORTEST,
    max_length: int | None = None,
    max_bytes: int = MOST_BYTES,
    max_records: int | None = MOST_RECORDS,
    leave_out: bool = False,
    name_letters: int = NAME_LETTERS,
) -> Pasted:
    """Read one or more sequences from a clipboard or a file.

    White space never joins two columns into one RNA: a line may hold an RNA and its name, but if it may hold
    two RNAs it is refused. Blocks of letters as in GenBank are joined, with a note.

    Parameters
    ----------
    text : FASTA, a GenBank or EMBL record, lines of a name and an RNA, or letters alone; RNA or DNA. Bytes may be gzipped.
    allow_ambiguous : keep IUPAC letters such as N, which are otherwise refused, since a score needs nucleotides.
    join_lines : whether lines of letters without a header are one RNA, or one RNA each.
    min_length : nt; a single shorter RNA is refused, shorter ones among several are left out.
    max_length : nt of one RNA, or None for any.
    max_bytes : of the unpacked text; more is refused before it is read.
    max_records : more are refused; None for any number.
    leave_out : leave out a record that cannot be used, with a note, instead of refusing all.
    name_letters : longer names are cut.

    Raises
    ------
    SequenceError
        If it is too large, empty, not text, a protein, a file of another format such as BED, holds columns that may be several
        RNAs, or another letter; the message says what and where.
    """
    text = _unpacked(text, max_bytes) if isinstance(text, bytes) else text
    if len(text) > max_bytes:
        raise SequenceError(f"{len(text) / 1e6:.1f} MB are too much; give at most {max_bytes / 1e6:g} MB of RNA or DNA letters")
    text = text_of(text) if isinstance(text, bytes) else text.removeprefix("\ufeff")
    text = text.encode("utf-8", "replace").decode()  # half a character, as from a broken clipboard, cannot be shown
    headers = text.count("\n>") + text.startswith(">")
    _check_count(headers, max_records)
    notes, ambiguous = Notes(), dict[str, int]()
    parts = _split(text, join_lines, notes)
    if not any(part.letters or part.problem for part in parts):
        raise SequenceError("there is no sequence here; paste RNA or DNA letters, or FASTA")
    _check_count(len(parts), max_records)
    for number, part in enumerate(parts, start=1):
        part.name = _plain_name(part.name, name_letters) or f"RNA {number}"
    records, bad = _read_parts(parts, allow_ambiguous, min_length, max_length, leave_out, notes, ambiguous)
    return Pasted(tuple(records), (*notes, *_said_of(ambiguous), *_said_of_bad(bad)), tuple(bad))


def _read_parts(
    parts: list[_Part],
    allow_ambiguous: bool,
    min_length: int,
    max_length: int | None,
    leave_out: bool,
    notes: Notes,
    ambiguous: dict[str, int],
) -> tuple[list[Record], list[tuple[str, str]]]:
    """The usable records, and name and reason of those left out."""
    alone, too_short = len(parts) == 1, 0
    shortest = min_length if alone or leave_out else 0
    records: list[Record] = []
    bad: list[tuple[str, str]] = []
    for part in parts:
        try:
            if part.problem:
                raise SequenceError(part.problem)
            sequence = _read_letters(part.letters, allow_ambiguous, shortest, max_length, notes, ambiguous)
        except SequenceError as error:
            bad.append((part.name, str(error)))
            if alone and not leave_out:
                raise
            if alone or not leave_out:
                raise SequenceError(f"{part.name}: {error}") from None
            continue
        if len(sequence) >= min_length:
            records.append(Record(part.name, sequence))
        else:
            too_short += 1
    if not records and bad:
        raise SequenceError(f"none of the {len(parts):,} sequences can be used; {bad[0][0]}: {bad[0][1]}")
    if not records:
        raise SequenceError(f"none of the {len(parts):,} sequences is {min_length} nt or longer; the models need at least that")
    if too_short:
        notes.say(f"{too_short:,} of {len(parts):,} sequences are shorter than {min_length} nt and are left out.")
    return records, bad


def _check_count(count: int, most: int | None) -> None:
    if most is not None and count > most:
        raise SequenceError(f"{count:,} sequences are too many; give at most {most:,}")


def _said_of(ambiguous: dict[str, int]) -> Iterator[str]:
    if ambiguous:
        count, letters = sum(ambiguous.values()), ", ".join(sorted(ambiguous))
        yield f"{count:,} letter{'s stand' if count > 1 else ' stands'} for several nucleotides ({letters}); kept as they are."


def _said_of_bad(bad: list[tuple[str, str]]) -> Iterator[str]:
    yield from (f"{name} is left out: {reason}." for name, reason in bad[:_NAMED])
    if len(bad) > _NAMED:
        yield f"{len(bad) - _NAMED:,} more sequences that cannot be used are left out."


def _unpacked(content: bytes, most: int) -> bytes:
    """Content of a file, unpacked if gzipped, up to a little more than is allowed."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return GzipFile(fileobj=io.BytesIO(content)).read(most + 1)
    except (EOFError, zlib.error, BadGzipFile):
        raise SequenceError("the gzip file is damaged or not complete; pack it again") from None


def text_of(content: bytes) -> str:
    """Decode a file in UTF-8, UTF-16 as saved by Windows, or an old one-byte encoding, without a byte order mark.

    Raises
    ------
    SequenceError
        If it is not text.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    if b"\0" in content:
        raise SequenceError(_NOT_TEXT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if sum(byte < 128 for byte in content[:_LOOKED_AT]) < _MOSTLY_ASCII * len(content[:_LOOKED_AT]):
            raise SequenceError(_NOT_TEXT) from None
        return content.decode("latin-1")


def _split(text: str, join_lines: bool, notes: Notes) -> list[_Part]:
    """All records with their letters."""
    if not text.lstrip().startswith(">") and _BLOCK.search(text):
        notes.say("Only the sequence of the GenBank or EMBL record was read.")
        return [_of_body(name, block.splitlines(), notes) for name, block in _database_records(text)]
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip() and line.strip()[0] != ";"]
    if any(line.lstrip().startswith(">") for _, line in lines):
        return _fasta(lines, notes)
    return _plain(lines, join_lines, notes)


def _fasta(lines: list[tuple[int, str]], notes: Notes) -> list[_Part]:
    parts: list[_Part] = []
    for number, line in lines:
        stripped = line.strip()
        if stripped.startswith(">"):
            parts.append(_Part(stripped[1:].strip() or f"line {number}"))
        elif parts:
            parts[-1].lines.append(line)
        elif not stripped.startswith("#"):
            raise SequenceError(f"line {number}: {shown(stripped)} stands before the first '>' header")
    return [_of_body(part.name, part.lines, notes) for part in parts]


def _database_records(text: str) -> Iterator[tuple[str, str]]:
    for entry in re.split(r"^//.*$", text, flags=re.MULTILINE):
        if block := _BLOCK.search(entry):
            name = _RECORD.search(entry)
            yield name.group(1) if name else "", entry[block.end() :]


def _of_body(name: str, lines: list[str], notes: Notes) -> _Part:
    try:
        return _Part(name, "".join([read_body(line, notes) for line in lines]))
    except SequenceError as error:
        return _Part(name, problem=str(error))


def _plain(lines: list[tuple[int, str]], join_lines: bool, notes: Notes) -> list[_Part]:
    """Records of lines without headers: one per line if there are columns or on request, else one in all."""
    refuse_other_formats([line.strip() for _, line in lines])
    lines = [(number, line) for number, line in lines if not line.lstrip().startswith("#")]
    if len(lines) > 1 and is_header(lines[0][1], lines[1][1]):
        notes.say(f"Line {lines[0][0]} was read as the header of a table.")
        lines = lines[1:]
    found: list[Line] = []
    problems: dict[int, str] = {}
    for at, (_, line) in enumerate(lines):
        try:
            found.append(read_line(line, notes))
        except SequenceError as error:
            found.append(Line(""))
            problems[at] = str(error)
    together = "".join([line.letters for line in found])
    if found and not problems and any(found[0].numbers) and are_positions(found):
        notes.say(NUMBERS_OUT)
        return [_Part("", together)]
    if len(found) == 1:
        return [_Part(found[0].name, together, problems.get(0, ""))]
    is_table = bool(problems) or any(line.name or any(line.numbers) for line in found)
    if join_lines and not is_table and found:
        notes.say(f"{len(found):,} lines without a header were read as one RNA; begin each with >name if they are several.")
        return [_Part("", together)]
    if any(any(line.numbers) for line in found):
        notes.say(COLUMNS_READ)
    if not is_table and found:
        notes.say(f"{len(found):,} lines without a header were read as {len(found):,} RNAs.")
    return [
        _Part(line.name or line.numbers[0] or f"line {number}", line.letters, problems.get(at, ""))
        for at, ((number, _), line) in enumerate(zip(lines, found, strict=True))
    ]


def _read_letters(
    letters: str, allow_ambiguous: bool, shortest: int, longest: int | None, notes: Notes, ambiguous: dict[str, int]
) -> str:
    """One record's RNA; changes are noted, and ambiguous letters are counted."""
    bare = letters.strip(_GAPS)
    if bare != letters:
        notes.say(f"Gaps and stops ({' '.join(sorted(set(letters) & set(_GAPS)))}) at the ends were taken out.")
    if not bare and not shortest:
        return ""
    if not bare:
        raise SequenceError("there is no sequence here; paste RNA or DNA letters, or FASTA")
    _refuse_what_is_not_rna(bare, allow_ambiguous)
    sequence = clean_sequence(bare, min_length=shortest, max_length=longest, alphabet="".join(IUPAC))
    if re.search("[tT]", bare):
        notes.say(_T_READ)
    if re.search("[a-z]", bare):
        notes.say(_LOWER_READ)
    for letter in IUPAC:
        if letter not in ALPHABET and (count := sequence.count(letter)):
            ambiguous[letter] = ambiguous.get(letter, 0) + count
    return sequence


def _refuse_what_is_not_rna(letters: str, allow_ambiguous: bool) -> None:
    """Refuse letters that are not nucleotides, in one sentence."""
    start = _start_of(letters)
    wrong = re.search(f"[^{''.join(IUPAC)}T]", letters, re.IGNORECASE | re.ASCII)
    if wrong and _looks_like_a_protein(letters):
        raise SequenceError(f"{start} looks like a protein; paste RNA or DNA letters, A, C, G, U or T")
    if wrong:
        letter, place = wrong.group(), wrong.start() + 1
        if letter in _GAPS:
            raise SequenceError(f"{start}: {letter!r} at position {place} is a gap; take the gaps inside the sequence out")
        raise SequenceError(f"{start}: {letter!r} at position {place} is not a nucleotide; use A, C, G, U (or T)")
    ambiguous = None if allow_ambiguous else re.search("[^ACGUT]", letters, re.IGNORECASE | re.ASCII)
    if ambiguous:
        letter = ambiguous.group()
        stands_for = " or ".join(IUPAC[letter.upper()])
        place = ambiguous.start() + 1
        raise SequenceError(f"{start}: {letter!r} at position {place} stands for {stands_for}; use A, C, G, U (or T) there")


def _looks_like_a_protein(letters: str) -> bool:
    found = letters.upper()
    nucleotides = sum(map(found.count, "ACGUTN"))
    return len(found) >= 6 and set(found) <= _AMINO_ACIDS and bool(set(found) & _PROTEIN_ONLY) and nucleotides < 0.6 * len(found)


def _start_of(letters: str, shown: int = 24) -> str:
    start = "".join(sign if sign.isprintable() else "?" for sign in letters[:shown])
    return start if len(letters) <= shown else f"{start}..."


def _plain_name(name: str, most: int) -> str:
    """One short line without control characters and marks of writing direction; HTML stays plain text."""
    signs = re.sub(r"\s", " ", name[: 10 * most])
    plain = " ".join("".join(sign for sign in signs if unicodedata.category(sign) not in ("Cc", "Cf", "Co")).split())
    return plain if len(plain) <= most else f"{plain[: most - 1].rstrip()}…"
