"""Twelve tabs that ask for much, and one visitor who asks for little: `python -m tests.load.many_tabs`.

All of them speak to the server as Streamlit's front end does; browsers would take the processor that the server needs.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.load.watching import Watch
from tests.servers import free_port, start_dashboard

TABS, SEEDS, LARGE = 12, 10, 100_000
STAYS = 5.0  # seconds in which a tab keeps one seed
LEFT = 240.0  # seconds after which the memory of those who left is looked at
CONSTRUCTS = "UGCAUG@4;UGCAUG@11;UGCAUG@18;UGCAUG@25"
MOST = 120.0  # seconds that anybody waits


class Tab:
    """A session that is open: it asks for a page, and again for what is under way, as often as the server tells it to."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._query, self._page = "", ""
        self._fragment, self._interval, self._next, self._is_asked_again = "", 0.0, float("inf"), False

    def ask(self, page: str, query: str) -> None:
        """Open a page."""
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = page, query
        self._next, self._query = float("inf"), query
        self._connection.send(message.SerializeToString())

    def listen(self, until: float) -> Iterator[ForwardMsg]:
        """What the server says, until a moment."""
        while (now := time.monotonic()) < until:
            if now >= self._next:
                message = BackMsg()
                message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = self._fragment, True
                message.rerun_script.query_string, message.rerun_script.page_script_hash = self._query, self._page
                self._connection.send(message.SerializeToString())
                self._next = now + self._interval
            try:
                heard = ForwardMsg.FromString(self._connection.recv(timeout=max(min(until, self._next) - now, 0.001)))
            except TimeoutError:
                continue
            kind = heard.WhichOneof("type")
            if kind == "auto_rerun":
                self._fragment, self._interval = heard.auto_rerun.fragment_id, heard.auto_rerun.interval
                self._next, self._is_asked_again = time.monotonic() + self._interval, True
            elif kind == "new_session":
                self._is_asked_again, self._page = False, heard.new_session.page_script_hash
            elif (
                kind == "script_finished" and heard.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY and not self._is_asked_again
            ):
                self._next = float("inf")
            yield heard


@contextmanager
def tab(port: int) -> Iterator[Tab]:
    """A tab that is open."""
    with connect(f"ws://127.0.0.1:{port}/_stcore/stream", max_size=None, compression=None) as connection:
        yield Tab(connection)


def ask_for_much(port: int, number: int) -> None:
    """A new seed every few seconds, whether the one before was answered or not; all in one session."""
    with tab(port) as one:
        for turn in range(SEEDS):
            one.ask("hypothesis", f"rbp=RBFOX1&n={LARGE}&seed={1000 * number + turn}&c={CONSTRUCTS}")
            for _ in one.listen(time.monotonic() + STAYS):
                pass


def ask_for_little(port: int, seed: int) -> float:
    """Seconds until a page at N = 1,000 has its figure, in a session of its own."""
    begun = time.monotonic()
    with tab(port) as one:
        one.ask("hypothesis", f"rbp=PCBP1&n=1000&seed={seed}&c=CCUUUC@18")
        for message in one.listen(begun + MOST):
            if f"N = 1,000, seed {seed}".encode() in message.SerializeToString():
                return time.monotonic() - begun
    return float("inf")


def measure(port: int, watch: Watch) -> dict[str, float]:
    """Everything, once."""
    quiet = [ask_for_little(port, seed) for seed in range(1, 8)][1:]
    before = watch.look().memory
    tabs = [threading.Thread(target=ask_for_much, args=(port, number)) for number in range(1, TABS + 1)]
    for one in tabs:
        one.start()
    busy = []
    while any(one.is_alive() for one in tabs):
        busy.append(ask_for_little(port, 100 + len(busy)))
        watch.look()
        time.sleep(1)
    time.sleep(LEFT)
    return {
        "memory before, MB": before,
        "memory at most, MB": max(sample.memory for sample in watch.samples),
        f"memory {LEFT:.0f} s after they left, MB": watch.look().memory,
        "pages of the other visitor": len(busy),
        "alone, median s": float(np.median(quiet)),
        "beside them, median s": float(np.median(busy)),
        "beside them, longest s": max(busy),
    }


def main() -> None:
    """Start a server, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        server = start_dashboard(port, Path(folder))
        try:
            print(json.dumps(measure(port, Watch(psutil.Process(server.pid))), indent=1))
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    main()
