"""The letters of an RNA in groups of ten, with a marked stretch."""

from __future__ import annotations

import streamlit as st

from rbind_core.figures.theme import palette_of

GROUP = 10
_STYLE = """<style>
  .rbind-letters { display: flex; flex-wrap: wrap; gap: .3rem .55rem; font-family: monospace; font-size: 1.02rem;
    line-height: 1.25; }
  .rbind-letters div { display: flex; flex-direction: column; }
  .rbind-letters small { font-size: .68rem; opacity: .7; }
  .rbind-letters b { border-bottom: 3px solid currentColor; background: rgba(134,142,150,.22); }
  .rbind-letters i { font-style: normal; opacity: .7; }
</style>"""


def letters_html(sequence: str, start: int, width: int, palette: str, below: str = "") -> str:
    """Write an RNA as HTML, in numbered groups of ten.

    Parameters
    ----------
    sequence : letters A, C, G, U.
    start, width : of the marked stretch, 1-based; start 0 for none.
    below : characters below the letters, such as a dot-bracket structure; '' for none.
    """
    colours = palette_of(palette)
    groups = []
    for first in range(0, len(sequence), GROUP):
        letters = ""
        for position, letter in enumerate(sequence[first : first + GROUP], start=first + 1):
            tag = "b" if start and start <= position < start + width else "span"
            letters += f'<{tag} style="color:{colours[letter]}">{letter}</{tag}>'
        signs = f"<i>{below[first : first + GROUP]}</i>" if below else ""
        groups.append(f"<div><small>{first + 1}</small><span>{letters}</span>{signs}</div>")
    return f'<div class="rbind-letters">{"".join(groups)}</div>'


def show_letters(sequence: str, start: int, width: int, palette: str, below: str = "") -> None:
    """Draw an RNA; see `letters_html`.

    Parameters
    ----------
    sequence : letters A, C, G, U.
    start, width : of the marked stretch, 1-based; start 0 for none.
    below : characters below the letters.
    """
    st.html(_STYLE + letters_html(sequence, start, width, palette, below))
