"""RNA as people paste it: FASTA, GenBank and EMBL, lines with numbers, DNA, gaps at the ends; and what was changed in it."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from rbind_core.errors import SequenceError
from rbind_core.sequences import ALPHABET, IUPAC, SHORTEST, clean_sequence, split_fasta

MOST_BYTES = 5_000_000  # of a text or a file
MOST_RECORDS = 10_000
NAME_LETTERS = 60

_GAPS = "-.*~"
_PROTEIN_ONLY = set("EFILPQXZ")  # letters of amino acids that are not IUPAC letters of nucleotides
_AMINO_ACIDS = set("ACDEFGHIKLMNPQRSTVWYXBZUO*-")
_ENDS = re.compile(r"^\s*5['′’`]?\s*[-–]|[-–]\s*3['′’`]?\s*$|^\s*5['′’`]|3['′’`]\s*$")  # 5'-ACGU-3'
_NUMBER = re.compile(r"(?<!\S)\d+(?!\S)")  # a number that stands alone
_RECORD = re.compile(r"^(?:LOCUS|ACCESSION|ID|AC)\s+([\w.-]+)", re.MULTILINE)
_BLOCK = re.compile(r"^(?:ORIGIN\b|SQ\s+Sequence\b).*$", re.MULTILINE)


@dataclass(frozen=True)
class Record:
    """One pasted RNA: a name of one short line of plain text, and upper-case RNA letters."""

    name: str
    sequence: str


@dataclass(frozen=True)
class Pasted:
    """What was pasted; `notes` are sentences on what was changed in it, for the user."""

    records: tuple[Record, ...]
    notes: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """Nucleotides of all records together."""
        return sum(len(record.sequence) for record in self.records)

    @property
    def fasta(self) -> str:
        """The records as FASTA; reading it gives the same records."""
        return "".join(f">{record.name}\n{record.sequence}\n" for record in self.records)


def read_pasted(
    text: str | bytes,
    *,
    allow_ambiguous: bool = False,
    join_lines: bool = True,
    min_length: int = SHORTEST,
    max_length: int | None = None,
    max_bytes: int = MOST_BYTES,
) -> Pasted:
    """Read sequences as they come from a clipboard or a file.

    Parameters
    ----------
    text : FASTA, a GenBank or EMBL record, or letters alone; RNA or DNA.
    allow_ambiguous : keep IUPAC letters such as N; elsewhere they are refused, since a score needs a nucleotide.
    join_lines : whether lines without a header are one RNA, or one each.
    min_length : nt; a single shorter RNA is refused, and among several the shorter ones are left out.
    max_length : nt of one RNA, or None for any.
    max_bytes : of the text; more is refused before anything of it is read.

    Returns
    -------
    Pasted
        One record or more.

    Raises
    ------
    SequenceError
        If it is too large, empty, not text, a protein, or holds another letter; one sentence says what and where.
    """
    if len(text) > max_bytes:
        raise SequenceError(f"{len(text) / 1e6:.1f} MB are too much; give at most {max_bytes / 1e6:g} MB of RNA or DNA letters")
    text = _decoded(text) if isinstance(text, bytes) else text.removeprefix("\ufeff")
    text = text.encode("utf-8", "replace").decode()  # half a sign, as a broken clipboard may hold, could not be shown
    if (headers := text.count("\n>") + text.startswith(">")) > MOST_RECORDS:
        raise SequenceError(f"{headers:,} sequences are too many; give at most {MOST_RECORDS:,}")
    notes = _Notes()
    parts = list(_split(text, join_lines, notes))
    if not any(letters.strip() for _, letters in parts):
        raise SequenceError("there is no sequence here; paste RNA or DNA letters, or FASTA")
    if len(parts) > MOST_RECORDS:
        raise SequenceError(f"{len(parts):,} sequences are too many; give at most {MOST_RECORDS:,}")
    alone = len(parts) == 1
    records, too_short = [], 0
    for number, (name, letters) in enumerate(parts, start=1):
        name = _plain_name(name) or f"RNA {number}"
        try:
            sequence = _read_letters(letters, allow_ambiguous, min_length if alone else 0, max_length, notes)
        except SequenceError as error:
            raise error if alone else SequenceError(f"{name}: {error}") from None
        if len(sequence) >= min_length:
            records.append(Record(name, sequence))
        else:
            too_short += 1
    if not records:
        raise SequenceError(f"none of the {len(parts):,} sequences is {min_length} nt or longer; the models need at least that")
    if too_short:
        notes.say(f"{too_short:,} of {len(parts):,} sequences are shorter than {min_length} nt and are left out.")
    return Pasted(tuple(records), tuple(notes))


class _Notes:
    """Sentences in the order in which they were first said, each once; ambiguous letters are counted."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}
        self.ambiguous: dict[str, int] = {}

    def say(self, sentence: str) -> None:
        self._said[sentence] = None

    def __iter__(self) -> Iterator[str]:
        yield from self._said
        if self.ambiguous:
            count, letters = sum(self.ambiguous.values()), ", ".join(sorted(self.ambiguous))
            yield f"{count:,} letter{'s stand' if count > 1 else ' stands'} for several nucleotides ({letters}); kept as they are."


def _decoded(content: bytes) -> str:
    """Text of a file: UTF-8, or UTF-16 as Windows saves it, or an old one-byte encoding."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    if b"\0" in content:
        raise SequenceError("this is not a text file; give FASTA or RNA letters as plain text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _split(text: str, join_lines: bool, notes: _Notes) -> Iterator[tuple[str, str]]:
    """Names and raw text of all records."""
    if not text.lstrip().startswith(">") and _BLOCK.search(text):
        notes.say("Only the sequence of the GenBank or EMBL record was read.")
        yield from _database_records(text)
        return
    parts = split_fasta(text)
    if any(line.lstrip().startswith(">") for line in text.splitlines()):
        yield from parts
        return
    lines = [letters for _, letters in parts]
    are_numbered = len(lines) > 1 and all(_NUMBER.search(line) for line in lines)
    if not lines or (not join_lines and not are_numbered):
        yield from parts
        return
    if len(lines) > 1 and not are_numbered:
        notes.say(f"{len(lines):,} lines without a header were read as one RNA; begin each with >name if they are several.")
    yield "", "\n".join(lines)


def _database_records(text: str) -> Iterator[tuple[str, str]]:
    for entry in re.split(r"^//.*$", text, flags=re.MULTILINE):
        if block := _BLOCK.search(entry):
            name = _RECORD.search(entry)
            yield name.group(1) if name else "", entry[block.end() :]


def _read_letters(letters: str, allow_ambiguous: bool, shortest: int, longest: int | None, notes: _Notes) -> str:
    """One record's RNA; what was changed goes into the notes."""
    letters = _without(r"[\u00ad\u200b-\u200f\u2060\ufeff]", letters, "Invisible characters were taken out.", notes)
    letters = _without(_ENDS, letters, "The marks 5' and 3' were taken out.", notes)
    letters = _without(_NUMBER, letters, "Numbers beside the letters were taken out.", notes)
    letters = re.sub(r"\s+", "", letters)
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
        notes.say("T was read as U.")
    if re.search("[a-z]", bare):
        notes.say("Lower case was read as upper case.")
    for letter in IUPAC:
        if letter not in ALPHABET and (count := sequence.count(letter)):
            notes.ambiguous[letter] = notes.ambiguous.get(letter, 0) + count
    return sequence


def _without(pattern: str | re.Pattern[str], letters: str, said: str, notes: _Notes) -> str:
    rest, count = re.subn(pattern, "", letters)
    if count:
        notes.say(said)
    return rest


def _refuse_what_is_not_rna(letters: str, allow_ambiguous: bool) -> None:
    """Say in one sentence what stands there instead of a nucleotide."""
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


def _plain_name(name: str) -> str:
    """One short line without control characters and marks that turn the direction of writing; HTML stays the text it is."""
    signs = re.sub(r"\s", " ", name[: 10 * NAME_LETTERS])
    plain = " ".join("".join(sign for sign in signs if unicodedata.category(sign) not in ("Cc", "Cf", "Co")).split())
    return plain if len(plain) <= NAME_LETTERS else f"{plain[: NAME_LETTERS - 1].rstrip()}…"
