"""A clock that is set back or far ahead: nothing waits for it, and no cache takes an old file for the new one."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from dashboard.state import uploads
from dashboard.state.jobs import Job
from rbind_core.atlas.files import load_atlas, read_atlas, write_atlas
from rbind_core.data import fetch, imported
from rbind_core.data.fetch import PublicFile
from rbind_core.system.files import stamp
from tests.atlas.toy_rows import row_of_the_counter
from tests.dashboard.state.works import Work
from tests.faults.installation import RBFOX1

DECADE = 10 * 365 * 24 * 3600.0

CLOCK = """
import os, time
from pathlib import Path
_file, _time = Path(os.environ["SHIFT_OF_THE_CLOCK"]), time.time
time.time = lambda: _time() + float(_file.read_text())
time.time_ns = lambda: int(time.time() * 1e9)
"""


def same_time_and_size(path: Path, content: bytes) -> None:
    """Write other content of the same size, with the times of the old one, as a clock that was set back may do."""
    before = path.stat()
    assert len(content) == before.st_size
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_a_server_whose_clock_jumps_goes_on_with_the_same_numbers(whole, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(CLOCK)
    shift = tmp_path / "shift"
    shift.write_text("0")
    path = os.pathsep.join([str(tmp_path), whole.environment["PYTHONPATH"]])
    with whole.with_environment(PYTHONPATH=path, SHIFT_OF_THE_CLOCK=str(shift)).serve() as server:
        query = f"rbp={RBFOX1}&n=500&c=UGCAUG@11"
        before = server.open("hypothesis", query).figures
        assert before
        for seconds in (-DECADE, DECADE):
            shift.write_text(str(seconds))
            start = time.monotonic()
            assert server.open("hypothesis", query).figures == before
            fresh = server.open("hypothesis", f"rbp={RBFOX1}&n=500&c=UGCAUG@{12 if seconds < 0 else 13}")  # has to be computed
            assert fresh.figures
            assert fresh.figures != before
            assert time.monotonic() - start < 30


def test_a_computation_ends_and_is_waited_for_whatever_the_clock_says(monkeypatch):
    shifts = iter([0.0, -DECADE, DECADE, *[0.0] * 1000])
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + next(shifts))
    job = Job(Work("whatever the clock says", lambda: time.sleep(0.02) or (time.time() and "done")))
    job.wait("me", 0)
    job.start()
    assert job.wait("me", 5.0)
    assert job.result == "done"
    assert job.seconds_left >= 0


def test_a_stamp_tells_files_apart_that_have_the_same_time_and_size(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    before = stamp(path)
    assert stamp(path) == before
    same_time_and_size(path, b"new")
    assert stamp(path) != before


def test_an_atlas_written_within_the_same_tick_is_read_anew(monkeypatch, tmp_path):
    monkeypatch.setattr("rbind_core.system.paths.PRETRAINED", tmp_path / "nothing-bundled")
    monkeypatch.setenv("RBIND_MODELS_DIR", str(tmp_path))
    path = tmp_path / "atlas.parquet"
    write_atlas(path, [row_of_the_counter() | {"seed": 1}], {})
    assert load_atlas().overview["seed"].tolist() == [1]
    before = path.stat()
    write_atlas(path, [row_of_the_counter() | {"seed": 2}], {})
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert load_atlas().overview["seed"].tolist() == [2] == read_atlas(path).overview["seed"].tolist()


def test_a_data_file_damaged_without_a_new_time_is_noticed(no_data, monkeypatch):
    import hashlib

    content = b"0.5\n" * 100
    monkeypatch.setattr(fetch, "sources", lambda: {"toy": PublicFile("toy", "", len(content), hashlib.sha256(content).hexdigest())})
    no_data.mkdir()
    (no_data / "toy").write_bytes(content)
    assert fetch.locate("toy") == no_data / "toy"
    same_time_and_size(no_data / "toy", content.replace(b"5", b"6"))
    try:
        fetch.locate("toy")
    except fetch.DataError as error:
        problem = str(error)
    assert "not the pinned file" in problem


def test_sequences_stay_that_are_older_than_all_others_by_the_clock(monkeypatch, tmp_path):
    """The clock was set back: those that were stored before come from the future."""
    monkeypatch.setenv("RBIND_CACHE_DIR", str(tmp_path))
    folder = tmp_path / "sequences"
    folder.mkdir()
    for number in range(uploads.MOST_KEPT + 5):
        path = folder / f"{number:016x}.fa"
        path.write_text(">a\nACGU\n")
        os.utime(path, (time.time() + DECADE, time.time() + DECADE))
    digest = uploads.store(b">mine\nGGAUCCUGCAUGAACCGGAUUACGACCAUGAAAAACCCUUU\n")
    assert uploads.find(digest) is not None
    assert len(list(folder.glob("*.fa"))) == uploads.MOST_KEPT


def test_of_two_imports_the_later_one_counts_even_if_the_clock_was_set_back(monkeypatch, tmp_path):
    monkeypatch.setenv("RBIND_IMPORT_DIR", str(tmp_path))

    def about(folder: str, date: str) -> None:
        (tmp_path / folder).mkdir()
        experiment = {"id": "RNCMPT00168", "protein": "RBFOX1", "species": "", "published_consensus": ""}
        entries = {"file": folder, "sha256": folder, "date": date, "probes": [1, 1, 1], "experiments": [experiment], "bytes": {}}
        (tmp_path / folder / "about.json").write_text(json.dumps(entries))

    about("first", "2099-01-01T00:00:00+00:00")
    about("damaged", "yesterday")
    about("second", imported._now())
    assert imported.import_of("RNCMPT00168").file == "second"
    assert [each.file for each in imported.list_imports() if not each.problem] == ["first", "second"]
