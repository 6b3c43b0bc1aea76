"""No network, a slow one, one that breaks off: one sentence with what to do, and the next try goes on where this one ended."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rbind_core.data import fetch
from rbind_core.data.fetch import PublicFile
from rbind_core.data.library import MEASURED, files_for
from rbind_core.errors import DataError
from tests.faults.installation import RBFOX1, assert_one_sentence
from tests.servers import free_port

CONTENT = b"0.5\n" * 30_000
NAMES = ("one.txt", "two.txt", "three.txt")


@pytest.fixture
def nobody() -> dict[str, str]:
    """A proxy where nobody listens, as seen from a computer that is off the network."""
    address = f"http://127.0.0.1:{free_port()}"
    return {"HTTPS_PROXY": address, "https_proxy": address, "NO_PROXY": "", "no_proxy": ""}


def test_fetching_without_a_network_says_what_to_do(whole, nobody):
    start = time.monotonic()
    result = whole.with_environment(**nobody).run("data", "fetch", "--rbp", "RBFOX1")
    assert_one_sentence(result, "download not possible", "check the network and run it again")
    assert time.monotonic() - start < 30
    assert result.stderr.splitlines()[-1].startswith("rbind: "), "on a line of its own"
    assert not [path for path in Path(whole.environment["RBIND_CACHE_DIR"]).rglob("*") if path.is_file()]


def test_commands_and_pages_that_need_the_measured_data_say_how_to_get_them(whole, nobody):
    offline = whole.with_environment(**nobody)
    assert_one_sentence(offline.run("evaluate", "--rbp", "RBFOX1"), "not on this computer; run './rbind data fetch'")
    assert_one_sentence(
        offline.run("gia", "--rbp", "RBFOX1", "--pattern", "UGCAUG@18", "--background", "quartile1", "--library", "measured"),
        "run './rbind data fetch'",
    )


def test_the_button_says_it_on_the_page_and_the_designed_probes_stay(open_page, nobody, no_data, monkeypatch):
    for name, value in nobody.items():
        monkeypatch.setenv(name, value)
    app = open_page("hypothesis", rbp=RBFOX1, library=MEASURED)
    (button,) = [button for button in app.button if button.label == "Fetch the measured data"]
    button.click().run(timeout=60)
    assert not app.exception
    (message,) = [error.value for error in app.error]
    assert files_for(RBFOX1)[0] in message
    assert "check the network and run it again" in message
    assert len(message.splitlines()) == 1
    assert app.get("plotly_chart"), "the figure is still there"


class Broken(BaseHTTPRequestHandler):
    """Breaks off the second file it is asked for, once, in the middle."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        if self.path == "/two.txt" and self.server.asked.count("/two.txt") == 1:
            self.wfile.write(CONTENT[:10_000])
            self.close_connection = True
            return
        self.wfile.write(CONTENT)

    def log_message(self, *_):
        pass


@pytest.fixture
def broken(no_data, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Broken) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        digest = hashlib.sha256(CONTENT).hexdigest()
        pinned = {n: PublicFile(n, f"http://127.0.0.1:{server.server_port}/{n}", len(CONTENT), digest) for n in NAMES}
        monkeypatch.setattr(fetch, "sources", lambda: pinned)
        yield server
        server.shutdown()
        thread.join()


def test_a_fetch_that_was_broken_off_goes_on_with_the_file_it_had_begun(broken, no_data):
    with pytest.raises(DataError, match=r"two\.txt: download cut off .*run it again"):
        fetch.fetch(NAMES)
    assert [path.name for path in no_data.iterdir()] == ["one.txt"]
    fetch.fetch(NAMES)
    assert broken.asked == ["/one.txt", "/two.txt", "/two.txt", "/three.txt"], "what was whole is not fetched again"
    assert all((no_data / name).read_bytes() == CONTENT for name in NAMES)


@pytest.mark.parametrize("left", [b"", CONTENT[:5000], CONTENT + b"more", b"<html>sign in to the network</html>"])
def test_a_file_that_is_there_in_part_is_fetched_anew(broken, no_data, left):
    no_data.mkdir()
    (no_data / "one.txt").write_bytes(left)
    assert not fetch.is_available("one.txt")
    fetch.fetch(["one.txt"])
    assert (no_data / "one.txt").read_bytes() == CONTENT


def test_a_folder_where_the_file_should_be_is_told(broken, no_data):
    (no_data / "one.txt").mkdir(parents=True)
    with pytest.raises(DataError, match=r"one\.txt: ") as refusal:
        fetch.fetch(["one.txt"])
    assert len(str(refusal.value).splitlines()) == 1


def test_a_server_that_never_answers_is_given_up(no_data, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(fetch, "PATIENCE", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        source = PublicFile("one.txt", f"http://127.0.0.1:{silent.getsockname()[1]}/", 4, "0" * 64)
        monkeypatch.setattr(fetch, "sources", lambda: {"one.txt": source})
        start = time.monotonic()
        with pytest.raises(DataError, match=r"the server did not answer in time\); check the network and run it again"):
            fetch.fetch(["one.txt"])
        assert time.monotonic() - start < 10
