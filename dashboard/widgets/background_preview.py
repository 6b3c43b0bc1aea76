"""What is in the background: what it keeps and destroys, a few of its RNAs, and what they are made of."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.state import engine
from dashboard.state.waiting import compute
from dashboard.widgets.errors import said_on_the_page
from dashboard.widgets.export_row import plain
from rbind_core.analyses import BackgroundChoice, probe_library
from rbind_core.backgrounds import BackgroundSample, Composition, composition_of
from rbind_core.data.library import designed_library, library_label
from rbind_core.errors import RBindError
from rbind_core.figures.composition import dinucleotides_figure, gc_figure, positions_figure
from rbind_core.figures.theme import download_options
from rbind_core.model.registry import Model
from rbind_core.rna.sequences import decode

_OPEN = "_background_preview_is_open"
EXAMPLES, LOOKED_AT = 3, 50
EXAMPLE_STYLE = "font-size:.75rem;line-height:1.6;margin:0;overflow-x:auto"


@st.cache_data(max_entries=16, show_spinner="Counting the letters of the probe library ...")
def _composition_of_library(experiment: str, library: str, _model: Model) -> Composition:
    return composition_of(probe_library(_model, library).codes)


def _closed() -> None:
    st.session_state.pop(_OPEN, None)


def is_open() -> bool:
    """Whether the dialog waits for its RNAs: the page that runs anew when they are there would close it."""
    return _OPEN in st.session_state


def _sample(asked: tuple[Model, BackgroundChoice]) -> BackgroundSample:
    return engine.analysis(*asked).sample


@st.dialog("What is in this background?", width="large", on_dismiss=_closed)
@said_on_the_page()
def preview(model: Model, choice: BackgroundChoice, palette: str) -> None:
    """Open the dialog."""
    st.session_state[_OPEN] = True
    try:
        count = len(designed_library().codes)
        answer = compute("background", (model, choice), _sample, count, "Drawing the background RNAs", st.empty())
        if answer.request == (model, choice):
            _closed()
        (model, choice), sample = answer.request, answer.result
        of_library = _composition_of_library(model.measured_in, choice.library, model)
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
