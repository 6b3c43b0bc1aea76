"""The gallery of logos as a Streamlit component: a card per model, which opens its profile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from rbind_core.atlas.gallery import Card, other_names
from rbind_core.figures.logos import letter_paths
from rbind_core.figures.theme import palette_of
from rbind_core.model.registry import GRADES, OWN, TAUGHT_GRADE, Model
from rbind_core.motifs import information

_HERE = Path(__file__).parent
_HTML = '<div class="gallery"></div>'
_CSS, _JS = ((_HERE / name).read_text() for name in ("gallery.css", "gallery.js"))


def show_gallery(cards: Sequence[Card], chosen: str, palette: str, on_open: Callable[[str], None], key: str = "gallery") -> None:
    """Draw the cards.

    Parameters
    ----------
    chosen : id of the model to mark.
    on_open : called with the id of the clicked model.
    """

    def opened() -> None:
        if experiment := st.session_state[key].open:
            on_open(experiment)

    component = st.components.v2.component("gallery", html=_HTML, css=_CSS, js=_JS)
    component(
        key=key,
        data={
            "cards": [_fields(card) for card in cards],
            "chosen": chosen,
            "outlines": letter_paths(),
            "colours": palette_of(palette),
        },
        on_open_change=opened,
    )


def _fields(card: Card) -> dict[str, Any]:
    model = card.model
    genus, _, kind = model.species.partition(" ")
    known = np.isfinite(model.quality)
    kinds = {TAUGHT_GRADE: "grade B", OWN: "yours"}
    return {
        "id": model.experiment,
        "protein": model.protein,
        "from": f"{model.experiment} · {genus[:1]}. {kind}" if kind else model.experiment,
        "badge": f"+ {model.structure}" if model.structure else "",
        "grade": kinds.get(model.grade, ""),
        "motif": information(card.motif).round(3).tolist() if len(card.motif) else [],
        "problem": f"broken: {model.problem}" if model.problem else "no motif",
        "kmer": model.top_kmer,
        "pearson": round(model.quality, 4) if known else None,
        "expected": model.expected is not None,
        "title": f"Open {model.protein} ({model.experiment}{_also(model)}): top 6-mer {model.top_kmer or 'none'}, "
        f"{model.quality_text}{'; ' + GRADES[TAUGHT_GRADE] if model.is_taught else ''}",
    }


def _also(model: Model) -> str:
    return f", also {', '.join(names)}" if (names := other_names(model)) else ""
