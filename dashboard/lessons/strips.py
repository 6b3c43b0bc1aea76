"""Strips of letters that show an experiment before it is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.state import engine
from dashboard.widgets.sidebar import Settings
from rbind_core.constructs import Construct
from rbind_core.figures.theme import CONSTRUCT_COLOURS, faded
from rbind_core.rna.sequences import LENGTH, decode

STEM_COLOUR = CONSTRUCT_COLOURS[2]
STYLE = """<style>
.lesson-strip { margin-bottom: .6rem; }
.lesson-strip > div:first-child { font-size: .85rem; margin-bottom: .15rem; overflow-wrap: anywhere; }
.lesson-cells { display: grid; grid-template-columns: repeat(41, minmax(0, 1fr)); font: .72rem/1.5rem ui-monospace, Menlo, Consolas,
  monospace; text-align: center; }
.lesson-cells span { background: rgba(128,128,128,.12); overflow: hidden; }
@media (max-width: 640px) { .lesson-cells { font-size: .58rem; } }
</style>"""


@dataclass(frozen=True)
class Strip:
    """One RNA with its label; `colours` gives CSS styles for some of its positions, from 1."""

    label: str
    letters: str
    styles: dict[int, str]

    def html(self) -> str:
        """The strip as HTML, one cell per letter."""
        cells = "".join(
            f'<span style="{self.styles.get(position, "")}">{escape(letter)}</span>'
            for position, letter in enumerate(self.letters, start=1)
        )
        label = escape(self.label, quote=False)
        row = f'<div class="lesson-cells" role="img" aria-label="{self.letters.strip()}">{cells}</div>'
        return f'<div class="lesson-strip"><div>{label}</div>{row}</div>'


def strips_of(settings: Settings, labelled: Sequence[tuple[str, Construct]], rna: int = 0) -> list[Strip]:
    """Put constructs into a background RNA.

    Parameters
    ----------
    labelled : constructs with their labels.
    rna : number of the background RNA, from 0.

    Returns
    -------
    list of Strip
        Each motif in its own colour, stems framed.
    """
    analysis = engine.analysis(settings.model, settings.choice)
    motifs: list[str] = []
    strips = []
    for label, construct in labelled:
        _, embedded = analysis.register(construct)
        styles = {p: f"background:{faded(STEM_COLOUR, 0.3)}" for stem in construct.stems for p in stem.covered}
        for pattern in construct.patterns:
            if pattern.letters not in motifs:
                motifs.append(pattern.letters)
            colour = CONSTRUCT_COLOURS[motifs.index(pattern.letters) % len(CONSTRUCT_COLOURS)]
            styles |= dict.fromkeys(pattern.covered, f"background:{colour};color:white;font-weight:700")
        strips.append(Strip(label, decode(embedded[rna : rna + 1])[0].ljust(LENGTH), styles))
    return strips
