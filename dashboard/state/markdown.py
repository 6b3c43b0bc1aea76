"""Texts of others in Markdown."""

from __future__ import annotations

import re

# An address becomes a link even where all its signs are escaped; a joiner without width in it keeps it text.
_WOULD_BE_A_LINK = re.compile(r"(https?:(?=//)|www(?=\.)|@(?=[-\w]+\.))", re.IGNORECASE)


def plain(text: str) -> str:
    """Escape text for Markdown, so that every sign shows as it is.

    Parameters
    ----------
    text : such as a name that a user gave.

    Returns
    -------
    str
        Markdown.
    """
    text = _WOULD_BE_A_LINK.sub("\\1\u2060", text)
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~$:&])", r"\\\1", text)
