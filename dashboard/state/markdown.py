"""Escaping of users' texts in Markdown."""

from __future__ import annotations

import re

# An address becomes a link even with all characters escaped; a zero-width joiner keeps it text.
_WOULD_BE_A_LINK = re.compile(r"(https?:(?=//)|www(?=\.)|@(?=[-\w]+\.))", re.IGNORECASE)


def plain(text: str) -> str:
    """Escape text, such as a name that a user gave, for Markdown, so that every character shows as it is."""
    text = _WOULD_BE_A_LINK.sub("\\1\u2060", text)
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~$:&])", r"\\\1", text)
