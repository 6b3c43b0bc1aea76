"""The mean of a committee beside the served network."""

import pandas as pd
import pytest

from rbind_core.errors import DataError
from rbind_core.quality.committee_mean import COLUMNS, committee_mean


def test_the_means_and_the_count_are_those_of_the_table(tmp_path):
    path = tmp_path / "committee_mean.tsv"
    rows = [["A", 0.70, 0.72, 0.71, 0.73, 9], ["B", 0.60, 0.58, 0.61, 0.59, 8]]
    pd.DataFrame(rows, columns=COLUMNS).to_csv(path, sep="\t", index=False)
    found = committee_mean(path)
    assert (found.n, found.networks, found.better) == (2, 8, 1)
    assert found.validation_mean == pytest.approx(0.65)
    assert "test Pearson of 0.660, the network that is served alone 0.660" in found.sentence


@pytest.mark.parametrize(
    "content", [None, "", "a\tb\n1\t2\n", "\t".join(COLUMNS) + "\n", "\t".join(COLUMNS) + "\nA\tx\t1\t1\t1\t2\n"]
)
def test_a_missing_or_damaged_table_is_one_sentence(tmp_path, content):
    path = tmp_path / "committee_mean.tsv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(DataError, match=r"committee_mean\.tsv: the table of committee means is missing or damaged"):
        committee_mean(path)
