"""Constructs from text: `UGCAUG@4+UGCAUG@*`, `loop = stem:7-16/24-33+GCUGGC@18`, `context:ACGUACG@10+occlude:12-14`."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations

from rbind_core.constructs.construct import Construct
from rbind_core.constructs.elements import STEM_FORMS, Context, Element, Occlusion, Pattern, Stem
from rbind_core.constructs.placement import count_arrangements
from rbind_core.errors import ConstructError, SequenceError
from rbind_core.rna.iupac import iupac_letters
from rbind_core.rna.sequence_lines import are_blocks
from rbind_core.rna.sequences import LENGTH

MAX_ELEMENTS = 20
MAX_RANDOM = 6  # most patterns at random positions in one construct
MAX_CONSTRUCTS = 8
SHORTEST_LOOP = 3  # nt, shortest loop of a hairpin
_LONGEST_NAME = 40
_EXAMPLE = "give patterns as in UGCAUG@4+UGCAUG@11"


def parse_constructs(text: str) -> list[Construct]:
    """Read one or more constructs from their text form.

    Parameters
    ----------
    text : constructs separated by ';'.

    Raises
    ------
    ConstructError
        If there are none or too many, or one cannot be read.
    """
    parts = [part for part in text.split(";") if part.strip()]
    if not parts:
        raise ConstructError("the construct is empty; give a pattern and its position, as in UGCAUG@18")
    if len(parts) > MAX_CONSTRUCTS:
        raise ConstructError(f"{len(parts)} constructs; at most {MAX_CONSTRUCTS} can be compared at once")
    return [parse_construct(part) for part in parts]


def parse_construct(text: str) -> Construct:
    """Read a construct from its text form.

    Parameters
    ----------
    text : elements joined with '+', optionally after a name and '='. `UGCAUG@4` is a pattern with its 1-based
        position, `UGCAUG@4,11` two of them, `UGCAUG@*` one at a random position, `stem:7-16/24-33` two strands that pair
        (with G-U pairs as `stem:7-16/24-33:gu`; `stem:7-16/24-33:open` and the other `STEM_FORMS` are controls), `context:ACGU@10`
        a fixed sequence, `occlude:4-9` a window of random nucleotides.

    Returns
    -------
    Construct
        Its own text form reads back as an equal construct.

    Raises
    ------
    ConstructError
        If an element cannot be read, does not fit, or cannot be combined with the others; the message names it.
    """
    name, equals, rest = text.rpartition("=")
    parts = " ".join(rest.split()).split("+")
    elements = tuple(element for part in parts for element in _parse_elements(part.strip()))
    if len(elements) > MAX_ELEMENTS:
        raise ConstructError(f"{len(elements)} patterns in one construct; at most {MAX_ELEMENTS} are allowed")
    construct = Construct(elements, _parse_name(name) if equals else "")
    _check_stems(construct)
    _check_random_positions(construct)
    return construct


def _parse_name(text: str) -> str:
    name = " ".join(text.split())
    wrong = re.search(r"[^\w .,'()/%-]", name)
    if wrong:
        raise ConstructError(
            f"{name[:_LONGEST_NAME]}: a name cannot hold {wrong.group()!r}; use letters, digits, spaces and . , ' ( ) / % -"
        )
    if not name or len(name) > _LONGEST_NAME:
        raise ConstructError(f"the name before '=' has {len(name)} letters; use 1 to {_LONGEST_NAME}, or leave out the '='")
    return name


def _parse_elements(part: str) -> list[Element]:
    kind, colon, rest = part.partition(":")
    if colon:
        parse = _PARSERS.get(kind.strip().lower())
        if parse is None:
            raise ConstructError(f"{part[:LENGTH]}: {kind.strip()[:20]!r} is not known; use {', '.join(f'{k}:' for k in _PARSERS)}")
        _refuse_two_words(rest.partition("@")[0] if parse is _parse_context else "", "context")
        return [parse(re.sub(r"\s+", "", rest), part)]
    letters, at, positions = part.rpartition("@")
    if not part:
        raise ConstructError(f"the pattern is empty; {_EXAMPLE}")
    if not at:
        raise ConstructError(f"{part[:LENGTH]}: the position is missing; {_EXAMPLE}")
    return [parse_pattern(letters, start) for start in positions.split(",")]


def parse_pattern(letters: str, start: int | str) -> Pattern:
    """Check a pattern and its position.

    Parameters
    ----------
    letters : IUPAC letters; lower case, T for U, and white space around or between blocks of letters are accepted.
    start : 1-based position of the first letter, or '*' for a random position.

    Raises
    ------
    ConstructError
        If a letter is unknown, or the pattern does not fit into 41 nt; the message names the last position that fits.
    """
    _refuse_two_words(letters, "pattern")
    cleaned = _clean_letters(letters, "pattern")
    if str(start).strip() == "*":
        return Pattern(cleaned, None)
    return Pattern(cleaned, _start_of(cleaned, str(start).strip()))


def _refuse_two_words(letters: str, what: str) -> None:
    """Refuse white space that would merge two patterns; blocks of letters are one pattern."""
    words = letters.split()
    if len(words) > 1 and not are_blocks(words):
        raise ConstructError(
            f"{' '.join(words)[:LENGTH]}: {len(words)} words in one {what}; join patterns with '+', without spaces"
        )


def _clean_letters(letters: str, what: str) -> str:
    try:
        cleaned = iupac_letters("".join(letters.split()))
    except SequenceError as error:
        raise ConstructError(str(error)) from None
    if not cleaned:
        raise ConstructError(f"the {what} is empty; use A, C, G, U or IUPAC letters")
    if len(cleaned) > LENGTH:
        raise ConstructError(f"{cleaned[:12]}...: {len(cleaned)} nt long; a {what} has at most {LENGTH} nt")
    return cleaned


def _start_of(letters: str, start: str) -> int:
    last_start = LENGTH - len(letters) + 1
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", start):
        raise ConstructError(
            f"{letters}@{start[:20]}: {start[:20]!r} is not a position; use 1 to {last_start}, or * for random positions"
        )
    position = int(start)
    if position < 1:
        raise ConstructError(f"{letters}@{start}: position {position} does not exist; positions count from 1 to {last_start}")
    if position > last_start:
        raise ConstructError(
            f"{letters}@{start} runs off the end of the {LENGTH} nt; the last position that fits {letters} is {last_start}"
        )
    return position


def _parse_context(rest: str, part: str) -> Context:
    letters, at, start = rest.rpartition("@")
    cleaned = _clean_letters(letters if at else rest, "context")
    return Context(cleaned, _start_of(cleaned, start) if at else 1)


def _parse_occlusion(rest: str, part: str) -> Occlusion:
    first, last = _parse_range(rest, part, "occlude:18-23")
    return Occlusion(first, last)


def _parse_stem(rest: str, part: str) -> Stem:
    example = "stem:7-16/24-33"
    ranges, *options = rest.lower().split(":")
    forms = [option for option in options if option != "gu"]
    wrong = next((option for option in forms if option not in STEM_FORMS), None)
    if wrong is not None:
        raise ConstructError(
            f"{part[:60]}: {wrong[:20]!r} is not an option of a stem; leave it out, or use gu to allow G-U pairs "
            f"or, as a control, one of {', '.join(STEM_FORMS)}"
        )
    if len(forms) > 1 or len(options) - len(forms) > 1:
        raise ConstructError(f"{part[:60]}: give gu once at most, and one of {', '.join(STEM_FORMS)} at most")
    left, slash, right = ranges.partition("/")
    if not slash:
        raise ConstructError(f"{part[:60]}: a stem has two strands; give them as in {example}")
    first, last = _parse_range(left, part, example)
    partner_first, partner_last = _parse_range(right, part, example)
    if last - first != partner_last - partner_first:
        raise ConstructError(
            f"{part}: the strands have {last - first + 1} and {partner_last - partner_first + 1} nt; they must be equally long"
        )
    if partner_first <= last:
        raise ConstructError(
            f"{part}: the strands overlap or stand in the wrong order; the second one starts at {last + SHORTEST_LOOP + 1} or later"
        )
    loop = partner_first - last - 1
    if loop < SHORTEST_LOOP:
        raise ConstructError(f"{part}: the loop has {loop} nt; a hairpin loop has at least {SHORTEST_LOOP}")
    return Stem(first, last, partner_first, partner_last, "gu" in options, "".join(forms))


def _parse_range(text: str, part: str, example: str) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9})", text)
    if not match:
        raise ConstructError(f"{part[:60]}: {text[:20]!r} is not a range of positions; give it as in {example}")
    first, last = int(match[1]), int(match[2])
    if first > last:
        raise ConstructError(f"{part}: {first}-{last} runs backwards; the first position comes first")
    if first < 1 or last > LENGTH:
        raise ConstructError(f"{part}: {first}-{last} leaves the sequence; positions count from 1 to {LENGTH}")
    return first, last


_PARSERS: dict[str, Callable[[str, str], Element]] = {"stem": _parse_stem, "context": _parse_context, "occlude": _parse_occlusion}


def _check_stems(construct: Construct) -> None:
    for a, b in combinations(construct.stems, 2):
        shared = sorted(a.covered & b.covered)
        if shared:
            raise ConstructError(f"{a} and {b} share position {shared[0]}; a nucleotide pairs with one other at most")
        if a.first < b.first < a.partner_first < b.partner_first or b.first < a.first < b.partner_first < a.partner_first:
            raise ConstructError(
                f"{a} and {b} cross each other (a pseudoknot), which no model here has seen; nest them or put them side by side"
            )


def _check_random_positions(construct: Construct) -> None:
    moving = construct.moving
    if len(moving) > MAX_RANDOM:
        raise ConstructError(f"{len(moving)} patterns at random positions; at most {MAX_RANDOM} are allowed")
    if len(moving) > 1 and construct.stems:
        raise ConstructError(
            f"{len(moving)} patterns at random positions with a stem: they could pair with each other; give one at most"
        )
    lengths = [len(p.letters) for p in moving]
    if moving and count_arrangements(lengths, construct.allowed_starts)[0, 0] == 0:
        room = int(construct.free_positions.sum())
        raise ConstructError(
            f"{'+'.join(map(str, moving))}: no place is left for {sum(lengths)} nt at random positions; "
            f"the other patterns leave {room} of {LENGTH} positions free"
        )
