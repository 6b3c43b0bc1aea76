"""Everything of the core that reads what a user gave: text to a result or an RBindError, within a second."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from rbind_core.analyses import BackgroundChoice
from rbind_core.analyses.mutation_chain import read_chain
from rbind_core.atlas.files import read_atlas
from rbind_core.backgrounds import make_background, own_sequences
from rbind_core.backgrounds.own import read_own_sequences
from rbind_core.constructs import parse_construct, parse_constructs
from rbind_core.constructs.text import parse_pattern
from rbind_core.data.library import profile
from rbind_core.data.tables import read_table
from rbind_core.design.constraints import Constraints, read_gc, read_motifs, read_positions
from rbind_core.errors import RBindError
from rbind_core.model.card import read_card
from rbind_core.model.own_models import check_name, check_new_name
from rbind_core.model.registry import find_model, list_models
from rbind_core.model.weights import read_weights
from rbind_core.motifs.meme import read_meme, read_meme_file, write_meme
from rbind_core.probes.ranking import ProbeFilter
from rbind_core.rna.iupac import mismatches
from rbind_core.rna.pasting import read_pasted
from rbind_core.rna.sequences import check_sequence, clean_sequence, encode
from rbind_core.variants.reading import check_wild_type, read_mutant, read_variant, read_variants
from tests.fuzz.corpus import RNA
from tests.fuzz.ledger import Ledger, is_a_sentence, shown
from tests.toys import random_probes

SECONDS = 2.0  # of one core, for inputs up to 1 MB; a second where nothing else runs
_START = encode(RNA)
_PROBES = random_probes(50)


def _pasted(content: str | bytes) -> None:
    options = [{"allow_ambiguous": True, "max_length": 20_000}, {"join_lines": False, "min_length": 1}]
    for one in options if len(content) < 100_000 else []:
        try:
            pasted = read_pasted(content, **one)
        except RBindError:
            continue
        assert read_pasted(pasted.fasta, **one).records == pasted.records, "its own FASTA reads as something else"
    read_pasted(content)


def _constructs(text: str) -> None:
    constructs = parse_constructs(text)
    assert [parse_construct(str(one)) for one in constructs] == [
        parse_construct(str(parse_construct(str(one)))) for one in constructs
    ]


def _motifs(text: str) -> None:
    motifs = read_meme(text, "a file")
    assert all(np.isfinite(motif.frequencies).all() for motif in motifs), "frequencies that are no numbers"
    read_meme(write_meme(motifs))


def _constraints(text: str) -> None:
    for read, field in ((read_gc, "gc"), (read_motifs, "forbidden"), (read_positions, "kept")):
        try:
            Constraints(**{field: read(text)}).check(_START)
        except RBindError as error:
            refused = error
    raise refused if "refused" in locals() else RBindError("nothing refused")


def _background(text: str) -> None:
    for options in ({"background": text}, {"background": "context", "context": text}):
        try:
            choice = BackgroundChoice(**options)
        except RBindError:
            continue
        made = make_background(choice.background, profile(), _PROBES, np.arange(50.0), gc=choice.gc, context=choice.context or RNA)
        made.draw(5, np.random.default_rng(0))
    own_sequences(text.encode("utf-8", "replace")).draw(5, np.random.default_rng(0))


TEXT_PARSERS: dict[str, Callable[[str], object]] = {
    "pasted sequences": _pasted,
    "one sequence": clean_sequence,
    "a sequence for the models": check_sequence,
    "letters to codes": encode,
    "constructs": _constructs,
    "pattern": lambda text: parse_pattern(text, 1),
    "position of a pattern": lambda text: parse_pattern("UGCAUG", text),
    "wild type": check_wild_type,
    "variant": lambda text: read_variant(RNA, text),
    "variants": lambda text: read_variants(RNA, text),
    "name of a variant": lambda text: read_variants(RNA, f"{text},G1A"),
    "mutant": lambda text: read_mutant(RNA, text),
    "chain of mutations": lambda text: read_chain(RNA, text),
    "motifs (MEME)": _motifs,
    "name of a motif": lambda text: _motifs(f"MEME version 4\nMOTIF {text}\nletter-probability matrix:\n1 0 0 0\n"),
    "constraints of a design": _constraints,
    "background": _background,
    "IUPAC pattern": lambda text: mismatches(_PROBES, text),
    "filter of probes": lambda text: ProbeFilter(contains=text),
    "name of a model": check_name,
    "new name of a model": lambda text: check_new_name(text, list_models()),
    "RBP": lambda text: find_model(text, list_models()),
}
FILE_PARSERS: dict[str, Callable[[Path], object]] = {
    "pasted file": lambda path: _pasted(path.read_bytes()),
    "table": read_table,
    "own background": lambda path: read_own_sequences(path).draw(5, np.random.default_rng(0)),
    "motif file": read_meme_file,
    "card of a model": read_card,
    "weights of a model": read_weights,
    "atlas": read_atlas,
}


def try_text(ledger: Ledger, surface: str, text: str) -> None:
    """One text for one parser."""
    _try(ledger, surface, text, lambda: TEXT_PARSERS[surface](text), SECONDS)


def try_content(ledger: Ledger, surface: str, content: bytes, name: str = "given.txt") -> None:
    """One file for one parser; large ones may take a second per MB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        is_packed = content.startswith(b"\x1f\x8b")  # up to 200 MB of it are unpacked
        most_seconds = 15.0 if is_packed else max(SECONDS, len(content) / 1e6)
        _try(ledger, surface, content, lambda: FILE_PARSERS[surface](path), most_seconds)


def _try(ledger: Ledger, surface: str, given: str | bytes, read: Callable[[], object], most_seconds: float) -> None:
    start, problem = time.process_time(), ""
    try:
        read()
    except RBindError as error:
        if not is_a_sentence(str(error)):
            problem = f"not one short sentence: {shown(str(error))}"
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    seconds = time.process_time() - start
    if seconds > most_seconds and not problem:
        problem = f"takes {seconds:.1f} s"
    ledger.note(surface, shown(given), seconds, problem)
