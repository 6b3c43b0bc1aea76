import numpy as np
import pytest

from rbind_core.data import fetch, rnacompete
from rbind_core.data.rnacompete import PROBES_OF_SET_A, PROBES_OF_SET_B, experiments, load_intensities, load_probes
from rbind_core.errors import DataError
from rbind_core.rna.sequences import LENGTH, PADDING, decode, encode, lengths


@pytest.mark.real_data
def test_there_are_as_many_probes_in_each_set_as_the_paper_says(data_folder):
    probes = load_probes()
    assert (~probes.in_set_b).sum() == PROBES_OF_SET_A == 120_326
    assert probes.in_set_b.sum() == PROBES_OF_SET_B == 121_031


@pytest.mark.real_data
def test_probes_are_sorted_by_sequence_and_30_to_41_nt_long(data_folder):
    codes = load_probes().codes
    assert codes.shape == (241_357, LENGTH)
    sequences = decode(codes[::50])
    assert sequences == sorted(sequences)
    ends = lengths(codes)
    assert (ends.min(), ends.max()) == (30, LENGTH)
    assert np.array_equal(codes == PADDING, np.arange(LENGTH) >= ends[:, None])


@pytest.mark.real_data
def test_a_parsed_copy_in_the_cache_gives_the_same_probes(data_folder):
    first = load_probes()
    again = load_probes.__wrapped__()
    assert np.array_equal(first.codes, again.codes)
    assert np.array_equal(first.in_set_b, again.in_set_b)
    assert not again.codes.flags.writeable


@pytest.mark.real_data
def test_every_probe_has_an_intensity_from_zero_up(data_folder):
    values = load_intensities("RNCMPT00168")
    assert values.shape == (241_357,)
    assert values.min() == 0
    assert np.isfinite(values[load_probes().in_set_b]).all()


@pytest.mark.real_data
def test_intensities_belong_to_the_probes_beside_them(data_folder):
    """RBFOX1 binds UGCAUG: probes with the motif are brighter only if the lines are in the right order."""
    values, codes = load_intensities("RNCMPT00168"), load_probes().codes
    rows = np.random.default_rng(0).choice(len(codes), 40_000, replace=False)
    with_motif = np.array(["UGCAUG" in s for s in decode(codes[rows])])
    assert with_motif.sum() > 100
    assert values[rows][with_motif].mean() > values[rows].mean() + 2 * values[rows].std()


def test_49_experiments_are_known_and_rbfox1_is_among_them():
    assert len(experiments()) == 49
    rbfox1 = experiments()["RNCMPT00168"]
    assert (rbfox1.id, rbfox1.protein, rbfox1.species) == ("RNCMPT00168", "RBFOX1", "Homo sapiens")
    assert all(e.protein and e.species for e in experiments().values())


def test_an_unknown_experiment_is_refused():
    with pytest.raises(DataError, match="RNCMPT99999"):
        load_intensities("RNCMPT99999")


def test_missing_files_come_with_the_command_that_fetches_them(no_data):
    with pytest.raises(DataError, match=r"\./rbind data fetch"):
        load_intensities("RNCMPT00168")
    with pytest.raises(DataError, match=r"\./rbind data fetch"):
        load_probes.__wrapped__()


def test_an_intensity_file_with_missing_lines_is_refused(monkeypatch, tmp_path):
    short = tmp_path / "short.txt"
    short.write_text("0.1\n0.2\n")
    monkeypatch.setattr(fetch, "locate", lambda name: short)
    with pytest.raises(DataError, match="2 lines; expected 241357"):
        load_intensities("RNCMPT00168")


@pytest.mark.parametrize("kept", [0.0, 0.5, 1.0], ids=["empty", "cut in half", "of zeros"])
def test_a_damaged_copy_in_the_cache_is_made_anew(kept, monkeypatch, no_data):
    codes, in_set_b = encode(["ACGU", "CCGU"]), np.array([True, False])
    monkeypatch.setattr(fetch, "locate", lambda name: no_data / "metadata.mat")
    monkeypatch.setattr(rnacompete, "_parse_metadata", lambda path: (codes.copy(), in_set_b.copy()))
    load_probes.__wrapped__()
    (parsed,) = no_data.glob("*.npz")
    content = parsed.read_bytes()
    parsed.write_bytes(content[: int(len(content) * kept)] if kept < 1 else bytes(len(content)))

    again = load_probes.__wrapped__()
    assert np.array_equal(again.codes, codes)
    assert np.array_equal(again.in_set_b, in_set_b)


def test_a_cache_that_cannot_be_written_does_no_harm(monkeypatch, no_data):
    no_data.write_text("a file where the folder should be")
    monkeypatch.setattr(fetch, "locate", lambda name: no_data / "metadata.mat")
    monkeypatch.setattr(rnacompete, "_parse_metadata", lambda path: (encode(["ACGU"]), np.array([True])))
    assert decode(load_probes.__wrapped__().codes) == ["ACGU"]
