"""Parts of the Train page: a table as read, the runs and their curves, the user's own models."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.state import owner
from dashboard.state.errors import said_on_the_page
from dashboard.state.links import go_to
from dashboard.state.markdown import plain
from dashboard.views.train import work as training
from dashboard.widgets.export_row import take_away
from rbind_core import runs
from rbind_core.data.scores import is_log_advised, skewness
from rbind_core.data.table_layout import Columns
from rbind_core.data.table_split import BY_CLUSTER
from rbind_core.errors import RBindError
from rbind_core.figures.theme import download_options
from rbind_core.figures.training import learning_curves, scores_figure, validation_curve
from rbind_core.model.registry import Model
from rbind_core.rna.sequences import decode
from rbind_core.runs import Run, Status
from rbind_core.statistics import pearson_ci95

COLOURS = {
    runs.WAITING: "gray",
    runs.TRAINING: "blue",
    runs.FINISHED: "green",
    runs.CANCELLED: "gray",
    runs.FAILED: "red",
    runs.STOPPED: "orange",
}
SHOWN_RUNS = 3
FIRST_LINES = 8
MOST_REJECTED_SHOWN = 1000
SCORES_HELP = """The network is trained on z-scores: each score minus the mean of the training part, divided by its standard
deviation. So any measure will do, as long as higher means stronger binding. The fit minimises squared errors: where a few scores
are far above all others, these few decide, and the logarithm is learned better."""
SPLIT_HELP = """Two RNAs are near copies if the shorter one lies within the longer one with at most a fifth of its letters changed,
or if they share a segment of at least a third of its length (more where RNAs are so many or so short that they share it by chance).
A cluster holds all that are linked so; its rows are learned from together or held out together."""
CURVES_HELP = """**Training loss**: mean squared error on the probes that the network learns from, lower is better.
**Validation Pearson**: correlation with the scores of probes that it does not learn from. The epoch where that is highest is
kept (circle)."""
TEST_HELP = """Pearson correlation of measured and predicted scores on the tenth of the table that was held out: neither the
weights nor the epoch were chosen on it. All rows of an RNA and of its near copies (mutants, overlapping windows) are on one side.
95 % CI by Fisher's z for as many independent pairs as there are clusters of near copies in the test part, not rows."""
COLUMN_HELP = "The column that is read; chosen beforehand where its name and what it holds make it clear."


def show_counts(given: training.Given) -> None:
    """Say how a table was read, and what was left out."""
    table, probes = given.table, given.probes
    lengths = (table.codes < 4).sum(axis=1)
    length = "-".join(str(end) for end in sorted({lengths.min(), lengths.max()}))
    columns = f"Sequences from {plain(table.columns[0])}, scores from {plain(table.columns[1])}."
    st.markdown(
        f"**{len(table.codes):,} probes** of {length} nt. {columns} To learn from: {probes['training']:,}; "
        f"to choose the epoch: {probes['validation']:,}; held out for the test: {probes['test']:,}."
    )
    if given.predicted_by:
        st.caption(f":blue-badge[predicted] The scores are what {plain(given.predicted_by)} predicts; nobody has measured them.")
    st.caption(f":material/call_split: {plain(given.split.counts)}.", help=SPLIT_HELP)
    if given.split.caution:
        st.warning(plain(f"{given.split.caution[0].upper()}{given.split.caution[1:]}."))
    for note in table.notes:
        st.caption(f":material/info: {plain(note)}.")
    if table.rejected:
        with st.expander(f"{len(table.rejected):,} lines left out"):
            rows = [{"Line": item.line, "Why": item.reason} for item in table.rejected[:MOST_REJECTED_SHOWN]]
            st.dataframe(pd.DataFrame(rows), key="rejected", hide_index=True, height=min(36 * (len(rows) + 1), 250))


def choose_columns(columns: Columns) -> tuple[int | None, int | None]:
    """Draw the choice of the columns of sequences and scores, as numbers from 1, None without a choice."""
    left, right = st.columns(2)
    chosen = []
    for place, what, of_its_kind, found in (
        (left, "sequence", columns.sequences, columns.sequence),
        (right, "score", columns.numbers, columns.score),
    ):
        column = place.selectbox(
            f"{what.capitalize()} column",
            of_its_kind,
            of_its_kind.index(found) if found is not None else None,
            format_func=lambda column: (
                columns.described(column).capitalize() if not columns.names[column] else columns.names[column]
            ),
            key=f"{what}_column",
            placeholder="Choose a column",
            help=COLUMN_HELP,
        )
        chosen.append(None if column is None else column + 1)
    if None in chosen:
        width = len(columns.names)
        names = [f"{c + 1}" + (f": {name}" if name else "") for c, name in enumerate(columns.names)]
        lines = [[*line, *[""] * width][:width] for line in columns.first]
        st.dataframe(pd.DataFrame(lines, columns=names), key="first_lines", hide_index=True)
    return chosen[0], chosen[1]


def show_scores(given: training.Given) -> None:
    """Draw the distribution of a table's scores, and its first lines as read."""
    scores = given.table.scores
    st.plotly_chart(
        scores_figure(
            scores,
            f"Scores that {given.predicted_by} predicts" if given.predicted_by else f"Scores of {given.name}",
            f"N = {len(scores):,} probes, mean {scores.mean():.3g}, standard deviation {scores.std():.3g}",
            bool(given.predicted_by),
        ),
        key="table_scores",
        config=download_options("scores"),
        alt=f"Histogram of {len(scores):,} scores",
    )
    st.caption("Trained on as z-scores: mean and standard deviation of the part to learn from.", help=SCORES_HELP)
    with st.expander("First probes, as they were understood"):
        sequences = decode(given.table.codes[:FIRST_LINES])
        st.dataframe(pd.DataFrame({"Sequence": sequences, "Score": scores[:FIRST_LINES]}), key="first_probes", hide_index=True)


def offer_log(given: training.Given) -> training.Given:
    """Offer log-transformed scores where they are easier to learn."""
    if given.predicted_by or not is_log_advised(given.table.scores):
        return given
    wants = st.checkbox(
        "Train on the logarithm of the scores (advised)",
        value=True,
        key=f"log_{given.name}",
        help=f"The upper tail is long (skewness {skewness(given.table.scores):.1f}), so the few highest scores would decide what "
        "is learned. Instead: log(score - lowest score + 1), as RNAcompete's scores are.",
    )
    return training.with_log_scores(given) if wants else given


def show_worked_example(model: Model) -> None:
    """Show the result of training, with an existing model: another one in place of one that was not trained on measurements."""
    if model.is_taught:
        others = (other for other in owner.models() if not (other.is_taught or other.problem or other.structure))
        model = next((other for other in others if other.training.get("validation_pearson")), model)
    scores = model.training.get("validation_pearson")
    with st.container(border=True):
        st.markdown(f"**What comes out**: a model like this one, {plain(model.label)}.")
        if scores:
            tested = f"test Pearson {model.pearson_test:.3f}, N = {int(model.metrics.get('n_test', 0)):,} held-out probes"
            settings = f"the best epoch is kept (circle); {tested}"
            st.plotly_chart(
                validation_curve(scores, model.label, settings),
                key="worked_curve",
                config=download_options(f"{model.experiment}-learning-curve"),
                alt=f"Validation Pearson of {model.label} against the epoch",
            )
        st.markdown(f"Best 6-mers: {_kmers(model)}. Then every page of this app works with it.")


def show_runs() -> bool:
    """Draw the runs and tell whether there are any; they are refreshed every second while one is under way."""
    found = training.all_runs()
    if not found:
        return False
    active = any(state.is_active for _, state in found)
    st.fragment(_draw_runs, run_every=1.0 if active else None)(tuple((run.id, state.state) for run, state in found))
    return True


@said_on_the_page()
def _draw_runs(seen: tuple[tuple[str, str], ...]) -> None:
    found = training.all_runs()
    if st.session_state.get("_go_to") or tuple((run.id, state.state) for run, state in found) != seen:
        st.rerun()  # the rest of the page changes too
    st.header("Your training runs")
    ids = [run.id for run, _ in found]
    chosen = st.query_params.get("run", "")
    chosen = chosen if chosen in ids else ids[0]
    problem = st.empty()
    with st.container(gap=None):
        for run, state in found[:SHOWN_RUNS]:
            _row(run, state, run.id == chosen)
    if len(found) > SHOWN_RUNS:
        with st.expander(f"{len(found) - SHOWN_RUNS} more"):
            for run, state in found[SHOWN_RUNS:]:
                _row(run, state, run.id == chosen)
    if said := st.session_state.pop("_run_problem", ""):
        problem.error(plain(said))
    _one_run(*next((run, state) for run, state in found if run.id == chosen))


def _row(run: Run, state: Status, is_chosen: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        name = plain(run.request.name)
        st.markdown(
            f"{'**' + name + '**' if is_chosen else name} :{COLOURS[state.state]}-badge[{state.state}] "
            f":small[{_how_far(state)}{training.ago(run.created)}]"
        )
        if not is_chosen:
            st.button("Show", key=f"show_{run.id}", type="tertiary", on_click=_choose, args=(run.id,))
        if state.is_active:
            if run.wants_to_end:
                st.caption("cancelling ...")
            else:
                st.button("Cancel", key=f"cancel_{run.id}", icon=":material/close:", on_click=runs.cancel, args=(run,))
            return
        if state.can_resume:
            st.button("Resume", key=f"resume_{run.id}", icon=":material/play_arrow:", on_click=_resume, args=(run,))
        if st.session_state.get("_deleting_run") == run.id:
            st.button("Delete for good", key=f"really_{run.id}", type="primary", on_click=_delete, args=(run,))
            st.button("Keep", key=f"keep_{run.id}", on_click=_ask_to_delete, args=("",))
        else:
            help = "Delete this run with its table" + ("; its model stays." if state.state == runs.FINISHED else ".")
            st.button("Delete run", key=f"delete_{run.id}", type="tertiary", help=help, on_click=_ask_to_delete, args=(run.id,))


def _how_far(state: Status) -> str:
    if state.state == runs.WAITING:
        come = "run comes" if state.ahead == 1 else "runs come"
        return f"{state.ahead} {come} first · " if state.ahead else "its turn is next · "
    if state.epochs and state.state != runs.FINISHED:
        return f"epoch {state.epochs[-1].epoch} of {state.epochs[-1].epochs} · "
    return ""


def _choose(run_id: str) -> None:
    st.query_params["run"] = run_id


def _ask_to_delete(run_id: str) -> None:
    st.session_state["_deleting_run"] = run_id


def _resume(run: Run) -> None:
    _choose(run.id)
    try:
        runs.resume(run, training.queue())
    except RBindError as error:
        st.session_state["_run_problem"] = f"{error}."


def _delete(run: Run) -> None:
    _ask_to_delete("")
    try:
        runs.delete(run, training.queue())
    except RBindError as error:
        st.session_state["_run_problem"] = f"{error}."


def _one_run(run: Run, state: Status) -> None:
    if state.message:
        (st.error if state.state == runs.FAILED else st.warning)(plain(state.message))
    if state.state == runs.TRAINING:
        left = state.seconds_left
        rest = f", about {training.duration(left)} left" if left is not None else ""
        st.progress(state.fraction, f"{state.stage}: {state.fraction:.0%}{rest}. You may close this tab.")
    elif state.state == runs.WAITING:
        st.progress(0.0, "One run trains at a time on this server; this one begins by itself. You may close this tab.")
    elif state.state == runs.FINISHED:
        _outcome(run)
    total = state.epochs[-1].epochs if state.epochs else 1
    if state.epochs:
        st.plotly_chart(
            learning_curves(state.epochs, run.request.name, run.request.probes, total),
            key="curves",
            config=download_options(f"{run.request.name}-learning-curves"),
            alt=f"Training loss and validation Pearson of {run.request.name} against the epoch",
        )
    if state.epochs and not state.is_active:
        take_away(
            "curves",
            f"{run.request.name}-learning-curves",
            pd.DataFrame([vars(epoch) for epoch in state.epochs]).to_csv(index=False),
            training.command(run),
            training.python(run),
        )
    began = "from the trunk" if run.request.start == "trunk" else "from scratch"
    took = "It took" if state.state == runs.FINISHED else "So far it took"
    st.caption(
        f"{began.capitalize()}, on {plain(run.request.source)}. {took} {training.duration(state.seconds)}.",
        help=CURVES_HELP,
    )


def _outcome(run: Run) -> None:
    model = training.model_of(run, owner.models())
    if model is None:
        st.info("The model of this run was deleted.")
        return
    st.markdown(f"**{pearson_in_words(model)}**", help=TEST_HELP)
    st.markdown(f"Best 6-mers: {_kmers(model)}")
    with st.container(horizontal=True):
        for title, icon, page in (
            ("Browse", "search", "browse"),
            ("Profile", "fingerprint", "profile"),
            ("Sequence", "grid_on", "sequence"),
        ):
            st.button(
                f"Open in {title}",
                key=f"open_{page}",
                icon=f":material/{icon}:",
                on_click=go_to,
                args=(page, model.experiment),
            )


def pearson_in_words(model: Model) -> str:
    """Test Pearson in words, with N and interval."""
    n = int(model.metrics.get("n_test", 0))
    split = model.training.get("table", {})
    independent = int(split.get("test_units", model.metrics.get("n_test_rnas", n)))
    low, high = pearson_ci95(model.pearson_test, independent)
    probes = "probes, whose scores are predicted" if model.learned_predictions else "probes"
    units = "clusters of near copies" if split.get("split_by") == BY_CLUSTER else "different RNAs"
    of = f" from {independent:,} {units}" if independent != n else ""
    interval = f" (95 % CI {low:.3f} to {high:.3f})" if np.isfinite(low) else ""
    copies = split.get("test_near_copies", 0)
    caution = f"; {100 * copies:.0f} % of them have a near copy in training, so this is no estimate for new RNAs" if copies else ""
    return f"Test Pearson {model.pearson_test:.3f}{interval}, N = {n:,} held-out {probes}{of}{caution}"


def _kmers(model: Model) -> str:
    return ", ".join(f"{kmer['kmer']} ({kmer['global_importance']:.2f})" for kmer in model.top_kmers[:5])
