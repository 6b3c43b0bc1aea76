"""The page of test sequences apart from its figure: requests, answers, and how to reproduce them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.state import engine
from dashboard.state.markdown import plain
from dashboard.state.requests import Request
from dashboard.state.results import result_of
from rbind_core.analyses import probe_library
from rbind_core.data.library import DESIGNED, designed_library
from rbind_core.figures.probes import MOST_POINTS
from rbind_core.model.registry import Model
from rbind_core.probes import LISTED, ProbeFilter, ProbeTable, Ranking, drawn_rows, probe_table, probes_csv, probes_record, rank
from rbind_core.probes.ranking import Range
from rbind_core.probes.table import FOLDED_PROBES
from rbind_core.rna.structure import energies_if_possible
from rbind_core.system.quoting import in_python, in_shell

PICKED = "probe"  # the chosen sequence, in the session and in the URL


@dataclass(frozen=True)
class ScoredTable(Request[ProbeTable]):
    """All probes of a library, with a model's scores."""

    model: Model
    library: str

    def compute(self) -> ProbeTable:
        """Score the probes."""
        library = probe_library(self.model, self.library)
        return probe_table(self.model, engine.predictor(self.model), library, np.random.default_rng(0))


@dataclass(frozen=True)
class ProbesRequest(Request["Answer"]):
    """A request for probes of a library, filtered and in an order."""

    model: Model
    library: str
    chosen: ProbeFilter
    order: str
    part: str

    @property
    def table(self) -> ScoredTable:
        """The request for the part that does not depend on filter and order."""
        return ScoredTable(self.model, self.library)

    @property
    def expected(self) -> int:
        """Approximate number of probes to score."""
        probes = len(designed_library().codes) if self.library == DESIGNED else int(self.model.metrics.get("n_test", 121_031))
        return min(probes, FOLDED_PROBES) if self.model.structure else probes

    @property
    def doing(self) -> str:
        """In words."""
        return f"Scoring {self.expected:,} probes"

    def compute(self) -> Answer:
        """Score, filter, order and fold."""
        table = result_of(self.table)
        ranking = rank(table, self.chosen, self.order, self.part)
        energies = energies_if_possible(table.codes[ranking.listed])
        return Answer(self, table, ranking, energies, drawn_rows(ranking, MOST_POINTS, np.random.default_rng(0)))


@dataclass(frozen=True)
class Answer:
    """Probes that pass a filter, in order, with the folding energies of the listed ones and the points to draw."""

    request: ProbesRequest
    table: ProbeTable
    ranking: Ranking
    energies: NDArray[np.float64] | None
    drawn: NDArray[np.int64]

    @property
    def csv(self) -> str:
        """All probes that pass, as CSV below descriptive lines."""
        asked = self.request
        return probes_csv(asked.model, self.table, self.ranking, asked.order, asked.part, self.energies)

    @property
    def record(self) -> dict[str, Any]:
        """The record of listed probes that the command prints."""
        asked = self.request
        return probes_record(asked.model, asked.library, self.table, self.ranking, asked.order, asked.part, self.energies)

    @property
    def command(self) -> str:
        """Command that lists the same probes, for a shell in the project's folder."""
        asked, options = self.request, []
        if asked.chosen.contains:
            options.append(f"--contains {in_shell(asked.chosen.contains)}")
        for name in ("predicted", "measured"):
            for bound, value in zip(("min", "max"), getattr(asked.chosen, name), strict=True):
                options += [] if value is None else [f"--{bound}-{name} {value:g}"]
        low, high = asked.chosen.gc
        if low is not None and high is not None:
            options.append(f"--gc {low:g}-{high:g}")
        options.append(f"--sort {asked.order} --part {asked.part} --top {LISTED} --json")
        return f"./rbind probes --rbp {in_shell(asked.model.experiment)} --library {in_shell(asked.library)} {' '.join(options)}"

    @property
    def python(self) -> str:
        """Python that prints sequence and predicted score of the same probes."""
        asked = self.request
        return f"""import numpy as np

from rbind_core.analyses import probe_library
from rbind_core.model.registry import find_model, load_predictor
from rbind_core.probes import ProbeFilter, probe_columns, probe_table, rank

model = find_model({in_python(asked.model.experiment)})
library = probe_library(model, {in_python(asked.library)})
table = probe_table(model, load_predictor(model), library, np.random.default_rng(0))
ranking = rank(table, {asked.chosen!r}, {in_python(asked.order)}, {in_python(asked.part)}, {LISTED})
columns = probe_columns(table, ranking.listed)
for sequence, predicted in zip(columns["sequence"], columns["predicted"]):
    print(sequence, predicted)
"""


def between(low: float | None, high: float | None) -> Range:
    """A range from two fields that may be empty."""
    return (None if low is None else float(low)), (None if high is None else float(high))


def pick_row(key: str, sequences: list[str]) -> None:
    """Choose the probe of the clicked row."""
    rows = st.session_state[key].selection.rows
    if rows and rows[0] < len(sequences):
        st.session_state[PICKED] = sequences[rows[0]]


def pick_point(key: str) -> None:
    """Choose the probe of the clicked point."""
    points = [point for point in st.session_state[key].selection.points if point.get("customdata")]
    if points:
        st.session_state[PICKED] = points[-1]["customdata"][0]


def picked_rows(answer: Answer) -> NDArray[np.int64]:
    """Rows of the chosen sequence, or of the first listed one if none is chosen or this library lacks it."""
    asked = st.session_state.get(PICKED) or st.query_params.get(PICKED, "").strip().upper()
    rows = answer.table.same_as(asked) if set(asked) <= set("ACGU") else np.empty(0, np.int64)
    if len(rows):
        st.session_state[PICKED] = st.query_params[PICKED] = asked
        return rows
    if asked and PICKED not in st.session_state:
        st.warning(f"The link asks for the probe {plain(asked[:41])}, which is not in this library; the first listed one is shown.")
    st.query_params.pop(PICKED, None)
    st.session_state.pop(PICKED, None)
    return answer.ranking.listed[:1]
