"""Left-out proteins: what the table says, and damaged ones."""

import numpy as np
import pandas as pd
import pytest

from rbind_core.errors import DataError
from rbind_core.figures.left_out import left_out_figure
from rbind_core.quality.left_out import COLUMNS, TAUGHT, TEACHER, left_out_table, summary


@pytest.fixture
def table():
    rows = [
        ["E1", "A", 1, 0.5, 0.6, 0.7, 0.71, 0.9, 100],
        ["E2", "A", 1, 0.4, 0.3, 0.6, 0.61, 0.8, 100],
        ["E3", "<b>B", 2, 0.3, 0.6, 0.8, 0.81, 1.0, 100],
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_the_summary_counts_proteins_and_wins(table):
    found = summary(table)
    assert (found.n, found.proteins, found.better_than_teacher) == (3, 2, 2)
    assert found.taught == pytest.approx(0.5)
    assert "mean test Pearson of 0.500" in found.sentence
    assert "better in 2 of 3" in found.sentence


def test_the_figure_has_a_point_for_each_experiment_and_escapes_names(table):
    figure = left_out_figure(table)
    assert [list(trace.y) for trace in figure.data] == [table[TEACHER].tolist(), table[TAUGHT].tolist()]
    assert "&lt;b&gt;B" in str(figure.data[0].customdata)


@pytest.mark.parametrize("content", [None, "", "a\tb\n1\t2\n", "\x00\x01"])
def test_a_missing_or_damaged_table_is_one_sentence(tmp_path, content):
    path = tmp_path / "left_out.tsv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(DataError, match=r"left_out\.tsv: the table of left-out proteins is missing or damaged"):
        left_out_table(path)


def test_a_table_with_a_missing_number_is_refused(table, tmp_path):
    table.loc[0, TAUGHT] = np.nan
    table.to_csv(tmp_path / "t.tsv", sep="\t", index=False)
    with pytest.raises(DataError):
        left_out_table(tmp_path / "t.tsv")
