import numpy as np
import pandas as pd
import pytest

from rbind_core.figures.quality import ceiling_figure, starts_figure
from rbind_core.quality.published_methods import CEILING, LOG, SCRATCH, SHARE, TRUNK_START


@pytest.fixture
def table():
    ceilings = np.array([0.9, 0.3, np.nan, 0.6])
    logs = np.array([0.8, 0.1, 0.5, 0.3])
    names = {"experiment": [f"E{i}" for i in range(4)], "protein": ["A", "B", "C", "<b>D"]}
    numbers = {LOG: logs, "replicates_pearson": ceilings**2, CEILING: ceilings, SHARE: logs / ceilings}
    return pd.DataFrame(names | numbers)


def trace(figure, name):
    (found,) = [one for one in figure.data if one.name == name]
    return found


def test_each_model_stands_under_its_ceiling_the_noisiest_first(table):
    figure = ceiling_figure(table, "E3")
    assert list(trace(figure, "noise ceiling").y) == [0.3, 0.6, 0.9]
    assert (list(trace(figure, "model").x), list(trace(figure, "model").y)) == ([1, 3], [0.1, 0.8])
    assert (list(trace(figure, "chosen").x), list(trace(figure, "chosen").y)) == ([2], [0.3])
    assert [note[0] for note in trace(figure, "model").customdata] == ["B (E1)", "A (E0)"]
    assert trace(figure, "chosen").customdata[0][0] == "&lt;b&gt;D (E3)"
    assert list(trace(ceiling_figure(table), "model").y) == [0.1, 0.3, 0.8]
    assert "N = 3 experiments" in figure.layout.title.subtitle.text.replace("<br>", " ")
    assert [note.text for note in figure.layout.annotations] == ["&lt;b&gt;D 0.300"]


def test_without_a_ceiling_nothing_is_drawn_and_nothing_breaks(table):
    table[CEILING] = np.nan
    assert len(trace(ceiling_figure(table), "model").y) == 0


def starts(n: int) -> pd.DataFrame:
    scratch = np.linspace(0.1, 0.8, n)
    names = {"experiment": [f"E{i}" for i in range(n)], "protein": ["P"] * n}
    return pd.DataFrame(names | {SCRATCH: scratch, TRUNK_START: scratch + 0.05, "difference": np.full(n, 0.05)})


def test_the_ablation_says_when_it_is_not_complete():
    figure = starts_figure(starts(3))
    assert "N = 3 experiments of 10, the others are not done yet" in figure.layout.title.subtitle.text.replace("<br>", " ")
    assert list(trace(figure, "one experiment alone").x) == pytest.approx([0.1, 0.45, 0.8])
    assert list(trace(figure, "from the trunk").x) == pytest.approx([0.15, 0.5, 0.85])
    assert trace(figure, "from the trunk").customdata[0] == ["+0.050"]
    assert "not done" not in starts_figure(starts(10)).layout.title.subtitle.text
