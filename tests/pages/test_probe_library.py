"""The choice of the probe library: what is shown without the public data, and how they are fetched from the page."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rbind_core.data import fetch
from tests.pages.conftest import errors


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture
def computer_without_data(data_folder, monkeypatch, tmp_path):
    """No public files here; the real ones are served by a server on this computer, which the test may stop."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(data_folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    served = {name: replace(source, url=f"{address}/{name}") for name, source in fetch.sources().items()}
    monkeypatch.setattr(fetch, "sources", lambda: served)
    monkeypatch.delenv("RBIND_DATA_DIR")
    monkeypatch.setenv("RBIND_CACHE_DIR", str(tmp_path / "cache"))
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def captions(app) -> str:
    return " ".join(caption.value for caption in app.caption)


@pytest.mark.real_data
def test_one_click_fetches_the_measured_set(open_page, computer_without_data):
    app = open_page("sequence", library="measured")
    assert "not on this computer yet (5.6 MB)" in captions(app)
    assert "Measured" not in app.dataframe[0].value
    next(button for button in app.button if "Fetch" in button.label).click().run()
    assert not app.exception
    assert "measured set B" in captions(app)
    assert "Measured" in app.dataframe[0].value
    assert {path.name for path in fetch.cache_folder().rglob("*.*") if path.suffix != ".npz"} == {
        "rnacompete_metadata.mat",
        "RNCMPT00168.txt",
    }


@pytest.mark.real_data
def test_without_a_network_the_page_says_so_and_goes_on(open_page, computer_without_data):
    app = open_page("sequence", library="measured")
    computer_without_data.shutdown()
    computer_without_data.server_close()
    next(button for button in app.button if "Fetch" in button.label).click().run()
    assert not app.exception
    assert "no connection to the server" in errors(app)[0]
    assert "designed probes" in captions(app)
    assert len(app.dataframe[0].value) == 500
