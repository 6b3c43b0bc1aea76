"""Quoting values for other programs: shells, Python, JSON."""

from __future__ import annotations

import json
import math
import shlex
from typing import Any


def in_shell(*words: object) -> str:
    """Quote words for a shell; names, constructs and file names enter commands only through this.

    Parameters
    ----------
    words : any characters; other values than text are converted by `str`.

    Returns
    -------
    str
        A POSIX shell and `shlex.split` read it as exactly these words.
    """
    return shlex.join(map(str, words))


def in_python(value: object) -> str:
    """Write a value for a Python snippet; names, sequences and file names enter snippets only through this.

    Parameters
    ----------
    value : text, finite number, or a list or tuple of these.

    Returns
    -------
    str
        `ast.literal_eval` reads it as the same value; text is in double quotes where that needs no escape.
    """
    literal = repr(value)
    return f'"{value}"' if isinstance(value, str) and literal == f"'{value}'" and '"' not in value else literal


def in_json(value: Any) -> str:
    """Write a record as a JSON object, the same on the command line and in the dashboard.

    Parameters
    ----------
    value : plain values, lists and dictionaries of these; NaN and infinity, unknown to JSON, become null.
    """
    return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
