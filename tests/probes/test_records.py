import io
import json

import numpy as np
import pandas as pd
import pytest

from rbind_core.probes import ProbeFilter, probe_columns, probes_csv, probes_record, rank
from rbind_core.rna.sequences import decode
from rbind_core.rna.structure import energies_if_possible, fold


def test_energies_are_those_of_a_whole_fold(table):
    energies = energies_if_possible(table.codes[:5])
    assert energies == pytest.approx([fold(sequence).minimum_free_energy for sequence in decode(table.codes[:5])])
    assert len(energies_if_possible(table.codes[:0])) == 0


def test_designed_probes_have_no_measured_column(table, designed):
    assert "measured" in probe_columns(table, np.arange(3))
    assert {"measured", "residual"}.isdisjoint(probe_columns(designed, np.arange(3)))


def test_csv_has_every_probe_that_passes_and_says_what_it_is(model, table):
    ranking = rank(table, ProbeFilter("UGCAUG"), "measured", "spread", most=4)
    energies = energies_if_possible(table.codes[ranking.listed])
    text = probes_csv(model, table, ranking, "measured", "spread", energies)
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert head[0] == "# TOYBP (TOY00001): 300 probes of measured set B; measured in TOY00001"
    assert head[1].startswith(f"# N = {len(ranking.rows)}; filter: contains UGCAUG; highest measured score first")
    assert "background A 0.266, C 0.236" in head[2]
    rows = pd.read_csv(io.StringIO(text), comment="#")
    assert rows["sequence"].tolist() == decode(table.codes[ranking.rows])
    assert rows["residual"].to_numpy() == pytest.approx(rows["measured"] - rows["predicted"])
    folded = rows["mfe"].notna().to_numpy()
    assert folded.tolist() == np.isin(ranking.rows, ranking.listed).tolist()
    assert rows["mfe"][folded].to_numpy() == pytest.approx(energies)


def test_designed_probes_are_said_to_be_unmeasured(model, designed):
    text = probes_csv(model, designed, rank(designed, ProbeFilter()), "predicted", "highest", None)
    assert "300 designed probes; nobody has measured them" in text
    assert text.splitlines()[3].startswith("sequence,predicted,match_position")
    assert "mfe" not in text


def test_a_record_holds_settings_and_listed_probes(model, table):
    ranking = rank(table, ProbeFilter("UGCAUG"), "measured", "lowest", most=3)
    record = probes_record(model, "measured", table, ranking, "measured", "lowest", np.array([-1.0, -2, -3]))
    assert (record["experiment"], record["library"], record["n"], record["library_size"]) == ("TOY00001", "measured", 300, 300)
    assert (record["passing"], record["filter"]) == (len(ranking.rows), ["contains UGCAUG"])
    assert record["correlation"]["n"] == 300
    assert record["correlation_of_passing"]["n"] == len(ranking.rows)
    assert [probe["measured"] for probe in record["probes"]] == [0, 1, 2]
    assert [probe["mfe"] for probe in record["probes"]] == [-1, -2, -3]
    assert json.loads(json.dumps(record["probes"]))[0]["match_letters"] == "UGCAUG"
