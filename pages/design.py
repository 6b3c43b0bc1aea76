"""The design page: an RNA changed letter by letter until the model likes it best, and the path that leads there."""

import pandas as pd
import streamlit as st

from dashboard.state import owner
from dashboard.state.keys import IN_LINK
from dashboard.state.links import AS_CONTEXT, linked, read_option, ways_on
from dashboard.state.markdown import plain
from dashboard.state.waiting import compute, shown
from dashboard.views import design
from dashboard.widgets import sidebar
from dashboard.widgets.export_row import take_away
from rbind_core.design import MOST_RESTARTS, MOST_STEPS, MOST_TEMPERATURE, SAYS_NOT, STEPS, Constraints, read_motifs, read_positions
from rbind_core.errors import RBindError
from rbind_core.figures.design import design_figure
from rbind_core.figures.theme import download_options
from rbind_core.model.registry import Model
from rbind_core.rna.sequences import check_sequence, reading_notes
from rbind_core.system.quoting import in_json

NOBODY, HIGHEST, LOWEST = "nobody", "highest", "lowest"
QUESTION_HELP = """From a start, all single changes are scored; the best one that the constraints allow is made, and so on, until
none helps or the steps are used up. That finds a local optimum: another start, restarts or a temperature may find a better one."""
AGAINST_HELP = """For an RNA that is specific: the other's z-score times its weight is taken off. Each z-score is in standard
deviations of its own experiment."""
START_HELP = """11-41 nt. Left empty, a random RNA of 41 nt drawn from the mean nucleotide frequencies of the probes; the seed is
the sidebar's."""
WARM_HELP = """Simulated annealing: while it is above 0, a change is drawn at random, better ones more often, so that the search can
leave a local optimum. It falls to 0 over three quarters of the steps, and the rest go up from the best RNA on the way. In z-score
units."""
RESTARTS_HELP = "Further runs from other random starts, or with other draws; the best of all is shown."


def choose_other(model: Model) -> Model | None:
    """The model whose score is to stay low, if any."""
    models = {m.experiment: m for m in owner.models() if m.experiment != model.experiment and not m.problem}
    options = [NOBODY, *models]

    def draw() -> str:
        return st.selectbox(
            "Against",
            options,
            format_func=lambda option: models[option].label if option in models else option,
            key="against",
            help=AGAINST_HELP,
            persist_state="session",
        )

    return models.get(linked("against", options, NOBODY, draw, read_option(options)))


def choose_limits() -> tuple[tuple[int, int], str | None, str | None, int]:
    """What is typed into the constraints, unread."""
    with st.popover("Constraints", icon=":material/rule:", width="stretch", key="limits"):
        gc = st.slider("GC content, %", 0, 100, (0, 100), key="gc_range", **IN_LINK)
        forbidden = st.text_input(
            "Forbidden motifs", key="forbid", placeholder="such as AAAA, GGGG", help="IUPAC letters, T counts as U.", **IN_LINK
        )
        kept = st.text_input(
            "Positions to keep", key="keep", placeholder="such as 1-10,15", help="They stay as in the start.", **IN_LINK
        )
        changes = st.number_input(
            "Changed positions at most", 0, 41, 0, key="most_changed", help="0: as many as there are steps.", **IN_LINK
        )
    return gc, forbidden, kept, changes


def choose_search() -> tuple[int, int, float, float]:
    """How hard the search tries."""
    with st.popover("Search", icon=":material/tune:", width="stretch", key="search"):
        steps = st.number_input("Steps at most", 1, MOST_STEPS, STEPS, key="steps", **IN_LINK)
        restarts = st.number_input("Restarts", 0, MOST_RESTARTS, 0, key="restarts", help=RESTARTS_HELP, **IN_LINK)
        warmth = st.number_input("Temperature", 0.0, MOST_TEMPERATURE, 0.0, 0.1, key="warmth", help=WARM_HELP, **IN_LINK)
        weight = st.number_input("Weight of the other RBP", 0.0, 10.0, 1.0, 0.1, key="weight", **IN_LINK)
    return steps, restarts, warmth, weight


def read_controls() -> design.DesignRequest:
    """What is wished for; raises an error that says what is wrong with it."""
    a, b, c, d = st.columns([6, 9, 9, 10], vertical_alignment="bottom")
    with a:
        other = choose_other(settings.model)
    aim = b.segmented_control("Score", [HIGHEST, LOWEST], default=HIGHEST, key="aim", required=True, **IN_LINK)
    start = c.text_input(
        "Start from",
        key="from",
        placeholder=f"a random RNA, seed {settings.choice.seed}",
        help=START_HELP,
        **IN_LINK,
    )
    with d.container(horizontal=True):
        gc, forbidden, kept, changes = choose_limits()
        steps, restarts, warmth, weight = choose_search()
    start = (start or "").strip()
    first = check_sequence(start) if start else ""
    if notes := reading_notes(start):
        c.caption(plain(" ".join(notes)))
    limits = Constraints((gc[0] / 100, gc[1] / 100), read_motifs(forbidden or ""), read_positions(kept or ""), changes or None)
    return design.DesignRequest(
        settings.model,
        other,
        float(weight) if other else 1.0,
        aim == LOWEST,
        first,
        settings.choice.seed,
        int(steps),
        int(restarts),
        float(warmth),
        limits,
        settings.choice.library,
    )


def show_result(answer: design.Answer) -> None:
    """The design in words and letters, how far it is from what the network has seen, and the ways on."""
    final, start = answer.design.final, answer.design.start
    changed = len(answer.design.changed)
    with st.container(border=True, key="the_design"):
        st.code(final.sequence, language=None, wrap_lines=True)
        scores, against = st.columns(2), answer.request.against
        change = f"{final.score - start.score:+.2f}"
        scores[0].metric(f"{plain(answer.request.model.protein)}, predicted", f"{final.score:.2f}", change)
        if against and final.against is not None and start.against is not None:
            change = f"{final.against - start.against:+.2f}"
            scores[1].metric(f"{plain(against.protein)}, predicted", f"{final.against:.2f}", change)
        st.markdown(
            f"{changed} of {len(final.sequence)} positions changed. It ended at {plain(answer.design.stopped_by)}."
            if not answer.request.limits or "allowed" not in answer.design.stopped_by
            else f"{changed} of {len(final.sequence)} positions changed. A constraint ended it: {plain(answer.design.stopped_by)}."
        )
        ways_on(final.sequence, f"context:{final.sequence}@1", AS_CONTEXT)
    st.warning(f"{plain(answer.place.sentence)} {SAYS_NOT}")
    st.caption("Background and N of the sidebar do not change a design; its seed draws the random start.")


settings = sidebar.current()
st.title("Design")
st.markdown("*Which RNA would this protein like best?*", help=QUESTION_HELP)
controls, problem = st.container(), st.empty()
left, right = st.columns([5, 3], gap="medium")
figure, status = left.container(), left.empty()
is_read = True
try:
    with controls:
        wish = read_controls()
    answer = compute("design", wish, status).result
except RBindError as error:
    is_read = False
    problem.error(plain(str(error)))
    try:
        last = shown("design")
        good = last.request if last else design.DesignRequest(settings.model, seed=settings.choice.seed)
        answer = compute("design", good, status).result
    except RBindError:
        st.stop()
wish = answer.request
with figure:
    if not is_read:
        st.markdown(":orange-badge[:material/history: last good figure] What is asked above cannot be met.")
    st.plotly_chart(
        design_figure(
            answer.design, wish.labels, wish.describe(answer.design), settings.palette, (answer.place.highest, answer.place.among)
        ),
        key="design_figure",
        config=download_options(f"{wish.model.protein}-design"),
        alt=f"Score of {' and '.join(wish.labels)} over {len(answer.design.steps) - 1} steps, and the sequences on the way",
    )
with left:
    take_away(
        "design_figure",
        f"{wish.model.protein}-design",
        lambda: pd.DataFrame(answer.rows).to_csv(index=False),
        wish.command,
        wish.python,
        lambda: in_json(answer.record),
    )
with right:
    show_result(answer)
