"""How values are written where other programs read them: words of a shell, literals of Python, JSON."""

from __future__ import annotations

import json
import math
import shlex
from typing import Any


def in_shell(*words: object) -> str:
    """Write words for a shell; names, constructs and file names go into commands through here.

    Parameters
    ----------
    words : of any characters; what is not text is written as `str` does.

    Returns
    -------
    str
        Which a POSIX shell, and `shlex.split`, reads as exactly these words.
    """
    return shlex.join(map(str, words))


def in_python(value: object) -> str:
    """Write a value for a Python snippet; names, sequences and file names go into snippets through here.

    Parameters
    ----------
    value : text, finite number, or a list or tuple of such.

    Returns
    -------
    str
        Which `ast.literal_eval` reads as the same value; text stands in double quotes where that needs no escape.
    """
    literal = repr(value)
    return f'"{value}"' if isinstance(value, str) and literal == f"'{value}'" and '"' not in value else literal


def in_json(value: Any) -> str:
    """Write a record as one JSON object, the same on the command line and under the figures of the dashboard.

    Parameters
    ----------
    value : plain values, lists and dictionaries of such; NaN and infinity, which JSON does not know, become null.

    Returns
    -------
    str
        Which every reader of JSON accepts.
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
