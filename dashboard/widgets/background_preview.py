"""Preview of the background: what it keeps and destroys, a few RNAs, and their composition."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

import streamlit as st

from dashboard.state import engine
from dashboard.state.errors import said_on_the_page
from dashboard.state.markdown import plain
from dashboard.state.requests import Request
from dashboard.state.results import result_of
from dashboard.state.waiting import compute
from rbind_core.analyses import BackgroundChoice, probe_library
from rbind_core.backgrounds import Composition, composition_of
from rbind_core.data.library import library_label
from rbind_core.errors import RBindError
from rbind_core.figures.composition import dinucleotides_figure, gc_figure, positions_figure
from rbind_core.figures.theme import download_options
from rbind_core.model.registry import Model
from rbind_core.rna.sequences import decode

_OPEN = "_background_preview_is_open"
EXAMPLES, LOOKED_AT = 3, 50
EXAMPLE_STYLE = "font-size:.75rem;line-height:1.6;margin:0;overflow-x:auto"


@dataclass(frozen=True)
class CompositionOfLibrary(Request[Composition]):
    """Composition of a library's probes."""

    experiment: str
    library: str
    model: Model = field(compare=False)

    def compute(self) -> Composition:
        """Count their letters."""
        return composition_of(probe_library(self.model, self.library).codes)


def _closed() -> None:
    st.session_state.pop(_OPEN, None)


def is_open() -> bool:
    """Whether the dialog is waiting for its RNAs: the page's rerun when they arrive would close it."""
    return _OPEN in st.session_state


@st.dialog("What is in this background?", width="large", on_dismiss=_closed)
@said_on_the_page()
def preview(model: Model, choice: BackgroundChoice, palette: str) -> None:
    """Open the dialog."""
    st.session_state[_OPEN] = True
    try:
        answer = compute("background", engine.Analysis(model, choice), st.empty())
        if answer.request == engine.Analysis(model, choice):
            _closed()
        model, choice, sample = answer.request.model, answer.request.choice, answer.result.sample
        of_library = result_of(CompositionOfLibrary(model.measured_in, choice.library, model))
    except RBindError as error:
        _closed()
        st.error(plain(str(error)))
        return
    composition = composition_of(sample.codes)
    st.markdown(
        f"""**{plain(choice.label)}**: {plain(sample.description)}.

- **Keeps** {plain(sample.keeps)}.
- **Destroys** {plain(sample.destroys)}.
- **Drawn from** {plain(choice.source(model.measured_in))}.
- **{len(sample):,} RNAs**, {_different(sample.distinct, len(sample))}; {composition.mean_length:.3g} nt long on average."""
    )
    examples = list(dict.fromkeys(decode(sample.codes[:LOOKED_AT])))[:EXAMPLES]
    st.caption("For example:")
    st.html(f'<pre style="{EXAMPLE_STYLE}">{escape(chr(10).join(examples))}</pre>')
    library, settings = library_label(choice.library, model.measured_in), choice.describe(model.measured_in)
    figures = {
        "positions": positions_figure(composition, of_library, library, settings, palette),
        "gc": gc_figure(composition, of_library, library, settings),
        "dinucleotides": dinucleotides_figure(composition, of_library, library, settings),
    }
    for name, figure in figures.items():
        st.plotly_chart(
            figure,
            key=f"preview-{name}",
            config=download_options(f"background-{name}"),
            alt=f"{figure.layout.title.text} of the background beside {library}",
        )


def _different(distinct: int, n: int) -> str:
    if distinct == n:
        return "no two the same"
    return "all the same" if distinct == 1 else f"{distinct:,} of them different"
