"""How text of others is written into commands and snippets: as one word of a shell, as a literal of Python."""

from __future__ import annotations

import shlex


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
    value : text, number, or a list or tuple of such.

    Returns
    -------
    str
        Which `ast.literal_eval` reads as the same value; text stands in double quotes where that needs no escape.
    """
    literal = repr(value)
    return f'"{value}"' if isinstance(value, str) and literal == f"'{value}'" and '"' not in value else literal
