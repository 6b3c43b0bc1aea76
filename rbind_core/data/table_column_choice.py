"""Which columns of a user's table hold the sequences and the scores: detected where clear, otherwise the user is asked."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from rbind_core.data.table_layout import SHORTEST, Columns, sampled_lines
from rbind_core.data.table_names import Sounds, is_a_sequence, is_not_the_rna, is_small_where_strong, sounds
from rbind_core.data.table_text import is_missing, split_fields, to_number
from rbind_core.errors import DataError
from rbind_core.rna.sequences import LENGTH

_CLEARLY = 1.5  # times as many distinct sequences
_SHORT_INSERT = 20  # nt: shorter ones beside longer sequences may be barcodes
_FEW_LINES = 20  # rows of a table whose only column of numbers may count up by chance
_NAMED, _LONGEST_NAME = 4, 60  # candidates in a message, and letters of each
_WHOLE = re.compile("[0-9]+([.]0*)?")


class UnclearColumnError(DataError):
    """It is unclear which column is meant; `question` says so without command-line options.

    Parameters
    ----------
    file : its name.
    what : 'sequence' or 'score'.
    candidates : labels of the possible columns.
    """

    def __init__(self, file: str, what: str, candidates: list[str | int]) -> None:
        shown = list(map(_quoted, candidates))
        more = len(shown) - _NAMED
        shown = [*shown[:_NAMED], f"{more} more"] if more > 1 else shown
        names = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {'and' if more > 1 else 'or'} {shown[-1]}"
        if len(candidates) == 1:
            self.question = f"only column {names} could be the {what}, and it does not look like one"
            way_out = f"if it is, say so with --{what}-column"
        else:
            self.question = f"the {what} could be in column {names}"
            way_out = f"choose one with --{what}-column"
        super().__init__(f"{file}: {self.question}; {way_out}")
        self.what, self.candidates = what, candidates


def _quoted(label: str | int) -> str:
    return f'"{label[:_LONGEST_NAME]}"' if isinstance(label, str) else str(label)


def resolve(file: str, columns: Columns, wanted: str | int, what: str) -> int:
    """Find a column named by the user, as a number from 0.

    Parameters
    ----------
    file : its name, for messages.
    wanted : a name, or a number from 1; digits are a number unless a column has that name.
    what : 'sequence' or 'score'.

    Raises
    ------
    DataError
        If there is no such column, or several have this name.
    """
    names = list(columns.names)
    if isinstance(wanted, str):
        for known, name in ((names, wanted), ([each.lower() for each in names], wanted.lower())):
            if name and known.count(name) > 1:
                numbers = " or ".join(str(c + 1) for c, each in enumerate(known) if each == name)
                raise DataError(f'{file}: several columns are called "{wanted}"; give the number, {numbers}')
            if name and name in known:
                return known.index(name)
    if str(wanted).isascii() and str(wanted).isdigit() and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    shown = [_quoted(columns.label(c)) for c in range(len(names))]
    listed = ", ".join(shown[:8]) + (" ..." if len(shown) > 8 else "")
    raise DataError(f'{file}: there is no column "{wanted}" for the {what}; the columns are {listed}')


def choose(file: str, columns: Columns, sequence: str | int | None, score: str | int | None) -> Columns:
    """Choose both columns: those that the user names, otherwise those that are clear.

    Parameters
    ----------
    file : its name, for messages.
    sequence, score : a name or a number from 1; None where the user names none.

    Raises
    ------
    UnclearColumnError
        If a column is neither named nor clear.
    DataError
        If there is no such column, it does not hold sequences or scores, or both are the same.
    """
    if sequence is not None:
        column = resolve(file, columns, sequence, "sequence")
        _check_kind(file, columns, column, columns.sequences, "sequences")
        columns = columns if column == columns.sequence else replace(columns, sequence=column, sequence_notes=())
    if score is not None:
        column = resolve(file, columns, score, "score")
        _check_kind(file, columns, column, columns.numbers, "numbers")
        columns = columns if column == columns.score else replace(columns, score=column, score_notes=())
    for what, chosen, perhaps in (
        ("sequence", columns.sequence, columns.perhaps_sequence),
        ("score", columns.score, columns.perhaps_score),
    ):
        if chosen is None:
            raise UnclearColumnError(file, what, [columns.label(column) for column in perhaps])
    return columns


def _check_kind(file: str, columns: Columns, column: int, of_its_kind: tuple[int, ...], kind: str) -> None:
    if column in of_its_kind:
        return
    shown = next((fields[column] for fields in columns.first if column < len(fields) and fields[column]), "nothing")
    raise DataError(f'{file}: {columns.described(column)} does not hold {kind} but "{shown[:30]}"')


def with_sequence(columns: Columns) -> Columns:
    """Choose the column of sequences where it is clear: by name, otherwise the one with the most distinct ones that fit.

    Returns
    -------
    Columns
        With `sequence` set, or the candidates in `perhaps_sequence`.
    """
    sample = [split_fields(text, columns.separator) for _, text in sampled_lines(columns.body)]
    values = {c: [_letters(fields[c]) for fields in sample if c < len(fields) and fields[c]] for c in columns.sequences}
    lengths = {c: float(np.median([len(value) for value in values[c]])) for c in values}
    fits = [c for c in values if 2 * sum(SHORTEST <= len(v) <= LENGTH for v in values[c]) > len(values[c])]
    pool = _not_constant(fits or list(values), values)
    pool = [c for n, c in enumerate(pool) if not any(values[c] == values[before] for before in pool[:n])]  # DNA beside RNA
    chosen = _clear_sequence(columns, pool, values, lengths)
    if chosen is None:
        return replace(columns, perhaps_sequence=tuple(pool if len(pool) > 1 else columns.sequences))
    notes: tuple[str, ...] = ()
    if len(columns.sequences) > 1:
        notes = (f"{len(columns.sequences)} columns hold sequences; those in {columns.described(chosen)} were taken",)
    return replace(columns, sequence=chosen, sequence_notes=notes)


def _letters(text: str) -> str:
    return text.upper().replace("T", "U")


def _not_constant(pool: list[int], values: dict[int, list[str]]) -> list[int]:
    return [c for c in pool if len(set(values[c])) > 1] or pool


def _clear_sequence(columns: Columns, pool: list[int], values: dict[int, list[str]], lengths: dict[int, float]) -> int | None:
    named = [c for c in pool if is_a_sequence(columns.names[c])]
    if named:
        return named[0] if len(named) == 1 else None
    likely = [c for c in pool if not is_not_the_rna(columns.names[c])]
    others = [c for c in columns.sequences if c not in pool and len(set(values[c])) > 1]
    if not likely:
        return pool[0] if len(columns.sequences) == 1 else None
    if len(likely) == 1:
        [only] = likely
        may_be_a_barcode = lengths[only] < _SHORT_INSERT and any(lengths[c] > lengths[only] for c in others)
        return None if may_be_a_barcode else only
    best = max(likely, key=lambda c: len(set(values[c])))
    clear = all(
        len(set(values[best])) >= _CLEARLY * len(set(values[c])) and lengths[best] >= lengths[c] for c in likely if c != best
    )
    return best if clear else None


def with_score(columns: Columns) -> Columns:
    """Choose the column of scores where it is clear: by name, otherwise the only one that looks like nothing else.

    Returns
    -------
    Columns
        With `score` set, or the candidates in `perhaps_score`.
    """
    numbers = list(columns.numbers)
    ranks = {column: sounds(columns.names[column]) for column in numbers}
    fields = _fields_of(columns, numbers)
    several = len(numbers) > 1
    varied = [c for c in numbers if len(set(fields[c])) > 1]
    for column in numbers:
        if several and varied and column not in varied:
            ranks[column] = Sounds.LIKE_A_COMPANION
        elif ranks[column] >= Sounds.NEUTRAL and (several or len(fields[column]) >= _FEW_LINES):
            ranks[column] = max(ranks[column], _as_its_values(fields[column], columns.header and not columns.names[column]))
    best = min(ranks.values())
    candidates = tuple(column for column in numbers if ranks[column] == best)
    if len(candidates) > 1 or best >= Sounds.LIKE_A_COMPANION:
        return replace(columns, score=None, perhaps_score=candidates)
    [score] = candidates
    return replace(columns, score=score, score_notes=tuple(_notes_on_score(columns, score, fields[score])))


def _notes_on_score(columns: Columns, score: int, fields: list[str]) -> list[str]:
    taken, notes = f"{columns.described(score)} was taken as the score", []
    if len(columns.numbers) > 1:
        notes.append(f"{len(columns.numbers)} columns hold numbers; {taken}")
    if is_small_where_strong(columns.names[score]):
        notes.append(f"{taken}; if it is small where binding is strong, give its negative logarithm")
    if _as_its_values(fields, without_name=False) == Sounds.LIKE_A_NUMBER_OF_THE_LINE:
        notes.append(f"{taken}, but its whole numbers look like numbers of the lines")
    return notes


def _fields_of(columns: Columns, wanted: list[int]) -> dict[int, list[str]]:
    fields: dict[int, list[str]] = {column: [] for column in wanted}
    for _, text in columns.body:
        line = split_fields(text, columns.separator)
        for column in wanted:
            if column < len(line) and not is_missing(line[column]):
                fields[column].append(line[column])
    return fields


def _as_its_values(fields: list[str], without_name: bool) -> Sounds:
    """What a column of numbers looks like by its values: integers that differ from line to line may number the lines."""
    if len(fields) < 2 or not all(map(_WHOLE.fullmatch, fields)):
        return Sounds.NEUTRAL
    values = np.array([to_number(field) for field in fields])
    if without_name:
        return Sounds.LIKE_A_NUMBER_OF_THE_LINE
    if len(np.unique(values)) < len(values):
        return Sounds.NEUTRAL
    if np.ptp(values) == len(values) - 1 or (np.diff(values) > 0).all():
        return Sounds.LIKE_A_NUMBER_OF_THE_LINE
    return Sounds.LIKE_A_COUNT
