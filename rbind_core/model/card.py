"""The card of a model, `card.json`: read and checked entry by entry, so that a damaged card breaks only its own model."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rbind_core.errors import ModelError
from rbind_core.model.inputs import STRUCTURE_OF_CHANNELS
from rbind_core.rna.sequences import LENGTH
from rbind_core.system.files import read_at_most

MOST_BYTES = 5_000_000  # bytes of a card; bundled ones have 7,000
MOST_DILATIONS = 16  # convolutions of the residual module
_QUANTILES = 101  # at 0, 1, ..., 100 %
MODEL_NAME = "up to 60 letters, digits, '-', '_' and '.'"
LARGEST = 10**15  # largest integer in a card; no count is larger

_Check = Callable[[Any], bool]


def read_card(path: Path) -> dict[str, Any]:
    """Read a model's card.

    Returns
    -------
    dict
        Entries of the types that the registry and the pages expect.

    Raises
    ------
    ModelError
        If it cannot be read, or an entry is missing or invalid; the message names the entry and what is allowed.
    """
    card = _parse(path)
    for name, check, allowed in _ENTRIES:
        found = _entry(card, name)
        if found is None and name in _MAY_BE_MISSING:
            continue
        if not check(found):
            raise ModelError(f"{path.name} cannot be read ({_shown(name, found)}; allowed is {allowed})")
    return card


def _parse(path: Path) -> Any:
    if path.exists() and not (path.is_file() or path.is_dir()):  # such as a pipe, which would block for ever
        raise ModelError(f"{path.name} cannot be read (it is not a file)")
    content = read_at_most(path, MOST_BYTES)
    try:
        return json.loads(content.decode())
    except (ValueError, RecursionError):  # not UTF-8, not JSON, or nested too deeply
        raise ModelError(f"{path.name} cannot be read (it is not JSON)") from None


def _entry(card: Any, name: str) -> Any:
    for key in name.split("."):
        card = card.get(key) if isinstance(card, dict) else None
    return card


def _shown(name: str, found: Any) -> str:
    if found is None:
        return f"no {name}"
    text = repr(found)
    return f"{name} is {text if len(text) <= 40 else text[:40] + ' ...'}"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 100 and (not value or value.isprintable())


def is_model_name(text: str) -> bool:
    """Tell whether a text can name a model in commands, in links and as a folder: whether it matches `MODEL_NAME`."""
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}", text) is not None


def _is_model_name(value: Any) -> bool:
    return isinstance(value, str) and is_model_name(value)


def _is_name(value: Any) -> bool:
    return _is_text(value) and bool(value.strip())


def _is_number(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST)


def _is_finite(value: Any) -> bool:
    return _is_number(value) and math.isfinite(value)


def _is_whole(value: Any) -> bool:
    return _is_number(value) and isinstance(value, int) and value > 0


def _list_of(check: _Check) -> _Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _table_of(check: _Check) -> _Check:
    return lambda value: isinstance(value, dict) and all(map(check, value.values()))


def _is_kmer(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and re.fullmatch("[ACGU]{1,41}", str(value.get("kmer"))) is not None
        and all(_is_finite(value.get(name)) for name in ("global_importance", "standard_error"))
    )


def _is_column(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 4 and all(_is_finite(x) and 0 <= x <= 1 for x in value)


def _are_measured_scores(value: Any) -> bool:
    if not isinstance(value, dict) or not _is_whole(value.get("n")):
        return False
    high, top, quantiles = value.get("percentile_99_9"), value.get("maximum"), value.get("quantiles")
    if not (_is_finite(high) and _is_finite(top) and isinstance(quantiles, list) and all(map(_is_finite, quantiles))):
        return False
    rising: list[Any] = [*quantiles[:-1], high, top]
    return len(quantiles) == _QUANTILES and rising == sorted(rising) and quantiles[-1] == top


def _are_replicates(value: Any) -> bool:
    if not isinstance(value, dict) or not _is_whole(value.get("n")) or "ceiling" not in value:
        return False
    interval = value.get("ci95")
    if not (isinstance(interval, list) and len(interval) == 2 and all(map(_is_finite, [value.get("pearson"), *interval]))):
        return False
    ceiling = value["ceiling"]
    return -1 <= interval[0] <= interval[1] <= 1 and (ceiling is None or (_is_finite(ceiling) and 0 < ceiling <= 1))


def _is_expected_quality(value: Any) -> bool:
    if not isinstance(value, dict) or not (_is_whole(value.get("n")) and isinstance(value.get("basis"), str)):
        return False
    numbers: list[Any] = [value.get(name) for name in ("low", "pearson", "high")]
    return all(map(_is_finite, numbers)) and [-1, *numbers, 1] == sorted([-1, *numbers, 1])


def _are_dilations(value: Any) -> bool:
    return isinstance(value, list) and 1 <= len(value) <= MOST_DILATIONS and all(_is_whole(x) and x <= LENGTH for x in value)


_MAY_BE_MISSING = {
    *("training.data", "training.start"),
    *("training.experiment", "training.recipe", "training.validation_pearson", "training.teachers_share"),
    "training.validation_pearson_without_copies",
    "summary_samples",
    *("measured_scores", "replicates", "note", "expected", "weights.panel"),
}
_ENTRIES: tuple[tuple[str, _Check, str], ...] = (
    ("experiment", _is_model_name, MODEL_NAME),
    ("protein", _is_name, "a name"),
    ("species", _is_text, "a text"),
    ("published_consensus", _is_text, "a text"),
    ("normalisation.mean", _is_finite, "a number"),
    ("normalisation.standard_deviation", lambda value: _is_finite(value) and value > 0, "a number above 0"),
    ("architecture.dilations", _are_dilations, f"a list of 1 to {MOST_DILATIONS} whole numbers from 1 to {LENGTH}"),
    ("architecture.channels", lambda value: _is_whole(value) and value in STRUCTURE_OF_CHANNELS, "4, 6 or 9"),
    ("metrics", _table_of(_is_number), "numbers by name"),
    ("top_kmers", _list_of(_is_kmer), "a list of k-mers with their importance and its standard error"),
    ("motif", _list_of(_is_column), "a list of columns of four frequencies"),
    ("training", lambda value: isinstance(value, dict), "entries by name"),
    ("training.data", lambda value: isinstance(value, str), "a text"),
    ("training.start", _is_text, "a text"),
    ("training.experiment", _is_name, "a name"),
    ("training.recipe", lambda value: isinstance(value, dict), "entries by name"),
    ("training.validation_pearson", _list_of(_is_number), "a list of numbers"),
    ("training.validation_pearson_without_copies", _is_finite, "a number"),
    ("training.teachers_share", _is_finite, "a number"),
    ("summary_samples", _is_whole, "a whole number"),
    ("measured_scores", _are_measured_scores, "n, percentile_99_9, maximum and 101 quantiles in rising order"),
    ("replicates", _are_replicates, "pearson, n, ci95 and ceiling"),
    ("expected", _is_expected_quality, "pearson, low, high, n and basis"),
    ("weights.panel", _is_model_name, MODEL_NAME),
    ("note", lambda value: isinstance(value, str), "a text"),
    ("weights.sha256", lambda value: isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None, "a digest"),
    ("weights.bytes", _is_whole, "a whole number"),
)
