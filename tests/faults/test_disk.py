"""A disk that is full and folders that cannot be written: one sentence, nothing half-written, and what needs no disk goes on.

A limit on the size of files stands for a full disk: the same call fails half-way through a file, whoever runs the tests.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dashboard.state import uploads
from rbind_core.atlas.files import read_atlas
from rbind_core.data import probe_structures
from rbind_core.data.probe_structures import probe_profiles
from rbind_core.errors import BackgroundError
from rbind_core.model.registry import list_models
from rbind_core.rna.structure import structure_profiles
from rbind_core.system.paths import PRETRAINED
from tests.faults.installation import assert_one_sentence
from tests.servers import ROOT
from tests.toys import random_probes

RNA = "GGAUCCUGCAUGAACCGGAUUACGACCAUGAAAAACCCUUU"


def no_file_above(size: int):
    """For a child process: as if the disk were full after that many bytes of a file."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def run_python(program: str, path: Path, limit: int) -> subprocess.CompletedProcess[str]:
    """Run a program on a disk that is full soon; `path` and `fetch` are at hand in it."""
    start = "import sys\nfrom pathlib import Path\nfrom rbind_core.data import fetch\npath = Path(sys.argv[1])\n"
    return subprocess.run(
        [sys.executable, "-c", start + program, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"},
        preexec_fn=no_file_above(limit),
    )


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def cache(monkeypatch, tmp_path) -> Path:
    monkeypatch.setenv("RBIND_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(probe_structures, "CHUNK", 10)
    probe_structures._say_not_kept.cache_clear()
    return tmp_path / "cache"


CODES = random_probes(25)


def broken_by_a_file(cache: Path) -> None:
    cache.write_text("a file where the folder should be")


def broken_within(cache: Path) -> None:
    cache.mkdir()
    (cache / "structure").write_text("a file where a folder within should be")


def on_a_system_that_lets_nobody_write(cache: Path) -> None:
    cache.symlink_to("/proc/self")


@pytest.mark.parametrize("breaks", [broken_by_a_file, broken_within, on_a_system_that_lets_nobody_write])
def test_folding_for_training_goes_on_without_a_cache_and_says_so_once(cache, caplog, breaks):
    breaks(cache)
    folded = probe_profiles(CODES, "PHIME")
    assert folded == pytest.approx(structure_profiles(CODES, "PHIME"), abs=1e-3)
    notes = [record.getMessage() for record in caplog.records if "cannot be kept" in record.getMessage()]
    assert len(notes) == 1, "three chunks, one note"
    assert "the next run will fold these probes again" in notes[0]


def test_folding_for_training_on_a_full_disk_leaves_nothing_half_written(cache):
    result = run_python(
        "from rbind_core.data.probe_structures import probe_profiles\n"
        "from tests.toys import random_probes\n"
        "print(probe_profiles(random_probes(25), 'PHIME').astype(float).sum())",
        cache,
        limit=1000,
    )
    assert result.returncode == 0, result.stderr
    assert float(result.stdout) == pytest.approx(float(structure_profiles(CODES, "PHIME").sum()), abs=0.5)
    assert result.stderr.count("predicted structures cannot be kept") == 1
    assert files_in(cache) == []


def test_sequences_that_cannot_be_kept_leave_nothing_behind(cache, monkeypatch):
    content = f">a\n{RNA}\n".encode()
    digest = uploads.store(content)
    found = uploads.find(digest)
    assert found is not None
    assert found.read_bytes() == content

    def full(self, content):
        with self.open("wb") as file:
            file.write(content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BackgroundError, match="No space left on device"):
        uploads.store(content + content.replace(b">a", b">b"))
    assert files_in(cache) == [found]


def test_sequences_are_refused_in_one_sentence_where_there_is_no_cache(cache):
    broken_by_a_file(cache)
    with pytest.raises(BackgroundError, match=r"the sequences cannot be kept in .* \(Not a directory\)"):
        uploads.store(f">a\n{RNA}\n".encode())


def test_an_atlas_that_does_not_fit_on_the_disk_leaves_the_old_one(tmp_path):
    atlas = tmp_path / "atlas.parquet"
    shutil.copy(PRETRAINED / "atlas.parquet", atlas)
    result = run_python(
        "from rbind_core.atlas.files import read_atlas, write_atlas\n"
        "old = read_atlas(path)\n"
        "try: write_atlas(path, old.rows()[:40], old.provenance)\n"
        "except fetch.DataError as error: print(error)",
        atlas,
        limit=20_000,
    )
    assert "the atlas cannot be written" in result.stdout, result.stderr
    assert len(result.stdout.splitlines()) == 1
    assert files_in(tmp_path) == [atlas]
    assert len(read_atlas(atlas).digests) > 40


@pytest.mark.parametrize("command", ["list", "predict"])
def test_output_that_has_nowhere_to_go_is_told(whole, command):
    arguments = ["predict", "--rbp", "RBFOX1", "--seq", RNA] if command == "predict" else ["list"]
    with Path("/dev/full").open("w") as full:
        result = whole.run(*arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert_one_sentence(result, "there is no space left on the disk")


def test_a_logo_that_does_not_fit_on_the_disk_is_told(whole, tmp_path):
    (tmp_path / "logo.svg").symlink_to("/dev/full")
    out = str(tmp_path / "logo.svg")
    assert_one_sentence(whole.run("ism", "--rbp", "RBFOX1", "--seq", RNA, "--out", out), out, "No space left")


def test_an_import_on_a_full_disk_leaves_nothing_behind(whole, tmp_path):
    import h5py

    rng = np.random.default_rng(0)
    with h5py.File(tmp_path / "rnacompete2013.h5", "w") as file:
        for part, n in (("train", 400), ("valid", 100), ("test", 100)):
            codes = rng.integers(0, 4, (n, 41))
            file[f"X_{part}"] = np.eye(4, dtype=np.float32)[codes]
            file[f"Y_{part}"] = rng.random((n, 1)).astype(np.float32)
        file["experiment"] = np.array([b"RNCMPT00168"])
    folder = tmp_path / "imported"
    here = whole.with_environment(RBIND_IMPORT_DIR=str(folder))
    result = here.run("data", "import", str(tmp_path / "rnacompete2013.h5"), preexec_fn=no_file_above(2000))
    assert_one_sentence(result)
    assert files_in(folder) == []
    status = here.run("data", "status", "--json")
    assert status.returncode == 0, status.stderr
    assert json.loads(status.stdout)["imported"] == []


def test_a_model_that_could_not_be_stored_whole_is_never_listed(tmp_path):
    run_python(
        "from rbind_core.model.registry import store_model\n"
        "from tests.toys import card, random_weights\n"
        "store_model(path / 'TOY00001', card(), random_weights())",
        tmp_path,
        limit=100_000,
    )
    assert (tmp_path / "TOY00001").is_dir()
    assert list_models([tmp_path]) == []


DOWNLOAD = """
import hashlib, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONTENT = b"0.5\\n" * 50_000

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, *_):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
source = fetch.PublicFile("toy.txt", f"http://127.0.0.1:{server.server_port}/", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
fetch.sources = lambda: {"toy.txt": source}
try:
    fetch.fetch(["toy.txt"])
except fetch.DataError as error:
    print(error)
"""


def test_a_download_on_a_full_disk_is_told_and_leaves_nothing(cache):
    result = run_python(DOWNLOAD, cache, limit=50_000)
    assert "toy.txt: cannot write to" in result.stdout, result.stderr
    assert len(result.stdout.splitlines()) == 1
    assert files_in(cache) == []
