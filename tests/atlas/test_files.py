import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from rbind_core.analyses import BackgroundChoice
from rbind_core.atlas.entries import arms_of, effects_of, stored_scan, study_table
from rbind_core.atlas.files import Atlas, is_current, load_atlas, read_atlas, write_atlas
from rbind_core.errors import DataError
from rbind_core.model.registry import list_models
from rbind_core.statistics import StoredEffect
from tests.atlas.toy_rows import SETTINGS, row_of_the_adder, row_of_the_counter, toy_model

ROWS = (row_of_the_adder, row_of_the_counter)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "atlas.parquet"
    write_atlas(path, [make() for make in ROWS], {"command": "./rbind atlas", "seed": 0})
    return path


def test_what_is_written_is_read_back(path):
    atlas = read_atlas(path)
    assert atlas.provenance == {"command": "./rbind atlas", "seed": 0}
    assert list(atlas.digests) == ["TOY00001", "TOY00002"]
    for make in ROWS:
        row = make()
        found = atlas.entry(row["experiment"])
        for name in ("arms", "comparisons", "fits", "verdicts", "top_kmers", "motif", "kmer_effects", "gc_three", "predictions"):
            assert found[name] == row[name], name
        np.testing.assert_allclose(found["scan"], row["scan"], rtol=1e-6)


def test_any_reader_of_parquet_can_open_it_and_read_where_it_comes_from(path):
    table = pq.read_table(path)
    assert json.loads(table.schema.metadata[b"rbind"])["command"] == "./rbind atlas"
    assert table.to_pandas()["top_kmer"].tolist()[0] == "UGCAUG"


def test_the_overview_has_one_row_for_each_model_and_no_lists(path):
    overview = read_atlas(path).overview
    assert overview.loc["TOY00001", "protein"] == "TOYBP"
    assert not any(isinstance(value, list | np.ndarray) for value in overview.iloc[0])


def test_scans_come_in_the_order_that_is_asked_for(path):
    atlas = read_atlas(path)
    means, errors = atlas.scans(["TOY00002", "TOY00001"])
    assert means.shape == errors.shape == (2, 4096)
    np.testing.assert_allclose(means[1], row_of_the_counter()["scan"], rtol=1e-6)
    assert atlas.scanned == ["TOY00001", "TOY00002"]


def test_no_file_is_an_empty_atlas(tmp_path):
    atlas = read_atlas(tmp_path / "none.parquet")
    assert atlas.digests == {}
    assert atlas.rows() == []
    assert atlas.entry("RNCMPT00168") is None
    assert len(atlas.overview) == 0


@pytest.mark.parametrize("content", [b"", b"PAR1 but not really", b"\x00" * 1000])
def test_a_damaged_file_is_said_in_one_sentence(tmp_path, content):
    path = tmp_path / "atlas.parquet"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"atlas\.parquet: the atlas cannot be read .*'\./rbind atlas' makes it anew"):
        read_atlas(path)


def test_a_parquet_file_of_something_else_is_refused(tmp_path):
    import pyarrow as pa

    path = tmp_path / "atlas.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(DataError, match="cannot be read"):
        read_atlas(path)


def test_writing_leaves_the_old_file_until_the_new_one_is_whole(path, monkeypatch):
    before = path.read_bytes()

    def fails(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", fails)
    with pytest.raises(DataError, match="No space left on device"):
        write_atlas(path, [row_of_the_counter()], {})
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["atlas.parquet"]


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Two empty folders, for the bundled atlas and for the user's own."""
    bundled, own = tmp_path / "bundled", tmp_path / "own"
    monkeypatch.setattr("rbind_core.system.paths.PRETRAINED", bundled)
    monkeypatch.setenv("RBIND_MODELS_DIR", str(own))
    return bundled, own


def test_the_users_rows_stand_beside_the_bundled_ones_and_go_before_them(folders):
    bundled, own = folders
    write_atlas(bundled / "atlas.parquet", [make() for make in ROWS], {"seed": 0})
    write_atlas(own / "atlas.parquet", [row_of_the_counter() | {"top_importance": 7.0, "experiment": "TOY00001"}], {"seed": 1})
    atlas = load_atlas()
    assert sorted(atlas.digests) == ["TOY00001", "TOY00002"]
    assert atlas.overview.loc["TOY00001", "top_importance"] == 7.0
    assert atlas.entry("TOY00001")["top_importance"] == 7.0
    assert atlas.provenance["seed"] == 0


def test_a_damaged_own_file_leaves_the_bundled_one(folders):
    bundled, own = folders
    write_atlas(bundled / "atlas.parquet", [row_of_the_counter()], {"seed": 0})
    own.mkdir()
    (own / "atlas.parquet").write_bytes(b"nonsense")
    atlas = load_atlas()
    assert list(atlas.digests) == ["TOY00001"]
    assert "cannot be read" in atlas.provenance["problems"][0]


def test_a_changed_file_is_read_anew(folders):
    bundled, _ = folders
    assert load_atlas().digests == {}
    write_atlas(bundled / "atlas.parquet", [row_of_the_counter()], {})
    assert list(load_atlas().digests) == ["TOY00001"]


def test_a_row_counts_only_for_the_weights_that_were_measured(path):
    atlas = read_atlas(path)
    assert is_current(atlas, toy_model())
    assert not is_current(atlas, toy_model(weights_sha256="1" * 64))
    assert not is_current(atlas, list_models()[0])


# Reading one row.


def test_effects_and_tables_of_a_study():
    row = row_of_the_counter()
    effects = effects_of(row, "gcbias")
    assert list(effects) == [arm["label"] for arm in arms_of(row, "gcbias")]
    table = study_table(row, "gcbias")
    assert len(table) == 7 * len(effects)
    first = StoredEffect(table[0]["global_importance"], table[0]["standard_error"], table[0]["samples"])
    assert (table[0]["ci95_low"], table[0]["ci95_high"]) == first.ci95


def test_the_stored_scan_stands_in_for_a_fast_one_under_its_own_settings_only():
    row = row_of_the_counter()
    choice = BackgroundChoice("profile", SETTINGS.samples, SETTINGS.seed)
    scan = stored_scan(row, choice, 6, 18)
    assert scan.kmers == [k["kmer"] for k in row["top_kmers"]]
    assert scan.p_holm == pytest.approx([k["p_holm"] for k in row["top_kmers"]])
    for other in (
        BackgroundChoice("shuffle", SETTINGS.samples),
        BackgroundChoice("profile", 99),
        BackgroundChoice("profile", 24, 1),
    ):
        assert stored_scan(row, other, 6, 18) is None
    assert stored_scan(row, choice, 5, 18) is None
    assert stored_scan(row, choice, 6, 17) is None


def test_an_atlas_without_models_has_nothing_scanned():
    assert Atlas.empty().scanned == []
