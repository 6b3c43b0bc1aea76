"""Downloads, against a real server on this computer."""

import gc
import hashlib
import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rbind_core.data import fetch
from rbind_core.data.fetch import PublicFile
from rbind_core.errors import DataError

CONTENT = b"0.5\n" * 5000
NAME = "intensities/TOY.txt"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.requests.append(self.path)
        if self.path == "/missing":
            self.send_error(404)
            return
        self.send_response(200)
        if self.path == "/cut-off":
            self.send_header("Content-Length", str(2 * len(CONTENT)))
        elif self.path != "/without-length":
            self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.requests = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
    with warnings.catch_warnings():  # pooch leaves the connection of a refused download to the garbage collector
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def pinned(server, no_data, monkeypatch):
    """Pins the one public file to an address on the server; gives the function that does so."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    def pin(path="/good", content=CONTENT):
        url = f"http://127.0.0.1:{server.server_port}{path}"
        source = PublicFile(NAME, url, len(content), hashlib.sha256(content).hexdigest())
        monkeypatch.setattr(fetch, "sources", lambda: {NAME: source})

    pin()
    return pin


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def assert_one_line(refusal):
    assert len(str(refusal.value).splitlines()) == 1
    assert NAME in str(refusal.value)


def test_a_fetched_file_is_in_the_cache(pinned, no_data):
    assert not fetch.is_available(NAME)
    (path,) = fetch.fetch([NAME])
    assert path == no_data / NAME
    assert path.read_bytes() == CONTENT
    assert files_in(no_data) == [path]
    assert fetch.is_available(NAME)
    assert fetch.locate(NAME) == path


@pytest.mark.parametrize("path", ["/good", "/without-length"])
def test_progress_goes_up_to_the_whole_file(path, pinned):
    pinned(path)
    reports = []
    fetch.fetch([NAME], lambda *report: reports.append(report))
    assert {(name, total) for name, _, total in reports} == {(NAME, len(CONTENT))}
    done = [report[1] for report in reports]
    assert done == sorted(done)
    assert done[-1] == len(CONTENT)


def test_a_second_fetch_downloads_nothing(pinned, server):
    first = fetch.fetch([NAME])
    assert fetch.fetch([NAME]) == first
    assert server.requests == ["/good"]


def test_a_file_of_the_data_folder_is_not_downloaded(pinned, server, monkeypatch, tmp_path):
    (tmp_path / "mine/intensities").mkdir(parents=True)
    (tmp_path / "mine" / NAME).write_bytes(CONTENT)
    monkeypatch.setenv("RBIND_DATA_DIR", str(tmp_path / "mine"))
    assert fetch.fetch([NAME]) == [tmp_path / "mine" / NAME]
    assert server.requests == []


def test_a_download_with_another_checksum_is_thrown_away(pinned, no_data):
    pinned(content=CONTENT.replace(b"5", b"6"))
    with pytest.raises(DataError, match="does not have the pinned SHA-256") as refusal:
        fetch.fetch([NAME])
    assert_one_line(refusal)
    assert files_in(no_data) == []


def test_a_download_that_is_cut_off_leaves_nothing_behind(pinned, no_data):
    pinned("/cut-off", 2 * CONTENT)
    with pytest.raises(DataError, match=r"download cut off.*run it again") as refusal:
        fetch.fetch([NAME])
    assert_one_line(refusal)
    assert files_in(no_data) == []
    assert not fetch.is_available(NAME)


def test_a_fetch_after_a_cut_off_one_succeeds(pinned, no_data):
    pinned("/cut-off")
    with pytest.raises(DataError):
        fetch.fetch([NAME])
    pinned("/good")
    fetch.fetch([NAME])
    assert (no_data / NAME).read_bytes() == CONTENT


def test_without_a_server_the_error_is_one_line(pinned, server, no_data):
    server.shutdown()
    server.server_close()
    with pytest.raises(DataError, match=r"no connection to the server.*check the network") as refusal:
        fetch.fetch([NAME])
    assert_one_line(refusal)
    assert files_in(no_data) == []


def test_a_file_that_the_server_does_not_have_is_told(pinned, no_data):
    pinned("/missing")
    with pytest.raises(DataError, match="404") as refusal:
        fetch.fetch([NAME])
    assert_one_line(refusal)
    assert files_in(no_data) == []


def test_a_cache_that_cannot_be_written_is_told(pinned, no_data):
    no_data.write_text("a file where the folder should be")
    with pytest.raises(DataError, match="cannot write to") as refusal:
        fetch.fetch([NAME])
    assert_one_line(refusal)


def test_a_damaged_file_in_the_cache_is_fetched_anew(pinned, no_data):
    (no_data / "intensities").mkdir(parents=True)
    (no_data / NAME).write_bytes(CONTENT.replace(b"5", b"6"))
    fetch.fetch([NAME])
    assert (no_data / NAME).read_bytes() == CONTENT


@pytest.mark.parametrize("content", [CONTENT[:100], CONTENT.replace(b"5", b"6")], ids=["cut in half", "of the same size"])
def test_a_damaged_file_in_the_data_folder_is_named(content, pinned, monkeypatch, tmp_path):
    damaged = tmp_path / "mine" / NAME
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(content)
    monkeypatch.setenv("RBIND_DATA_DIR", str(tmp_path / "mine"))
    with pytest.raises(DataError, match="not the pinned file") as refusal:
        fetch.locate(NAME)
    assert_one_line(refusal)
    assert str(damaged) in str(refusal.value)


def test_a_good_copy_in_the_cache_makes_up_for_a_damaged_one(pinned, monkeypatch, tmp_path, no_data):
    fetch.fetch([NAME])
    damaged = tmp_path / "mine" / NAME
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"?")
    monkeypatch.setenv("RBIND_DATA_DIR", str(tmp_path / "mine"))
    assert fetch.locate(NAME) == no_data / NAME


def test_a_missing_file_comes_with_the_command_that_fetches_it(pinned):
    with pytest.raises(DataError, match=r"not on this computer; run './rbind data fetch' or set RBIND_DATA_DIR"):
        fetch.locate(NAME)


def test_a_change_of_a_file_is_noticed(pinned, no_data):
    (path,) = fetch.fetch([NAME])
    path.write_bytes(CONTENT + b"more")
    with pytest.raises(DataError, match="not the pinned file"):
        fetch.locate(NAME)


def test_every_public_file_is_pinned_to_a_commit_and_a_checksum():
    assert len(fetch.sources()) >= 50
    for name, source in fetch.sources().items():
        assert source.name == name
        assert source.url.startswith("https://raw.githubusercontent.com/")
        assert any(len(part) == 40 for part in source.url.split("/"))  # the commit
        assert len(source.sha256) == 64
        assert source.size > 0


def test_an_experiment_without_public_intensities_is_told():
    with pytest.raises(DataError, match="RNCMPT99999: no public intensities"):
        fetch.intensities_file("RNCMPT99999")
