"""Import of the paper's HDF5 files, written here in the same layout: the structure channels hold numbers of their own."""

from __future__ import annotations

import json
import subprocess
import sys

import h5py
import numpy as np
import pytest

from rbind_core.cli import main
from rbind_core.data import hdf5, imported
from rbind_core.data.dataset import make_dataset, split_of_set_a
from rbind_core.data.imported import are_copies, import_file, import_of, imported_dataset, imported_experiments, list_imports
from rbind_core.data.rnacompete import load_intensities, load_probes
from rbind_core.errors import DataError
from rbind_core.rna.sequences import one_hot
from tests.toys import random_probes

SIZES = {"train": 600, "valid": 80, "test": 120}
IDS = ("RNCMPT00168", "RNCMPT00900")


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """The folder of imports, empty."""
    monkeypatch.setenv("RBIND_IMPORT_DIR", str(tmp_path / "imported"))
    return tmp_path / "imported"


def inputs(codes, width=41, channels=9):
    """X as the paper's files have it, (n, 9, width)."""
    sequence = one_hot(codes)[:, :width].transpose(0, 2, 1)
    structure = np.random.default_rng(0).random((len(codes), channels - 4, width), np.float32)
    return np.concatenate([sequence, structure], axis=1)


def toy_parts(width=41, outputs=2, seed=1):
    """X and Y of each part, of probes that fit into the width, with raw scores of which one in nine is missing."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for part, size in SIZES.items():
        codes = random_probes(size, seed=seed + size)
        codes[:, width:] = 4
        scores = rng.lognormal(5, 1, (size, outputs)).astype(np.float32)
        scores[::9, 0] = np.nan
        arrays |= {f"X_{part}": inputs(codes, width), f"Y_{part}": scores}
    return arrays


def toy_file(**changes):
    """Arrays of a small rnacompete2013.h5; None leaves an array out."""
    arrays = toy_parts() | {"experiment": np.array(IDS, dtype="S11")} | changes
    return {name: array for name, array in arrays.items() if array is not None}


@pytest.fixture
def write(tmp_path):
    def write(arrays, name="rnacompete2013.h5"):
        path = tmp_path / name
        with h5py.File(path, "w") as file:
            for key, array in arrays.items():
                file.create_dataset(key, data=array, compression="gzip" if np.ndim(array) else None)
        return path

    return write


def in_2009_layout(**proteins):
    return {f"{protein}/{name}": array for protein, arrays in proteins.items() for name, array in arrays.items()}


def log_transformed(raw):
    return np.log(raw - np.nanmin(raw) + 1)


@pytest.mark.real_data
def test_real_probes_and_scores_come_back_as_the_public_files_have_them(data_folder, write):
    probes, rng = load_probes(), np.random.default_rng(2)
    rows = [np.sort(rng.choice(part, n, False)) for part, n in zip(split_of_set_a(), (3000, 400), strict=True)]
    rows.append(np.sort(rng.choice(np.flatnonzero(probes.in_set_b), 800, False)))
    names = ["RNCMPT00168", "RNCMPT00186", "RNCMPT00047"]
    raw = np.exp(np.stack([load_intensities(name) for name in names], axis=1).astype(np.float64))
    raw[rows[0][:50], 1] = np.nan
    arrays = {"experiment": np.array(names, dtype="S")}
    for part, chosen in zip(SIZES, rows, strict=True):
        arrays |= {f"X_{part}": inputs(probes.codes[chosen]), f"Y_{part}": raw[chosen]}
    found = import_file(write(arrays))

    assert [(e.id, e.protein, e.published_consensus) for e in found[:2]] == [
        ("RNCMPT00168", "RBFOX1", "WGCAUGM"),
        ("RNCMPT00186", "PCBP1", "CCUWWCC"),
    ]
    everything = np.concatenate(rows)
    ends = np.cumsum([len(part) for part in rows])
    parts = [np.arange(end - len(part), end) for part, end in zip(rows, ends, strict=True)]
    for column, name in enumerate(names):
        expected = make_dataset(probes.codes[everything], log_transformed(raw[everything, column]), *parts)
        made = imported_dataset(name)
        assert np.array_equal(made.codes, expected.codes)
        np.testing.assert_allclose(made.scores, expected.scores, rtol=0, atol=1e-5)
        assert made.normalisation.mean == pytest.approx(expected.normalisation.mean, rel=1e-6)
        for part in ("training", "validation", "test"):
            assert np.array_equal(getattr(made, part), getattr(expected, part))
    assert len(imported_dataset("RNCMPT00186").training) == 2950


def test_scores_are_log_transformed_per_experiment_and_missing_ones_stay_missing(write):
    arrays = toy_file()
    import_file(write(arrays))
    raw = np.concatenate([arrays[f"Y_{part}"] for part in SIZES])
    for column, name in enumerate(IDS):
        stored = np.load(import_of(name).folder / "scores" / f"{name}.npy")
        assert stored.dtype == np.float32
        np.testing.assert_allclose(stored, log_transformed(raw[:, column].astype(np.float64)), rtol=1e-6)
        assert np.nanmin(stored) == 0
        assert np.isnan(stored).sum() == np.isnan(raw[:, column]).sum()
    assert not {*range(0, 600, 9)} & {*imported_dataset(IDS[0]).training.tolist()}


def test_parts_are_those_of_the_file(write):
    import_file(write(toy_file()))
    made = imported_dataset(IDS[1])
    assert [part.tolist() for part in (made.training, made.validation, made.test)] == [
        list(range(600)),
        list(range(600, 680)),
        list(range(680, 800)),
    ]
    assert import_of(IDS[1]).probes == (600, 80, 120)


@pytest.mark.parametrize("channels", [9, 4])
@pytest.mark.parametrize("width", [38, 39, 41])
def test_narrow_windows_are_padded_to_41_and_sequence_alone_is_enough(write, width, channels):
    arrays = {name: array[:, :channels] if name[0] == "X" else array for name, array in toy_parts(width).items()}
    import_file(write(toy_file(**arrays)))
    codes = imported_dataset(IDS[0]).codes
    assert codes.shape == (800, 41)
    assert codes.dtype == np.uint8
    expected = random_probes(600, seed=601)
    expected[:, width:] = 4
    assert np.array_equal(codes[:600], expected)


def test_padding_at_both_ends_is_moved_to_the_3_prime_end(write):
    """The authors' own script puts a probe in the middle of the window."""
    arrays = toy_file()
    whole = random_probes(600, seed=601)
    for row in range(600):
        shift = int((whole[row] == 4).sum()) // 2
        arrays["X_train"][row] = np.roll(arrays["X_train"][row], shift, axis=1)
    import_file(write(arrays))
    assert np.array_equal(imported_dataset(IDS[0]).codes[:600], whole)


def test_probes_with_a_gap_or_without_a_letter_are_in_no_part(write):
    arrays = toy_file()
    arrays["X_train"][5, :4, 10] = 0
    arrays["X_test"][7, :4] = 0
    said = []
    import_file(write(arrays), said.append)
    made = imported_dataset(IDS[1])
    assert 5 not in made.training
    assert 687 not in made.test
    assert len(made.training) + len(made.validation) + len(made.test) == 798
    assert "note: rnacompete2013: 2 probes with unknown letters are left out" in said


def test_reading_in_pieces_gives_the_same(write, monkeypatch):
    path = write(toy_file())
    whole = next(hdf5.read_measurements(path)).codes
    monkeypatch.setattr(hdf5, "_PROBES_AT_A_TIME", 77)
    said = []
    assert np.array_equal(next(hdf5.read_measurements(path, said.append)).codes, whole)
    assert said[:2] == ["X_train: 77 of 600 probes", "X_train: 154 of 600 probes"]


@pytest.mark.parametrize("shape", [(-1, 1), (-1,)])
def test_the_2009_layout_has_a_group_per_protein_each_with_its_own_probes(write, shape):
    arrays = {"VTS1": toy_parts(39, 1, seed=5), "HuR": toy_parts(38, 1, seed=6)}
    for parts in arrays.values():
        parts |= {name: array.reshape(shape) for name, array in parts.items() if name[0] == "Y"}
    found = import_file(write(in_2009_layout(**arrays), "renamed.h5"))
    assert {(e.id, e.protein) for e in found} == {("VTS1_2009", "VTS1"), ("HuR_2009", "HuR")}
    assert len(list_imports()) == 2
    for seed, name, width in ((5, "VTS1_2009", 39), (6, "HuR_2009", 38)):
        expected = random_probes(600, seed=seed + 600)
        expected[:, width:] = 4
        assert np.array_equal(imported_dataset(name).codes[:600], expected)


def test_experiments_that_cannot_be_trained_are_left_out_with_the_reason(write):
    names = ("GOOD", "NOTHING", "FEW", "NO_TEST", "EQUAL", "INFINITE")
    arrays = toy_file(**toy_parts(outputs=6), experiment=np.array(names, dtype="S"))
    for part in SIZES:
        arrays[f"Y_{part}"][:, 1] = np.nan
        arrays[f"Y_{part}"][2:, 2] = np.nan
        arrays[f"Y_{part}"][:, 4] = 7
    arrays["Y_test"][:, 3] = np.nan
    arrays["Y_train"][::10, 5] = np.inf
    said = []
    assert [e.id for e in import_file(write(arrays), said.append)] == ["GOOD", "INFINITE"]
    assert [line for line in said if line.startswith("note")] == [
        "note: NOTHING is left out: 0 known scores; at least 500 are needed",
        "note: FEW is left out: 6 known scores; at least 500 are needed",
        "note: NO_TEST is left out: Y_test has no known score",
        "note: EQUAL is left out: all training scores are equal",
    ]
    assert len(imported_dataset("INFINITE").training) == 540


def broken_files():
    toy = toy_parts()
    flat, short = toy["X_train"][:, 0], toy["Y_valid"][:-1]
    two_letters, half = toy["X_valid"].copy(), toy["X_test"].copy()
    two_letters[41, 0:2, 3] = 1
    half[9, 0, 0] = 0.5
    yield "nothing known", {"a": np.zeros(3)}, "no array X_train"
    yield "no Y_valid", toy_file(Y_valid=None), "the array Y_valid is missing"
    yield "no X_test", toy_file(X_test=None), "the array X_test is missing"
    yield "no array in a group", in_2009_layout(VTS1=toy_parts(39, 1) | {"Y_test": 1.0}), "VTS1/Y_test has the shape ()"
    yield "no group member", {"VTS1/X_train": toy["X_train"]}, "the array VTS1/Y_train is missing"
    yield "no experiment", toy_file(experiment=None), "the array experiment, with the ids of the columns"
    yield "numbered experiments", toy_file(experiment=np.arange(2)), "the array experiment, with the ids of the columns"
    yield "flat X", toy_file(X_train=flat), "X_train has the shape (600, 41); it must be (probes, 9 or 4, 30-41)"
    yield "wide X", toy_file(X_train=np.zeros((600, 9, 42))), "X_train has the shape (600, 9, 42)"
    yield "transposed X", toy_file(X_train=toy["X_train"].transpose(0, 2, 1)), "X_train has the shape (600, 41, 9)"
    yield "rows of Y", toy_file(Y_valid=short), "Y_valid has the shape (79, 2); beside X_valid it must be (80, 2)"
    yield "columns of Y", toy_file(experiment=np.array(["A", "B", "C"], dtype="S")), "beside X_train it must be (600, 3)"
    yield "words", toy_file(Y_test=np.full((120, 2), b"high")), "Y_test does not hold numbers"
    yield "two letters", toy_file(X_valid=two_letters), "X_valid, probe 42: channels 0-3 are not one-hot"
    yield "half a letter", toy_file(X_test=half), "X_test, probe 10: channels 0-3 are not one-hot"
    yield "twice", toy_file(experiment=np.array(["A1", "a1"], dtype="S")), "the experiment a1 is in the file twice"
    yield "unsafe id", toy_file(experiment=np.array(["ok", "../up"], dtype="S")), "'../up' cannot be an experiment's id"
    yield "no id", toy_file(experiment=np.array(["ok", ""], dtype="S")), "'' cannot be an experiment's id"
    yield "unsafe protein", in_2009_layout(**{"a b": toy_parts(39, 1)}), "'a b_2009' cannot be an experiment's id"
    yield "nothing usable", toy_file(Y_test=np.full((120, 2), np.nan)), "no experiment has 500 known scores"


@pytest.mark.parametrize(("arrays", "message"), [pytest.param(*rest, id=name) for name, *rest in broken_files()])
def test_a_file_that_is_not_the_papers_is_refused_in_one_sentence(write, folder, arrays, message):
    path = write(arrays)
    with pytest.raises(DataError) as error:
        import_file(path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert not list_imports()
    assert not [*folder.glob("*"), *folder.glob(".*")]


def test_files_that_are_not_hdf5_or_cut_off_are_refused(write, tmp_path):
    path = write(toy_file())
    whole = path.read_bytes()
    cases = [
        (b"sequence,score\n", "is not an HDF5 file"),
        (b"", "is not an HDF5 file"),
        (whole[: len(whole) // 2], "is truncated"),
        (whole[:20_000] + bytes(len(whole) - 40_000) + whole[-20_000:], "is damaged"),
    ]
    for content, message in cases:
        path.write_bytes(content)
        with pytest.raises(DataError, match=message):
            import_file(path)
    for missing in (tmp_path, tmp_path / "nothing.h5"):
        with pytest.raises(DataError, match="is not a file"):
            import_file(missing)
    assert not list_imports()


@pytest.mark.parametrize("ending", [KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize("after", ["Y_", "scores"])
def test_an_import_that_is_killed_leaves_nothing_listed(write, folder, monkeypatch, ending, after):
    path = write(in_2009_layout(VTS1=toy_parts(39, 1), HuR=toy_parts(39, 1, seed=3)))
    save, calls = np.save, []

    def dying(file, array):
        calls.append(file)
        if len(calls) == (2 if after == "scores" else 5):
            raise ending("killed")
        save(file, array)

    monkeypatch.setattr(np, "save", dying)
    with pytest.raises(ending):
        import_file(path)
    assert not list_imports()
    assert not list(folder.glob("*"))
    monkeypatch.undo()
    monkeypatch.setenv("RBIND_IMPORT_DIR", str(folder))
    assert len(import_file(path)) == 2


def test_what_a_killed_process_left_is_not_listed_and_goes_with_the_next_try(write, folder):
    path = write(toy_file())
    program = f"""
import os, pathlib
from rbind_core.data import imported
imported._why_left_out = lambda scores, parts: os._exit(9)
imported.import_file(pathlib.Path({str(path)!r}))
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 9
    assert len(list(folder.glob(".part-*"))) == 1
    assert not list_imports()
    import_file(path)
    assert not list(folder.glob(".part-*"))
    assert imported_experiments().keys() == set(IDS)


def test_importing_the_same_file_again_is_accepted_and_said(write, tmp_path):
    path = write(toy_file())
    first, said = import_file(path), []
    assert import_file(path.rename(tmp_path / "other-name.h5"), said.append) == first
    assert "was imported already" in said[-1]
    assert len(list_imports()) == 1


def test_a_newer_import_replaces_experiments_of_an_older_one_and_says_so(write):
    import_file(write(toy_file()))
    old = imported_dataset(IDS[0]).scores
    other = toy_parts(seed=9)
    said = []
    path = write(toy_file(**other), "newer.h5")
    import_file(path, said.append)
    assert said[-2:] == [
        "note: RNCMPT00168, RNCMPT00900: training now takes these scores, not those of an earlier import",
        "note: RNCMPT00168: training now takes these scores, not those of the public files",
    ]
    assert import_of(IDS[0]).file == "newer.h5"
    assert not np.array_equal(imported_dataset(IDS[0]).scores, old, equal_nan=True)
    import_file(write(toy_file()), said.append)  # back to the first
    assert np.array_equal(imported_dataset(IDS[0]).scores, old, equal_nan=True)


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda f: (f / "about.json").write_text("{"), "about.json cannot be read"),
        (lambda f: (f / "about.json").write_text("[]"), "about.json cannot be read"),
        (lambda f: (f / "about.json").write_bytes(b"\xff\xff"), "about.json cannot be read"),
        (lambda f: (f / "codes.npy").unlink(), "codes.npy is missing or damaged"),
        (lambda f: (f / "scores" / f"{IDS[0]}.npy").write_bytes(b""), f"scores/{IDS[0]}.npy is missing or damaged"),
    ],
)
def test_a_damaged_import_is_reported_and_can_be_imported_again(write, damage, problem):
    path = write(toy_file())
    import_file(path)
    damage(list_imports()[0].folder)
    [broken] = list_imports()
    assert problem in broken.problem
    assert imported_experiments() == {}
    with pytest.raises(DataError, match=r"is damaged|was not imported"):
        imported_dataset(IDS[0])
    import_file(path)
    assert [each.problem for each in list_imports()] == [None]
    assert len(imported_dataset(IDS[0]).training) > 500


def test_damage_that_leaves_the_size_is_reported_when_read(write):
    import_file(write(toy_file()))
    path = import_of(IDS[0]).folder / "parts.npy"
    path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(DataError, match="cannot be read"):
        imported_dataset(IDS[0])


def test_an_experiment_that_was_not_imported_is_refused_with_what_to_do(folder):
    with pytest.raises(DataError, match=r"RNCMPT00999 was not imported; run '\./rbind data import FILE'"):
        imported_dataset("RNCMPT00999")
    assert imported_experiments() == {}


def test_a_folder_that_cannot_be_written_is_named(write, monkeypatch, tmp_path):
    (tmp_path / "a-file").write_text("")
    monkeypatch.setenv("RBIND_IMPORT_DIR", str(tmp_path / "a-file" / "imported"))
    with pytest.raises(DataError, match="cannot be written"):
        import_file(write(toy_file()))


def run(capsys, *args):
    capsys.readouterr()
    with pytest.raises(SystemExit) as ending:
        main([str(arg) for arg in args], prog_name="rbind")
    return ending.value.code, *capsys.readouterr()


def test_the_command_says_what_was_imported_and_how_to_train(write, capsys, no_data):
    path = write(toy_file())
    status, out, err = run(capsys, "data", "import", path)
    assert status == 0
    assert "2 experiments, 800 probes (600 training, 80 validation, 120 test)" in out
    assert "./rbind train --experiment RNCMPT00168 trains one, --all all of them" in out
    assert "X_train: 600 of 600 probes" in err
    assert json.loads(run(capsys, "data", "status", "--json")[1])["imported"] == list(IDS)
    assert "RNCMPT00168, RNCMPT00900" in run(capsys, "data", "status")[1]
    (import_of(IDS[0]).folder / imported.CODES).unlink()
    status, out, _ = run(capsys, "data", "status")
    assert status == 0
    assert "codes.npy is missing or damaged" in out
    status, out, err = run(capsys, "data", "import", path.parent)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.splitlines()[-1].startswith("rbind: ")


def with_copies(arrays, part: str, copies: int):
    """The first probes of a part replaced by those of the training part."""
    arrays[f"X_{part}"][:copies] = arrays["X_train"][:copies]
    return arrays


@pytest.mark.parametrize(("copies", "left"), [(0, 80), (1, 79), (30, 50), (80, 80)])
def test_a_validation_probe_whose_copy_is_learned_from_is_left_out_unless_all_are(write, copies, left):
    """IDS[1] has a score for every probe."""
    import_file(write(with_copies(toy_parts(), "valid", copies) | {"experiment": np.array(IDS, dtype="S11")}))
    dataset = imported_dataset(IDS[1])
    assert [len(part) for part in (dataset.training, dataset.validation, dataset.test)] == [600, left, 120]
    if copies < 80:
        assert not are_copies(dataset.codes, dataset.validation, dataset.training).any()


def test_a_copy_that_has_no_score_is_not_learned_from(write):
    arrays = with_copies(toy_parts(), "valid", 30)
    arrays["Y_train"][:30, 1] = np.nan
    import_file(write(arrays | {"experiment": np.array(IDS, dtype="S11")}))
    assert len(imported_dataset(IDS[1]).validation) == 80


def test_one_hot_arrays_of_truth_values_are_read(write):
    arrays = {name: array[:, :4].astype(bool) if name.startswith("X") else array for name, array in toy_parts().items()}
    import_file(write(arrays | {"experiment": np.array(IDS, dtype="S11")}))
    read = imported_dataset(IDS[1]).codes
    import_file(write(toy_file(), "other.h5"))
    assert np.array_equal(read, imported_dataset(IDS[1]).codes)


def test_truth_values_are_no_scores(write):
    with pytest.raises(DataError, match="Y_train does not hold numbers"):
        import_file(write(toy_file(Y_train=np.ones((600, 2), bool))))


@pytest.mark.parametrize("already", [np.log, lambda raw: (raw - np.nanmean(raw)) / np.nanstd(raw)])
def test_scores_that_look_like_logarithms_are_said_to(write, already):
    said = []
    arrays = toy_parts()
    import_file(write(arrays | {"experiment": np.array(IDS, dtype="S11")}), said.append)
    assert not any("logarithms were taken" in line for line in said)
    logged = {name: already(array) if name.startswith("Y") else array for name, array in arrays.items()}
    import_file(write(logged | {"experiment": np.array(IDS, dtype="S11")}, "other.h5"), said.append)
    assert f"note: {IDS[0]} and 1 more: no score is above 50, as if logarithms were taken already; they are taken once more" in said
